"""Keeping what somebody chose to see of the lifecycle report."""

from __future__ import annotations

from collections.abc import Sequence

from jalon.accounts.models import Preference
from jalon.reports.lifecycle.queries import COLUMNS


def choose_columns(user_id: int | None, names: Sequence[str]) -> None:
    """The columns of the breakdown by stage, for this person."""
    Preference.remember(user_id, COLUMNS, list(names))
