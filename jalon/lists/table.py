"""The members of a list as a table of records: the same table as on the index page, with the moment at which each joined."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

from django.urls import reverse
from sqlglot import exp

from jalon.criteria import tree
from jalon.criteria.tree import Fact
from jalon.figures.addresses import narrowed
from jalon.lists.columns import LIST_MEMBERS, LIST_MOVEMENTS, moved, of_list
from jalon.records.beside import RECORD, Beside
from jalon.records.columns import FieldType, PropertySpec, Type
from jalon.records.table import Within
from jalon.warehouse import current, query

NAME: Final = "_joined_at"
JOINED: Final = PropertySpec(NAME, Type.DATETIME, FieldType.DATE, "Joined the list", "Entrée dans la liste", read_only_value=True)
LATEST: Final = f"-{NAME}"


def members(list_id: int) -> Beside:
    """Who is in the list now."""
    joined = query.select(query.column(RECORD), query.named(query.column("joined_at"), NAME))
    return Beside(JOINED, joined.from_(query.table(LIST_MEMBERS.name)).where(of_list(list_id)), complete=True)


def members_before(list_id: int, until: datetime) -> Beside:
    """Who was in the list right before an instant: those whose last movement until then led into it."""
    own = query.conjunction([moved(list_id), exp.LT(this=query.column("at"), expression=query.instant(until))])
    last = query.select(query.column(RECORD), query.named(exp.Max(this=query.column("at")), NAME))
    entered = exp.ArgMax(this=query.column("entered"), expression=query.column("movement_id"))
    last = last.from_(query.table(LIST_MOVEMENTS.name)).where(own).group_by(query.column(RECORD))
    return Beside(JOINED, last.having(exp.EQ(this=entered, expression=query.truth(True))))


def members_among(list_id: int, ids: Sequence[int]) -> set[int]:
    """Those of a few records that are in the list."""
    few = query.one_of(query.column(RECORD), [query.whole(id) for id in ids])
    tree = query.select(query.column(RECORD)).from_(query.table(LIST_MEMBERS.name)).where(query.conjunction([of_list(list_id), few]))
    return {int(id) for (id,) in current.engine().rows(tree)} if ids else set()


def within(list_id: int, *, before: datetime | None = None) -> Within:
    """What the table of the list's page looks among; `before` an instant, those who were in it then."""
    arguments = [list_id]
    return Within(
        criteria=partial(also_in, list_id=list_id),
        beside=members_before(list_id, before) if before else members(list_id),
        columns=reverse("lists:columns", args=arguments),
        choose=reverse("lists:choose_columns", args=arguments),
        export=reverse("lists:export", args=arguments),
    )


def also_in(criteria: str, *, list_id: int) -> str:
    """Criteria of an address that also ask for membership: what acts on "all that match" acts on members only."""
    return tree.to_text(narrowed(tree.from_text(criteria), [Fact("list", "in", (str(list_id),))]))
