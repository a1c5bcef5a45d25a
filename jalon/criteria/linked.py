"""Filters on records that a record is linked with: all of them must hold on one and the same linked record."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from jalon.criteria.question import Setting
from jalon.criteria.refining import times
from jalon.criteria.tree import Associated, Count, Node
from jalon.records.columns import ASSOCIATIONS
from jalon.warehouse import query

_L = "l"  # the links, inside a question of our own
ONE = Count(least=1)  # what is asked where no number is


def linked(one: Associated, setting: Setting, asked: Callable[[Node, Setting], exp.Expression]) -> exp.Expression:
    """At least one linked record meets all the parts, or as many of them as the count wants; two links to one are one record."""
    links = _links(one, setting)
    there = setting.of_linked(setting.known.catalogs[one.object_type], _ends(one, setting))
    reach = setting.reach.get(one.object_type)
    if one.parts or reach is not None:
        held = query.conjunction([reach, *(asked(part, there) for part in one.parts)])
        fitting = query.select(query.column("id")).from_(query.table(there.catalog.plural)).where(held)
        links = links.where(query.among(query.column("to_id", _L), fitting))
    counted = query.count_distinct(query.column("to_id", _L))
    return times(setting.id, links, query.column("from_id", _L), counted, one.count or ONE)


def _links(one: Associated, setting: Setting) -> exp.Select:
    """The links from the records that are asked about to those of the other object type; theirs are the first ids."""
    return _between(one, setting).select(query.column("from_id", _L))


def _ends(one: Associated, setting: Setting) -> exp.Select | None:
    """The records at the far ends, where it is worth asking about these alone."""
    return None if setting.only is None else _between(one, setting).select(query.column("to_id", _L))


def _between(one: Associated, setting: Setting) -> exp.Select:
    by_label = [exp.Literal.number(link.id) for link in setting.known.ways(setting.catalog.object_type, one.object_type, one.label)]
    wanted = [
        exp.EQ(this=query.column("from_type", _L), expression=query.text(setting.catalog.object_type)),
        exp.EQ(this=query.column("to_type", _L), expression=query.text(one.object_type)),
        query.one_of(query.column("type_id", _L), by_label) if one.label else None,
        exp.EQ(this=query.column("inverse", _L), expression=query.truth(one.side == "from")) if one.side else None,
        setting.within(query.column("from_id", _L)),
    ]
    return exp.Select().from_(query.table(ASSOCIATIONS.name, _L)).where(query.conjunction(wanted))
