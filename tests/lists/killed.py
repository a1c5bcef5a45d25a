"""Follows lists in a process that is killed: python -m tests.lists.killed COLUMNS PLACE TIMES."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

PLACES = ("written", "laid down", "looked at")


def main(path: str, place: str, times: int) -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "jalon.config.settings"
    django.setup()
    from jalon.lists.membership import actions, runner
    from jalon.warehouse import current
    from jalon.warehouse.duckdb_engine import DuckDBEngine

    current.install(DuckDBEngine(Path(path), "Europe/Paris"))
    vars(runner)["WINDOWS"], vars(actions)["SLICE"] = (50, 50), 20  # many windows, many movements
    name, owner = {
        "written": ("lay_down", vars(actions)),  # movements are committed, the columns do not have them yet
        "laid down": ("read_up_to", vars(actions)),  # the columns have them, the log is not noted as read
        "looked at": ("go_on", vars(actions)),  # in the transaction that notes how far a rebuild is
    }[place]
    verb, done = owner[name], 0

    def counted(*arguments: Any) -> Any:
        nonlocal done
        done += 1
        if done == times:
            os.kill(os.getpid(), signal.SIGKILL)
        return verb(*arguments)

    owner[name] = counted
    runner.catch_up()
    sys.stdout.write("through")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
