"""A plot of figures over time, and its Vega-Lite specification as plain dictionaries.

Plain dictionaries rather than Altair: they say the same, and Altair with what it imports would hold memory for as long as the server runs
(docs/decisions/0021-charts-without-altair.md). The tests hold every specification against Altair's copy of the Vega-Lite schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
WIDTH = 1000  # pixels of a picture that stands alone
HEIGHT = 320
FEW_MARKS = 14  # so many bars have room for their number
MANY_MARKS = 60  # from here on the points of a line would make a caterpillar of it

QUIET = "#7A8494"  # readable on white and on the dark page
GOAL = "#B4530A"  # on both too

Spec = dict[str, Any]


class Style(StrEnum):
    BARS = "bars"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on the time axis: the lines of its label and its full name for the tooltip."""

    key: str
    lines: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Series:
    key: str
    label: str
    color: str


@dataclass(frozen=True, slots=True)
class Point:
    """One number: how large, its share of the bucket, its change against the bucket before, and where its records are."""

    tick: str
    series: str
    value: Decimal | None
    share: Decimal | None = None
    change: Decimal | None = None
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Between which two numbers a point may lie: shaded behind its line."""

    tick: str
    series: str
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Words:
    """What the reader's language calls things. `formula` says in words how the number is made."""

    value: str
    bucket: str
    series: str
    share: str
    change: str
    formula: str
    formula_text: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """All that is drawn. `number` is a d3 format; `locale` the d3 number locale of the reader."""

    style: Style
    ticks: tuple[Tick, ...]
    series: tuple[Series, ...]
    points: tuple[Point, ...]
    words: Words
    description: str
    title: str = ""
    subtitle: str = ""
    stacked: bool = True  # averages must not be added up: they stand side by side
    number: str = ",.0f"
    axis: str = ""  # how the axis writes numbers, where they are rounder there
    locale: Mapping[str, Any] = field(default_factory=dict)
    goal: tuple[tuple[str, Decimal], ...] = ()  # by tick, what was to be reached there
    goal_label: str = ""
    marks: tuple[tuple[str, str], ...] = ()  # by tick, what else happened then, in words
    spans: tuple[Span, ...] = ()


def on_page(plot: Plot) -> Spec:
    """Fits its container, has no titles and no legend (the page shows them in HTML), and opens records on a click."""
    spec = _chart(plot, alone=False)
    return {**spec, "width": "container", "autosize": {"type": "fit-x", "contains": "padding"}}


def as_picture(plot: Plot, width: int = WIDTH) -> Spec:
    """Stands alone: title, subtitle and legend in it, white behind, no links."""
    title = {"text": plot.title, "subtitle": plot.subtitle}
    spec = _chart(plot, alone=True)
    return {**spec, "title": title, "width": width, "background": "#FFFFFF", "padding": 24}


def _chart(plot: Plot, *, alone: bool) -> Spec:
    links = not alone
    return {
        "$schema": SCHEMA,
        "description": plot.description,
        "height": HEIGHT,
        "params": [
            {"name": "ticks", "value": {tick.key: list(tick.lines) for tick in plot.ticks}},
            {"name": "formula_text", "value": plot.words.formula_text},
            {"name": "names", "value": {series.key: series.label for series in plot.series}},
        ],
        "data": {"name": "points", "values": _values(plot, links=links)},
        "transform": _texts(),
        "encoding": {"x": _x(plot), "y": _y(plot, titled=alone), **_color(plot, legend=alone and len(plot.series) > 1)},
        "layer": [*(_bars(plot, links=links) if plot.style is Style.BARS else _lines(plot, links=links)), *_goal(plot), *_marks(plot)],
    }


