"""Criteria to one predicate over the column table of an object type. Pure: the moment and the zone are arguments.

Every predicate is TRUE or FALSE for every record, never NULL, so that it can be negated, counted and joined at will.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlglot import exp

from jalon.criteria.answers import answer
from jalon.criteria.findings import findings
from jalon.criteria.kinds import kinds
from jalon.criteria.known import NOTHING, Known
from jalon.criteria.linked import linked
from jalon.criteria.problems import CriteriaError, Place
from jalon.criteria.question import Only, Setting
from jalon.criteria.tree import Associated, Branch, Criteria, Fact, Filter, How, Node
from jalon.records.columns import Catalog
from jalon.warehouse import query


def predicate(
    criteria: Criteria,
    catalog: Catalog,
    *,
    now: datetime,
    zone: ZoneInfo,
    first_weekday: int = 0,
    fiscal_month: int = 1,
    of: str | None = None,
    known: Known = NOTHING,
    only: Only = None,
) -> exp.Expression:
    """What selects the records of these criteria; TRUE when they ask nothing.

    `of` names the table or alias to read from where several are joined; the fiscal year begins in `fiscal_month`. The answer
    is right for the records of `only`; what it says of others means nothing.
    Raises CriteriaError, with every problem, for criteria that do not fit the catalog.
    """
    return compiled(criteria, Setting(catalog, now, zone, first_weekday, fiscal_month, of, known, only))


def compiled(criteria: Criteria, setting: Setting) -> exp.Expression:
    """The same in a setting that was made before."""
    if problems := findings(criteria, setting.catalog, setting.known):
        raise CriteriaError(problems)
    if not criteria.groups:
        return query.truth(True)
    groups = (query.conjunction(asked(one, setting) for one in group.filters) for group in criteria.groups)
    return query.disjunction(groups).copy()  # a tree of its own: answers may use one node in two places


def asked(node: Node, setting: Setting) -> exp.Expression:
    """One filter of criteria that have no problems."""
    match node:
        case Filter():
            return answer(node, setting)
        case Fact():
            return kinds()[node.kind].compile(node, setting)
        case Associated():
            return linked(node, setting, asked)
        case Branch():
            return _branch(node, setting)


def _branch(branch: Branch, setting: Setting) -> exp.Expression:
    parts = [asked(part, setting) for part in branch.parts]
    joined = query.conjunction(parts) if branch.how in (How.ALL, How.NOT_ALL) else query.disjunction(parts)
    return query.negation(joined) if branch.how in (How.NOT_ALL, How.NOT_ANY) else joined


def each(criteria: Criteria, setting: Setting) -> dict[Place, exp.Expression]:
    """Every filter at any depth as a condition by itself; those that have problems, or hold one that has, are left out.

    A filter inside of one on linked records is met by a record that is linked with one that meets it, whatever the others say.
    """
    wrong = {problem.place for problem in findings(criteria, setting.catalog, setting.known) if problem.place}
    right = {place: node for place, node in criteria.walk() if not any(_touch(place, other) for other in wrong)}
    return {place: asked(_around(criteria, place, node), setting).copy() for place, node in right.items()}


def _touch(place: Place, other: Place) -> bool:
    """One of the two holds the other, or they are the same."""
    return all(mine == theirs for mine, theirs in zip(place, other, strict=False))


def _around(criteria: Criteria, place: Place, node: Node) -> Node:
    """The filter within the one on linked records that holds it, if there is one."""
    holders = (one for at, one in criteria.walk() if isinstance(one, Associated) and place[: len(at)] == at and len(at) < len(place))
    holder = next(holders, None)
    return Associated(holder.object_type, (node,), holder.label, side=holder.side) if holder else node
