"""How the chapters write: in portions, each one transaction under a second, and never past a refused row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from jalon.accounts.access import SYSTEM
from jalon.demo.parts import Scene
from jalon.demo.people import Past
from jalon.demo.rhythm import moment
from jalon.records import actions
from jalon.records.actions import Outcome, PastValue, Row
from jalon.records.columns import Origin, Source

T = TypeVar("T")
ORIGIN = Origin(Source.IMPORT, "Cabrelle")


def portions(things: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(things)
    while part := list(islice(iterator, size)):
        yield part


def create(scene: Scene, object_type: str, rows: list[Row]) -> list[int]:
    """The new records' ids, in the order of the rows."""
    outcome = actions.write(object_type, rows, actor=scene.actor("alice"), origin=ORIGIN, mode="create")
    _all_went_in(outcome)
    return [id for id in outcome.ids if id is not None]


def remember(scene: Scene, object_type: str, past: list[PastValue]) -> None:
    """Dated values; the newest of each property is the present one. What a form or a workflow did has nobody who did it."""
    by_hand = [value for value in past if value.source is Source.USER]
    by_itself = [value for value in past if value.source is not Source.USER]
    for values, actor in ((by_itself, SYSTEM), (by_hand, scene.actor("alice"))):
        if values:
            _all_went_in(actions.write_history(object_type, values, actor=actor))


def link(scene: Scene, type_name: str, pairs: list[tuple[int, int]], *, primary: bool = False) -> None:
    if pairs:
        actions.associate(type_name, pairs, actor=scene.actor("alice"), origin=ORIGIN, primary=primary)


def now_only(values: dict[str, str], past: Iterable[Past]) -> dict[str, str]:
    """The values without those that the dated ones bring."""
    dated = {one.property for one in past}
    return {name: value for name, value in values.items() if name not in dated}


def dated(id: int, past: Iterable[Past]) -> Iterator[PastValue]:
    return (PastValue(id, one.property, one.value, moment(one.at), Source(one.source)) for one in past)


def _all_went_in(outcome: Outcome) -> None:
    if outcome.refused:
        first = outcome.refused[0]
        raise RuntimeError(f"The demo wrote a row that does not fit ({len(outcome.refused)} in all): {' '.join(first.sentences)}")
