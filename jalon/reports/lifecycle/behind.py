"""The journeys behind a number as a file: one row each, with who made it, as a stream that never lies in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa
from django.utils.translation import get_language, gettext, override
from sqlglot import exp

from jalon.accounts.queries import account
from jalon.exports.sheet import Heading, Sheet
from jalon.lifecycle.columns import OUTCOMES
from jalon.records import queries as records
from jalon.records.address import name_columns
from jalon.records.sheets import labelled
from jalon.reports import wording
from jalon.reports.kinds import journeys
from jalon.reports.kinds.journeys import OWN, USUAL_ORDER, Cell
from jalon.reports.lifecycle import queries
from jalon.reports.lifecycle.asked import OBJECT_TYPE
from jalon.reports.lifecycle.queries import Question
from jalon.warehouse import current, query
from jalon.warehouse.schema import Kind
from jalon.web import formats

LENGTH: Final = "length_ms"  # the last column: it becomes two


def sheet(question: Question, cell: Cell, order: str = USUAL_ORDER) -> Sheet:
    """As many rows as the number said, in the order of the page."""
    found = queries.behind(question, cell, limit=0)
    catalog = records.catalog(OBJECT_TYPE)
    names = [name for name in dict.fromkeys((*catalog.primary, "email")) if name in catalog.properties]
    columns = tuple(_columns(question))
    sorting = journeys.ordering(order, question.path, catalog.plural, name_columns(catalog))
    tree = _beside_contacts(queries.rows_behind(question, cell), names, [told for _, told in columns]).order_by(*sorting)
    people = labelled([catalog.properties[name] for name in names])
    headings = (Heading("id", gettext("Record ID"), Kind.ID), *people, *(heading for heading, _ in columns), *_times())
    batches = _timed(current.engine().arrow_stream(tree), get_language() or "en")
    return Sheet(gettext("Journeys"), headings, batches, found.total, account().tz)


def _columns(question: Question) -> Iterator[tuple[Heading, exp.Expression]]:
    """What is told of a journey: its heading and where that is found."""
    language = wording.language()
    stages = {one.name: one.label(language) for one in question.stages}
    places = {str(place): stages[name] for place, name in enumerate(question.path.places, 1)} | {"0": ""}
    outcomes = {outcome.value: gettext(label) for outcome, label in OUTCOMES.items()}
    told: tuple[tuple[str, str, Kind, dict[str, str]], ...] = (
        ("number", gettext("Journey"), Kind.INTEGER, {}),
        ("entered_at", gettext("Entered on"), Kind.DATETIME, {}),
        ("entry_stage", gettext("First stage"), Kind.ENUMERATION, stages),
        ("furthest", gettext("Came as far as"), Kind.ENUMERATION, places),
        ("last_stage", gettext("Last stage of the path"), Kind.ENUMERATION, stages),
        ("outcome", gettext("Outcome"), Kind.ENUMERATION, outcomes),
        ("ended_at", gettext("Ended on"), Kind.DATETIME, {}),
    )
    for name, label, kind, labels in told:
        yield Heading(name, label, kind, labels), query.column(name, OWN)
    yield Heading("lost_stage", gettext("Lost stage"), Kind.ENUMERATION, stages), _lost_stage()
    yield Heading("moves", gettext("Movements"), Kind.INTEGER), query.column("moves", OWN)


def _lost_stage() -> exp.Expression:
    """Where a journey ended that was lost."""
    is_lost = exp.EQ(this=query.column("outcome", OWN), expression=query.text("lost"))
    return exp.Case(ifs=[exp.If(this=is_lost, true=query.column("end_stage", OWN))])


def _times() -> tuple[Heading, Heading]:
    label = gettext("Time")
    return Heading("seconds", gettext("%(name)s (seconds)") % {"name": label}, Kind.INTEGER), Heading("time", label)


def _beside_contacts(own: exp.Select, names: list[str], columns: list[exp.Expression]) -> exp.Select:
    """Who the contacts are now; a journey stays in the file, whatever became of its contact."""
    table = records.catalog(OBJECT_TYPE).plural
    cells = [query.column("record_id", OWN), *(query.column(name, table) for name in names), *columns]
    told = (query.named(cell, f"column_{place}") for place, cell in enumerate((*cells, query.column(LENGTH, OWN))))
    return journeys.beside(query.select(*told).from_(own.subquery(OWN)), table)


def _timed(batches: Iterator[Any], language: str) -> Iterator[Any]:
    """The time as seconds and as it is read. What is streamed is written after the request, so it knows its language."""
    for batch in batches:
        lengths = batch.columns[-1].to_pylist()
        seconds = [None if length is None else round(length / 1000) for length in lengths]
        with override(language):
            told = [None if length is None else formats.duration(length) for length in lengths]
        columns = [*batch.columns[:-1], pa.array(seconds, pa.int64()), pa.array(told, pa.string())]
        yield pa.RecordBatch.from_arrays(columns, names=[f"column_{place}" for place in range(len(columns))])
