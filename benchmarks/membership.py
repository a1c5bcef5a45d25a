"""Lists under proof: made and given other criteria, followed turn by turn, and held against a whole evaluation at the end.

Steps of a process that may be killed: python -m benchmarks.steps people N TAG | relist NUMBER | follow | membership
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count as numbers
from typing import Any

from benchmarks import hundred
from jalon.criteria.tree import Criteria, Fact, all_of

LISTS, OF_LISTS = 60, 5


def people(rows: str, tag: str) -> None:
    """Contacts with values that the lists ask about, and other ones for half of them, that nothing follows yet."""
    from jalon.accounts.access import SYSTEM
    from jalon.records import actions
    from jalon.records.actions import Row
    from jalon.records.columns import Origin, Source

    origin = Origin(Source.API, "proof")
    new = (Row({"email": f"{tag}-{n}@proof.example", **_values(n)}) for n in range(int(rows)))
    made = actions.write("contact", new, actor=SYSTEM, origin=origin, match="email")
    actions.write("contact", (Row(_values(id + 3), id) for id in made.created if id % 2), actor=SYSTEM, origin=origin)


def _values(n: int) -> dict[str, str]:
    known = {"city": f"{hundred.PLACES[n % 10].title()} {n % 3}", "company": f"Paris {n % 50}", "hubspotscore": str(n % 70)}
    known = {name: value for place, (name, value) in enumerate(known.items()) if n % (place + 3)}
    day = (datetime(2026, 6, 1, tzinfo=UTC) - timedelta(days=n % 360)).isoformat()
    return known | {"lifecyclestage": hundred.STAGES[n % 7], "hs_analytics_source": hundred.SOURCES[n % 8], "first_conversion_date": day}


def relist(number: str) -> None:
    """Lists of every mix of filters, and lists of these; in each round every one gets the criteria of another."""
    from jalon.accounts.access import SYSTEM
    from jalon.lists import actions
    from jalon.lists.models import List

    ids = dict(List.objects.filter(name__startswith="Proof ").values_list("name", "id"))
    criteria = _rotated(hundred.criteria(datetime.now(UTC).date(), LISTS), int(number))
    for place, one in enumerate(criteria):
        ids[f"Proof {place}"] = _put(ids.get(f"Proof {place}"), f"Proof {place}", one)
    for place in range(OF_LISTS):
        within = Fact("list", "in", tuple(str(ids[f"Proof {each}"]) for each in range(place, LISTS, OF_LISTS)))
        _put(ids.get(f"Proof of {place}"), f"Proof of {place}", all_of(within))
    for name in ("Proof by hand", "Proof by hand too"):
        if name not in ids:
            actions.create(name, "contact", List.Kind.MANUAL, actor=SYSTEM)


def _rotated(criteria: Sequence[Criteria], by: int) -> list[Criteria]:
    return [*criteria[by % len(criteria) :], *criteria[: by % len(criteria)]]


def _put(list_id: int | None, name: str, criteria: Criteria) -> int:
    from jalon.accounts.access import SYSTEM
    from jalon.lists import actions
    from jalon.lists.models import List

    if list_id is None:
        return actions.create(name, "contact", List.Kind.DYNAMIC, criteria, actor=SYSTEM).id
    return actions.change(list_id, criteria=criteria, actor=SYSTEM).id


def follow() -> None:
    """The sync and the lists, turn after turn; each says so."""
    from django.utils import timezone

    from jalon.lists.membership import runner as lists
    from jalon.records import runner as columns

    lists.WORK = 1  # type: ignore[misc]  # the smallest windows, so that a kill finds lists between two of them
    for number in numbers(1):
        more = columns.sync(timezone.now()) | lists.turn(timezone.now())
        print(number, flush=True)
        if not more:
            return


def membership() -> None:
    """Follows to the end; then every list has those whom a whole evaluation finds, and the columns what the movements add up to."""
    from jalon.lists.membership import runner
    from jalon.lists.models import List, Movement

    runner.catch_up()
    wrong = [row.name for row in List.objects.filter(deleted_at=None) if _is_wrong(row)]
    print(json.dumps({"wrong": wrong, "members": _rows("list_members"), "movements": Movement.objects.count()}))


def _is_wrong(row: Any) -> bool:
    from jalon.criteria.sets.queries import differences
    from jalon.criteria.tree import from_json
    from jalon.lists.columns import members as members_in
    from jalon.lists.membership.queries import LAST_ID, MEMBERS, members_of
    from jalon.warehouse import current

    members = sorted(id for (id,) in current.engine().rows(members_in([row.pk])))
    folded = [int(id) for slice in members_of(row.pk, 100_000) for id in slice.column("record_id").to_pylist()]
    criteria = {row.pk: from_json(row.criteria)} if row.kind == row.Kind.DYNAMIC else {}
    return members != folded or row.size != len(members) or bool(differences(criteria, row.object_type, (1, LAST_ID), MEMBERS))


def _rows(table: str) -> int:
    from jalon.warehouse import current, query

    return int(current.engine().rows(query.select(query.count()).from_(query.table(table)))[0][0])
