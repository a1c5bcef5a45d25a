"""What the tests of imports share: files brought in as a page or a command does it, by the worker's own function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from jalon.accounts.access import EVERYTHING, Access
from jalon.imports import actions, queries
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
    **changes: Any,
) -> ImportView:
    """One import from upload to result, like a page or a command."""
    data = content.encode() if isinstance(content, str) else content
    import_id = actions.take([data], name="test.csv", object_type=object_type, access=access, is_history=is_history)
    actions.settle(import_id, replace(actions.settings_of(import_id), **changes))
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


def sentences(found: ImportView) -> dict[int, tuple[str, ...]]:
    """What the refused rows were told, by line."""
    return {told.line: told.sentences for told in queries.first_refused(found)}
