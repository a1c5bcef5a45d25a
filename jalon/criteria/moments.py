"""The clock of criteria: when their answer may change though no record does, and of which records. Pure.

Only two things read the clock: operators about days, whose answer changes when a day of the account begins, and those that
end or begin "now", whose answer changes as an instant is passed. Facts have happened: their instants lie behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlglot import exp

from jalon.criteria import dependence
from jalon.criteria.dependence import CHANGED, everything_asked, looks_at_now
from jalon.criteria.known import Known
from jalon.criteria.linked import linked
from jalon.criteria.past import STAMPS, least_from, passed
from jalon.criteria.question import Setting
from jalon.criteria.tree import Associated, Branch, Criteria, Filter, How, Node
from jalon.records.columns import Catalog
from jalon.warehouse import query

#: How long after an instant "from now on" no longer holds: the finest step of an instant.
STEP: Final = timedelta(milliseconds=1)


def flips(
    criteria: Criteria, catalog: Catalog, known: Known, since: datetime, until: datetime, *, zone: ZoneInfo, of: str | None = None
) -> exp.Expression:
    """The records that may have another answer at `until` than at `since`, with the same values; all others have the same.

    TRUE where a day of the account began in between and days matter: then all have to be looked at.
    """
    read = dependence.of(criteria, catalog, known)
    if read.days and since.astimezone(zone).date() != until.astimezone(zone).date():
        return query.truth(True)
    setting = Setting(catalog, until, zone, 0, 1, of, known)
    nodes = (node for group in criteria.groups for node in group.filters)
    return query.disjunction(_flips(node, setting, since) for node in nodes).copy()


def _flips(node: Node, setting: Setting, since: datetime) -> exp.Expression:
    match node:
        case Filter() if looks_at_now(node, setting.catalog):
            return _passed(node, setting, since)
        case Branch(parts=parts):
            return query.disjunction(_flips(part, setting, since) for part in parts)
        case Associated() if any(looks_at_now(one, setting.known.catalogs.get(node.object_type)) for one in _filters(node.parts)):
            one_of_them = replace(node, parts=(Branch(How.ANY, node.parts),), count=None)
            return linked(one_of_them, setting, lambda part, there: _flips(part, there, since))
    return query.truth(False)


def _passed(one: Filter, setting: Setting, since: datetime) -> exp.Expression:
    spec = setting.catalog.properties[one.property]
    if one.operator in CHANGED:
        return passed(spec, setting, since, setting.now)
    value = query.column(spec.name, setting.of)
    return query.conjunction([query.is_known(value), query.between(value.copy(), query.instant(since), query.instant(setting.now))])


@dataclass(frozen=True, slots=True)
class Ahead:
    """When the clock matters next: at the account's next `midnight`, or `STEP` after the least of what the questions `least` find."""

    midnight: datetime | None
    least: tuple[exp.Select, ...]


def ahead(criteria: Criteria, catalog: Catalog, known: Known, now: datetime, *, zone: ZoneInfo) -> Ahead:
    """What is to be asked for the next instant after `now` at which `flips` may find somebody."""
    read = dependence.of(criteria, catalog, known)
    catalogs = {**known.catalogs, catalog.object_type: catalog}
    asked = dict.fromkeys(
        (one.object_type, one.node.property, one.node.operator in CHANGED)
        for one in everything_asked(criteria, catalog.object_type)
        if isinstance(one.node, Filter) and looks_at_now(one.node, catalogs.get(one.object_type))
    )
    least = tuple(_least(catalogs[object_type], name, now, changed=changed) for object_type, name, changed in asked)
    return Ahead(_midnight(now, zone) if read.days else None, least)


def _least(catalog: Catalog, name: str, now: datetime, *, changed: bool) -> exp.Select:
    if changed and name not in STAMPS:
        return least_from(catalog.properties[name], catalog, now)
    from_now = exp.GTE(this=query.column(name), expression=query.instant(now))
    return query.select(exp.Min(this=query.column(name))).from_(query.table(catalog.plural)).where(from_now)


def _midnight(now: datetime, zone: ZoneInfo) -> datetime:
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone).astimezone(UTC)


def _filters(nodes: tuple[Node, ...]) -> Iterator[Filter]:
    for node in nodes:
        if isinstance(node, Filter):
            yield node
        elif isinstance(node, Branch):
            yield from _filters(node.parts)
