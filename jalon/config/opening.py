"""Opens the house for one process: the home and its lock, PostgreSQL, Django, the columns; and closes all in order."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jalon.config.environment import Environment, read
from jalon.config.postgres import Postgres


@contextmanager
def house() -> Iterator[Environment]:
    """Everything a command or the server needs, for as long as it runs."""
    environment = read()
    prepare_home(environment.home)
    with Postgres(environment.database_folder, environment.database_socket_folder):
        import django

        django.setup()
        yield environment


def prepare_home(home: Path) -> None:
    """The folder with the secret that signs sessions."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = home / "secret"
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(48))
