"""The kind of filters that ask who is in a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sqlglot import exp

from jalon.accounts.access import Access
from jalon.criteria.kinds import Choice, FilterKind, Refining
from jalon.criteria.operators import Operands, Operator
from jalon.criteria.problems import Problem
from jalon.criteria.question import Setting
from jalon.criteria.refining import on_record
from jalon.criteria.tree import Fact
from jalon.lists.columns import LIST_MEMBERS
from jalon.lists.models import List
from jalon.lists.queries import KIND
from jalon.records.columns import Catalog
from jalon.warehouse import query
from jalon.warehouse.words import N_


def _compile(fact: Fact, setting: Setting) -> exp.Expression:
    ids = [query.whole(int(value)) for value in fact.values]
    held = on_record(fact, setting, LIST_MEMBERS.name, {"list_id": ids}, at="joined_at")
    return query.negation(held) if fact.operator == "not_in" else held


def _choices(access: Access, object_type: str) -> Sequence[Choice]:
    rows = List.objects.filter(object_type=object_type, deleted_at=None).values_list("id", "name") if access.may("lists.view") else ()
    return [Choice(str(id), name) for id, name in rows]


def _find(values: Sequence[str]) -> Mapping[str, str]:
    """The names of lists, of deleted ones too."""
    rows = List.objects.filter(pk__in=[int(value) for value in values if value.isdecimal()]).values_list("id", "name")
    return {str(id): name for id, name in rows}


def _check(fact: Fact, catalog: Catalog) -> Iterator[Problem]:
    numbers = [int(value) for value in fact.values if value.isdecimal()]
    live = {str(row.pk): row for row in List.objects.filter(pk__in=numbers, deleted_at=None).only("id", "object_type", "name")}
    for value in fact.values:
        if value not in live:
            yield Problem(N_("The list %(number)s does not exist any more. Restore it, or choose another one."), {"number": value})
        elif live[value].object_type != catalog.object_type:
            yield Problem(N_("“%(list)s” is a list of other records."), {"list": live[value].name})


MEMBERSHIP: Final = FilterKind(
    name=KIND,
    label=N_("List membership"),
    icon="list-check",
    operators=(Operator("in", N_("is in any of"), Operands.MANY), Operator("not_in", N_("is in none of"), Operands.MANY)),
    compile=_compile,
    choices=_choices,
    find=_find,
    check=lambda fact, catalog: tuple(_check(fact, catalog)),
    refines=frozenset({Refining.WHEN}),
    negatives=frozenset({"not_in"}),
)
