"""Follows movements, or deletes a stage, in a process that is killed: python -m tests.lifecycle.killed COLUMNS PLACE TIMES [JOB]."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

WINDOW = 6  # lines or contacts in one turn


def main(path: str, place: str, times: int, job: int = 0) -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "jalon.config.settings"
    django.setup()
    from jalon.jobs import runner as jobs
    from jalon.lifecycle import actions, runner
    from jalon.lifecycle.dates import actions as dates
    from jalon.lifecycle.deleting import runner as deleting
    from jalon.warehouse import current
    from jalon.warehouse.duckdb_engine import DuckDBEngine

    current.install(DuckDBEngine(Path(path), "Europe/Paris"))
    vars(runner)["WINDOW"], vars(runner)["SLICE"], vars(deleting)["SLICE"] = WINDOW, WINDOW, WINDOW
    name, owner = {
        "following": ("_renewed", vars(runner)),  # a slice was read, the columns do not have it
        "dated": ("read_up_to", vars(dates)),  # the dates are written, the log is not noted as read
        "moving": ("report", vars(deleting)),  # in the transaction that moves the next contacts out of the stage
        "emptied": ("finish_deletion", vars(actions)),  # nobody stands there any more, and the stage is there
    }[place]
    verb, done = owner[name], 0

    def counted(*arguments: Any, **named: Any) -> Any:
        nonlocal done
        done += 1
        if done == times:
            os.kill(os.getpid(), signal.SIGKILL)
        return verb(*arguments, **named)

    owner[name] = counted
    if job:
        jobs.run(job)
    runner.catch_up()
    sys.stdout.write("through")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))
