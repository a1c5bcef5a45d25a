"""What the lifecycle holds of a person: how they went from stage to stage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jalon.lifecycle.movements.queries import story
from jalon.records.holdings import Person


def portray(person: Person) -> Iterator[Mapping[str, object]]:
    """Every change of the stage, in the order in which it happened: from the log itself, whatever the columns know yet."""
    for told in story(person.ids):
        yield {"from": told.old, "to": told.new, "at": told.at.isoformat(), "source": told.source}
