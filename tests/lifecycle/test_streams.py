"""The streams between stages as they are drawn: as thick as their number, beside each other, and never across a stage."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.charts import streams
from jalon.charts.streams import NODE, Band, Drawing, Node, Shape, Stop, Stream

WIDE = Shape(length=1080, margin=176, room=340, head=52)
PATH = ("entry", "one", "two", "three", "four")
ENDS = ("won", "cold", "poor")
STOPS = [Stop(name, column, "#123456") for column, name in enumerate(PATH)] + [Stop(name, len(PATH), "#654321") for name in ENDS]


def is_way(source: str, target: str | None) -> bool:
    return target != source and not (source == "entry" and target is None)


ways = st.tuples(st.sampled_from(PATH), st.sampled_from((*PATH[1:], *ENDS, None))).filter(lambda way: is_way(*way))
counts = st.dictionaries(ways, st.integers(0, 900), max_size=25)


def laid_out(some: dict[tuple[str, str | None], int], shape: Shape = WIDE) -> Drawing:
    return streams.lay_out(STOPS, [Stream(source, target, count) for (source, target), count in some.items()], shape)


def edges(band: Band) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Where the upper and the lower edge of a band come to a column or leave it, both from the left."""
    points = [tuple(map(float, part.split()[-2:])) for part in re.findall(r"[MLC]([^MLCZ]+)", band.path)]
    half = len(points) // 2
    return points[:half], points[half:][::-1]  # type: ignore[return-value]


@given(some=counts)
def test_no_band_runs_across_a_stage_that_it_passes(some: dict[tuple[str, str | None], int]) -> None:
    drawing = laid_out(some)
    nodes = {node.key: node for node in drawing.nodes}
    for band in drawing.bands:
        if band.line or band.stays:
            continue
        for (left, top), (_, bottom) in zip(*edges(band), strict=True):
            for node in nodes.values():
                if node.key in (band.stream.source, band.stream.target) or not node.x <= left <= node.x + NODE:
                    continue
                assert bottom <= node.y + 0.2 or top >= node.y + node.height - 0.2, (band.stream, node)


@given(some=counts)
def test_bands_leave_a_stage_beside_each_other_and_as_thick_as_their_number(some: dict[tuple[str, str | None], int]) -> None:
    drawing = laid_out(some)
    for node in drawing.nodes:
        leaving = [band for band in drawing.bands if band.stream.source == node.key and not band.line]
        spans = sorted((edges(band)[0][0][1], edges(band)[1][0][1], band.stream.count) for band in leaving)
        for (_, bottom, _), (top, _, _) in pairwise(spans):
            assert top >= bottom - 1.2  # a band of few is drawn a little thicker than it is
        thick = [(bottom - top, count) for top, bottom, count in spans if bottom - top > 2]
        for (one, few), (other, many) in pairwise(thick):
            assert one / few == pytest.approx(other / many, rel=0.15)


@given(some=counts)
def test_everything_lies_in_its_box(some: dict[tuple[str, str | None], int]) -> None:
    for shape in (WIDE, Shape(560, 34, 330, 2, upright=True)):
        drawing = laid_out(some, shape)
        for node in drawing.nodes:
            assert node.x >= 0 and node.x + node.width <= drawing.width + 0.1
            assert node.y >= 0 and node.y + node.height <= drawing.height + 0.1


def test_upright_the_same_is_drawn_downwards() -> None:
    some: dict[tuple[str, str | None], int] = {("entry", "one"): 10, ("one", "won"): 4, ("one", None): 6}
    across, down = laid_out(some, Shape(600, 0, 300, 0)), laid_out(some, Shape(600, 0, 300, 0, upright=True))
    turned = [Node(node.key, node.y, node.x, node.height, node.width, node.color) for node in across.nodes]
    assert list(down.nodes) == turned
    assert (down.width, down.height) == (across.height, across.width)


def test_who_goes_back_makes_a_loop_and_who_stays_a_stub() -> None:
    drawing = laid_out({("entry", "two"): 9, ("two", "one"): 3, ("one", "two"): 2, ("one", None): 1, ("two", "won"): 8})
    loops = {(band.stream.source, band.stream.target) for band in drawing.bands if band.line}
    assert loops == {("two", "one")}
    assert [band.stream.source for band in drawing.bands if band.stays] == ["one"]
