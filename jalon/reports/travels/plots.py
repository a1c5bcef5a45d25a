"""The charts of the trend and of the time to convert: on a page, and alone as pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Final

from django.utils.translation import gettext

from jalon.charts import palette, plot
from jalon.figures import buckets
from jalon.lifecycle.columns import OUTCOMES, Outcome
from jalon.lifecycle.journeys.counts import Figures
from jalon.lifecycle.journeys.curve import Curve
from jalon.reports import wording
from jalon.reports.lifecycle import beyond
from jalon.reports.lifecycle.plots import words
from jalon.reports.travels import trends
from jalon.reports.travels.times import InTime, days_told
from jalon.reports.travels.trends import METRICS, RATES, Trend, Week
from jalon.web import formats

OUTCOME_COLORS: Final = {
    Outcome.WON: palette.WON,
    Outcome.LOST: palette.LOST[0],
    Outcome.CLEARED: palette.OTHERS,
    Outcome.UNLOGGED: palette.SHADES[0],
    Outcome.OPEN: palette.NOT_SET,
}
RATE_COLORS: Final = {"conversion": palette.WON, "soon": palette.SERIES[0], "drop_off": palette.LOST[0], "still_open": plot.QUIET}
WON, LOST = "won", "lost"
WHOLE: Final = "whole"  # the series of all contacts, beside those of values
POINTS: Final = 120  # of a curve: more are no finer to the eye
STRIDES: Final = (1, 2, 5, 10, 20, 50, 100, 200)  # days from one to the next
DAY_S: Final = 86_400


# Trend


def _ticks(weeks: Sequence[Week]) -> Iterator[plot.Tick]:
    before = ""
    for week in weeks:
        short, year = buckets.axis_label(week.bucket, str(formats.locale()))
        yield plot.Tick(week.bucket.key, (short, year) if year and year != before else (short,), week.label)
        before = year


def _marks(trend: Trend) -> Iterator[tuple[str, str]]:
    """What was changed in the same bucket stands in one mark."""
    for key, some in groupby(trend.marks, key=lambda mark: mark[0]):
        yield key, " · ".join(mark.told for _, mark in some)


def outcomes(trend: Trend, hrefs: Mapping[tuple[str, Outcome], str], subtitle: str = "") -> plot.Plot:
    """What became of those that entered: the bars are as high as their number, and what is open yet is a part of each."""
    weeks = trend.weeks
    shown = [outcome for outcome in OUTCOME_COLORS if any(week.figures.ended(outcome) for week in weeks)]
    cells = [(week.bucket.key, week.figures, outcome) for outcome in shown for week in weeks if week.figures.ended(outcome)]
    points = tuple(
        plot.Point(key, outcome.value, Decimal(figures.ended(outcome)), _share(figures, outcome), None, hrefs.get((key, outcome)))
        for key, figures, outcome in cells
    )
    title = gettext("What became of the journeys, by the time of their entry")
    return plot.Plot(
        plot.Style.BARS,
        tuple(_ticks(weeks)),
        tuple(plot.Series(outcome.value, gettext(OUTCOMES[outcome]), OUTCOME_COLORS[outcome]) for outcome in shown),
        points,
        words(gettext("Journeys"), gettext("Entered")),
        title,
        title=title,
        subtitle=subtitle,
        locale=wording.number_locale(),
        marks=tuple(_marks(trend)),
    )


def _share(figures: Figures, outcome: Outcome) -> Decimal | None:
    found = figures.share(outcome)
    return None if found is None else Decimal(str(round(found, 6)))


def rates(trend: Trend, subtitle: str = "") -> plot.Plot:
    """Conversion, the fair one of some days, drop-off, and the share that is open and may still become one of these."""
    names = [name for name in RATES if any(METRICS[name].of(week) is not None for week in trend.weeks)]
    series = tuple(plot.Series(name, trends.label(name, trend), RATE_COLORS[name]) for name in names)
    points = tuple(_point(name, name, week, trend, trend.href) for name in names for week in trend.weeks)
    return _lines(trend, series, points, gettext("Rates by the time of the entry"), subtitle, "share", gettext("Share"))


def metric(trend: Trend, name: str, subtitle: str = "") -> plot.Plot:
    """One metric: of all contacts, or a line for each value that stands side by side."""
    title, unit = trends.label(name, trend), METRICS[name].unit
    if not trend.apart:
        series: tuple[plot.Series, ...] = (plot.Series(WHOLE, title, RATE_COLORS.get(name, palette.SERIES[0])),)
        points = tuple(_point(name, WHOLE, week, trend, trend.href) for week in trend.weeks)
    else:
        series = tuple(plot.Series(str(place), one.value.label, one.value.color) for place, one in enumerate(trend.apart))
        points = tuple(_point(name, str(place), week, trend, one.href) for place, one in enumerate(trend.apart) for week in one.weeks)
    return _lines(trend, series, points, title, subtitle, unit, title if unit != "time" else gettext("Days"))


def _point(name: str, series: str, week: Week, trend: Trend, href: beyond.Hrefs) -> plot.Point:
    told = trends.number(name, week, trend, href)
    exact = None if told.exact is None else Decimal(told.exact)
    if METRICS[name].unit == "time" and exact is not None:
        exact = round(exact / DAY_S, 3)
    return plot.Point(week.bucket.key, series, exact, href=told.href)


def _lines(
    trend: Trend, series: tuple[plot.Series, ...], points: tuple[plot.Point, ...], title: str, subtitle: str, unit: str, axis: str
) -> plot.Plot:
    return plot.Plot(
        plot.Style.LINES,
        tuple(_ticks(trend.weeks)),
        series,
        points,
        words(axis, gettext("Entered"), gettext("Curve")),
        title,
        title=title,
        subtitle=subtitle,
        stacked=False,
        number={"share": ".1%", "time": ",.1f", "count": ",.0f"}[unit],
        axis={"share": ".0%", "time": ",.0f", "count": ""}[unit],
        locale=wording.number_locale(),
        marks=tuple(_marks(trend)),
    )


# Time to convert


def shares(told: InTime, subtitle: str = "") -> plot.Plot:
    """The share that is won after so many days: with what is lost and where it likely lies, or a line for each value."""
    days = days_drawn(told.curve)
    if told.apart:
        series = [plot.Series(str(place), one.value.label, one.value.color) for place, one in enumerate(told.apart)]
        points = [point for place, one in enumerate(told.apart) for point in _won(one.curve, days, str(place))]
        return _curve(told, days, series, points, (), subtitle)
    series = [plot.Series(WON, gettext("Converted"), palette.WON), plot.Series(LOST, gettext("Lost or cleared"), palette.LOST[0])]
    points = _won(told.curve, days, WON)
    points += [plot.Point(str(day), LOST, _exact(told.curve.at(day).lost)) for day in days]
    likely = [(day, told.curve.at(day).likely) for day in days]
    spans = tuple(plot.Span(str(day), WON, _exact(low), _exact(high)) for day, (low, high) in likely)
    return _curve(told, days, series, points, spans, subtitle)


def _won(of: Curve, days: Sequence[int], series: str) -> list[plot.Point]:
    """As far as the oldest journey goes: of later ages nothing is known."""
    return [plot.Point(str(day), series, _exact(of.at(day).won)) for day in days if day <= of.days]


def _curve(
    told: InTime,
    days: Sequence[int],
    series: Sequence[plot.Series],
    points: Sequence[plot.Point],
    spans: tuple[plot.Span, ...],
    subtitle: str,
) -> plot.Plot:
    title = gettext("Share won by the days since the entry") if told.apart else gettext("Share won and lost by the days since the entry")
    return plot.Plot(
        plot.Style.LINES,
        tuple(plot.Tick(str(day), (formats.number(day),), days_told(day)) for day in days),
        tuple(series),
        tuple(points),
        words(gettext("Share of those that entered"), gettext("Days after the entry"), gettext("Curve")),
        title,
        title=title,
        subtitle=subtitle,
        stacked=False,
        number=".1%",
        axis=".0%",
        locale=wording.number_locale(),
        spans=spans,
    )


def _exact(value: float) -> Decimal:
    return Decimal(str(round(value, 6)))


def days_drawn(curve: Curve) -> list[int]:
    """The days of the curve that are drawn."""
    step = next((days for days in STRIDES if curve.days <= days * POINTS), STRIDES[-1])
    return [*range(0, curve.days, step), curve.days]
