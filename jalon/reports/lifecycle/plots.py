"""How charts of the lifecycle come onto a page, and that of the movements by day."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from jalon.charts import palette, plot, theme
from jalon.figures import buckets
from jalon.figures.buckets import Bucket
from jalon.figures.periods import Unit
from jalon.lifecycle.journeys.spikes import Day
from jalon.reports import wording
from jalon.web import formats


def drawn(picture: plot.Plot) -> dict[str, str]:
    """What the page's chart needs: the plot, its look in both themes, and what it shows in words."""
    look = {"light": theme.config(), "dark": theme.config(dark=True), "locale": picture.locale}
    return {"plot": _compact(plot.on_page(picture)), "look": _compact(look), "description": picture.description}


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def words(value: str, bucket: str, series: str = "", formula: str = "") -> plot.Words:
    """`series` is what the series are: outcomes, where nothing else is said."""
    return plot.Words(value, bucket, series or gettext("Outcome"), gettext("Share"), gettext("Difference"), gettext("Formula"), formula)


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
        words(gettext("Movements"), gettext("Day")),
        gettext("Movements by day"),
        locale=wording.number_locale(),
    )


def legend(picture: plot.Plot) -> list[tuple[str, str]]:
    """Colors and what they stand for: the page tells them in words."""
    return [(series.color, series.label) for series in picture.series]
