"""Numbers of the lifecycle report in the reader's language, each with the address of its journeys."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from jalon.criteria.tree import EMPTY, Node
from jalon.figures.addresses import having
from jalon.lifecycle.columns import StageKind
from jalon.reports import wording
from jalon.reports.kinds.journeys import Cell
from jalon.reports.kinds.lifecycle import Answer, share
from jalon.reports.lifecycle import addresses
from jalon.reports.lifecycle.queries import Question
from jalon.reports.lifecycle.shown import StageName
from jalon.reports.shown import Shown
from jalon.web import formats


class Linked:
    """Tells the numbers of one question; `value` is the place of a value of the breakdown, None for all contacts."""

    def __init__(self, question: Question, answer: Answer) -> None:
        self.question, self.answer = question, answer
        self.path = question.path
        language = wording.language()
        self.names = {one.name: StageName.of(one, language) for one in question.stages}
        self.spec = question.catalog.properties.get(question.definition.breakdown)

    def href(self, value: int | None = None, **cell: str | bool) -> str | None:
        """The journeys of a cell, of all or of the value at this place of the breakdown."""
        days = self.question.period
        narrowing = Cell(days.first, days.last, **cell)  # type: ignore[arg-type]  # the names are checked by the class itself
        if self.question.report is None:
            return addresses.journeys(narrowing, self.question.definition.criteria, self._having(value))
        told_apart = None if value is None else self.answer.apart[value][0] or ""
        return addresses.journeys(replace(narrowing, report=str(self.question.report), value=told_apart), EMPTY)

    def _having(self, value: int | None) -> tuple[Node, ...]:
        return (having(self.spec, self.answer.apart[value][0]),) if self.spec and value is not None else ()

    def count(self, number: int, value: int | None = None, **cell: str | bool) -> Shown:
        return Shown(formats.number(number), self.href(value, **cell) if number else None, number)

    def rate(self, part: int, whole: int, value: int | None = None, **cell: str | bool) -> Shown:
        """A share, with the address of the journeys above the line."""
        found = share(part, whole)
        exact = None if found is None else Decimal(str(round(found, 6)))
        return Shown(formats.percent(found), self.href(value, **cell) if part else None, exact)

    def time(self, milliseconds: float | None, value: int | None = None, **cell: str | bool) -> Shown:
        """Seconds to files, days and hours to readers."""
        if milliseconds is None:
            return Shown(formats.duration(None))
        return Shown(formats.duration(round(milliseconds)), self.href(value, **cell), round(milliseconds / 1000))

    def label(self, stage: str) -> str:
        """Journeys may name a stage for a moment longer than there is one."""
        found = self.names.get(stage)
        return found.label if found else stage

    def lost_stages(self) -> list[str]:
        return [one.name for one in self.question.stages if one.kind is StageKind.LOST]
