"""Streams between stops, laid out: bands as thick as their number, that run from stop to stop and never across one. Pure.

Stops stand in columns, one in each but the last, where all ends are. A band that skips columns runs above the stops between, one
that leaves for an end runs below them and joins there what left earlier, and one that goes back makes a loop over everything. So
which band is which can be followed with any number of stops. The same is drawn upright for narrow screens, where along is down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

NODE: Final = 12  # how thick a stop is, along
GAP: Final = 10  # across, between a stop and the bands that pass it
BETWEEN: Final = 4  # bands to different ends
STUB: Final = 26  # how far a band goes that stays
LOOP: Final = 26  # how far a loop swings out
LOOPS: Final = 72  # how much room is between all of them
LEAST: Final = 1.0  # a band is seen, however few went
LINE: Final = 22  # an end with its label


@dataclass(frozen=True, slots=True)
class Stop:
    """Where bands come from and lead to. `column` counts from 0; those in the last one are ends, the best of them first."""

    key: str
    column: int
    color: str


@dataclass(frozen=True, slots=True)
class Stream:
    """So many from one stop to another; None: they stay where they are."""

    source: str
    target: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Shape:
    """How large it is: the whole way along, what the last column leaves free for its labels, and the thickness of everything together."""

    length: float
    margin: float
    room: float
    head: float  # above all, for the names of the stops
    upright: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """A stop as it is drawn."""

    key: str
    x: float
    y: float
    width: float
    height: float
    color: str


@dataclass(frozen=True, slots=True)
class Band:
    """A stream as it is drawn: the outline of an area; of a loop, a line with a thickness."""

    stream: Stream
    path: str
    color: str
    line: float = 0.0
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything, in a box of that size."""

    width: float
    height: float
    nodes: tuple[Node, ...]
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class _Lane:
    """Where a loop runs back: the streams whose columns do not overlap share one."""

    streams: tuple[Stream, ...]
    thickness: float


def lay_out(stops: Sequence[Stop], streams: Iterable[Stream], shape: Shape) -> Drawing:
    """The drawing; streams of nobody, and to or from a stop that is not there, are left out."""
    known = {stop.key for stop in stops}
    told = [one for one in streams if one.count > 0 and one.source in known and (one.target is None or one.target in known)]
    return _Layout(stops, told, shape).drawing()


