"""What a lower folder must know of a higher one: tables of rows, each handed to the folder that reads it, once at start.

The rows' types are frozen dataclasses of the reading folder. Commands are a function, since they are only wanted by
the command line and would otherwise be imported by every process.
"""

from __future__ import annotations

from jalon.jobs import beat, runner
from jalon.jobs.console import Command


def install() -> None:
    """Hands each table to its folder. Called by Django once every model is loaded."""
    beat.install(_beat_parts())
    runner.install(_runners())


def _beat_parts() -> tuple[beat.BeatPart, ...]:
    """What the beat turns, in this order: what a later part reads, an earlier one has written."""
    return (beat.BeatPart("jobs", runner.take_up_interrupted),)


def _runners() -> dict[str, runner.Runner]:
    """Who does a background job of a kind."""
    return {}


def commands() -> tuple[Command, ...]:
    """Commands of the capabilities; `serve`, `worker` and `upgrade` are the command line's own."""
    return ()
