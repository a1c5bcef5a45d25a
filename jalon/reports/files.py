"""The table of a report as a file."""

from __future__ import annotations

from django.utils.translation import gettext

from jalon.exports import sheet as exports
from jalon.exports.files import csv_bytes
from jalon.exports.sheet import Heading
from jalon.reports.shown import Line, Sheet
from jalon.warehouse.schema import Kind


def name(title: str, form: str) -> str:
    """A file name of the title that every system takes."""
    return "".join("-" if letter in '\\/:*?"<>|' else letter for letter in title)[:120] + f".{form}"


def table(sheet: Sheet) -> bytes:
    """The table of the breakdown, or of the buckets where there is none; numbers exact, missing ones empty."""
    first, lines = (sheet.breakdown, sheet.values) if sheet.breakdown else (sheet.grouping, sheet.buckets)
    headings = [Heading("name", first), Heading("contacts", gettext("Contacts"), Kind.INTEGER)]
    if sheet.number:
        headings.append(Heading("sum", gettext("Sum of %(number)s") % {"number": sheet.number}, Kind.NUMBER))
        headings.append(Heading("average", gettext("Average of %(number)s") % {"number": sheet.number}, Kind.NUMBER))
    rows = [_row(line, len(headings)) for line in (*lines, sheet.total)]
    return b"".join(csv_bytes(exports.Sheet(sheet.title, tuple(headings), [rows], len(rows)), bom=True))


def _row(line: Line, width: int) -> tuple[object, ...]:
    shown = (line.contacts, line.sum, line.average)[: width - 1]
    return line.label, *(each.exact if each else None for each in shown)