class _Layout:
    """`at` is along, `off` is across: from the left and from the top, or upright the other way round."""

    def __init__(self, stops: Sequence[Stop], streams: Sequence[Stream], shape: Shape) -> None:
        self.stops = {stop.key: stop for stop in stops}
        self.shape = shape
        self.last = max(stop.column for stop in stops)
        self.ends = [stop for stop in stops if stop.column == self.last]
        self.best = self.ends[0].key
        self.order = {stop.key: place for place, stop in enumerate(stops)}
        self.streams = streams
        self.step = (shape.length - shape.margin - NODE) / max(1, self.last)

    # Which way a stream takes

    def column(self, key: str | None) -> int:
        return self.stops[key].column if key is not None else -1

    def is_loop(self, one: Stream) -> bool:
        return one.target is not None and self.column(one.target) <= self.column(one.source)

    def is_end(self, one: Stream) -> bool:
        return one.target is not None and self.column(one.target) == self.last and one.target != self.best

    def skips(self, one: Stream) -> bool:
        return one.target is not None and not self.is_end(one) and self.column(one.target) > self.column(one.source) + 1

    def passing(self, column: int, *, to_ends: bool) -> list[Stream]:
        """From the stop outwards, those that run past this column."""
        some = [one for one in self.streams if (self.is_end(one) if to_ends else self.skips(one))]
        some = [one for one in some if self.column(one.source) < column < self.column(one.target)]
        if to_ends:
            return sorted(some, key=lambda one: (self.order[one.target or ""], -self.order[one.source]))
        return sorted(some, key=lambda one: (self.order[one.target or ""], -self.order[one.source]))

    def leaving(self, key: str) -> list[Stream]:
        """From the top: loops, what skips most, the next stop, who stays, the ends."""
        return sorted((one for one in self.streams if one.source == key), key=self._port)

    def _port(self, one: Stream) -> tuple[int, int]:
        if one.target is None:
            return 2, 0
        if self.is_loop(one):
            return 0, -self.column(one.target)
        return (3, self.order[one.target]) if self.is_end(one) else (1, -self.column(one.target))

    def arriving(self, key: str) -> list[Stream]:
        """From the top: loops, then what comes from furthest; to ends, what left last."""
        some = [one for one in self.streams if one.target == key]
        if self.column(key) == self.last and key != self.best:
            return sorted(some, key=lambda one: -self.order[one.source])
        return sorted(some, key=lambda one: (not self.is_loop(one), self.order[one.source]))

    # How large everything is

    def count(self, key: str) -> int:
        """Nobody leaves an end, and nobody comes to the first stop; at the others some may come or go untold."""
        return max(sum(one.count for one in self.leaving(key)), sum(one.count for one in self.arriving(key)))

    @cached_property
    def scale(self) -> float:
        """Thickness of one, so that the fullest column has room."""
        found = [self._fits(column) for column in range(self.last + 1)]
        return min(found, default=1.0)

    def _fits(self, column: int) -> float:
        own = [key for key, stop in self.stops.items() if stop.column == column]
        beside = [*self.passing(column, to_ends=True), *self.passing(column, to_ends=False)]
        load = sum(map(self.count, own)) + sum(one.count for one in beside)
        gaps = 2 * GAP + BETWEEN * len({one.target for one in beside}) + (LINE * len(own) if column == self.last else 0)
        return max(1.0, self.shape.room - gaps) / max(1, load)

    def thick(self, count: int) -> float:
        return count * self.scale

    @cached_property
    def lanes(self) -> list[_Lane]:
        """Short loops inside, long ones outside."""
        lanes: list[list[Stream]] = []
        loops = [one for one in self.streams if self.is_loop(one)]
        for one in sorted(loops, key=lambda one: (self.column(one.source) - self.column(one.target), one.count)):
            free = next((lane for lane in lanes if all(self._apart(one, other) for other in lane)), None)
            lanes.append([one]) if free is None else free.append(one)
        return [_Lane(tuple(lane), max(self.thick(one.count) for one in lane)) for lane in lanes]

    def _apart(self, one: Stream, other: Stream) -> bool:
        return self.column(one.source) < self.column(other.target) or self.column(other.source) < self.column(one.target)

    @cached_property
    def top(self) -> float:
        """Where all stops begin, across: beneath the loops and whatever skips them."""
        skipping = max(sum(self.thick(one.count) for one in self.passing(column, to_ends=False)) for column in range(self.last + 1))
        return self.shape.head + self._height(self.lanes) + (skipping + GAP if skipping else 0)

    def _height(self, lanes: Sequence[_Lane]) -> float:
        """Many loops lie closer to each other."""
        apart = max(LEAST + 1, min(GAP, LOOPS / max(1, len(self.lanes))))
        return sum(max(lane.thickness, LEAST) + apart for lane in lanes)

    def off(self, key: str) -> float:
        """The upper edge of a stop."""
        if self.column(key) < self.last:
            return self.top
        above = self.ends[: self.ends.index(self.stops[key])]
        return self.top + sum(max(self.thick(self.count(stop.key)), LINE) + BETWEEN for stop in above) + (GAP if above else 0)

    # Drawing

    def drawing(self) -> Drawing:
        bands = [self.band(one) for one in sorted(self.streams, key=lambda one: -one.count)]
        nodes = [self.node(stop) for stop in self.stops.values()]  # one without anybody too: a gap would need a reason
        across = max((self._lowest(column) for column in range(self.last + 1)), default=0) + 2
        width, height = (across, self.shape.length) if self.shape.upright else (self.shape.length, across)
        return Drawing(width, height, tuple(nodes), tuple(bands))

    def _lowest(self, column: int) -> float:
        """How far down a column reaches."""
        if column == self.last:
            return self.off(self.ends[-1].key) + max(self.thick(self.count(self.ends[-1].key)), LINE)
        below = self.passing(column, to_ends=True)
        return self._below(column) + sum(self.thick(one.count) for one in below) + BETWEEN * len({one.target for one in below})

    def _below(self, column: int) -> float:
        (own,) = [key for key, stop in self.stops.items() if stop.column == column]
        return self.top + max(self.thick(self.count(own)), LEAST) + GAP

    def node(self, stop: Stop) -> Node:
        at, off, size = self.at(stop.column), self.off(stop.key), max(self.thick(self.count(stop.key)), LEAST)
        x, y, width, height = (off, at, size, NODE) if self.shape.upright else (at, off, NODE, size)
        return Node(stop.key, x, y, width, height, stop.color)

    def at(self, column: int) -> float:
        return column * self.step

    def band(self, one: Stream) -> Band:
        width = max(self.thick(one.count), LEAST)
        color = self.stops[one.target if one.target is not None else one.source].color
        if one.target is None:
            start = self._leaves(one)
            return Band(one, self._area([start, (start[0] + STUB, start[1])], width), color, stays=True)
        if self.is_loop(one):
            return Band(one, self._loop(one, width), color, line=width)
        return Band(one, self._area(list(self._points(one)), width), color)

    def _points(self, one: Stream) -> Iterator[tuple[float, float]]:
        """Where it leaves, where it comes to and leaves each column that it passes, where it arrives."""
        yield self._leaves(one)
        for column in range(self.column(one.source) + 1, self.column(one.target)):
            off = self._passes(one, column)
            yield self.at(column), off
            yield self.at(column) + NODE, off
        yield self._arrives(one)

    def _leaves(self, one: Stream) -> tuple[float, float]:
        before = _until(self.leaving(one.source), one)
        return self.at(self.column(one.source)) + NODE, self.off(one.source) + self.thick(before) + self.thick(one.count) / 2

    def _arrives(self, one: Stream) -> tuple[float, float]:
        assert one.target is not None
        before = _until(self.arriving(one.target), one)
        return self.at(self.column(one.target)), self.off(one.target) + self.thick(before) + self.thick(one.count) / 2

    def _passes(self, one: Stream, column: int) -> float:
        to_ends = self.is_end(one)
        beside = self.passing(column, to_ends=to_ends)
        before = self.thick(_until(beside, one)) + self.thick(one.count) / 2
        if not to_ends:
            return self.top - GAP - before
        others = {other.target for other in beside[: beside.index(one)]} - {one.target}
        return self._below(column) + before + BETWEEN * len(others)

    def _loop(self, one: Stream, width: float) -> str:
        """Out to the right, back over everything, and in from the left."""
        place = next(number for number, lane in enumerate(self.lanes) if one in lane.streams)
        below = self.shape.head + self._height(self.lanes)
        lane = below - self._height(self.lanes[: place + 1]) + self.lanes[place].thickness / 2
        (out, off), (into, onto) = self._leaves(one), self._arrives(one)
        swing = LOOP / 2 + width / 2 + LOOP * (place + 1) / len(self.lanes)
        turn = [(out + swing, off), (out + swing, lane), (out, lane)]
        back = [(into - swing, lane), (into - swing, onto), (into, onto)]
        return f"M{self._xy(out, off)}C{self._some(turn)}L{self._xy(into, lane)}C{self._some(back)}"

    def _area(self, points: Sequence[tuple[float, float]], width: float) -> str:
        """There along its upper edge and back along its lower one: as thick across everywhere, so that bands lie close."""
        upper = [(at, off - width / 2) for at, off in points]
        lower = [(at, off + width / 2) for at, off in reversed(points)]
        return f"M{self._xy(*upper[0])}{self._through(upper)}L{self._xy(*lower[0])}{self._through(lower)}Z"

    def _through(self, points: Sequence[tuple[float, float]]) -> str:
        """A curve from each point to the next one of another column; straight past the columns between."""
        return "".join(self._on(*pair) for pair in pairwise(points))

    def _on(self, start: tuple[float, float], end: tuple[float, float]) -> str:
        (at, off), (to, onto) = start, end
        middle = (at + to) / 2
        straight = abs(off - onto) < 0.05
        return f"L{self._xy(to, onto)}" if straight else f"C{self._some([(middle, off), (middle, onto), (to, onto)])}"

    def _some(self, points: Sequence[tuple[float, float]]) -> str:
        return " ".join(self._xy(*point) for point in points)

    def _xy(self, at: float, off: float) -> str:
        x, y = (off, at) if self.shape.upright else (at, off)
        return f"{x:.1f} {y:.1f}"


def _until(streams: Sequence[Stream], one: Stream) -> int:
    """How many are in those before it."""
    return sum(other.count for other in streams[: streams.index(one)])
