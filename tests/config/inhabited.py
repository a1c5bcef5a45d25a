"""Makes a house lived in, in a process of its own: `inhabited`, or `inhabited behind` (one step of the
tables short of this version; prints the step)."""

from __future__ import annotations

import sys

from jalon.config import opening
from jalon.config.environment import read
from jalon.config.home import held


def move_in() -> None:
    with opening.house():
        from tests.people import move_in

        move_in()


def behind() -> None:
    """All steps but the last one, and a user."""
    environment = read()
    with held(environment), opening.postgresql(environment):
        from django.db import connection
        from django.db.migrations.executor import MigrationExecutor

        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        ours = [step for step, _ in plan if step.app_label in {"records", "imports", "jobs"}]
        last = max(ours, key=lambda step: [one for one, _ in plan].index(step))
        rest = [(step, False) for step, _ in plan if step is not last]
        state = executor.migrate(None, plan=rest, state=executor._create_project_state(with_applied_migrations=True))
        state.apps.get_model("accounts", "User").objects.create(email="older@example.com", name="Older", password="!")
        print(f"{last.app_label}.{last.name}")


if __name__ == "__main__":
    behind() if "behind" in sys.argv else move_in()
