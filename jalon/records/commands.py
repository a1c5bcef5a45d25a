"""`jalon warehouse`: the columns, as the one who runs the house looks after them."""

from __future__ import annotations

from dataclasses import asdict

from jalon.jobs.console import output
from jalon.records import runner


def rebuild() -> None:
    """Throw the columns away and make them again from PostgreSQL. Loses nothing; reports give the same figures."""
    console = output()
    with console.progress("Rebuilding the columns") as progress:
        records = runner.rebuild(progress.update)
    console.line(f"The columns hold {records} records again.")
    console.json({"records": records})


def status() -> None:
    """Show what the columns hold and how far they lag behind."""
    console = output()
    found = runner.status()
    console.json(asdict(found))
    if not console.wants_json:
        console.table(("table", "rows"), found.tables.items())
        console.line(f"{found.records} records in PostgreSQL, {found.bytes // 1024} kB of columns.")
        console.line(f"{found.waiting} changes wait to be synced." if found.waiting else "Nothing waits to be synced.")
