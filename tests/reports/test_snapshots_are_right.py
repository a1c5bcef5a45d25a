"""A compiled report says what the contacts said at its compile: every figure, and the records behind each, on every engine."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from jalon.figures.measures import Figures
from jalon.figures.results import Result, Series
from jalon.reports.columns import SNAPSHOTS
from jalon.reports.kinds import cells, scan
from jalon.reports.kinds.contacts import answer
from jalon.reports.kinds.definition import Definition
from jalon.reports.kinds.question import Question
from jalon.reports.snapshots.rows import of_contacts, of_snapshot, packed, unpacked
from jalon.warehouse import query
from jalon.warehouse.engine import Batch, Engine, Put, Remove
from tests.reports.conftest import CATALOG, CONTACTS, load
from tests.reports.test_figures_are_right import DEFINITIONS, ask

SNAPSHOT = 7
SOME = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def frozen(engine: Engine, question: Question) -> Question:
    """The question to its own snapshot, which went through PostgreSQL's bytes and back."""
    rows = of_contacts(engine.arrow(scan.frozen(question)), question.breakdown.kind if question.breakdown else None)
    put = Put(replace(SNAPSHOTS, key=()), of_snapshot(SNAPSHOT, unpacked(packed(rows, SNAPSHOTS))))
    engine.apply(Batch((Remove(SNAPSHOTS, [SNAPSHOT]), put)))
    own = exp.EQ(this=query.column("snapshot_id"), expression=query.whole(SNAPSHOT))
    there = query.select(query.column("id")).from_(query.table(CATALOG.plural))
    return replace(question, where=query.conjunction([own, query.among(query.column("record_id"), there)]), snapshot=SNAPSHOT, report=1)


def folded(question: Question, result: Result) -> list[tuple[Any, ...]]:
    """The result with texts in one case: which of two spellings stands for a value may differ."""

    def known(series: Series) -> tuple[Any, ...]:
        text = series.value.text
        return (text.lower() if text and scan.is_text(question) else text, series.value.others, series.cells, series.total, series.before)

    return [known(result.whole), *sorted((known(each) for each in result.series), key=str)]


@SOME
@given(contacts=st.lists(CONTACTS, max_size=30), definition=DEFINITIONS, first_weekday=st.sampled_from([0, 6]))
def test_a_snapshot_gives_the_figures_of_its_moment(
    engine: Engine, contacts: list[dict[str, Any]], definition: Definition, first_weekday: int
) -> None:
    load(engine, contacts)
    question = ask(definition, first_weekday=first_weekday)
    live = answer(question, engine.rows)
    of_snapshot = frozen(engine, question)
    load(engine, [{} for _ in contacts])  # every value changes afterwards, and nothing of the snapshot does
    kept = answer(of_snapshot, engine.rows)
    assert kept.buckets == live.buckets
    assert folded(question, kept) == folded(question, live)


@SOME
@given(contacts=st.lists(CONTACTS, max_size=20), definition=DEFINITIONS, cumulative=st.booleans(), valued=st.booleans())
def test_every_number_of_a_snapshot_opens_into_that_many_records(
    engine: Engine, contacts: list[dict[str, Any]], definition: Definition, cumulative: bool, valued: bool
) -> None:
    load(engine, contacts)
    question = frozen(engine, ask(definition))
    result = answer(question, engine.rows)
    shown = result.cumulated() if cumulative else result
    days = (question.period.first, question.period.last)
    kind = question.breakdown.kind if question.breakdown else None

    def records(index: int | None, series: Series, whole: bool) -> int:
        value = None if whole or question.breakdown is None else series.value
        cell = cells.behind(result, index=index, value=value, cumulative=cumulative, valued=valued, days=days)
        read = cells.read(cells.written(cell))
        assert read is not None
        found = [id for (id,) in engine.rows(cells.records(read, SNAPSHOT, kind, days=days))]
        assert len(set(found)) == len(found)
        return len(found)

    def number(figures: Figures) -> int:
        return figures.valued if valued else figures.count

    for place, series in enumerate((shown.whole, *shown.series)):
        assert records(None, series, place == 0) == number(series.total)
        for index, figures in enumerate(series.cells):
            assert records(index, series, place == 0) == number(figures)


@SOME
@given(contacts=st.lists(CONTACTS, min_size=2, max_size=12), definition=DEFINITIONS, gone=st.data())
def test_records_that_left_since_leave_the_figures(
    engine: Engine, contacts: list[dict[str, Any]], definition: Definition, gone: st.DataObject
) -> None:
    load(engine, contacts)
    question = frozen(engine, ask(definition))
    left = gone.draw(st.sets(st.integers(1, len(contacts)), min_size=1))
    engine.apply(Batch((Remove(CATALOG.table(), sorted(left)),)))
    kept = [row if place not in left else {} for place, row in enumerate(contacts, 1)]
    fewer = answer(question, engine.rows).whole.total
    load(engine, kept)
    assert fewer == answer(ask(definition), engine.rows).whole.total
