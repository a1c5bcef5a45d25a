"""Follows scores in a process that is killed: python -m tests.scores.killed COLUMNS WRITES."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any


def main(path: str, writes: int) -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "jalon.config.settings"
    django.setup()
    from jalon.records.bulk import actions as bulk
    from jalon.scores import actions, runner
    from jalon.warehouse import current
    from jalon.warehouse.duckdb_engine import DuckDBEngine

    current.install(DuckDBEngine(Path(path), "Europe/Paris"))
    vars(actions)["SLICE"], done = 50, 0  # many slices with few records
    set_each = bulk.set_each

    def counted(*arguments: Any, **named: Any) -> Any:
        """Dies between a write and the note that it is done."""
        nonlocal done
        outcome, done = set_each(*arguments, **named), done + 1
        if done == writes:
            os.kill(os.getpid(), signal.SIGKILL)
        return outcome

    vars(bulk)["set_each"] = counted
    runner.catch_up()
    sys.stdout.write("through")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
