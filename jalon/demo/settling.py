"""Everything that follows from what was written: for commands and tests, which have no beat beside them."""

from __future__ import annotations

from collections.abc import Callable

from jalon.lifecycle import runner as lifecycle
from jalon.lists.membership import runner as lists
from jalon.records import runner as columns
from jalon.scores import runner as scores


def catch_up(report: Callable[[int, int], None] = columns.silently) -> None:
    """Columns, journeys, formulas, lists and scores, until nothing is left: rules may ask about lists, and lists about scores."""
    lifecycle.catch_up(report)
    lists.catch_up(report)
    while scores.catch_up(report):
        lists.catch_up(report)
