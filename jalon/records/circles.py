"""What Jalon makes of what: values and lists may read each other, but never in a circle, in which they would turn for ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Made = tuple[str, ...]  # ("property", "contact", "hubspotscore"), ("list", "12")


@dataclass(frozen=True, slots=True)
class Maker:
    """What one capability makes, each with all that it reads for it; `label` names one in the reader's language, "" if not its own."""

    find: Callable[[], Mapping[Made, frozenset[Made]]]
    label: Callable[[Made], str]


_makers: list[Maker] = []


def install(makers: Sequence[Maker]) -> None:
    """Takes the rows of the wiring, in place of those it had."""
    _makers[:] = makers


def a_property(object_type: str, name: str) -> Made:
    return ("property", object_type, name)


def circle(made: Made, reads: frozenset[Made]) -> list[str]:
    """The shortest way on which something that reads these would in the end read itself, in words; none if there is no such way."""
    way = _way(made, {made: reads} | {key: value for maker in _makers for key, value in maker.find().items() if key != made})
    return [_label(one) for one in way]


def _way(made: Made, reads: Mapping[Made, frozenset[Made]]) -> list[Made]:
    ways: list[list[Made]] = [[made]]
    seen: set[Made] = set()
    for way in ways:  # grows while it is walked, the short ways first
        for other in sorted(reads.get(way[-1], frozenset())):
            if other == made:
                return [*way, made]
            if other not in seen:
                seen.add(other)
                ways.append([*way, other])
    return []


def _label(made: Made) -> str:
    return next((label for maker in _makers if (label := maker.label(made))), made[-1])
