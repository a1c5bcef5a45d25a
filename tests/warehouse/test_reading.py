"""Reading beside writing: streams, threads, one moment per question."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from jalon.warehouse import current, query
from jalon.warehouse.engine import Batch, Engine, NotInstalled, Put
from jalon.warehouse.schema import Column, Kind, Table

NUMBERS = Table("numbers", (Column("id", Kind.ID), Column("worth", Kind.NUMBER), Column("at", Kind.DATETIME)))
HOW_MANY = query.select(query.count(), query.total(query.column("worth"))).from_(query.table("numbers"))


def fill(engine: Engine, ids: range, worth: str) -> None:
    columns = {"id": [str(id) for id in ids], "worth": [worth] * len(ids), "at": ["2024-05-06T07:08:09.123Z"] * len(ids)}
    engine.apply(Batch((Put(NUMBERS, pa.table(columns)),)))


def test_a_stream_gives_all_rows_in_pieces_of_the_asked_size(engine: Engine) -> None:
    engine.ensure([NUMBERS])
    fill(engine, range(2500), "1")
    tree = query.select(query.column("id"), query.column("at")).from_(query.table("numbers")).order_by(query.ascending(query.column("id")))
    pieces = list(engine.stream(tree, size=1000))
    assert [len(piece) for piece in pieces] == [1000, 1000, 500]
    assert [row[0] for piece in pieces for row in piece] == list(range(2500))
    assert pieces[2][-1][1] == datetime(2024, 5, 6, 7, 8, 9, 123000, tzinfo=UTC)


def test_a_stream_keeps_to_the_moment_it_began_in(engine: Engine) -> None:
    engine.ensure([NUMBERS])
    fill(engine, range(5000), "1")
    stream = engine.stream(query.select(query.column("worth")).from_(query.table("numbers")), size=10)
    first = next(stream)
    fill(engine, range(5000), "2")
    assert {row[0] for piece in (first, *stream) for row in piece} == {1}


def test_a_reader_never_sees_half_a_batch(engine: Engine) -> None:
    engine.ensure([NUMBERS])
    fill(engine, range(1000), "0")
    stop, seen = threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            seen.extend(engine.rows(HOW_MANY))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for turn in range(1, 13):
        fill(engine, range(1000), str(turn))
    stop.set()
    for reader in readers:
        reader.join()
    assert seen
    assert {rows for rows, _ in seen} == {1000}
    assert {total % 1000 for _, total in seen} == {0}


def test_hundreds_of_conditions_are_one_question(engine: Engine) -> None:
    engine.ensure([NUMBERS])
    fill(engine, range(1000), "1")
    parts = [query.between(query.column("id"), query.whole(n), query.whole(n)) for n in range(0, 1000, 4)]
    assert engine.rows(HOW_MANY.where(query.disjunction(parts)))[0][0] == 250
    assert engine.rows(HOW_MANY.where(query.conjunction(query.negation(part) for part in parts)))[0][0] == 750


def test_quotes_backslashes_and_percent_signs_in_a_text_are_only_text(engine: Engine) -> None:
    words = Table("words", (Column("id", Kind.ID), Column("word", Kind.STRING)))
    nasty = ["it's", 'say "hi"', "back\\slash", "100%", "a_b", "new\nline", "'; DROP TABLE words; --", "{x:String}", "%(a)s", "🦊\t"]
    engine.ensure([words])
    engine.apply(Batch((Put(words, pa.table({"id": [str(n) for n in range(len(nasty))], "word": nasty})),)))
    for place, word in enumerate(nasty):
        for test in (query.one_of(query.column("word"), [query.text(word)]), query.contains(query.column("word"), query.text(word))):
            assert engine.rows(query.select(query.column("id")).from_(query.table("words")).where(test)) == [(place,)]


def test_lower_case_knows_all_alphabets(engine: Engine) -> None:
    (row,) = engine.rows(query.select(query.lowered(query.text("ÉCOLE ΑΒΓ ДА"))))
    assert row == ("école αβγ да",)


def test_empty_values_sort_last_both_ways(engine: Engine) -> None:
    engine.ensure([NUMBERS])
    engine.apply(Batch((Put(NUMBERS, pa.table({"id": ["1", "2", "3"], "worth": ["5", None, "7"]})),)))
    tree = query.select(query.column("id")).from_(query.table("numbers"))
    assert engine.rows(tree.order_by(query.ascending(query.column("worth")))) == [(1,), (3,), (2,)]
    assert engine.rows(tree.order_by(query.descending(query.column("worth")))) == [(3,), (1,), (2,)]


def test_the_engine_of_the_process_is_the_one_installed(engine: Engine) -> None:
    current.close()  # of another test
    with pytest.raises(NotInstalled):
        current.engine()
    current.install(engine)
    assert current.engine() is engine
    current.close()
    with pytest.raises(NotInstalled):
        current.engine()


@pytest.mark.parametrize("ids", [[], [3], [7, 3, 8_000_000_000], [*range(50_000)]])
def test_a_question_may_name_ids_that_are_handed_over_with_it(engine: Engine, ids: list[int]) -> None:
    engine.ensure([NUMBERS])
    fill(engine, range(10), "1")
    handed = query.select(query.column("id")).from_(query.table(query.GIVEN))
    tree = query.select(query.column("id")).from_(query.table("numbers")).where(query.among(query.column("id"), handed))
    given = {query.GIVEN: pa.table({"id": pa.array(ids, pa.int64())})}
    assert sorted(id for (id,) in engine.rows(tree, given=given)) == sorted({*range(10)} & {*ids})


def test_a_table_that_is_handed_over_keeps_every_character(engine: Engine) -> None:
    rows = [(1, "back\\slash \\(", None), (2, "quote ' \"", "é\n\t%"), (3, None, "\\")]
    names = ("number", "one", "other")
    kinds = (pa.int64(), pa.string(), pa.string())
    handed = {name: pa.array([row[place] for row in rows], kind) for place, (name, kind) in enumerate(zip(names, kinds, strict=True))}
    tree = query.select(*(query.column(name) for name in names)).from_(query.table("handed"))
    assert sorted(engine.rows(tree, given={"handed": pa.table(handed)})) == rows


def test_a_stream_of_arrow_gives_the_same_rows_in_pieces_that_are_no_larger_than_asked(engine: Engine) -> None:
    engine.ensure([NUMBERS])
    fill(engine, range(2500), "1.5")
    tree = query.select(query.column("id"), query.column("worth"), query.column("at")).from_(query.table("numbers")).order_by("1")
    pieces = list(engine.arrow_stream(tree, size=1000))
    assert all(0 < piece.num_rows <= 1000 for piece in pieces)
    whole = pa.Table.from_batches(pieces)
    assert whole.column("id").to_pylist() == list(range(2500))
    assert set(whole.column("worth").to_pylist()) == {Decimal("1.5")}
    assert {at.replace(tzinfo=UTC) for at in whole.column("at").to_pylist()} == {datetime(2024, 5, 6, 7, 8, 9, 123000, tzinfo=UTC)}
    assert list(engine.arrow_stream(tree.where("FALSE"))) == []


def test_a_stream_of_arrow_keeps_to_the_moment_it_began_in(engine: Engine) -> None:
    engine.ensure([NUMBERS])
    fill(engine, range(5000), "1")
    stream = engine.arrow_stream(query.select(query.column("worth")).from_(query.table("numbers")), size=10)
    first = next(stream)
    fill(engine, range(5000), "2")
    assert {worth for piece in (first, *stream) for worth in piece.column("worth").to_pylist()} == {1}
