"""What is put into the columns comes out of them, exactly, whole batches at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from sqlglot import exp

from jalon.warehouse import query
from jalon.warehouse.engine import Batch, Derive, Engine, Put, Remove, WrongShape, WrongValue
from jalon.warehouse.schema import Column, Kind, Table

PEOPLE = Table(
    "people",
    (
        Column("id", Kind.ID),
        Column("name", Kind.STRING),
        Column("revenue", Kind.NUMBER),
        Column("subscribed", Kind.BOOL),
        Column("stage", Kind.ENUMERATION),
        Column("topics", Kind.MULTI),
        Column("born", Kind.DATE),
        Column("seen", Kind.DATETIME),
        Column("owner", Kind.USER),
        Column("visits", Kind.INTEGER),
        Column("search_text", Kind.STRING),
    ),
)
VISITS = Table("visits", (Column("id", Kind.ID), Column("page", Kind.STRING)), key=())
CHANGES = Table("changes", (Column("change", Kind.ID), Column("record", Kind.ID), Column("new", Kind.STRING)), key=("record",))

ADA = {
    "id": "1",
    "name": "Ada “the first” O'Neil",
    "revenue": "123456789012.123456",
    "subscribed": "true",
    "stage": "won",
    "topics": "maths;engines",
    "born": "1815-12-10",
    "seen": "2024-03-31T00:59:59.999Z",
    "owner": "7",
    "visits": "42",
    "search_text": "Ada Élodie CŒUR",
}


def arrow(*rows: Mapping[str, str | None]) -> Any:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names})


def put(engine: Engine, table: Table, *rows: Mapping[str, str | None], **marks: str) -> None:
    engine.ensure([table])
    engine.apply(Batch((Put(table, arrow(*rows)),), marks))


def everything(engine: Engine, table: Table, *columns: str, order: str = "id") -> list[tuple[Any, ...]]:
    tree = query.select(*(query.column(name) for name in columns)).from_(query.table(table.name))
    return engine.rows(tree.order_by(query.ascending(query.column(order))))


def test_every_kind_comes_back_exactly(engine: Engine) -> None:
    put(engine, PEOPLE, ADA)
    assert everything(engine, PEOPLE, *(column.name for column in PEOPLE.columns), "seen__day", "seen__hour") == [
        (
            1,
            "Ada “the first” O'Neil",
            Decimal("123456789012.123456"),
            True,
            "won",
            ";maths;engines;",
            date(1815, 12, 10),
            datetime(2024, 3, 31, 0, 59, 59, 999000, tzinfo=UTC),
            7,
            42,
            "ada elodie coeur",
            date(2024, 3, 31),
            1,
        )
    ]


def test_a_missing_an_empty_and_an_absent_value_are_all_null(engine: Engine) -> None:
    put(engine, PEOPLE, {"id": "1", "name": None, "revenue": "", "topics": "", "seen": None})
    columns = [name for column in PEOPLE.columns[1:] for name in (column.name,)] + ["seen__day", "seen__hour"]
    assert everything(engine, PEOPLE, *columns) == [(None,) * len(columns)]


def test_zero_and_false_are_values_not_blanks(engine: Engine) -> None:
    put(engine, PEOPLE, {"id": "1", "revenue": "0", "subscribed": "false", "visits": "0"})
    assert everything(engine, PEOPLE, "revenue", "subscribed", "visits") == [(Decimal(0), False, 0)]


@pytest.mark.parametrize(
    ("instant", "day", "hour"),
    [
        ("2024-03-31T00:59:59.999Z", date(2024, 3, 31), 1),  # one instant before summer time
        ("2024-03-31T01:00:00.000Z", date(2024, 3, 31), 3),  # 02:00 does not exist on that day
        ("2024-10-27T00:30:00.000Z", date(2024, 10, 27), 2),  # 02:30, the first time
        ("2024-10-27T01:30:00.000Z", date(2024, 10, 27), 2),  # 02:30, the second time
        ("2024-12-31T23:00:00.000Z", date(2025, 1, 1), 0),
        ("2024-06-30T21:59:59.999Z", date(2024, 6, 30), 23),
    ],
)
def test_local_days_and_hours_follow_the_clock_of_that_day(engine: Engine, instant: str, day: date, hour: int) -> None:
    put(engine, PEOPLE, {"id": "1", "seen": instant})
    assert everything(engine, PEOPLE, "seen__day", "seen__hour") == [(day, hour)]


def test_a_row_with_a_known_key_is_replaced_as_a_whole(engine: Engine) -> None:
    put(engine, PEOPLE, ADA, {"id": "2", "name": "Bea"})
    put(engine, PEOPLE, {"id": "1", "stage": "lost"})
    assert everything(engine, PEOPLE, "id", "name", "stage") == [(1, None, "lost"), (2, "Bea", None)]


def test_keys_below_and_above_the_stored_ones_are_told_apart(engine: Engine) -> None:
    put(engine, PEOPLE, {"id": "10", "name": "a"})
    put(engine, PEOPLE, {"id": "10", "name": "b"}, {"id": "11", "name": "c"})
    put(engine, PEOPLE, {"id": "5", "name": "d"}, {"id": "12", "name": "e"})
    put(engine, PEOPLE, {"id": "12", "name": "f"}, {"id": "5", "name": "g"})
    assert everything(engine, PEOPLE, "id", "name") == [(5, "g"), (10, "b"), (11, "c"), (12, "f")]


def test_a_table_without_a_key_is_appended_to(engine: Engine) -> None:
    put(engine, VISITS, {"id": "1", "page": "/"})
    put(engine, VISITS, {"id": "1", "page": "/"})
    assert everything(engine, VISITS, "id", "page") == [(1, "/"), (1, "/")]


def test_rows_of_a_shared_key_replace_all_stored_rows_of_that_key(engine: Engine) -> None:
    put(
        engine,
        CHANGES,
        {"change": "1", "record": "1", "new": "a"},
        {"change": "2", "record": "1", "new": "b"},
        {"change": "3", "record": "2", "new": "c"},
    )
    put(engine, CHANGES, {"change": "4", "record": "1", "new": "d"}, {"change": "5", "record": "1", "new": "e"})
    assert everything(engine, CHANGES, "change", "new", order="change") == [(3, "c"), (4, "d"), (5, "e")]


def test_rows_appended_beside_a_shared_key_stay_until_the_key_is_put_whole(engine: Engine) -> None:
    put(engine, CHANGES, {"change": "1", "record": "1", "new": "a"}, {"change": "2", "record": "2", "new": "b"})
    lines = Table(CHANGES.name, CHANGES.columns, key=())
    for change in ("3", "4"):
        rows = arrow({"change": change, "record": "1", "new": change}, {"change": f"1{change}", "record": "1", "new": "x"})
        engine.apply(Batch((Put(lines, rows),), {"position": change}))
    assert everything(engine, CHANGES, "change", order="change") == [(1,), (2,), (3,), (4,), (13,), (14,)]
    put(engine, CHANGES, {"change": "9", "record": "1", "new": "z"})
    assert everything(engine, CHANGES, "change", order="change") == [(2,), (9,)]
    engine.apply(Batch((Remove(CHANGES, [1]),)))
    assert everything(engine, CHANGES, "change", order="change") == [(2,)]


def test_removed_rows_are_gone_and_unknown_keys_are_no_matter(engine: Engine) -> None:
    put(engine, PEOPLE, ADA, {"id": "2"}, {"id": "3"})
    engine.apply(Batch((Remove(PEOPLE, [1, 3, 99]), Remove(PEOPLE, []))))
    assert everything(engine, PEOPLE, "id") == [(2,)]


def test_a_removed_key_may_come_back(engine: Engine) -> None:
    put(engine, PEOPLE, ADA)
    engine.apply(Batch((Remove(PEOPLE, [1]),)))
    put(engine, PEOPLE, {"id": "1", "name": "again"})
    assert everything(engine, PEOPLE, "id", "name") == [(1, "again")]


def test_changes_of_one_batch_are_applied_in_their_order(engine: Engine) -> None:
    engine.ensure([PEOPLE])
    first, second = Put(PEOPLE, arrow({"id": "1", "name": "first"})), Put(PEOPLE, arrow({"id": "1", "name": "second"}))
    engine.apply(Batch((first, second)))
    assert everything(engine, PEOPLE, "name") == [("second",)]
    engine.apply(Batch((second, Remove(PEOPLE, [1]), first)))
    assert everything(engine, PEOPLE, "name") == [("first",)]


def test_no_rows_change_nothing_but_the_marks(engine: Engine) -> None:
    put(engine, PEOPLE, ADA, position="1")
    engine.apply(Batch((Put(PEOPLE, arrow(ADA).slice(0, 0)),), {"position": "2"}))
    assert everything(engine, PEOPLE, "id") == [(1,)]
    assert engine.marks() == {"position": "2"}


def test_marks_keep_the_latest_of_each_name(engine: Engine) -> None:
    assert engine.marks() == {}
    put(engine, PEOPLE, ADA, position="7", shape="a")
    put(engine, PEOPLE, ADA, position="8")
    assert engine.marks() == {"position": "8", "shape": "a"}


def test_a_bad_value_refuses_the_whole_batch_and_says_where(engine: Engine) -> None:
    put(engine, PEOPLE, ADA, position="1")
    good, bad = Put(PEOPLE, arrow({"id": "2", "name": "Bea"})), Put(PEOPLE, arrow({"id": "3", "revenue": "lots"}))
    with pytest.raises(WrongValue, match="people"):
        engine.apply(Batch((good, bad), {"position": "2"}))
    assert everything(engine, PEOPLE, "id") == [(1,)]
    assert engine.marks() == {"position": "1"}


def test_columns_that_the_table_does_not_have_are_refused(engine: Engine) -> None:
    engine.ensure([PEOPLE])
    with pytest.raises(ValueError, match="shoe_size"):
        engine.apply(Batch((Put(PEOPLE, arrow({"id": "1", "shoe_size": "38"})),)))
    with pytest.raises(ValueError, match="lack their key id"):
        engine.apply(Batch((Put(PEOPLE, arrow({"name": "Ada"})),)))


def test_a_new_column_is_empty_for_the_rows_already_there(engine: Engine) -> None:
    put(engine, PEOPLE, ADA)
    wider = Table("people", (*PEOPLE.columns, Column('Größe "cm"; --', Kind.NUMBER), Column("met", Kind.DATETIME)))
    engine.ensure([wider])
    engine.ensure([wider])
    put(engine, wider, {"id": "2", 'Größe "cm"; --': "180.5", "met": "2024-01-01T00:00:00.000Z"})
    assert everything(engine, wider, "id", 'Größe "cm"; --', "met__day") == [(1, None, None), (2, Decimal("180.5"), date(2024, 1, 1))]
    assert engine.tables()["people"][-4:] == ('Größe "cm"; --', "met", "met__day", "met__hour")


def test_a_column_of_another_kind_is_refused_with_a_sentence(engine: Engine) -> None:
    put(engine, PEOPLE, ADA)
    with pytest.raises(WrongShape, match="“revenue” of people"):
        engine.ensure([Table("people", (Column("id", Kind.ID), Column("revenue", Kind.DATE)))])


def test_two_columns_that_would_be_stored_under_one_name_are_refused(engine: Engine) -> None:
    with pytest.raises(ValueError, match="seen__day"):
        engine.ensure([Table("clash", (Column("id", Kind.ID), Column("seen", Kind.DATETIME), Column("seen__day", Kind.STRING)))])


def test_dropped_tables_are_gone_and_can_be_made_again(engine: Engine) -> None:
    put(engine, PEOPLE, ADA)
    engine.drop(["people", "never_there"])
    assert engine.tables() == {}
    put(engine, PEOPLE, {"id": "1", "name": "Bea"})
    assert everything(engine, PEOPLE, "id", "name") == [(1, "Bea")]


def test_what_is_asked_once_serves_several_tables_and_is_gone_afterwards(engine: Engine) -> None:
    pages, names = (
        Table("pages", (Column("page", Kind.STRING), Column("readers", Kind.INTEGER)), key=("page",)),
        Table("names", PEOPLE.columns[:2]),
    )
    put(engine, VISITS, {"id": "1", "page": "/a"}, {"id": "2", "page": "/a"}, {"id": "2", "page": "/b"})
    engine.ensure([pages, names])
    seen = query.select(query.column("id"), query.column("page"), query.named(query.whole(1), "one")).from_(query.table("visits"))
    readers = query.select(query.column("page"), query.named(query.total(query.column("one")), "readers")).from_(query.table("seen"))
    readers = readers.group_by(query.column("page"))
    latest = query.select(query.column("id", "s"), query.named(exp.Max(this=query.column("page", "s")), "name"))
    latest = latest.from_(query.table("seen", "s")).group_by(query.column("id", "s"))
    derived = Derive(((pages, readers), (names, latest)), {"seen": seen})
    engine.apply(Batch((derived, Remove(names, [2])), {"mark": "1"}))
    assert everything(engine, pages, "page", "readers", order="page") == [("/a", 2), ("/b", 1)]
    assert everything(engine, names, "id", "name") == [(1, "/a")]
    assert set(engine.tables()) == {"visits", "pages", "names"}
