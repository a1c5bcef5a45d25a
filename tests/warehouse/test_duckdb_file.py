"""The DuckDB file: one process, no way out of it, and a sentence for whatever goes wrong with it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
import sqlglot
from sqlglot import exp

from jalon.warehouse import duckdb_file, query
from jalon.warehouse.duckdb_engine import CHECKPOINT_FROM, DuckDBEngine
from jalon.warehouse.engine import Batch, NoPermission, Put, Unreadable
from jalon.warehouse.schema import Column, Kind, Table

WORDS = Table("words", (Column("id", Kind.ID), Column("word", Kind.STRING)))
COUNT = query.select(query.count()).from_(query.table("words"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "columns.duckdb"


@pytest.fixture
def engine(path: Path) -> Iterator[DuckDBEngine]:
    opened = DuckDBEngine(path, "Europe/Paris")
    opened.ensure([WORDS])
    yield opened
    opened.close()


def batch(ids: range, word: str = "word", **marks: str) -> Batch:
    return Batch((Put(WORDS, pa.table({"id": [str(id) for id in ids], "word": [f"{word} {id}" for id in ids]})),), marks)


def run(program: str, path: Path) -> subprocess.CompletedProcess[str]:
    """A program in a process of its own, with the test's own words in reach."""
    start = "import sys; from pathlib import Path; path = Path(sys.argv[1])\n"
    return subprocess.run([sys.executable, "-c", start + program, str(path)], capture_output=True, text=True, timeout=180)


IN_ANOTHER_PROCESS = """
from tests.warehouse.test_duckdb_file import *
path = Path(sys.argv[1])
"""


def test_a_second_process_is_refused_with_a_sentence(engine: DuckDBEngine, path: Path) -> None:
    other = run(
        IN_ANOTHER_PROCESS
        + """
try:
    DuckDBEngine(path, "UTC")
except Exception as locked:
    print(locked)
""",
        path,
    )
    assert other.stdout.startswith(f"The columns in {path} are in use by another process."), other.stderr


@pytest.mark.parametrize("content", [b"not a database at all" * 1000, b"\0" * 20_000])
def test_a_file_that_is_no_database_is_refused_with_a_sentence(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(Unreadable, match="jalon warehouse rebuild"):
        DuckDBEngine(path, "UTC")


def test_a_damaged_file_is_refused_with_a_sentence(engine: DuckDBEngine, path: Path) -> None:
    engine.apply(batch(range(1000)))
    engine.close()
    content = bytearray(path.read_bytes())
    content[4096:12288] = b"\xff" * 8192
    path.write_bytes(content)
    with pytest.raises(Unreadable, match="damaged"):
        DuckDBEngine(path, "UTC")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoPermission, match="Check that the folder exists"):
        DuckDBEngine(tmp_path / "nowhere" / "columns.duckdb", "UTC")


def test_a_full_disk_refuses_the_batch_and_the_next_one_goes_in_once_there_is_room(path: Path) -> None:
    other = run(
        IN_ANOTHER_PROCESS
        + """
import resource
from jalon.warehouse.engine import NoRoom
engine = DuckDBEngine(path, "UTC")
engine.ensure([WORDS])
engine.apply(batch(range(10), position="1"))
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (engine.size() + 100_000, hard))
for turn in range(50):
    try:
        engine.apply(batch(range(10 + turn * 1000, 1010 + turn * 1000), "x" * 200, position="2"))
    except NoRoom as full:
        print(full)
        break
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
before = engine.rows(COUNT)[0][0]
assert before == 10 + turn * 1000, (before, turn)
engine.apply(batch(range(100_000, 100_100), position="3"))
assert engine.rows(COUNT)[0][0] == before + 100
assert engine.marks() == {"position": "3"}
print("went on")
""",
        path,
    )
    assert other.stdout.startswith("There is no room left on the disk"), other.stderr
    assert other.stdout.endswith("went on\n"), other.stderr


def test_a_killed_process_loses_no_batch_and_keeps_no_half_of_one(path: Path) -> None:
    other = run(
        IN_ANOTHER_PROCESS
        + """
import os, signal
engine = DuckDBEngine(path, "UTC")
engine.ensure([WORDS])
for turn in range(20):
    engine.apply(batch(range(turn * 100, turn * 100 + 100), position=str(turn)))
cursor = engine._connection.cursor()
cursor.begin()
cursor.execute("DELETE FROM words")
os.kill(os.getpid(), signal.SIGKILL)
""",
        path,
    )
    assert other.returncode == -signal.SIGKILL, other.stderr
    engine = DuckDBEngine(path, "UTC")
    assert engine.rows(COUNT) == [(2000,)]
    assert engine.marks() == {"position": "19"}
    engine.close()


