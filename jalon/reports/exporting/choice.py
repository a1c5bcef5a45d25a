"""What somebody wants of a report in a file. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from jalon.exports.sheet import Format
from jalon.figures.measures import Measure
from jalon.reports.kinds.definition import Definition, Style


class What(StrEnum):
    """The rows of the file: a contact each, or a line of the table each."""

    CONTACTS = "contacts"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Choice:
    """`columns` are those of contacts, none meaning the usual ones; `format` "" is decided by the number of rows.

    `style` and `measure` are the view of the report that was open; "" is the saved one.
    """

    what: What = What.CONTACTS
    columns: tuple[str, ...] = ()
    format: str = ""
    style: str = ""
    measure: str = ""

    def viewed(self, definition: Definition) -> Definition:
        """The definition in this view; an unknown one is the saved one."""
        if self.style in set(Style):
            definition = replace(definition, style=Style(self.style))
        if self.measure in set(Measure) and definition.number:
            definition = replace(definition, measure=Measure(self.measure))
        return definition


def read(told: Mapping[str, Any], columns: Sequence[str]) -> Choice:
    """A choice from a form or an address; what is not known of it is as usual."""
    what, file_format = str(told.get("what", "")), str(told.get("format", ""))
    return Choice(
        What(what) if what in set(What) else What.CONTACTS,
        tuple(dict.fromkeys(columns)),
        file_format if file_format in set(Format) else "",
        str(told.get("style", "")),
        str(told.get("measure", "")),
    )


def written(choice: Choice) -> dict[str, Any]:
    """The choice as a job keeps it; `kept` gives it back."""
    return {
        "what": choice.what.value,
        "columns": list(choice.columns),
        "format": choice.format,
        "style": choice.style,
        "measure": choice.measure,
    }


def kept(raw: Mapping[str, Any]) -> Choice:
    return read(raw, raw.get("columns", ()))
