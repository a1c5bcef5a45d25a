"""`jalon`: the command line."""

from __future__ import annotations

import os
from typing import Annotated

import typer

app = typer.Typer(name="jalon", no_args_is_help=True, add_completion=False)


@app.callback()
def jalon() -> None:
    """Contacts, and every answer about them, on one machine."""


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8000,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
) -> None:
    """Run the web server, the beat and the background jobs."""
    import uvicorn

    from jalon.config.opening import house

    with house():
        from jalon.config.static_files import collect
        from jalon.config.upgrade import upgrade

        upgrade()
        collect()
        uvicorn.run("jalon.config.asgi:application", host=host, port=port)


@app.command()
def upgrade() -> None:
    """Bring the tables to this version."""
    from jalon.config.opening import house

    with house():
        from jalon.config.upgrade import upgrade

        upgrade()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jalon.config.settings")
    app()
