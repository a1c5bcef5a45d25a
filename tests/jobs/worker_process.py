"""A worker in a process of its own, for tests that kill it. Its one kind of job, "count", writes a team per step."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the real imports wait for Django's set-up in `main`
    from jalon.jobs.queries import JobView


def count(job: JobView) -> dict[str, Any]:
    """Counts to `total`, a row a step in the transaction of its report; goes on after what is there already."""
    from django.db import transaction

    from jalon.accounts.models import Team
    from jalon.jobs import actions

    total: int = job.arguments["total"]
    for step in range(Team.objects.count(), total):
        with transaction.atomic():
            Team.objects.create(name=f"{step}")
            wanted = actions.report(job.id, step + 1, total)
        if not wanted:
            break
    return {"rows": Team.objects.count()}


def dies(job: JobView) -> dict[str, Any]:
    os._exit(9)


def fails(job: JobView) -> dict[str, Any]:
    from jalon.jobs.actions import JobFailed

    raise JobFailed("The file is not there any more.")


def is_refused(job: JobView) -> dict[str, Any]:
    from jalon.accounts.access import Denied

    raise Denied("You may see only some of these records.")


def breaks(job: JobView) -> dict[str, Any]:
    raise ValueError("nobody thought of this")


RUNNERS = {"count": count, "dies": dies, "fails": fails, "is refused": is_refused, "breaks": breaks}


def main() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "jalon.config.settings"
    django.setup()
    from jalon.jobs import runner
    from jalon.jobs.worker import Worker

    runner.install(RUNNERS)
    runner.take_up_interrupted(datetime.now(UTC))
    worker = Worker()
    worker.start()
    sys.stdin.read()  # until the test closes our stdin
    sys.exit(0 if worker.stop() else 1)


if __name__ == "__main__":
    main()
