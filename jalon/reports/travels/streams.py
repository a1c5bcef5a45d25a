"""The flow as streams: for the page, wide and upright, and as a picture of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import Final

from django.utils.translation import gettext, ngettext

from jalon.charts import streams, svg
from jalon.charts.streams import Drawing, Shape, Stop, Stream
from jalon.lifecycle.journeys.flow import Way
from jalon.lifecycle.journeys.path import Path
from jalon.reports.lifecycle import beyond
from jalon.reports.lifecycle.queries import Question
from jalon.reports.travels import flows
from jalon.reports.travels.flows import Going, Ways
from jalon.web import formats

WIDE: Final = Shape(length=1080, margin=176, room=340, head=52)
UPRIGHT: Final = Shape(length=0, margin=34, room=270, head=2, upright=True)
STEP: Final = 92  # from one stage to the next: upright, and at least in a wide drawing
LETTER: Final = 7.0
STROKE: Final = 0.42  # how much of a band covers what is behind it


@dataclass(frozen=True, slots=True)
class Band:
    """A band with what is told of it."""

    path: str
    line: str  # its thickness, where it is no area
    color: str
    href: str | None
    told: str
    stays: bool


@dataclass(frozen=True, slots=True)
class Node:
    """A stop with its name in lines, its number, and where they stand."""

    x: str
    y: str
    width: str
    height: str
    color: str
    href: str | None
    told: str
    lines: tuple[str, ...]
    number: str
    text_x: str
    text_y: str
    is_beside: bool  # name and number stand in one line


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything in a box."""

    width: str
    height: str
    nodes: tuple[Node, ...]
    bands: tuple[Band, ...]
    upright: bool


def wide(question: Question, ways: Ways) -> Picture:
    """Stages from the left to the right; wider than the page where there are many."""
    columns = len(question.path.primary) + 1
    length = max(WIDE.length, columns * STEP + WIDE.margin)
    return _Drawn(question, ways, Shape(length, WIDE.margin, WIDE.room, WIDE.head)).picture()


def upright(question: Question, ways: Ways) -> Picture:
    """From top to bottom, for narrow screens; ends are told by a list beneath."""
    length = (len(question.path.primary) + 1) * STEP + UPRIGHT.margin + 24
    return _Drawn(question, ways, Shape(length, UPRIGHT.margin, UPRIGHT.room, UPRIGHT.head, upright=True)).picture()


@dataclass(frozen=True, slots=True)
class End:
    """Where journeys came to, or stay: a line of the list beneath the upright drawing."""

    label: str
    emoji: str
    color: str
    number: str
    href: str | None


def ends(question: Question, ways: Ways) -> list[End]:
    drawn = _Drawn(question, ways, WIDE)
    found = [End(ways.names[key].label, ways.names[key].emoji, ways.colors[key], *drawn.number(key)) for key in drawn.ends()]
    staying = ways.flow.into(Way.STILL_IN)
    if staying:
        name = ways.names[Way.STILL_IN]
        found.append(End(name.label, name.emoji, ways.colors[Way.STILL_IN], formats.number(staying), drawn.href(outcome="open")))
    return found


