"""XLSX in and out: a workbook of contacts with 20 columns, written by the product's own writer and brought in as the worker does it.

python -m benchmarks.workbook ROWS FOLDER : prints what it took as JSON, in a home of its own.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from jalon.records.columns import PropertySpec, Type

BATCH = 1_000
COLUMNS = 20
CELLS: Mapping[Type, Callable[[int], Any]] = {
    Type.STRING: lambda number: f"text {number * 7_919 % 100_003}",
    Type.NUMBER: lambda number: Decimal(number % 5_000) / 4,
    Type.BOOL: lambda number: number % 7 == 0,
    Type.DATE: lambda number: date(1950, 1, 1) + timedelta(days=number % 20_000),
    Type.DATETIME: lambda number: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=number),
}


def main(rows: str, folder: str) -> None:
    from jalon.config.opening import house

    with house():
        from jalon.demo.chapters import cast
        from jalon.jobs.beat import Beat

        cast.enter()
        file, beat = Path(folder) / f"contacts-{rows}.xlsx", Beat()
        beat.start()
        try:
            out = _written(file, int(rows))
            print(json.dumps({"rows": int(rows), "out": out, **_brought_in(file)}))
        finally:
            beat.stop()


def _written(file: Path, rows: int) -> float:
    from jalon.exports.files import write_xlsx
    from jalon.exports.sheet import Heading, Sheet
    from jalon.records import queries

    fillable = [spec for spec in queries.catalog("contact").properties.values() if not spec.read_only_value and spec.type in CELLS]
    specs = sorted(fillable, key=lambda spec: spec.name != "email")[:COLUMNS]
    headings = tuple(Heading(spec.name, spec.name, spec.kind) for spec in specs)
    start = time.perf_counter()
    write_xlsx(Sheet("Contacts", headings, _batches(specs, rows), rows), file)
    return time.perf_counter() - start


def _batches(specs: list[PropertySpec], rows: int) -> Iterator[list[tuple[Any, ...]]]:
    for first in range(0, rows, BATCH):
        yield [tuple(_cell(spec, number) for spec in specs) for number in range(first, min(first + BATCH, rows))]


def _cell(spec: PropertySpec, number: int) -> Any:
    return f"person{number}@bench.example" if spec.hint == "email" else CELLS[spec.type](number)


def _brought_in(file: Path) -> dict[str, Any]:
    from jalon.accounts.access import EVERYTHING
    from jalon.imports import actions, queries
    from jalon.jobs import runner

    start = time.perf_counter()
    with file.open("rb") as content:
        upload = actions.Upload(file.name, iter(lambda: content.read(1 << 20), b""), "contact")
        import_id = actions.take([upload], access=EVERYTHING)
    actions.settle(import_id, actions.settings_of(import_id), access=EVERYTHING)
    runner.run(actions.begin(import_id, access=EVERYTHING))
    found = queries.one(EVERYTHING, import_id)
    assert found is not None
    return {"in": time.perf_counter() - start, "created": found.created, "refused": found.refused, "columns": len(found.first.mapping)}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
