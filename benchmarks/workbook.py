"""XLSX in and out: a workbook of contacts with 20 columns, written by the product's own writer and brought in as the worker does it.

python -m benchmarks.workbook ROWS FOLDER : prints what it took as JSON, in a home of its own.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

BATCH = 1_000
TEXTS = (
    "email",
    "firstname",
    "lastname",
    "phone",
    "mobilephone",
    "company",
    "jobtitle",
    "city",
    "zip",
    "address",
    "state",
    "country",
    "website",
)
OTHERS = ("salutation", "fax", "hubspotscore", "total_revenue", "birthday", "closedate", "hs_email_optout")


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

    properties = queries.catalog("contact").properties
    names = [name for name in (*TEXTS, *OTHERS) if name in properties]
    headings = tuple(Heading(name, name, properties[name].kind) for name in names)
    start = time.perf_counter()
    write_xlsx(Sheet("Contacts", headings, _batches(names, rows), rows), file)
    return time.perf_counter() - start


def _batches(names: list[str], rows: int) -> Iterator[list[tuple[Any, ...]]]:
    for first in range(0, rows, BATCH):
        yield [tuple(_cell(name, number) for name in names) for number in range(first, min(first + BATCH, rows))]


def _cell(name: str, number: int) -> Any:
    match name:
        case "email":
            return f"person{number}@bench.example"
        case "hubspotscore" | "total_revenue":
            return Decimal(number % 5_000) / 4
        case "birthday":
            return date(1950, 1, 1) + timedelta(days=number % 20_000)
        case "closedate":
            return datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
        case "hs_email_optout":
            return number % 7 == 0
        case "salutation" | "lifecyclestage":
            return None
    return f"{name} {number * 7_919 % 100_003}"


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
