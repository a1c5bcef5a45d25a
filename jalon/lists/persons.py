"""What lists hold of a person: that they were in them. Movements keep a record's number and nothing else of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jalon.lists import columns
from jalon.lists.models import List, Movement
from jalon.records.holdings import Person


def portray(person: Person) -> Iterator[Mapping[str, object]]:
    """Every list that the person came into or left, in the order in which it happened."""
    names = dict(List.objects.values_list("id", "name"))
    rows = Movement.objects.filter(ids__overlap=list(person.ids)).order_by("id")
    for row in rows.values("list_id", "at", "entered", "why").iterator():
        yield {
            "list": names[row["list_id"]],
            "at": row["at"].isoformat(),
            "event": "joined" if row["entered"] else "left",
            "why": columns.REASONS.get(row["why"], row["why"]),
        }
