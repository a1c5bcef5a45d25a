"""What the lifecycle holds of a person: how they moved from stage to stage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jalon.lifecycle.columns import MOVEMENTS
from jalon.records.holdings import Person
from jalon.warehouse import current, query


def portray(person: Person) -> Iterator[Mapping[str, object]]:
    """Every movement, in the order in which it happened."""
    names = ("from_stage", "to_stage", "at", "source")
    asked = query.select(*map(query.column, names)).from_(query.table(MOVEMENTS.name))
    own = asked.where(query.among_ids(query.column("record_id"), person.ids))
    for came_from, to, at, source in current.engine().rows(own.order_by(query.ascending(query.column("at")))):
        yield {"from": came_from, "to": to, "at": at.isoformat(), "source": source}
