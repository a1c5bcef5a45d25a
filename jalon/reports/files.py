"""Reports as files: the table, and the contacts behind it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from django.utils.translation import gettext

from jalon.accounts.access import Access
from jalon.accounts.queries import account
from jalon.exports import sheet as exports
from jalon.exports.files import csv_bytes
from jalon.exports.sheet import Heading
from jalon.records.columns import PropertySpec
from jalon.reports import queries, wording
from jalon.reports.kinds.question import Question
from jalon.reports.sheet import Line, Sheet
from jalon.warehouse.schema import Kind


def name(title: str, form: str) -> str:
    """A file name of the title that every system takes, encoded for a header."""
    return quote("".join("-" if letter in '\\/:*?"<>|' else letter for letter in title)[:120] + f".{form}")


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


def contacts(access: Access, question: Question, title: str) -> exports.Sheet:
    """One line for each contact, written as it is read."""
    rows = queries.contact_rows(access, question)
    known = question.catalog.properties
    headings = tuple(_heading(known[column]) if column in known else Heading(column, "ID", Kind.ID) for column in rows.columns)
    return exports.Sheet(title, headings, rows.batches, rows.total, account().tz)


def _heading(spec: PropertySpec) -> Heading:
    """With the labels of options, people, yes and no, as the pages show them."""
    labels = wording.Labels(spec)
    named: Mapping[str, str] = {}
    if spec.kind in (Kind.ENUMERATION, Kind.MULTI):
        named = {option.value: labels.named(option.value) for option in spec.options}
    elif spec.kind is Kind.BOOL:
        named = {value: labels.named(value) for value in ("true", "false")}
    elif spec.kind is Kind.USER:
        named = labels.everybody()
    return Heading(spec.name, spec.label(wording.language()), spec.kind, named)
