"""Short words for what the tests of lists do again and again."""

from __future__ import annotations

from datetime import UTC, datetime

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.criteria.tree import Fact, Filter, Node, all_of
from jalon.lists import actions, queries
from jalon.lists.columns import LIST_MEMBERS
from jalon.lists.membership import runner
from jalon.lists.models import Movement
from jalon.lists.queries import ListView
from jalon.records import runner as columns
from tests.records.steps import asked


def follow(now: datetime | None = None) -> None:
    """The columns and the lists catch up with what was written."""
    columns.catch_up()
    while runner.turn(now or datetime.now(UTC)):
        columns.catch_up()


def active(name: str, *filters: Node, object_type: str = "contact") -> int:
    """A new active list; its records come with the next turns."""
    return actions.create(name, object_type, "DYNAMIC", all_of(*filters), actor=SYSTEM).id


def static(name: str, object_type: str = "contact") -> int:
    return actions.create(name, object_type, "MANUAL", actor=SYSTEM).id


def city(*names: str) -> Filter:
    return Filter("city", "equal_any", names)


def member_of(*lists: int) -> Fact:
    return Fact("list", "in", tuple(map(str, lists)))


def view(list_id: int) -> ListView:
    found = queries.one(EVERYTHING, list_id)
    assert found is not None
    return found


def members(list_id: int) -> set[int]:
    """Who is in a list, as the columns have it, once each."""
    rows = [id for (id,) in asked(f"SELECT record_id FROM {LIST_MEMBERS.name} WHERE list_id = {list_id}")]
    assert len(rows) == len(set(rows)), rows
    return set(rows)


def folded(list_id: int) -> set[int]:
    """Who is in a list, from its movements alone."""
    found: set[int] = set()
    for move in Movement.objects.filter(list_id=list_id, silent=False).order_by("id"):
        found = found | set(move.ids) if move.entered else found - set(move.ids)
    return found


def story(list_id: int) -> list[tuple[str, str, tuple[int, ...]]]:
    """Everything that happened to a list: in or out, why, who."""
    rows = Movement.objects.filter(list_id=list_id, silent=False).order_by("id")
    return [("in" if row.entered else "out", row.why, tuple(row.ids)) for row in rows]
