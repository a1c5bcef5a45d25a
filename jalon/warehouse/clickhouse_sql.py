"""What ClickHouse is told: tables that replace rows by version, and the dialect in which questions are put to it.

ClickHouse has no transactions and no upsert. A row is replaced by a newer version of itself and taken away by a version
that is marked as deleted; `FINAL` (a setting of every question) reads the newest of each. Where rows share a key, they
are numbered within it, and the numbers no longer used are taken away.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.clickhouse import ClickHouse
from sqlglot.generators.clickhouse import ClickHouseGenerator

from jalon.warehouse import query
from jalon.warehouse.schema import Column, Kind, Table
from jalon.warehouse.storage import Cell, Stored, stored

MARKS, STAGE = "jalon_marks", "jalon_stage_"
OWN_TABLES = (MARKS, STAGE)
MARKS_TABLE = Table(MARKS, (Column("name", Kind.STRING), Column("value", Kind.STRING)), key=("name",))

VERSION, DELETED, NUMBER = "__version", "__deleted", "__number"
OWN_COLUMNS = frozenset({VERSION, DELETED, NUMBER})

_TYPES = {
    Cell.WHOLE: "Int64",
    Cell.TEXT: "String",
    Cell.WORD: "LowCardinality(String)",
    Cell.SET: "String",
    Cell.DECIMAL: "Decimal(18, 6)",
    Cell.TRUTH: "Bool",
    Cell.DAY: "Date32",
    Cell.INSTANT: "DateTime64(6, 'UTC')",
    Cell.LOCAL_DAY: "Date32",
    Cell.LOCAL_HOUR: "Int8",
}

# {x} is the canonical text, {zone} the account zone as a literal. A cast refuses what does not fit only where its input
# cannot be NULL (from a Nullable(String) it quietly makes NULL of "lots", tried on 26.9): so NULL goes around the cast.
_INSTANT = "parseDateTime64BestEffort(ifNull({x}, '1970-01-01 00:00:00'), 6, 'UTC')"
_CASTS = {
    Cell.WHOLE: "toInt64(ifNull({x}, '0'))",
    Cell.TEXT: "{x}",
    Cell.WORD: "{x}",
    Cell.SET: "concat(';', {x}, ';')",
    Cell.DECIMAL: "toDecimal64(ifNull({x}, '0'), 6)",
    Cell.TRUTH: "CAST(ifNull({x}, 'false') AS Bool)",
    Cell.DAY: "toDate32(ifNull({x}, '1970-01-01'))",
    Cell.INSTANT: _INSTANT,
    Cell.LOCAL_DAY: f"toDate32(toTimeZone({_INSTANT}, {{zone}}))",
    Cell.LOCAL_HOUR: f"toInt8(toHour(toTimeZone({_INSTANT}, {{zone}})))",
}

#: The same of the value itself, which came along typed.
_VALUES = {
    Cell.LOCAL_DAY: "toDate32(toTimeZone({x}, {zone}))",
    Cell.LOCAL_HOUR: "toInt8(toHour(toTimeZone({x}, {zone})))",
}


class _Generator(ClickHouseGenerator):
    TYPE_MAPPING: ClassVar = {
        **ClickHouseGenerator.TYPE_MAPPING,
        exp.DataType.Type.DATE: "Date32",
        exp.DataType.Type.TIMESTAMP: "DateTime64(6, 'UTC')",
    }
    TRANSFORMS: ClassVar = {
        **ClickHouseGenerator.TRANSFORMS,
        exp.Lower: lambda self, lower: self.func("lowerUTF8", lower.this),
        exp.ArraySort: lambda self, sort: self.func("arraySort", sort.this),
        exp.Median: lambda self, median: f"quantileExactInclusive(0.5)({self.sql(median, 'this')})",  # its own is a guess
        exp.Levenshtein: lambda self, edits: self.func("editDistance", edits.this, edits.expression),
        exp.ArrayToString: lambda self, joined: self.func("arrayStringConcat", joined.this, joined.expression),
        exp.RegexpReplace: lambda self, r: self.func("replaceRegexpAll", r.this, r.expression, r.args["replacement"]),
        exp.Anonymous: lambda self, function: _function(self, function),
        exp.SplitPart: lambda self, part: self.func(
            "arrayElement", self.func("splitByString", part.args["delimiter"], part.this), part.args["part_index"]
        ),
    }

    def cte_sql(self, expression: exp.CTE) -> str:
        """A question in WITH is asked wherever it is named; there is no word for asking it once."""
        plain = expression.copy()
        plain.set("materialized", None)
        return str(super().cte_sql(plain))


def _function(self: ClickHouseGenerator, function: exp.Anonymous) -> str:
    """A function that SQLGlot has no node for."""
    if function.name == query.LOWEST:
        of, limit = (self.sql(argument) for argument in function.expressions)
        return f"groupArraySorted({limit})({of})"
    if function.name == query.MIDDLE:
        of, place = (self.sql(argument) for argument in function.expressions)
        return f"quantileExact{'High' if place.startswith('-') else 'Low'}(0.5)({of})"
    if function.name != query.STRIP_ACCENTS:
        return str(self.anonymous_sql(function))
    apart = self.func("normalizeUTF8NFKD", *function.expressions)
    return str(self.func("replaceRegexpAll", apart, exp.Literal.string(r"\p{Mn}"), exp.Literal.string("")))


class Dialect(ClickHouse):
    """SQLGlot's ClickHouse, with the types of our columns, lower case for all alphabets, and the parts of a text."""

    Generator = _Generator


def quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def literal(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def physical_type(cell: Stored, table: Table) -> str:
    """Keys are never empty; everything else may be."""
    own = _TYPES[cell.cell]
    if cell.name in table.key:
        return own
    return "LowCardinality(Nullable(String))" if cell.cell is Cell.WORD else f"Nullable({own})"


def is_numbered(table: Table) -> bool:
    """Rows share a key when it is not what the table begins with (the history of a record), or have none at all."""
    return not table.key or table.key != tuple(column.name for column in table.columns[: len(table.key)])


def order(table: Table) -> tuple[str, ...]:
    """What tells one row from another."""
    return (*table.key, NUMBER) if is_numbered(table) else table.key


def create_table(table: Table) -> str:
    columns = [f"{quoted(cell.name)} {physical_type(cell, table)}" for cell in stored(table)]
    columns += [f"{quoted(NUMBER)} UInt64"] if is_numbered(table) else []
    columns += [f"{quoted(VERSION)} UInt64", f"{quoted(DELETED)} UInt8"]
    keys = ", ".join(quoted(name) for name in order(table))
    engine = f"ReplacingMergeTree({quoted(VERSION)}, {quoted(DELETED)})"
    return f"CREATE TABLE IF NOT EXISTS {quoted(table.name)} ({', '.join(columns)}) ENGINE = {engine} ORDER BY ({keys})"


def add_column(table: Table, cell: Stored) -> str:
    return f"ALTER TABLE {quoted(table.name)} ADD COLUMN {quoted(cell.name)} {physical_type(cell, table)}"


def drop_table(name: str) -> str:
    return f"DROP TABLE IF EXISTS {quoted(name)} SYNC"


def merge_parts(name: str) -> str:
    return f"OPTIMIZE TABLE {quoted(name)} FINAL"


def create_stage(stage: str, table: Table) -> str:
    """A table in memory for typed rows: a value that does not fit is refused before anything is stored."""
    columns = ", ".join(f"{quoted(cell.name)} {physical_type(cell, table)}" for cell in stored(table))
    return f"CREATE TABLE {quoted(stage)} ({columns}) ENGINE = Memory"


def fill_stage(stage: str, table: Table, given: list[str], typed: Collection[str], zone: str) -> str:
    """Canonical text or values, sent along as Arrow, become typed rows."""
    cells = [cell for cell in stored(table) if cell.source in given]
    names = ", ".join(quoted(cell.name) for cell in cells)
    values = ", ".join(_cast(cell, table, typed, zone) for cell in cells)
    return f"INSERT INTO {quoted(stage)} ({names}) SELECT {values} FROM {_sent(given, table, typed)}"


def _sent(given: Sequence[str], table: Table, typed: Collection[str]) -> str:
    """The rows of a statement that come along as Arrow."""
    kinds = {cell.name: _TYPES[cell.cell] for cell in stored(table)}
    structure = ", ".join(f"{quoted(name)} Nullable({kinds[name] if name in typed else 'String'})" for name in given)
    return f"input({literal(structure)}) FORMAT ArrowStream"


def store(stage: str, table: Table, version: int) -> str:
    """The staged rows as the newest version of themselves."""
    names = [quoted(cell.name) for cell in stored(table)]
    number = [_number(table, version)] if is_numbered(table) else []
    into = [*names, *([quoted(NUMBER)] if number else []), quoted(VERSION), quoted(DELETED)]
    values = [*names, *number, str(version), "0"]
    return f"INSERT INTO {quoted(table.name)} ({', '.join(into)}) SELECT {', '.join(values)} FROM {quoted(stage)}"


def _number(table: Table, version: int) -> str:
    """Within a key from 0; where rows are appended, above all earlier ones, and the same when a batch is applied again."""
    if table.key:
        return f"row_number() OVER (PARTITION BY {_keys(table)}) - 1"
    return f"{version} * 4294967296 + rowNumberInAllBlocks()"


def store_marks(version: int) -> str:
    """The marks sent along as Arrow, the newest of each name."""
    into = f"INSERT INTO {quoted(MARKS)} (name, value, {quoted(VERSION)}, {quoted(DELETED)})"
    return f"{into} SELECT name, value, {version}, 0 FROM input('name String, value String') FORMAT ArrowStream"


def take_away_surplus(stage: str, table: Table, version: int) -> str:
    """Rows of a shared key whose number the staged rows did not use again."""
    key = quoted(table.key[0])
    staged = f"SELECT {key}, count() AS used FROM {quoted(stage)} GROUP BY {key}"
    places = ", ".join(f"stored.{quoted(name)}" for name in order(table))
    return (
        f"INSERT INTO {quoted(table.name)} ({_order(table)}, {quoted(VERSION)}, {quoted(DELETED)}) SELECT {places}, {version}, 1 "
        f"FROM {quoted(table.name)} AS stored FINAL INNER JOIN ({staged}) AS staged ON stored.{key} = staged.{key} "
        f"WHERE stored.{quoted(NUMBER)} >= staged.used"
    )


def take_away(table: Table, keys: list[int], version: int) -> str:
    """The rows of these keys, marked as deleted."""
    among = ", ".join(str(int(key)) for key in keys)
    return (
        f"INSERT INTO {quoted(table.name)} ({_order(table)}, {quoted(VERSION)}, {quoted(DELETED)}) "
        f"SELECT {_order(table)}, {version}, 1 FROM {quoted(table.name)} FINAL WHERE {quoted(table.key[0])} IN ({among})"
    )


def derive(table: Table, question: str, version: int) -> str:
    """Store the answer to a question, which has the columns of the table in their order."""
    if is_numbered(table):
        raise ValueError(f"rows of {table.name} share keys, so they cannot be derived")
    names = ", ".join(quoted(cell.name) for cell in stored(table))
    into = f"INSERT INTO {quoted(table.name)} ({names}, {quoted(VERSION)}, {quoted(DELETED)})"
    return f"{into} SELECT {names}, {version}, 0 FROM ({question})"


def aside(name: str) -> str:
    """What the answer to a question is called while others read it: a stage, which housekeeping takes away after a crash."""
    return f"{STAGE}{name}"


def keep_aside(name: str, question: str) -> str:
    return f"CREATE TABLE {quoted(aside(name))} ENGINE = Memory AS {question}"


def reading_aside(question: exp.Select, names: Collection[str]) -> exp.Select:
    """The question with the tables that it reads by name called as they are."""
    asked = question.copy()
    for read in asked.find_all(exp.Table):
        if read.name in names:
            read.set("alias", read.args.get("alias") or exp.TableAlias(this=exp.to_identifier(read.name, quoted=True)))
            read.set("this", exp.to_identifier(aside(read.name), quoted=True))
    return asked


def with_given(tables: Mapping[str, Any]) -> str:
    """What stands before a question that names tables handed over with it."""
    return "WITH " + ", ".join(f"{quoted(name)} AS ({_spelled(rows)})" for name, rows in tables.items()) + " "


def _spelled(rows: Any) -> str:
    """An Arrow table of whole numbers and text as a question of its own."""
    arrays = [(quoted(name), _array(rows.column(name).to_pylist(), str(rows.column(name).type))) for name in rows.column_names]
    together = f"arrayZip({', '.join(array for _, array in arrays)})"
    columns = ", ".join(f'tupleElement("each", {place}) AS {name}' for place, (name, _) in enumerate(arrays, 1))
    return f'SELECT {columns} FROM (SELECT arrayJoin({together}) AS "each")'


def _array(values: Sequence[Any], kind: str) -> str:
    if kind == "int64":
        return f"CAST([{', '.join(str(int(value)) for value in values)}] AS Array(Int64))"
    told = ", ".join("NULL" if value is None else literal(value) for value in values)
    return f"[{told}]"  # a CAST would take the backslashes in it for escapes once more


def take_away_rows(table: Table, typed: Collection[str], version: int) -> str:
    """The rows of these whole keys, sent along as Arrow, marked as deleted; where a key stands for one row, nothing has to be looked up."""
    names = ", ".join(quoted(name) for name in table.key)
    cells = {cell.name: cell for cell in stored(table)}
    values = ", ".join(_cast(cells[name], table, typed, "UTC") for name in table.key)
    return (
        f"INSERT INTO {quoted(table.name)} ({names}, {quoted(VERSION)}, {quoted(DELETED)}) "
        f"SELECT {values}, {version}, 1 FROM {_sent(table.key, table, typed)}"
    )


def _cast(cell: Stored, table: Table, typed: Collection[str], zone: str) -> str:
    source = quoted(cell.source)
    if cell.source in typed:
        value = f"assumeNotNull({source})" if cell.name in table.key else source
        return _VALUES.get(cell.cell, "{x}").format(x=value, zone=literal(zone))
    text = f"assumeNotNull({source})" if cell.name in table.key else f"nullIf({source}, '')"
    cast = _CASTS[cell.cell].format(x=text, zone=literal(zone))
    return cast if cell.name in table.key else f"if(isNull({text}), NULL, {cast})"


def _keys(table: Table) -> str:
    return ", ".join(quoted(name) for name in table.key)


def _order(table: Table) -> str:
    return ", ".join(quoted(name) for name in order(table))
