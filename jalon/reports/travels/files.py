"""The tables beside the overview as files, and their charts as pictures; by the names that addresses use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext

from jalon.charts import pictures
from jalon.charts.plot import Plot
from jalon.exports.sheet import Heading, Sheet
from jalon.reports.shown import Shown
from jalon.reports.travels import flows, plots, streams, stuck, times, trends
from jalon.reports.travels.trends import METRICS, Line, Trend
from jalon.reports.travels.wanted import RATES, Wanted
from jalon.warehouse.schema import Kind
from jalon.warehouse.words import N_

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is a file: its title as a message id, and how its columns and rows are made."""

    title: str
    make: Callable[[Wanted], tuple[Sequence[Heading], Sequence[Row]]]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart that is a picture."""

    title: str
    svg: Callable[[Wanted], bytes]
    png: Callable[[Wanted], bytes]


def sheet(table: Table, wanted: Wanted) -> Sheet:
    headings, rows = table.make(wanted)
    return Sheet(gettext(table.title), tuple(headings), [rows], len(rows))


def _count(name: str, text: str) -> Heading:
    return Heading(name, text, Kind.INTEGER)


def _share(name: str, text: str) -> Heading:
    return Heading(name, text, Kind.NUMBER)


def _seconds(name: str, text: str) -> tuple[Heading, Heading]:
    """A time for machines, and as it is read."""
    return Heading(f"{name}_s", gettext("%(name)s (seconds)") % {"name": text}, Kind.INTEGER), Heading(name, text)


# Flow


def _flow(wanted: Wanted) -> tuple[Sequence[Heading], Sequence[Row]]:
    headings = (
        Heading("from", gettext("From stage")),
        Heading("to", gettext("To stage")),
        _count("times", gettext("Times")),
        _count("journeys", gettext("Journeys")),
        _share("share", gettext("Share of those who left")),
        *_seconds("median", gettext("Median time before")),
        *_seconds("mean", gettext("Average time before")),
    )
    told = flows.ways(wanted.question)
    return headings, [_way(told, row, way) for row in told.rows for way in row.ways if way]


def _way(told: flows.Ways, row: flows.From, way: flows.Going) -> Row:
    edge, total = way.edge, int(row.total.exact or 1)
    times_before = ((edge.median_ms, way.median), (edge.mean_ms, way.mean))
    read = (value for ms, text in times_before for value in ((None, None) if ms is None else (round(ms / 1000), text)))
    return (row.source.label, told.names[edge.target].label, edge.count, edge.journeys, round(edge.count / total, 6), *read)


# Trend


def _trend(wanted: Wanted) -> Trend:
    return trends.trend(wanted.question, wanted.today, wanted.unit)


def _trend_table(wanted: Wanted) -> tuple[Sequence[Heading], Sequence[Row]]:
    told = _trend(wanted)
    return (*_days(), *_metrics(told)), list(_weeks(told, trends.lines(told)))


def _trend_values(wanted: Wanted) -> tuple[Sequence[Heading], Sequence[Row]]:
    """A row for each bucket of each value: as spreadsheets like to turn it round."""
    told = _trend(wanted)
    rows: list[Row] = []
    for one in told.apart:
        lines = [Line(week.label, tuple(trends.number(name, week, told, one.href) for name in METRICS)) for week in one.weeks]
        rows += [(one.value.label, *row) for row in _weeks(told, lines)]
    return (Heading("value", gettext("Value")), *_days(), *_metrics(told)), rows


def _days() -> tuple[Heading, ...]:
    return Heading("first", gettext("First day"), Kind.DATE), Heading("last", gettext("Last day"), Kind.DATE)


def _metrics(told: Trend) -> Iterator[Heading]:
    for name, metric in METRICS.items():
        label = trends.label(name, told)
        if metric.unit == "time":
            yield from _seconds(name, label)
        else:
            yield _count(name, label) if metric.unit == "count" else _share(name, label)


def _weeks(told: Trend, lines: Sequence[Line]) -> Iterator[Row]:
    for week, line in zip(told.weeks, lines, strict=True):
        numbers = (
            value for name, number in zip(METRICS, line.numbers, strict=True) for value in _read(number, METRICS[name].unit == "time")
        )
        yield week.bucket.first, week.bucket.last, *numbers


def _read(number: Shown, is_time: bool) -> tuple[object, ...]:
    if not is_time:
        return (number.exact,)
    return number.exact, None if number.exact is None else number.text


# Time to convert


def _time(wanted: Wanted) -> tuple[Sequence[Heading], Sequence[Row]]:
    headings = (
        _count("days", gettext("Days after the entry")),
        _count("won", gettext("Won by then")),
        _share("share", gettext("Converted")),
        _share("low", gettext("At least (95 %)")),
        _share("high", gettext("At most (95 %)")),
        _share("lost", gettext("Lost or cleared")),
        _share("neither", gettext("Neither")),
        _count("at_risk", gettext("Journeys observed for longer")),
    )
    lines = times.milestones(times.in_time(wanted.question, wanted.now))
    return headings, [
        (one.days, one.won.exact, one.share.exact, one.low, one.high, one.lost.exact, one.going.exact, one.at_risk.exact) for one in lines
    ]


def _time_values(wanted: Wanted) -> tuple[Sequence[Heading], Sequence[Row]]:
    told = times.in_time(wanted.question, wanted.now)
    shares = (_share(f"won_{days}", times.won_within(days)) for days in times.days_shown(told))
    half = _count("half", gettext("Half of the conversions within (days)"))
    headings = (Heading("value", gettext("Value")), _count("journeys", gettext("Journeys")), *shares, half)
    return headings, [(one.label, one.journeys.exact, *(share.exact for share in one.shares), one.half_days) for one in times.lines(told)]


# Stuck


def _stuck(wanted: Wanted) -> tuple[Sequence[Heading], Sequence[Row]]:
    headings = (
        Heading("stage", gettext("Stage")),
        _count("moved_on", gettext("Moved on")),
        _count("half", gettext("Half of them within (days)")),
        _count("limit", gettext("Nine in ten within (days)")),
        _count("standing", gettext("There now")),
        _count("stuck", gettext("Stuck")),
    )
    lines = stuck.stuck(wanted.question, wanted.access, wanted.now).lines
    return headings, [(one.stage.label, one.moved_on.exact, one.half_days, one.limit, one.standing.exact, one.stuck.exact) for one in lines]


def _stuck_values(wanted: Wanted) -> tuple[Sequence[Heading], Sequence[Row]]:
    told = stuck.stuck(wanted.question, wanted.access, wanted.now)
    headings = (
        Heading("stage", gettext("Stage")),
        Heading("value", gettext("Value")),
        _count("standing", gettext("There now")),
        _count("stuck", gettext("Stuck")),
    )
    return headings, [
        (line.stage.label, value.label, standing.exact, number.exact)
        for line in told.lines
        for value, (standing, number) in zip(told.values, line.apart, strict=True)
    ]


TABLES: Final[Mapping[str, Table]] = {
    "flow": Table(N_("From stage to stage"), _flow),
    "trend": Table(N_("Trend"), _trend_table),
    "trend-values": Table(N_("Trend side by side"), _trend_values),
    "time": Table(N_("Time to convert"), _time),
    "time-values": Table(N_("Time to convert side by side"), _time_values),
    "stuck": Table(N_("Stuck contacts"), _stuck),
    "stuck-values": Table(N_("Stuck contacts side by side"), _stuck_values),
}


# Pictures


def _streams(wanted: Wanted) -> str:
    return streams.file(wanted.question, flows.ways(wanted.question), wanted.subtitle)


def _plotted(plot: Callable[[Wanted], Plot], title: str) -> Picture:
    return Picture(title, lambda wanted: pictures.svg(plot(wanted)), lambda wanted: pictures.png(plot(wanted)))


def metric(wanted: Wanted, told: Trend, subtitle: str = "") -> Plot:
    """The chart beneath that of the outcomes: all rates, or the metric that is wanted."""
    return plots.rates(told, subtitle) if wanted.metric == RATES else plots.metric(told, wanted.metric, subtitle)


PICTURES: Final[Mapping[str, Picture]] = {
    "flow": Picture(N_("From stage to stage"), lambda wanted: _streams(wanted).encode(), lambda wanted: pictures.png_of(_streams(wanted))),
    "outcomes": _plotted(lambda wanted: plots.outcomes(_trend(wanted), {}, wanted.subtitle), N_("What became of them")),
    "metric": _plotted(lambda wanted: metric(wanted, _trend(wanted), wanted.subtitle), N_("Trend")),
    "time": _plotted(lambda wanted: plots.shares(times.in_time(wanted.question, wanted.now), wanted.subtitle), N_("Time to convert")),
}