def _values(plot: Plot, *, links: bool) -> list[Spec]:
    place = {series.key: number for number, series in enumerate(plot.series)}
    names = {tick.key: tick.name for tick in plot.ticks}
    labels = {series.key: series.label for series in plot.series}
    return [
        {
            "tick": point.tick,
            "when": names[point.tick],
            "series": point.series,
            "label": labels[point.series],
            "place": place[point.series],
            "value": _float(point.value),
            "share": _float(point.share),
            "change": _float(point.change),
            **({"href": point.href} if links and point.href else {}),
        }
        for point in plot.points
    ]


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)  # pixels need no more; tables and files show the exact number


_TIMES = "'× ' + format(datum.change + 1, ',.0f')"  # "+99,800%" says little beside two contacts


def _texts() -> list[Spec]:
    """What the tooltip says of a number that is not told: a dash, never 0."""
    return [
        {"calculate": "datum.share === null ? '—' : format(datum.share, '.1%')", "as": "share_text"},
        {"calculate": f"datum.change === null ? '—' : datum.change >= 10 ? {_TIMES} : format(datum.change, '+.1%')", "as": "change_text"},
        {"calculate": "formula_text", "as": "formula"},
    ]


def _x(plot: Plot) -> Spec:
    axis = {"title": None, "labelExpr": "ticks[datum.value]", "labelAngle": 0, "labelOverlap": "parity", "labelSeparation": 8}
    scale = {"domain": [tick.key for tick in plot.ticks]}
    padding = {"paddingInner": 0.25, "paddingOuter": 0.15} if plot.style is Style.BARS else {"padding": 0.3}
    return {"field": "tick", "type": "ordinal", "sort": None, "axis": axis, "scale": {**scale, **padding}}


def _y(plot: Plot, *, titled: bool) -> Spec:
    """Its title stands above it, where it can be read without turning the head."""
    return {
        "field": "value",
        "type": "quantitative",
        "axis": {
            "title": plot.words.value if titled else None,
            "titleAnchor": "end",
            "titleAngle": 0,
            "titleAlign": "left",
            "titleX": 0,
            "titleY": -14,
            **_steps(plot),
        },
        "scale": {"zero": True, "nice": True},
        "stack": "zero" if plot.style is Style.BARS and plot.stacked else None,
    }


def _steps(plot: Plot) -> Spec:
    """Counts have no halves: an axis that ends at 3 must not show 0.5."""
    whole = plot.number.endswith(".0f")
    return {"format": plot.axis or plot.number, "tickCount": 5, "labelFlush": False, **({"tickMinStep": 1} if whole else {})}


def _color(plot: Plot, *, legend: bool) -> Spec:
    scale = {"domain": [series.key for series in plot.series], "range": [series.color for series in plot.series]}
    return {
        "color": {"field": "series", "type": "nominal", "scale": scale, "legend": {"labelExpr": "names[datum.value]"} if legend else None}
    }


def _tooltip(plot: Plot) -> list[Spec]:
    words, several = plot.words, len(plot.series) > 1
    lines = [(words.bucket, "when"), *([(words.series, "label")] if several else [])]
    shown: list[Spec] = [{"field": name, "type": "nominal", "title": title} for title, name in lines]
    shown.append({"field": "value", "type": "quantitative", "title": words.value, "format": plot.number})
    shown += [{"field": "share_text", "type": "nominal", "title": words.share}] if several and _any(plot, "share") else []
    shown += [{"field": "change_text", "type": "nominal", "title": words.change}] if _any(plot, "change") else []
    if words.formula_text:
        shown.append({"field": "formula", "type": "nominal", "title": words.formula})
    return shown


def _any(plot: Plot, what: str) -> bool:
    """Whether there is anything to tell: where no point has it, a dash at each would be noise."""
    return any(getattr(point, what) is not None for point in plot.points)


def _target(plot: Plot, *, links: bool) -> Spec:
    """What can be hovered and opened."""
    return {"tooltip": _tooltip(plot), **({"href": {"field": "href", "type": "nominal"}} if links else {})}