class _Drawn:
    """The stops and streams of the ways, laid out in a shape."""

    def __init__(self, question: Question, ways: Ways, shape: Shape) -> None:
        self.path: Path = question.path
        self.ways, self.shape = ways, shape
        self.href = beyond.hrefs(question)
        self.going: Mapping[tuple[str, str], Going] = {
            (str(way.edge.source), str(way.edge.target)): way for row in ways.rows for way in row.ways if way
        }

    def ends(self) -> list[str]:
        """Won first, even where nobody came to it: the path leads there."""
        others = (*self.path.lost, *self.path.outside, Way.CLEARED.value, Way.UNTOLD.value)
        return [self.path.won, *(key for key in others if self.ways.flow.into(key))]

    def picture(self) -> Picture:
        drawing = streams.lay_out(self._stops(), self._streams(), self.shape)
        nodes = tuple(self._node(node, drawing) for node in drawing.nodes)
        return Picture(f"{drawing.width:.0f}", f"{drawing.height:.0f}", nodes, tuple(map(self._band, drawing.bands)), self.shape.upright)

    def _stops(self) -> list[Stop]:
        inner = [Way.ENTRY.value, *self.path.primary]
        last = len(inner)
        placed = [(key, place) for place, key in enumerate(inner)] + [(key, last) for key in self.ends()]
        return [Stop(key, place, self.ways.colors[key]) for key, place in placed]

    def _streams(self) -> Iterator[Stream]:
        for (source, target), way in self.going.items():
            yield Stream(source, None if target == Way.STILL_IN else target, way.edge.count)

    def _band(self, band: streams.Band) -> Band:
        way = self.going[band.stream.source, band.stream.target or Way.STILL_IN.value]
        return Band(band.path, f"{band.line:.1f}" if band.line else "", band.color, way.count.href, "\n".join(way.told), band.stays)

    def number(self, key: str) -> tuple[str, str | None]:
        """How many were there, with the address of their journeys."""
        if key == Way.ENTRY:
            return formats.number(self.ways.flow.out_of(Way.ENTRY)), self.href()
        if key in self.path.primary:
            count = self.ways.flow.out_of(key)
            return formats.number(count), self.href(visited=key) if count else None
        count = self.ways.flow.into(key)
        return formats.number(count), self.href(went=flows.ended(key)) if count else None

    def _node(self, node: streams.Node, drawing: Drawing) -> Node:
        name, (number, href) = self.ways.names[node.key], self.number(node.key)
        label = f"{name.emoji} {name.label}".strip()
        is_end = node.key not in (Way.ENTRY.value, *self.path.primary)
        lines: tuple[str, ...]
        if self.shape.upright:
            lines, at = (() if is_end else (svg.cut(label, drawing.width - node.x - 60, 13),)), (node.x, node.y - 7)
        elif is_end:
            lines, at = (svg.cut(label, self.shape.margin - 70, 13),), (node.x + node.width + 8, node.y + max(node.height / 2, 7) + 5)
        else:
            lines, at = _lines(label, (self.shape.length - self.shape.margin) / (len(self.path.primary) + 1)), (node.x, 14.0)
        told = "\n".join((label, *self._told(node.key)))
        x, y, width, height = (f"{value:.1f}" for value in (node.x, node.y, node.width, node.height))
        return Node(
            x, y, width, height, node.color, href, told, lines, number, f"{at[0]:.1f}", f"{at[1]:.1f}", is_end or self.shape.upright
        )

    def _told(self, key: str) -> Iterator[str]:
        number, _ = self.number(key)
        yield number
        journeys = self.ways.flow.journeys.get(key)
        if journeys is not None and journeys != self.ways.flow.out_of(key):
            yield ngettext("by %(number)s journey", "by %(number)s journeys", journeys) % {"number": formats.number(journeys)}


def _lines(label: str, room: float) -> tuple[str, ...]:
    """A name in two lines at most."""
    letters = max(6, int((room - 10) / LETTER))
    lines = wrap(label, letters, max_lines=2, placeholder="…", break_on_hyphens=False)
    return tuple(lines)


def file(question: Question, ways: Ways, subtitle: str) -> str:
    """The wide drawing alone, as SVG."""
    picture = wide(question, ways)
    left, top = svg.MARGIN, svg.MARGIN + 58
    title = gettext("From stage to stage")
    shapes = [
        svg.text(left, svg.MARGIN + 14, title, size=17, weight=600),
        svg.text(left, svg.MARGIN + 38, subtitle, size=12, fill=svg.QUIET),
        f'<g transform="translate({left} {top})">',
        *_shapes(picture),
        "</g>",
    ]
    width, height = float(picture.width) + 2 * svg.MARGIN, float(picture.height) + top + svg.MARGIN
    return svg.whole(width, height, f"{title}. {subtitle}", shapes)


def _shapes(picture: Picture) -> Iterator[str]:
    for band in picture.bands:
        opacity = STROKE / 2 if band.stays else STROKE
        look = f'fill="none" stroke="{band.color}" stroke-width="{band.line}"' if band.line else f'fill="{band.color}"'
        yield f'<path d="{band.path}" {look} opacity="{opacity}"/>'
    for node in picture.nodes:
        yield svg.rect(float(node.x), float(node.y), float(node.width), float(node.height), node.color, 2)
        yield from _words(node)


def _words(node: Node) -> Iterator[str]:
    x, y = float(node.text_x), float(node.text_y)
    if node.is_beside:
        yield svg.text(x, y, f"{node.lines[0]} {node.number}", size=13)
        return
    for place, line in enumerate(node.lines):
        yield svg.text(x, y + 16 * place, line, size=13)
    yield svg.text(x, y + 16 * len(node.lines), node.number, size=13, weight=600)
