"""What all pages beside the overview of the lifecycle report say of stages, and where their numbers lead."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jalon.criteria.tree import Node
from jalon.figures.periods import Period
from jalon.reports import wording
from jalon.reports.kinds.journeys import Cell
from jalon.reports.lifecycle import addresses, shown
from jalon.reports.lifecycle.queries import Question

Hrefs = Callable[..., str | None]


def hrefs(question: Question, beside: Sequence[Node] = ()) -> Hrefs:
    """The journeys of a cell, entered in the period or in some days of it; `beside` narrows to a value of the breakdown."""

    def href(days: Period | None = None, **cell: str | bool) -> str | None:
        period = days or question.period
        return addresses.journeys(Cell(period.first, period.last, **cell), question.definition.criteria, beside)  # type: ignore[arg-type]

    return href


def names(question: Question) -> dict[str, shown.StageName]:
    language = wording.language()
    return {one.name: shown.StageName.of(one, language) for one in question.stages}
