"""The figures of Home: counts and sums of what this person may see, in one period and the one before."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlglot import exp

from jalon.accounts.access import Access
from jalon.criteria import queries as criteria_queries
from jalon.criteria.tree import Criteria
from jalon.dashboards.models import Pin
from jalon.figures import buckets
from jalon.figures.periods import Period, Unit
from jalon.records import queries
from jalon.records.columns import Catalog
from jalon.warehouse import current, query
from jalon.warehouse.schema import Kind


def counted(access: Access, catalog: Catalog, criteria: Criteria, now: datetime) -> int:
    """How many records meet the criteria: the total of the index page with the same criteria."""
    return queries.count(access, catalog.object_type, _where(access, catalog, criteria, now))


def summed(access: Access, catalog: Catalog, criteria: Criteria, number: str, now: datetime) -> Decimal | None:
    """The sum of a number over the records that meet the criteria; None where none of them has it."""
    where = queries.matching(access, catalog.object_type, _where(access, catalog, criteria, now))
    tree = exp.select(query.total(query.column(number))).from_(query.table(catalog.plural)).where(where)
    ((total,),) = current.engine().rows(tree)
    return None if total is None else Decimal(total)


def by_day(
    access: Access, catalog: Catalog, criteria: Criteria, date: str, period: Period, now: datetime, number: str = ""
) -> list[Decimal]:
    """For each day of the period, the records whose `date` lies on it, or the sum of their `number`."""
    assert period.first and period.last
    spec = catalog.properties[date]
    day = query.day_of(date) if spec.kind is Kind.DATETIME else query.column(date)
    value = query.total(query.column(number)) if number else query.count()
    where = queries.matching(access, catalog.object_type, _where(access, catalog, criteria, now))
    tree = query.select(day, value).from_(query.table(catalog.plural)).where(where).group_by(day)
    found = {on: Decimal(figure or 0) for on, figure in current.engine().rows(tree)}
    return [found.get(bucket.first, Decimal(0)) for bucket in buckets.fill(Unit.DAY, period.first, period.last)]


def is_empty(access: Access, catalog: Catalog) -> bool:
    return queries.count(access, catalog.object_type) == 0


def _where(access: Access, catalog: Catalog, criteria: Criteria, now: datetime) -> exp.Expression | None:
    return criteria_queries.where(criteria, catalog.object_type, access, now=now)


def pinned(access: Access) -> list[int]:
    """The reports on this person's Home, in the order in which they were pinned."""
    if access.actor.user_id is None:
        return []
    return list(Pin.objects.filter(user_id=access.actor.user_id).values_list("report_id", flat=True))
