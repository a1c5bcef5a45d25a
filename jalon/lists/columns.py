"""Lists as the columns see them: who is in which, and everything that came or went. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from sqlglot import exp

from jalon.warehouse import query
from jalon.warehouse.schema import Column, Kind, Table
from jalon.warehouse.words import N_


class Why(StrEnum):
    """Why a record came or went. Where somebody asked for it, `why` is the source of the request instead (records.columns.Source)."""

    CRITERIA = "criteria"  # the record changed, and the criteria hold, or hold no longer
    EDITED = "edited"  # the criteria changed
    CLOCK = "clock"  # the time came
    ARCHIVED = "archived"
    RESTORED = "restored"
    ERASED = "erased"
    MERGED = "merged"  # out: became part of another record; in: another record that was in became part of this one
    SEPARATED = "separated"  # a merge was taken back


#: Why somebody came or went, in words, by `why`.
REASONS: Final = {
    "criteria": N_("By the criteria"),
    "edited": N_("The criteria were changed"),
    "clock": N_("The time came"),
    "archived": N_("The record was archived"),
    "restored": N_("The record was restored"),
    "erased": N_("The record was deleted for ever"),
    "merged": N_("Records were merged"),
    "separated": N_("A merge was taken back"),
    "user": N_("By hand"),
    "bulk_edit": N_("By hand"),
    "import": N_("By an import"),
    "workflow": N_("By a workflow"),
    "api": N_("By a program"),
    "form": N_("By a form"),
    "system": N_("By Jalon"),
}

LIST_MEMBERS: Final = Table(
    "list_members",
    (
        Column("list_id", Kind.ID),
        Column("record_id", Kind.ID),
        Column("joined_at", Kind.DATETIME),
        Column("why", Kind.ENUMERATION),
    ),
    key=("list_id", "record_id"),
)

LIST_MOVEMENTS: Final = Table(
    "list_movements",
    (
        Column("movement_id", Kind.ID),
        Column("list_id", Kind.ID),
        Column("record_id", Kind.ID),
        Column("entered", Kind.BOOL),
        Column("at", Kind.DATETIME),
        Column("why", Kind.ENUMERATION),
        Column("actor_id", Kind.USER),
        Column("silent", Kind.BOOL),  # nobody came or went: it says who is wanted in a static list
    ),
    key=(),
)

MARK: Final = "lists"  # the last movement that the columns have, among their marks


def member(list_id: int, of: str | None = None) -> exp.Expression:
    """The predicate of those in a list, over a column table of records: for pages, counts, exports and reports."""
    return query.among(query.column("id", of), members([list_id]))


def of_list(list_id: int, of: str | None = None) -> exp.Expression:
    """The rows of one list."""
    return exp.EQ(this=query.column("list_id", of), expression=query.whole(list_id))


def moved(list_id: int, of: str | None = None) -> exp.Expression:
    """The movements of one list that moved somebody."""
    return query.conjunction([of_list(list_id, of), query.negation(query.column("silent", of))])


def members(list_ids: Sequence[int]) -> exp.Select:
    """The ids of the records in any of these lists; more conditions may follow."""
    own = query.one_of(query.column("list_id"), [query.whole(id) for id in list_ids])
    return query.select(query.column("record_id")).from_(query.table(LIST_MEMBERS.name)).where(own)
