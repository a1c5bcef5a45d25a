"""What pages and commands say about lists: their kinds, how one stands, why records came and went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import get_language, gettext, ngettext

from jalon.lists.columns import REASONS
from jalon.lists.models import List
from jalon.lists.queries import ListView
from jalon.warehouse.words import N_
from jalon.web import formats

Kind, State = List.Kind, List.State


@dataclass(frozen=True, slots=True)
class KindWords:
    """A kind of list as people read it."""

    name: str
    label: str
    help: str
    icon: str


_KINDS: Final[Mapping[str, tuple[str, str, str]]] = {
    Kind.DYNAMIC: (N_("Active"), N_("Follows its criteria by itself: records join and leave as they change."), "bolt"),
    Kind.SNAPSHOT: (
        N_("Static, by criteria"),
        N_("Takes those that meet the criteria now, and keeps them. By hand it can be changed later."),
        "snowflake",
    ),
    Kind.MANUAL: (N_("Static, by hand"), N_("Begins empty. You, an import or a workflow put records in and take them out."), "hand-finger"),
}


def kind(name: str) -> KindWords:
    label, help, icon = _KINDS[name]
    return KindWords(name, gettext(label), gettext(help), icon)


def kinds() -> list[KindWords]:
    return [kind(name) for name in _KINDS]


def objects(view: ListView) -> str:
    """What the list holds, in the plural."""
    return view.catalog.plural_label(get_language() or "en") if view.catalog else view.object_type


def reason(why: str, detail: str = "") -> str:
    """Why a record came or went; of an import with its number."""
    words = gettext(REASONS.get(why, REASONS["system"]))
    return f"{words} {detail}" if why == "import" and detail.isdigit() else words


@dataclass(frozen=True, slots=True)
class Standing:
    """How a list stands, in words. `percent` where it is being worked on and one can tell."""

    words: str
    tone: str = ""
    detail: str = ""
    percent: int | None = None
    sentences: tuple[str, ...] = ()
    at_work: bool = False
    is_overdue: bool = False


def standing(view: ListView, now: datetime, last_id: int) -> Standing:
    """`last_id` is the highest number of a record of its type: the work goes from the first one to that one."""
    if view.deleted_at is not None:
        return Standing(gettext("deleted"))
    if view.trouble:
        return Standing(gettext("has a problem"), "is-bad", sentences=view.trouble)
    if view.state == State.WAITING and view.done_up_to == 0:
        return Standing(
            gettext("about to be computed"),
            "is-accent",
            gettext("The members are about to be found; nothing else waits for it."),
            at_work=True,
        )
    if view.state != State.DONE:
        percent = min(99, round(100 * view.done_up_to / last_id)) if last_id else 0
        detail = gettext("The members are being found anew: %(percent)s of the records are looked at.") % {
            "percent": formats.percent(percent / 100, 0)
        }
        return Standing(gettext("being recomputed"), "is-accent", detail, percent, at_work=True)
    if view.has_requests:
        return Standing(gettext("being changed"), "is-accent", gettext("Records are being put in or taken out."), at_work=True)
    if view.is_overdue(now):
        since = formats.moment(view.next_at) if view.next_at else ""
        return Standing(
            gettext("overdue"),
            "is-warn",
            gettext("What the clock changed at %(since)s is not in the list yet. It will be made up for.") % {"since": since},
            is_overdue=True,
        )
    return Standing(gettext("up to date"), "is-good") if view.is_active else Standing(gettext("static"))


def conversion(view: ListView) -> str:
    """When an active list becomes a static one, if it does."""
    if view.converts_at is not None:
        return gettext("This list becomes static on %(moment)s.") % {"moment": formats.moment(view.converts_at)}
    if view.converts_after_days is not None:
        sentence = ngettext(
            "This list becomes static when no record has joined or left for %(days)s day.",
            "This list becomes static when no record has joined or left for %(days)s days.",
            view.converts_after_days,
        )
        return sentence % {"days": view.converts_after_days}
    return ""