def _bars(plot: Plot, *, links: bool) -> list[Spec]:
    cursor = {"cursor": "pointer"} if links else {}
    round_top = {"cornerRadiusEnd": 3} if len(plot.series) == 1 else {}
    order = {"order": {"field": "place", "type": "quantitative"}} if plot.stacked else {"xOffset": {"field": "place", "type": "ordinal"}}
    bar = {"mark": {"type": "bar", **round_top, **cursor}, "encoding": {**order, **_target(plot, links=links)}}
    if len(plot.series) == 1 and len(plot.ticks) <= FEW_MARKS:
        return [bar, _numbers(plot)]
    return [bar]


def _goal(plot: Plot) -> list[Spec]:
    """What was to be reached: a mark across each bar, or a broken line beside the others."""
    if not plot.goal:
        return []
    dashed = {"type": "line", "strokeDash": [6, 4], "strokeWidth": 2}
    mark = {"type": "tick", "thickness": 2} if plot.style is Style.BARS else dashed
    lines: list[Spec] = [
        {"field": "when", "type": "nominal", "title": plot.words.bucket},
        {"field": "goal", "type": "quantitative", "title": plot.goal_label, "format": plot.number},
    ]
    names = {tick.key: tick.name for tick in plot.ticks}
    encoding = {
        "y": {"field": "goal", "type": "quantitative", "stack": None},
        "color": {"value": GOAL},
        "tooltip": lines,
    }
    values = [{"tick": tick, "goal": _float(goal), "when": names[tick]} for tick, goal in plot.goal]
    return [{"data": {"name": "goal", "values": values}, "mark": mark, "encoding": encoding}]


def _marks(plot: Plot) -> list[Spec]:
    """What else happened: a broken line from the axis up, with a flag that is easy to hit."""
    if not plot.marks:
        return []
    values = [{"tick": tick, "told": told} for tick, told in plot.marks]
    shared = {"x": {"field": "tick", "type": "ordinal"}, "color": {"value": GOAL}, "tooltip": {"field": "told", "type": "nominal"}}
    rule = {"y": {"value": 0}, "y2": {"value": HEIGHT}}
    flag = {"type": "point", "shape": "triangle-down", "filled": True, "size": 90, "opacity": 1}
    return [
        {
            "data": {"name": "marks", "values": values},
            "mark": {"type": "rule", "strokeDash": [3, 3], "strokeWidth": 1.5},
            "encoding": shared | rule,
        },
        {"data": {"name": "flags", "values": values}, "mark": flag, "encoding": {**shared, "y": {"value": 4}}},
    ]


def _spans(plot: Plot) -> list[Spec]:
    """Where a line may lie, behind it."""
    if not plot.spans:
        return []
    values = [{"tick": one.tick, "series": one.series, "low": _float(one.low), "high": _float(one.high)} for one in plot.spans]
    encoding = {
        "y": {"field": "low", "type": "quantitative", "stack": None},
        "y2": {"field": "high"},
    }
    return [{"data": {"name": "spans", "values": values}, "mark": {"type": "area", "opacity": 0.16, "tooltip": None}, "encoding": encoding}]


def _numbers(plot: Plot) -> Spec:
    """The number above each bar, where there are few."""
    text = {"field": "value", "type": "quantitative", "format": plot.number}
    return {"mark": {"type": "text", "dy": -8, "tooltip": None}, "encoding": {"text": text, "color": {"value": QUIET}}}


def _lines(plot: Plot, *, links: bool) -> list[Spec]:
    """Lines, and over them points that are easy to hit; among many points only the one under the pointer shows."""
    shown = 1 if len(plot.ticks) <= MANY_MARKS else 0
    point = {"type": "point", "filled": True, "size": 70, "opacity": shown, **({"cursor": "pointer"} if links else {})}
    return [
        *_spans(plot),
        {"mark": {"type": "line", "tooltip": None}},
        {"mark": point, "encoding": _target(plot, links=links)},
    ]
