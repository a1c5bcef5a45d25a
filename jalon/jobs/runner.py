"""Runs background jobs: finds who does a job's kind and keeps its row up to date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jalon.jobs.queries import JobView

# Does a whole job and returns its result. Called again with the same job after a crash, so it must go on where it was.
Runner = Callable[[JobView], dict[str, Any]]

_runners: Mapping[str, Runner] = {}


def install(runners: Mapping[str, Runner]) -> None:
    """Who does which kind of job, from the wiring."""
    global _runners
    _runners = dict(runners)
