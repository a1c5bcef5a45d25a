"""Stages as a file: what `jalon lifecycle show --json` writes, `jalon lifecycle define` reads, as JSON or as TOML."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext

from jalon.accounts.access import Refused
from jalon.lifecycle.actions import StageDraft
from jalon.lifecycle.columns import StageKind
from jalon.lifecycle.queries import StageView

KEYS: Final = {"name": "name", "kind": "kind", "en": "label_en", "fr": "label_fr"}
MORE: Final = ("description", "emoji", "color")


@dataclass(frozen=True, slots=True)
class StageFile:
    """A whole set of stages, in their order; `default` is the stage of who writes in, "" for none."""

    drafts: tuple[StageDraft, ...]
    default: str = ""


def written(stages: Sequence[StageView]) -> dict[str, Any]:
    """The stages as they stand."""
    default = next((stage.name for stage in stages if stage.is_default), "")
    return {"default": default, "stages": [_written(stage) for stage in stages]}


def _written(stage: StageView) -> dict[str, str]:
    told = {key: str(getattr(stage, name)) for key, name in KEYS.items()}
    return told | {name: getattr(stage, name) for name in MORE if getattr(stage, name)}


def read(text: str, *, is_json: bool) -> StageFile:
    """Raises Refused with everything that is wrong with it."""
    try:
        parsed = json.loads(text) if is_json else tomllib.loads(text)
    except ValueError as error:
        raise Refused(gettext("This is no file of stages: %(why)s") % {"why": error}) from error
    rows = parsed.get("stages") if isinstance(parsed, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Refused(gettext("A file of stages has a list of them under “stages”."))
    problems = [problem for place, row in enumerate(rows, 1) for problem in _problems(place, row)]
    default = str(parsed.get("default") or "")
    if default and default not in {row.get("name") for row in rows}:
        problems.append(gettext("The default stage “%(name)s” is none of the stages.") % {"name": default})
    if problems:
        raise Refused(*problems)
    return StageFile(tuple(map(_draft, rows)), default)


def _problems(place: int, row: Mapping[str, Any]) -> Iterator[str]:
    said = {"place": place, "kinds": ", ".join(StageKind)}
    for key in row.keys() - KEYS.keys() - set(MORE):
        yield gettext("Stage %(place)s: “%(key)s” is not known. There are: %(keys)s.") % {
            **said,
            "key": key,
            "keys": ", ".join((*KEYS, *MORE)),
        }
    if row.get("kind", StageKind.PRIMARY) not in set(StageKind):
        yield gettext("Stage %(place)s: its kind is one of %(kinds)s.") % said


def _draft(row: Mapping[str, Any]) -> StageDraft:
    told = {name: str(row.get(key, "")) for key, name in KEYS.items()} | {name: str(row.get(name, "")) for name in MORE}
    return StageDraft(**{**told, "kind": StageKind(row.get("kind", StageKind.PRIMARY))})  # type: ignore[arg-type]
