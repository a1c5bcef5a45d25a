"""The house's own commands."""

from __future__ import annotations

from typing import Annotated

import typer

from jalon.config import upkeep
from jalon.jobs.console import CARE, RUNNING, Command, Needs, output


def serve(
    port: Annotated[int, typer.Option(help="The port to listen on.", min=0, max=65535)] = 8000,
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 for every one of this machine.")] = "127.0.0.1",
    open_: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Run Jalon: the pages, the beat and the background jobs, with the embedded engines."""
    from jalon.config import logs, server

    logs.set_up(json=True if output().wants_json else None)
    server.serve(host, port, open_page=open_)


def worker() -> None:
    """Run the beat and background jobs beside other processes (needs DATABASE_URL and WAREHOUSE_URL)."""
    from jalon.config import logs, server

    logs.set_up(json=True if output().wants_json else None)
    server.work()


OWN = (
    Command("serve", serve, Needs.NOTHING, RUNNING),
    Command("worker", worker, Needs.NOTHING, RUNNING),
    Command("restore", upkeep.restore, Needs.NOTHING, CARE),
)
