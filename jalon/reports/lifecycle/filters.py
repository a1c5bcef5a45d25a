"""The kind of filter that the numbers of the lifecycle report lead to: the contacts that made the journeys behind one."""

from __future__ import annotations

from collections.abc import Sequence

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
from jalon.reports.kinds import journeys
from jalon.reports.lifecycle import queries, telling
from jalon.reports.lifecycle.asked import OBJECT_TYPE
from jalon.warehouse import query
from jalon.warehouse.words import N_


def _compile(fact: Fact, setting: Setting) -> exp.Expression:
    """A saved report that whoever asks may not see leads nowhere, nor does one about linked records that they see in part."""
    cell = journeys.read(fact.values)
    if cell is None or not lifecycle.is_set_up():
        return query.truth(False)
    if cell.report is None:
        return query.among(setting.id, journeys.records(cell, lifecycle.path()))
    try:
        question = queries.asked_by(reader(), cell, EMPTY)
    except Denied:
        return query.truth(False)
    return query.among(setting.id, question.asked(journeys.records(cell, question.path))) if question else query.truth(False)


def _check(fact: Fact, catalog: Catalog) -> Sequence[Problem]:
    if journeys.read(fact.values) is None:
        return (Problem(N_("This is not a number of the lifecycle report. Open it again from the report.")),)
    return ()


def _options(fact: Fact) -> frozenset[tuple[str, str]]:
    cell = journeys.read(fact.values)
    return frozenset((PROPERTY, stage) for stage in journeys.stages(cell)) if cell else frozenset()


def _say(fact: Fact) -> str:
    """ "Journeys: entered on 1 – 14 Mar 2026 · Won"."""
    cell = journeys.read(fact.values)
    words = " · ".join(telling.cell(cell)) if cell else ""
    return gettext("%(subject)s: %(told)s") % {"subject": gettext("Journeys"), "told": words}


JOURNEYS = FilterKind(
    journeys.KIND,
    N_("Journeys"),
    "route",
    (Operator(journeys.BEHIND, N_("is behind"), Operands.MANY),),
    compile=_compile,
    choices=lambda access, object_type: (),
    find=lambda values: {value: value for value in values},
    check=_check,
    depends=lambda fact: frozenset(),
    options=_options,
    object_types=frozenset({OBJECT_TYPE}),
    say=_say,
    offered=False,
    live=False,
)
