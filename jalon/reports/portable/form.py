"""The form of the file of a saved report. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid5

from jalon.criteria.problems import Problem
from jalon.criteria.tree import from_json, to_json
from jalon.reports.kinds import every
from jalon.reports.kinds.definition import UNSTORABLE, DefinitionError
from jalon.warehouse.characters import are_storable
from jalon.warehouse.words import N_

MARK: Final = "report"  # {"jalon": "report", …}
VERSION: Final = 1
PARTS: Final = ("jalon", "version", "key", "title", "folder", "sharing", "definition", "goal", "colors")
_FILES: Final = UUID("9c3a1a52-6f0e-4a0b-8f0d-6f3a5c0d4e11")  # names the keys of definitions that have none


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A saved report without anything of one account: lists and users are called by name and address. `title` "" follows the options.

    `folder` and `sharing` are none where the file says nothing of them: then they stay as they are.
    """

    key: UUID
    definition: Mapping[str, Any]
    title: str = ""
    folder: tuple[str, ...] | None = None
    sharing: Mapping[str, Any] | None = None
    goal: Mapping[str, Any] | None = None
    colors: Mapping[str, str] = field(default_factory=dict)


def text(file: ReportFile) -> str:
    """Always the same text for the same report, part by part on lines of its own, so that git shows what changed."""
    parts = {"jalon": MARK, "version": VERSION, "key": str(file.key), "title": file.title, "definition": _ordered(file.definition)}
    parts |= {"folder": file.folder, "sharing": file.sharing, "goal": file.goal, "colors": dict(sorted(file.colors.items()))}
    told = {name: parts[name] for name in PARTS if parts[name] or (name == "folder" and file.folder is not None)}
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _ordered(definition: Mapping[str, Any]) -> dict[str, Any]:
    """The options in their own order, which a database does not keep; those that say nothing are left out."""
    told = {name: definition[name] for name in every.kind_of(definition).options if definition.get(name) not in (None, "")}
    if "criteria" in told:
        told["criteria"] = to_json(from_json(told["criteria"]))
    return {name: value for name, value in told.items() if name != "criteria" or value["groups"]}


def read(content: str, name: str) -> ReportFile:
    """The report that a file holds; a plain definition gets a key from the name of its file. Raises DefinitionError."""
    try:
        raw = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _wrong(N_("“%(file)s” is not JSON: %(reason)s"), file=name, reason=str(error)) from error
    if not are_storable(raw):
        raise _wrong(UNSTORABLE)
    if isinstance(raw, Mapping) and "jalon" not in raw and "kind" in raw:
        return ReportFile(uuid5(_FILES, name.rpartition("/")[2]), raw)
    return _of_parts(raw)


def _of_parts(raw: Any) -> ReportFile:
    if not isinstance(raw, Mapping) or raw.get("jalon") != MARK:
        raise _wrong(N_("This is not the file of a report: it begins with %(example)s."), example='{"jalon": "report", "version": 1')
    if raw.get("version") != VERSION:
        message = N_("This Jalon reads version %(known)s of a definition, not version %(version)s.")
        raise _wrong(message, known=str(VERSION), version=str(raw.get("version")))
    if unknown := [str(name) for name in raw if name not in PARTS]:
        raise _wrong(N_("“%(names)s” means nothing here."), names=", ".join(unknown))
    wrong = [name for name, kind in _SHAPES.items() if not isinstance(raw.get(name, kind()), kind)]
    if wrong or not all(isinstance(name, str) and name.strip() for name in raw.get("folder", ())):
        raise _wrong(N_("“%(names)s” is not written as in the file of a report."), names=", ".join(wrong or ["folder"]))
    folder = raw.get("folder")
    return ReportFile(
        key=_key(raw.get("key")),
        definition=raw.get("definition", {}),
        title=raw.get("title", ""),
        folder=None if folder is None else tuple(folder),
        sharing=raw.get("sharing"),
        goal=raw.get("goal"),
        colors=raw.get("colors", {}),
    )


_SHAPES: Final[Mapping[str, type]] = {"definition": dict, "title": str, "folder": list, "sharing": dict, "goal": dict, "colors": dict}


def _key(raw: Any) -> UUID:
    try:
        return UUID(raw)
    except (TypeError, ValueError, AttributeError) as error:
        raise _wrong(N_("“%(key)s” is not the key of a report."), key=str(raw)) from error


def _wrong(message: str, **values: str) -> DefinitionError:
    return DefinitionError((Problem(message, values),))
