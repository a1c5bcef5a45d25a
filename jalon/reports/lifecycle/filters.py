"""The kind of filter that the numbers of the lifecycle report lead to: the contacts that made the journeys behind one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext
from sqlglot import exp

from jalon.accounts.access import Denied, reader
from jalon.criteria.kinds import FilterKind
from jalon.criteria.operators import Operands, Operator
from jalon.criteria.problems import Problem
from jalon.criteria.question import Setting
from jalon.criteria.tree import EMPTY, Fact
from jalon.lifecycle import queries as lifecycle
from jalon.lifecycle.columns import PROPERTY
from jalon.records.columns import Catalog
from jalon.reports import queries as saved
from jalon.reports.kinds import journeys
from jalon.reports.kinds.cells import KIND as REPORT
from jalon.reports.kinds.journeys import Cell
from jalon.reports.lifecycle import queries, telling
from jalon.reports.lifecycle.asked import OBJECT_TYPE
from jalon.reports.lifecycle.queries import Question
from jalon.warehouse import query
from jalon.warehouse.words import N_


def _compile(fact: Fact, setting: Setting) -> exp.Expression:
    cell = journeys.read(fact.values)
    if cell is None or not lifecycle.is_set_up():
        return query.truth(False)
    if cell.report is None:
        return query.among(setting.id, journeys.records(cell, lifecycle.path()))
    question = _frozen(cell)
    return query.among(setting.id, question.asked(journeys.records(cell, question.path))) if question else query.truth(False)


def _frozen(cell: Cell) -> Question | None:
    """A saved report that whoever asks may see: to others its numbers lead nowhere, as if it were not there."""
    try:
        return queries.asked_by(reader(), cell, EMPTY)
    except Denied:
        return None


def _check(fact: Fact, catalog: Catalog) -> Sequence[Problem]:
    cell = journeys.read(fact.values)
    if cell is None:
        return (Problem(N_("This is not a number of the lifecycle report. Open it again from the report.")),)
    if cell.report is not None and _frozen(cell) is None:
        return (Problem(N_("The report %(number)s does not exist any more."), {"number": cell.report}),)
    return ()


def _depends(fact: Fact) -> frozenset[tuple[str, str]]:
    cell = journeys.read(fact.values)
    return frozenset({(REPORT, cell.report)}) if cell and cell.report else frozenset()


def _options(fact: Fact) -> frozenset[tuple[str, str]]:
    """The stages that it names; what a compile has frozen goes on without them."""
    cell = journeys.read(fact.values)
    return frozenset((PROPERTY, stage) for stage in journeys.stages(cell)) if cell and not cell.report else frozenset()


def _say(fact: Fact) -> str:
    """ "Journeys: entered on 1 – 14 Mar 2026 · Won", or "Behind “Lifecycle, last month”: …"."""
    cell = journeys.read(fact.values)
    if cell is None or cell.report is None:
        return _told(gettext("Journeys"), telling.cell(cell) if cell else ())
    found, question = saved.report(int(cell.report), reader()), _frozen(cell)
    if found is None or question is None:
        return gettext("Behind a number of a report that is gone")
    return _told(gettext("Behind “%(title)s”") % {"title": saved.title_of(found)}, telling.cell(cell, question))


def _told(subject: str, parts: Iterable[str]) -> str:
    return gettext("%(subject)s: %(told)s") % {"subject": subject, "told": " · ".join(parts)}


JOURNEYS = FilterKind(
    journeys.KIND,
    N_("Journeys"),
    "route",
    (Operator(journeys.BEHIND, N_("is behind"), Operands.MANY),),
    compile=_compile,
    choices=lambda access, object_type: (),
    find=lambda values: {value: value for value in values},
    check=_check,
    depends=_depends,
    options=_options,
    object_types=frozenset({OBJECT_TYPE}),
    say=_say,
    offered=False,
    live=False,
)
