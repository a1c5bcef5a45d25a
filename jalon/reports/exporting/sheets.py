"""The two sheets of a report: one row for each contact, and the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext
from sqlglot import exp

from jalon.accounts.queries import account
from jalon.charts.paper import Grid, Row
from jalon.exports.sheet import Heading, Sheet
from jalon.records.columns import PropertySpec
from jalon.records.sheets import labelled
from jalon.reports import queries, shown, wording
from jalon.reports.kinds import scan
from jalon.reports.kinds.question import Question
from jalon.reports.shown import Line
from jalon.warehouse import current, query
from jalon.warehouse.schema import Kind

DAY, VALUE, NUMBER = "frozen:day", "frozen:value", "frozen:number"  # columns as they were compiled; others are as they are now
ASIDE: Final = frozenset({"id", "hs_object_id"})  # the first column of every file
_TYPES: Final = {Kind.NUMBER: "DECIMAL(18, 6)", Kind.DATE: "DATE", Kind.DATETIME: "DATE"}  # a value of a breakdown is kept as text


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a file of contacts may have, told in the reader's language."""

    name: str
    label: str


def offered(question: Question) -> tuple[list[Column], list[Column]]:
    """The columns of a file of contacts: the usual ones in their order, and all others by their label."""
    usual = _usual(question)
    language = wording.language()
    labels = {name: spec.label(language) for name, spec in queries.contacts_catalog().properties.items()}
    for name, spec in _frozen(question).items():
        labels[name] = gettext("%(property)s, as compiled") % {"property": spec.label(language)}
    others = sorted(set(labels) - set(usual) - ASIDE, key=lambda name: labels[name].casefold())
    return [Column(name, labels[name]) for name in usual], [Column(name, labels[name]) for name in others]


def contacts(question: Question, chosen: Sequence[str] = ()) -> Sheet:
    """The contacts of a report: who they are now, and the date, the value and the number that were compiled."""
    live, frozen = queries.contacts_catalog().properties, _frozen(question)
    names = [name for name in chosen if (name in live or name in frozen) and name not in ASIDE] or list(_usual(question))
    tree = _joined(question, names)
    specs = labelled([frozen.get(name) or live[name] for name in names])
    headings = [_as_compiled(heading) if name in frozen else heading for name, heading in zip(names, specs, strict=True)]
    engine = current.engine()
    total = int(engine.rows(query.select(query.count()).from_(tree.subquery("rows")))[0][0])
    first = Heading("id", gettext("Record ID"), Kind.ID)
    title = question.catalog.plural_label(wording.language())
    return Sheet(title, (first, *headings), engine.arrow_stream(tree.order_by("1")), total, account().tz)


def _usual(question: Question) -> tuple[str, ...]:
    live = queries.contacts_catalog()
    names = [name for name in dict.fromkeys((*live.primary, "email")) if name in live.properties]
    return (*names, *_frozen(question))


def _frozen(question: Question) -> Mapping[str, PropertySpec]:
    found = {DAY: question.date, VALUE: question.breakdown, NUMBER: question.number}
    return {name: spec for name, spec in found.items() if spec}


def _as_compiled(heading: Heading) -> Heading:
    """A compiled date has no time."""
    return replace(heading, kind=Kind.DATE) if heading.kind is Kind.DATETIME else heading


def _joined(question: Question, names: Sequence[str]) -> exp.Select:
    table, rows = queries.contacts_catalog().plural, "frozen"
    same = exp.EQ(this=query.column("id", table), expression=query.column("record_id", rows))
    wanted = [query.column("id", table), *(_cell(question, name, table, rows) for name in names)]
    own = scan.frozen(question, alone=True).subquery(rows)
    cells = (query.named(part, f"column_{place}") for place, part in enumerate(wanted))
    return query.select(*cells).from_(own).join(query.table(table), on=same)


def _cell(question: Question, name: str, table: str, rows: str) -> exp.Expression:
    if name not in (DAY, VALUE, NUMBER):
        return query.column(name, table)
    column = query.column(name.partition(":")[2], rows)
    kept_as = _TYPES.get(question.breakdown.kind) if question.breakdown and name == VALUE else None
    return exp.cast(column, kept_as) if kept_as else column


def table(sheet: shown.Sheet) -> Sheet:
    """The table of the breakdown, or of the buckets where there is none; numbers exact, missing ones empty."""
    first, lines = (sheet.breakdown, sheet.values) if sheet.breakdown else (sheet.grouping.capitalize(), sheet.buckets)
    headings = (Heading("name", first), *_measures(sheet))
    rows = [(line.label, *_exact(line, len(headings) - 1)) for line in (*lines, sheet.total)]
    return Sheet(sheet.title, headings, [rows], len(rows))


def _measures(sheet: shown.Sheet) -> Iterator[Heading]:
    yield Heading("contacts", gettext("Contacts"), Kind.INTEGER)
    for name, text in _of_number(sheet).items():
        yield Heading(name, text % {"number": sheet.number}, Kind.NUMBER)


def _of_number(sheet: shown.Sheet) -> Mapping[str, str]:
    if not sheet.number:
        return {}
    told = {"sum": gettext("Sum of %(number)s"), "average": gettext("Average of %(number)s")}
    return told | ({"median": gettext("Median of %(number)s")} if sheet.total.median else {})


def _exact(line: Line, measures: int) -> Iterator[object]:
    for each in (line.contacts, line.sum, line.average, line.median)[:measures]:
        yield each.exact if each else None


def grid(sheet: shown.Sheet) -> Grid:
    """The same table as it is read, for paper."""
    first, lines = (sheet.breakdown, sheet.values) if sheet.breakdown else (sheet.grouping.capitalize(), sheet.buckets)
    heads = [heading.text for heading in _measures(sheet)]
    heading = Row(first, (heads[0], gettext("Share"), *heads[1:]))
    foot = gettext("Page {page} of {pages}")
    return Grid(heading, tuple(_told(line) for line in lines), _told(sheet.total), sheet.title, foot)


def _told(line: Line) -> Row:
    measures = (each.text for each in (line.sum, line.average, line.median) if each)
    return Row(line.label, (line.contacts.text, line.share, *measures), line.color if line.charted else "")
