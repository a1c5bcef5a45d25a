"""The kind of filter that every number of a compiled report leads to: the records behind a cell of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext
from sqlglot import exp

from jalon.accounts.access import reader
from jalon.criteria.kinds import FilterKind
from jalon.criteria.operators import Operands, Operator
from jalon.criteria.problems import Problem
from jalon.criteria.question import Setting
from jalon.criteria.tree import Fact, from_json
from jalon.figures.periods import Period
from jalon.records.columns import Catalog
from jalon.reports import queries, wording
from jalon.reports.kinds import cells
from jalon.reports.queries import ReportView
from jalon.warehouse import query
from jalon.warehouse.words import N_
from jalon.web.numbers import whole


def _compile(fact: Fact, setting: Setting) -> exp.Expression:
    asked = _asked(fact)
    found = _seen(asked[0]) if asked else None
    if found and found.snapshot and from_json(found.snapshot.raw["criteria"]).linked() & setting.reach.keys():
        return query.truth(False)  # not open to this reader (docs/decisions/0234)
    tree = queries.behind(found, asked[1]) if found and asked else None
    return query.among(setting.id, tree) if tree is not None else query.truth(False)


def _seen(report_id: int) -> ReportView | None:
    """A report that whoever asks may see: to others its numbers lead nowhere, as if it were not there."""
    return queries.report(report_id, reader())


def _asked(fact: Fact) -> tuple[int, cells.Cell] | None:
    number, *operands = fact.values
    cell = cells.read(operands)
    report = whole(number)
    return (report, cell) if report is not None and cell is not None else None


def _check(fact: Fact, catalog: Catalog) -> Sequence[Problem]:
    asked = _asked(fact)
    if asked is None:
        return (Problem(N_("This is not a number of a report. Open it again from the report.")),)
    if _seen(asked[0]) is None:
        return (Problem(N_("The report %(number)s does not exist any more."), {"number": str(asked[0])}),)
    return ()


def _find(values: Sequence[str]) -> Mapping[str, str]:
    report = whole(values[0]) if values else None
    found = _seen(report) if report is not None else None
    return {value: queries.title_of(found) for value in values} if found else {}


def _say(fact: Fact) -> str:
    """ "Behind “Contacts by source”: 1 – 31 Mar 2026 · Search"."""
    asked = _asked(fact)
    found = _seen(asked[0]) if asked else None
    if asked is None or found is None:
        return gettext("Behind a number of a report that is gone")
    parts = list(_parts(asked[1], found))
    told = gettext("Behind “%(title)s”") % {"title": queries.title_of(found)}
    return gettext("%(subject)s: %(told)s") % {"subject": told, "told": " · ".join(parts)} if parts else told


def _parts(cell: cells.Cell, found: ReportView) -> Iterator[str]:
    if cell.first and cell.last:
        yield wording.days(Period(cell.first, cell.last))
    spec = queries.frozen_properties(found.snapshot).get("breakdown") if found.snapshot else None
    if spec and cell.unset:
        yield gettext("%(property)s not set") % {"property": spec.label(wording.language())}
    elif spec and cell.value is not None:
        yield wording.Labels(spec).named(cell.value)
    elif spec and cell.others is not None:
        yield gettext("other values of %(property)s") % {"property": spec.label(wording.language())}
    if cell.valued:
        yield gettext("with a number")


REPORT = FilterKind(
    cells.KIND,
    N_("Report"),
    "chart-bar",
    (Operator(cells.BEHIND, N_("is behind"), Operands.MANY),),
    compile=_compile,
    choices=lambda access, object_type: (),
    find=_find,
    check=_check,
    depends=lambda fact: frozenset({(cells.KIND, fact.values[0])}) if fact.values else frozenset(),
    object_types=frozenset({queries.OBJECT_TYPE}),
    say=_say,
    offered=False,
    live=False,
)
