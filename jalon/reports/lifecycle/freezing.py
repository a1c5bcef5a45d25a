"""What a compile of a lifecycle report finds: the journeys of its days and of those before, their visits, and the stages."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlglot import exp

from jalon.accounts.access import EVERYTHING
from jalon.criteria.problems import Problem
from jalon.jobs.locks import Session
from jalon.lifecycle import queries as lifecycle
from jalon.lifecycle.columns import JOURNEYS, VISITS
from jalon.lifecycle.journeys.counts import Range
from jalon.lifecycle.runner import LIFECYCLE
from jalon.records.runner import COLUMNS
from jalon.reports.columns import FROZEN_JOURNEYS, FROZEN_VALUES, FROZEN_VISITS
from jalon.reports.kinds import frozen
from jalon.reports.kinds.definition import DefinitionError
from jalon.reports.kinds.lifecycle import Definition
from jalon.reports.lifecycle import queries
from jalon.reports.lifecycle.queries import Question
from jalon.reports.snapshots.rows import Found, gathered
from jalon.warehouse import current, query
from jalon.warehouse.schema import Table
from jalon.warehouse.words import N_

PIECE: Final = 100_000  # rows
TOLD: Final = ("name", "kind", "label_en", "label_fr", "description", "emoji", "color")  # of a stage


def found(definition: Definition, now: datetime) -> Found:
    """All from one moment: the beat, which lays journeys into the columns, waits meanwhile. Raises DefinitionError."""
    if not lifecycle.is_set_up():
        raise DefinitionError((Problem(N_("There are no stages of the lifecycle yet, so there is nothing to count."), {}),))
    with Session() as session:
        session.lock(COLUMNS.lock)
        session.lock(LIFECYCLE.lock)
        question = queries.ask(EVERYTHING, definition, now=now)
        rows = {
            FROZEN_JOURNEYS: _read(frozen.rows(JOURNEYS, _where(question, "entered_at")), FROZEN_JOURNEYS),
            FROZEN_VISITS: _read(frozen.rows(VISITS, _where(question, "journey_entered_at")), FROZEN_VISITS),
        }
        values = question.values
        if values is not None:
            rows[FROZEN_VALUES] = _read(frozen.values(values, _where(question, "entered_at")), FROZEN_VALUES)
    return Found(rows, {"stages": [_stage(one) for one in question.stages]})


def _where(question: Question, instant: str) -> exp.Expression:
    """The period before is compared with."""
    days, before = question.days, question.before
    both = Range(before.first, days.last) if before else days
    return query.conjunction([both.holds(instant), question.among])


def _read(tree: exp.Select, table: Table) -> Any:
    return gathered(current.engine().arrow_stream(tree, PIECE), table)


def _stage(one: Any) -> dict[str, Any]:
    return {name: value for name, value in asdict(one).items() if name in TOLD}
