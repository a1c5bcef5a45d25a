"""A funnel as a picture: a row for each step with a bar for each series, its number, and its share of those that entered. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from jalon.charts.svg import GROUND, INK, MARGIN, QUIET, cut, rect, text, whole, width_of

BAR, THIN = 28, 16  # the height of a bar that is alone, and of one among others
GAP, PASSED = 8, 20  # between two steps; with the share that came from the one above
NUMBER, SHARE = 56, 72  # columns behind the bars, the first as wide as its numbers
LEGEND: Final = 26
WIDEST: Final = 0.32  # of the picture: more is not for names


@dataclass(frozen=True, slots=True)
class Bar:
    """A number, its share in words and as a part of one, and its color."""

    number: str
    share: str
    part: float
    color: str


@dataclass(frozen=True, slots=True)
class Step:
    """A row; `passed` is the share of the row above that came here, in words."""

    label: str
    bars: tuple[Bar, ...]
    passed: str = ""


@dataclass(frozen=True, slots=True)
class Funnel:
    """All that is drawn. `legend` has a color and a name for each series, none where there is one."""

    steps: tuple[Step, ...]
    description: str
    title: str = ""
    subtitle: str = ""
    legend: tuple[tuple[str, str], ...] = ()
    margin: float = MARGIN


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where names begin, where bars begin and end, and where shares end."""

    names: float
    left: float
    right: float
    end: float


def drawn(funnel: Funnel, width: float) -> str:
    """The picture as SVG, as high as its rows."""
    height, shapes = laid(funnel, width, funnel.margin)
    return whole(width, height, funnel.description, shapes)


def laid(funnel: Funnel, width: float, margin: float) -> tuple[float, list[str]]:
    """Its height and its shapes, with this margin at both sides: for a picture of its own, or a part of a document."""
    shapes = [*_head(funnel, width)]
    top = funnel.margin + _head_height(funnel)
    shapes += _legend(funnel, width, margin, top)
    top += LEGEND * len(_lines_of_legend(funnel, width, margin)) + (8 if funnel.legend else 0)
    end = width - margin
    columns = _Columns(margin, margin + _room_for_names(funnel, width), end - SHARE - _room_for_numbers(funnel), end)
    for step in funnel.steps:
        shapes += _step(step, top, columns)
        top += _height(step)
    return top - GAP + funnel.margin, shapes


def _head_height(funnel: Funnel) -> float:
    return (26 if funnel.title else 0) + (22 if funnel.subtitle else 0) + (12 if funnel.title or funnel.subtitle else 0)


def _head(funnel: Funnel, width: float) -> Iterator[str]:
    room, base = width - 2 * funnel.margin, funnel.margin + 14.0
    if funnel.title:
        yield text(funnel.margin, base, cut(funnel.title, room, 17), size=17, weight=600)
        base += 24
    if funnel.subtitle:
        yield text(funnel.margin, base, cut(funnel.subtitle, room, 12), size=12, fill=QUIET)


def _lines_of_legend(funnel: Funnel, width: float, margin: float) -> list[list[tuple[float, str, str]]]:
    """Lines of color and name, each with where it begins."""
    lines: list[list[tuple[float, str, str]]] = []
    left = width
    for color, name in funnel.legend:
        shown = cut(name, 200, 13)
        room = 16 + width_of(shown, 13) + 20
        if left + room > width - margin:
            lines.append([])
            left = margin
        lines[-1].append((left, color, shown))
        left += room
    return lines


def _legend(funnel: Funnel, width: float, margin: float, top: float) -> Iterator[str]:
    for line in _lines_of_legend(funnel, width, margin):
        for left, color, name in line:
            yield rect(left, top + 3, 10, 10, color, 5)
            yield text(left + 16, top + 13, name, size=13)
        top += LEGEND


def _room_for_names(funnel: Funnel, width: float) -> float:
    return min(width * WIDEST, max((width_of(step.label) for step in funnel.steps), default=0) + 16)


def _room_for_numbers(funnel: Funnel) -> float:
    return max([NUMBER, *(width_of(bar.number) + 24 for step in funnel.steps for bar in step.bars)])


def _height(step: Step) -> float:
    return (PASSED if step.passed else 0) + _bars_height(step) + GAP


def _bars_height(step: Step) -> float:
    return BAR if len(step.bars) == 1 else len(step.bars) * (THIN + 3)


def _step(step: Step, top: float, at: _Columns) -> Iterator[str]:
    if step.passed:
        yield text(at.left + 4, top + 12, f"↓ {step.passed}", size=12, fill=QUIET)
        top += PASSED
    yield text(at.names, top + _bars_height(step) / 2 + 5, cut(step.label, at.left - at.names - 12))
    alone = len(step.bars) == 1
    height, size = (BAR, 14) if alone else (THIN, 13)
    for bar in step.bars:
        base = top + height / 2 + size * 0.36
        yield rect(at.left, top, at.right - at.left, height, GROUND, 4)
        yield rect(at.left, top, (at.right - at.left) * min(1.0, max(0.0, bar.part)), height, bar.color, 4)
        yield text(at.end - SHARE, base, bar.number, size=size, fill=INK, weight=600, end=True)
        yield text(at.end, base, bar.share, size=size, fill=QUIET, end=True)
        top += height + (0 if alone else 3)
