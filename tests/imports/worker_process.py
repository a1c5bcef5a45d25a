"""The worker with the import's runners, in a process of its own, for tests that kill it."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime


def main() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "jalon.config.settings"
    django.setup()
    from jalon.imports.runner import run
    from jalon.imports.undoing import runner as undoing
    from jalon.jobs import runner
    from jalon.jobs.worker import Worker

    runner.install({"import": run, "import_undo": undoing.run})
    runner.take_up_interrupted(datetime.now(UTC))
    worker = Worker()
    worker.start()
    sys.stdin.read()  # until the test closes our stdin
    sys.exit(0 if worker.stop() else 1)


if __name__ == "__main__":
    main()
