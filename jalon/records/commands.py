"""`jalon warehouse`: the columns, as the one who runs the house looks after them."""

from __future__ import annotations

from dataclasses import asdict

from django.utils.translation import gettext

from jalon.jobs.console import output
from jalon.records import runner


def rebuild() -> None:
    """Throw the columns away and make them again from PostgreSQL. Loses nothing; reports give the same figures."""
    console = output()
    with console.progress(gettext("Rebuilding the columns")) as progress:
        records = runner.rebuild(progress.update)
    console.line(gettext("The columns hold %(records)s records again.") % {"records": records})
    console.json({"records": records})


def status() -> None:
    """Show what the columns hold and how far they lag behind."""
    console = output()
    found = runner.status()
    console.json(asdict(found))
    if not console.wants_json:
        console.table((gettext("table"), gettext("rows")), found.tables.items())
        held = {"records": found.records, "size": found.bytes // 1024}
        console.line(gettext("%(records)s records in PostgreSQL, %(size)s kB of columns.") % held)
        waiting = gettext("%(changes)s changes wait to be synced.") % {"changes": found.waiting}
        console.line(waiting if found.waiting else gettext("Nothing waits to be synced."))
