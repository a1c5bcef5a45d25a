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
        from django.db.migrations.state import ProjectState

        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        nodes = executor.loader.graph.node_map
        ends = [step for step, _ in plan if not nodes[step.app_label, step.name].children]
        last = [step for step in ends if step.app_label in {"accounts", "records", "imports", "jobs"}][-1]
        rest = [(step, False) for step, _ in plan if step is not last]
        state = executor.migrate(None, plan=rest, state=ProjectState(real_apps=executor.loader.unmigrated_apps))
        state.apps.get_model("accounts", "User").objects.create(email="older@example.com", name="Older", password="!")
        print(f"{last.app_label}.{last.name}")


if __name__ == "__main__":
    behind() if "behind" in sys.argv else move_in()
