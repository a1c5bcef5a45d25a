"""The console of a command at the terminal it was typed in."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from jalon.jobs.console import Progress


class Terminal:
    """Results on stdout; progress and problems on stderr, so that a pipe gets results only."""

    def __init__(self, *, wants_json: bool) -> None:
        self.wants_json = wants_json

    def line(self, text: str) -> None:
        if not self.wants_json:
            print(text)

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        if self.wants_json:
            for row in rows:
                self.json(dict(zip(columns, row, strict=True)))
        else:
            _draw(columns, rows)

    def json(self, value: Any) -> None:
        if self.wants_json:
            print(encoded(value))

    def problem(self, sentence: str) -> None:
        complain(sentence)

    @contextmanager
    def progress(self, label: str, total: int | None = None) -> Iterator[Progress]:
        from rich import progress
        from rich.console import Console

        columns = (
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TimeRemainingColumn(),
            progress.TextColumn("{task.fields[message]}"),
        )
        with progress.Progress(*columns, console=Console(stderr=True), transient=False, disable=not sys.stderr.isatty()) as bar:
            yield _Bar(bar, bar.add_task(label, total=total, message=""))


class _Bar:
    def __init__(self, bar: Any, task: Any) -> None:
        self._bar = bar
        self._task = task

    def update(self, done: int, total: int | None = None, message: str = "") -> None:
        self._bar.update(self._task, completed=done, total=total, message=message)


def complain(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def encoded(value: Any) -> str:
    """One line of JSON; numbers that must stay exact and instants travel as text."""
    return json.dumps(value, default=str, ensure_ascii=False)


def _draw(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(*columns, box=SIMPLE_HEAD)
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row))
    Console(highlight=False, soft_wrap=not sys.stdout.isatty()).print(table, markup=False)
