"""What Jalon tells people: the kinds of notices there are, a table that wiring fills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from jalon.warehouse.words import N_


class Way(StrEnum):
    """How somebody wants to hear of a kind of notice."""

    APP = "app"
    MAIL = "mail"
    BOTH = "both"
    NONE = "none"

    @property
    def shown(self) -> bool:
        return self in {Way.APP, Way.BOTH}

    @property
    def mailed(self) -> bool:
        return self in {Way.MAIL, Way.BOTH}


WAYS = ((Way.APP, N_("In Jalon")), (Way.MAIL, N_("By e-mail")), (Way.BOTH, N_("Both")), (Way.NONE, N_("Not at all")))


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """Something people can be told of. `label` is a message id; `way` is how they hear of it until they choose."""

    name: str
    label: str
    way: Way = Way.APP


class UnknownKind(LookupError):
    """A notice of a kind that wiring does not name: nobody could say how they want to hear of it."""


_kinds: dict[str, NoticeKind] = {}


def install(kinds: Sequence[NoticeKind]) -> None:
    _kinds.clear()
    _kinds.update({kind.name: kind for kind in kinds})


def kinds() -> tuple[NoticeKind, ...]:
    return tuple(_kinds.values())


def kind(name: str) -> NoticeKind:
    try:
        return _kinds[name]
    except KeyError as error:
        raise UnknownKind(f"no notice is called '{name}': add it to notice_kinds in config/menus.py") from error
