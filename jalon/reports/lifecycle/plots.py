"""The charts beyond the funnel: what became of journeys by entry, the curve of what is won in time, movements by day."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from jalon.charts import palette, plot, theme
from jalon.figures import buckets
from jalon.figures.buckets import Bucket
from jalon.figures.periods import Unit
from jalon.lifecycle.columns import OUTCOMES, Outcome
from jalon.lifecycle.journeys.counts import Figures
from jalon.lifecycle.journeys.curve import Curve
from jalon.lifecycle.journeys.spikes import Day
from jalon.web import formats

COLORS = {
    Outcome.WON: palette.WON,
    Outcome.LOST: palette.LOST[0],
    Outcome.CLEARED: palette.OTHERS,
    Outcome.UNLOGGED: palette.SHADES[0],
    Outcome.OPEN: palette.NOT_SET,
}
WON, LOST = "won", "lost"
POINTS = 120  # of a curve: more are no finer to the eye
STRIDES = (1, 2, 5, 10, 20, 50, 100, 200)  # days from one to the next


@dataclass(frozen=True, slots=True)
class Week:
    """A bucket of entries with its figures and where its journeys are."""

    bucket: Bucket
    label: str
    figures: Figures


def drawn(picture: plot.Plot) -> dict[str, str]:
    """What the page's chart needs: the plot, its look in both themes, and what it shows in words."""
    look = {"light": theme.config(), "dark": theme.config(dark=True), "locale": picture.locale}
    return {"plot": _compact(plot.on_page(picture)), "look": _compact(look), "description": picture.description}


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def number_locale() -> dict[str, Any]:
    """How the browser writes numbers on the axis."""
    symbols = formats.locale().number_symbols["latn"]
    return {"decimal": symbols["decimal"], "thousands": symbols["group"], "grouping": [3], "currency": ["", ""]}


def _words(value: str, bucket: str, formula: str = "") -> plot.Words:
    return plot.Words(value, bucket, gettext("Outcome"), gettext("Share"), gettext("Difference"), gettext("Formula"), formula)


def _ticks(weeks: Sequence[Week]) -> Iterator[plot.Tick]:
    before = ""
    for week in weeks:
        short, year = buckets.axis_label(week.bucket, str(formats.locale()))
        yield plot.Tick(week.bucket.key, (short, year) if year and year != before else (short,), week.label)
        before = year


def outcomes(weeks: Sequence[Week], hrefs: dict[tuple[str, Outcome], str]) -> plot.Plot:
    """What became of those that entered: the bars are as high as their number, and what is open yet is a part of each."""
    shown = [outcome for outcome in COLORS if any(week.figures.ended(outcome) for week in weeks)]
    cells = [(week.bucket.key, week.figures, outcome) for outcome in shown for week in weeks if week.figures.ended(outcome)]
    points = tuple(
        plot.Point(key, outcome.value, Decimal(figures.ended(outcome)), _share(figures, outcome), None, hrefs.get((key, outcome)))
        for key, figures, outcome in cells
    )
    return plot.Plot(
        plot.Style.BARS,
        tuple(_ticks(weeks)),
        tuple(plot.Series(outcome.value, gettext(OUTCOMES[outcome]), COLORS[outcome]) for outcome in shown),
        points,
        _words(gettext("Journeys"), gettext("Entered")),
        gettext("What became of the journeys, by the time of their entry"),
        locale=number_locale(),
    )


def rates(weeks: Sequence[Week]) -> plot.Plot:
    """Conversion, drop-off, and the share that is open and may still become one of the two."""
    shown = (Outcome.WON, Outcome.LOST, Outcome.OPEN)
    labels = {Outcome.WON: gettext("Conversion rate"), Outcome.LOST: gettext("Drop-off rate"), Outcome.OPEN: gettext("Still open")}
    colors = COLORS | {Outcome.OPEN: plot.QUIET}
    points = (plot.Point(week.bucket.key, outcome.value, _share(week.figures, outcome)) for outcome in shown for week in weeks)
    return plot.Plot(
        plot.Style.LINES,
        tuple(_ticks(weeks)),
        tuple(plot.Series(outcome.value, labels[outcome], colors[outcome]) for outcome in shown),
        tuple(points),
        _words(gettext("Share"), gettext("Entered")),
        gettext("Rates by the time of the entry"),
        stacked=False,
        number=".0%",
        locale=number_locale(),
    )


def _share(figures: Figures, outcome: Outcome) -> Decimal | None:
    found = figures.share(outcome)
    return None if found is None else Decimal(str(round(found, 6)))


def shares(curve: Curve, days: Sequence[int]) -> plot.Plot:
    """The share that is won and lost after so many days."""
    steps = [(day, curve.at(day)) for day in days]
    points = [plot.Point(str(day), WON, Decimal(str(round(step.won, 6)))) for day, step in steps]
    points += [plot.Point(str(day), LOST, Decimal(str(round(step.lost, 6)))) for day, step in steps]
    return plot.Plot(
        plot.Style.LINES,
        tuple(plot.Tick(str(day), (formats.number(day),), gettext("%(days)s days") % {"days": formats.number(day)}) for day in days),
        (plot.Series(WON, gettext("Converted"), palette.WON), plot.Series(LOST, gettext("Lost or cleared"), palette.LOST[0])),
        tuple(points),
        _words(gettext("Share of those that entered"), gettext("Days after the entry")),
        gettext("Share won and lost by the days since the entry"),
        stacked=False,
        number=".0%",
        locale=number_locale(),
    )


def days_shown(curve: Curve) -> list[int]:
    """The days of the curve that are drawn."""
    step = next((days for days in STRIDES if curve.days <= days * POINTS), STRIDES[-1])
    return [*range(0, curve.days, step), curve.days]


def by_day(days: Sequence[Day], hrefs: dict[date, str]) -> plot.Plot:
    """Movements by day; the unusual days in a color of their own."""
    usual, unusual = "usual", "unusual"
    labels = {usual: gettext("Usual"), unusual: gettext("Unusual")}
    found = [(Bucket(Unit.DAY, day.day, day.day), day) for day in days]
    points = (
        plot.Point(bucket.key, unusual if day.is_unusual else usual, Decimal(day.count), href=hrefs.get(day.day)) for bucket, day in found
    )
    locale = str(formats.locale())
    ticks = (plot.Tick(bucket.key, buckets.axis_label(bucket, locale)[:1], formats.day(day.day)) for bucket, day in found)
    return plot.Plot(
        plot.Style.BARS,
        tuple(ticks),
        (plot.Series(usual, labels[usual], palette.SERIES[0]), plot.Series(unusual, labels[unusual], palette.SERIES[5])),
        tuple(points),
        _words(gettext("Movements"), gettext("Day")),
        gettext("Movements by day"),
        locale=number_locale(),
    )


def legend(picture: plot.Plot) -> list[tuple[str, str]]:
    """Colors and what they stand for: the page tells them in words."""
    return [(series.color, series.label) for series in picture.series]
