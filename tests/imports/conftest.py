"""What the tests of imports share: files brought in as a page or a command does it, by the worker's own function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from jalon.accounts.access import EVERYTHING, Access
from jalon.imports import actions, queries
from jalon.imports.actions import Upload
from jalon.imports.queries import ImportView
from jalon.jobs import runner
from jalon.records.models import Record

Bring = Callable[..., ImportView]


@pytest.fixture
def bring(house: None) -> Iterator[Bring]:
    """`bring(content, match="email", ...)`: take, settle with the guesses and these changes, run; the import as it stands then."""
    yield bring_in


def bring_in(
    content: str | bytes,
    *,
    object_type: str = "contact",
    access: Access = EVERYTHING,
    is_history: bool = False,
    dry_run: bool = False,
    name: str = "test.csv",
    **changes: Any,
) -> ImportView:
    """One import of one file from upload to result, like a page or a command."""
    upload = Upload(name, [content.encode() if isinstance(content, str) else content], object_type, is_history)
    return bring_files([upload], [changes], access=access, dry_run=dry_run)


def bring_files(
    uploads: Sequence[Upload], changes: Sequence[dict[str, Any]] = (), *, access: Access = EVERYTHING, dry_run: bool = False
) -> ImportView:
    """Several files as one import; `changes` of the guessed settings by place."""
    import_id = actions.take(uploads, access=access)
    chosen = []
    for place, _ in enumerate(uploads):
        settings = replace(actions.settings_of(import_id, place), **(changes[place] if place < len(changes) else {}))
        chosen.append(replace(settings, companions=actions.companions_of(import_id, settings, place)))
    actions.settle(import_id, *chosen, access=access)
    return run(import_id, access=access, dry_run=dry_run)


def run(import_id: int, *, access: Access = EVERYTHING, dry_run: bool = False) -> ImportView:
    """Start the import and do the worker's part."""
    start = actions.try_out if dry_run else actions.begin
    runner.run(start(import_id, access=access))
    found = queries.one(EVERYTHING, import_id)
    assert found is not None
    return found


def values(**wanted: str) -> dict[str, str]:
    """The values of the one record that has these."""
    return dict(Record.objects.get(**{f"properties__{name}": value for name, value in wanted.items()}).properties)


def sentences(found: ImportView, *, refusals: bool = True) -> dict[int, tuple[str, ...]]:
    """What the refused rows were told, or the others, by line."""
    return {told.line: told.sentences for told in queries.first_notes(found, refusals=refusals)}