@pytest.mark.parametrize(
    "question",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_csv('https://example.org/a.csv')",
        "SELECT * FROM 's3://bucket/a.parquet'",
    ],
)
def test_no_question_reaches_a_file_or_the_network(engine: DuckDBEngine, question: str) -> None:
    with pytest.raises((duckdb.PermissionException, duckdb.CatalogException)):
        engine.rows(sqlglot.parse_one(question, dialect="duckdb", into=exp.Select))


def test_nothing_loads_an_extension_or_loosens_the_settings(engine: DuckDBEngine) -> None:
    cursor = engine._connection.cursor()
    for setting in ("autoinstall_known_extensions", "autoload_known_extensions", "enable_external_access"):
        assert cursor.execute(f"SELECT current_setting('{setting}')").fetchall() == [(False,)]
    with pytest.raises(duckdb.InvalidInputException, match="lock"):
        cursor.execute("SET enable_external_access=true")


def test_the_columns_need_neither_numpy_nor_pandas(path: Path) -> None:
    other = run(
        """
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"numpy", "pandas", "pytz"}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
from datetime import datetime, timezone
import pyarrow as pa
from jalon.warehouse import query
from jalon.warehouse.duckdb_engine import DuckDBEngine
from jalon.warehouse.engine import Batch, Put, Remove
from jalon.warehouse.folding import fold
from jalon.warehouse.schema import Column, Kind, Table
engine = DuckDBEngine(path, "Europe/Paris")
table = Table("t", (Column("id", Kind.ID), Column("n", Kind.NUMBER), Column("at", Kind.DATETIME), Column("search_text", Kind.STRING)))
engine.ensure([table])
rows = pa.table({"id": ["1"], "n": ["1.5"], "at": ["2024-05-06T07:08:09.123Z"], "search_text": ["Élodie"]})
engine.apply(Batch((Put(table, rows), Put(table, rows), Remove(table, [7])), {"position": "1"}))
print(engine.rows(query.select(*(query.column(name) for name in ("n", "at", "at__hour", "search_text"))).from_(query.table("t"))))
print(next(engine.stream(query.select(query.column("n")).from_(query.table("t")))), fold("ÉL"))
engine.checkpoint()
engine.close()
assert not {"numpy", "pandas"} & set(sys.modules)
""",
        path,
    )
    assert other.stdout.splitlines() == [
        "[(Decimal('1.500000'), datetime.datetime(2024, 5, 6, 7, 8, 9, 123000, tzinfo=datetime.timezone.utc), 9, 'elodie')]",
        "[(Decimal('1.500000'),)] el",
    ], other.stderr


def test_a_checkpoint_folds_the_log_once_it_is_worth_it(engine: DuckDBEngine, path: Path) -> None:
    engine.apply(batch(range(100)))
    small = duckdb_file.log_size(path)
    engine.checkpoint()
    assert duckdb_file.log_size(path) == small > 0
    for turn in range(8):
        engine.apply(batch(range(turn * 10_000, turn * 10_000 + 10_000), "x" * 80))
    assert duckdb_file.log_size(path) > CHECKPOINT_FROM
    engine.checkpoint()
    assert duckdb_file.log_size(path) < small
    assert engine.rows(COUNT) == [(80_000,)]


def test_a_wasteful_file_is_written_anew_unless_somebody_still_reads(
    engine: DuckDBEngine, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duckdb_file, "REWRITE_FROM", 1)
    other = Table("other", WORDS.columns)
    engine.ensure([other])
    for turn in range(8):
        rows = batch(range(turn * 10_000, turn * 10_000 + 10_000), "".join(chr(97 + (turn * 7 + n * n) % 26) for n in range(80))).changes[0]
        assert isinstance(rows, Put)
        engine.apply(Batch((Put(other, rows.rows), rows), {"position": "9"}))
    engine.checkpoint()
    engine.drop(["other"])
    engine.apply(batch(range(100_000, 160_000), "y" * 80))
    grown = engine.size()
    reading = engine.stream(query.select(query.column("id")).from_(query.table("words")), size=10)
    next(reading)
    monkeypatch.setattr(duckdb_file, "FREE_PER_USED", 0.0)
    engine.checkpoint()
    assert sum(len(piece) for piece in reading) == 140_000 - 10
    engine.apply(batch(range(200_000, 260_000), "z" * 80))
    engine.checkpoint()
    assert engine.size() < grown
    assert engine.rows(COUNT) == [(200_000,)]
    assert engine.marks() == {"position": "9"}
    assert sorted(found.name for found in path.parent.iterdir()) == ["columns.duckdb"]
