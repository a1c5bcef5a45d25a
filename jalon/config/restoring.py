"""Puts a backup in the place of what a home holds: checked before anything is touched, counted after, safe to start over.

The tables change in one transaction, the files by a change of names, the columns are made anew. A mark stands in the
home meanwhile; where a crash leaves it, no house opens there until the restore has been typed again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jalon.config import opening, upgrade
from jalon.config.backups import actions
from jalon.config.backups.archive import Manifest, Report
from jalon.config.environment import Environment
from jalon.config.home import RESTORING
from jalon.records import runner
from jalon.records.log.actions import raise_epoch

Stage = Callable[[str], Report]  # announces a part of the work and gives what its progress is told to


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back."""

    manifest: Manifest
    rows: int
    files: int
    records: int
    steps: tuple[str, ...]  # of the upgrade from the backup's version to this one


def is_interrupted(environment: Environment) -> bool:
    return (environment.home / RESTORING).exists()


def restore(environment: Environment, path: Path, manifest: Manifest, stage: Stage) -> Restored:
    """In a home that is held, over a database that runs, from a backup that was verified."""
    actions.check_fits(path, manifest)
    mark = environment.home / RESTORING
    mark.write_text(f"{path}\n")
    actions.load(path, manifest, stage("tables"))
    files = actions.put_files(path, environment.home)
    upgrade.upgrade(backing_up=False)
    raise_epoch()  # the transaction ids of the log are those of another cluster
    records = _columns(environment, stage("columns"))
    mark.unlink()
    return Restored(manifest, sum(manifest.rows.values()), files, records, upgrade.done().steps)


def _columns(environment: Environment, report: Report) -> int:
    if environment.embedded_warehouse:
        for part in environment.warehouse_file.parent.glob("*"):
            part.unlink()
    with opening.columns(environment, rebuilding=True):
        return runner.rebuild(report)
