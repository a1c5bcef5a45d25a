"""The size of a list over time, as the chart and the table under it show it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from jalon.charts import palette, plot, theme
from jalon.figures import buckets
from jalon.figures.periods import Unit
from jalon.lists.flow import Day
from jalon.web import formats

PERIODS: Final = (30, 90, 365)
WEEKLY_FROM: Final = 91  # so many days are a point each; more of them are weeks
ONE: Final = "size"


@dataclass(frozen=True, slots=True)
class Row:
    """A day or a week: how many joined and left in it, the size at its end, and where the records of each number are."""

    first: date
    last: date
    label: str
    tick: tuple[str, ...]
    joined: int
    left: int
    size: int
    joined_url: str
    left_url: str
    size_url: str


def rows(list_id: int, flow: Sequence[Day], since: date, until: date, first_weekday: int) -> list[Row]:
    """Every day or week from `since` to `until`, both among them."""
    known = {day.day: day for day in flow}
    size = next((day.size for day in reversed(flow) if day.day < since), 0)
    found: list[Row] = []
    for bucket, several in _spans(since, until, first_weekday):
        own = [known[day] for day in several if day in known]
        size = own[-1].size if own else size
        found.append(_row(list_id, bucket, several, own, size, is_first=not found))
    return found


def _spans(since: date, until: date, first_weekday: int) -> Iterator[tuple[buckets.Bucket, list[date]]]:
    unit = Unit.WEEK if (until - since).days >= WEEKLY_FROM else Unit.DAY
    every = (since + timedelta(days=number) for number in range((until - since).days + 1))
    for _, together in groupby(every, key=lambda day: buckets.number(unit, day, first_weekday)):
        days = list(together)
        yield buckets.Bucket(unit, days[0], days[-1]), days


def _row(list_id: int, bucket: buckets.Bucket, days: Sequence[date], own: Sequence[Day], size: int, *, is_first: bool) -> Row:
    locale = str(formats.locale())
    short, year = buckets.axis_label(bucket, locale)
    name = buckets.span(days[0], days[-1], locale) if bucket.unit is Unit.WEEK else buckets.label(bucket, locale)
    return Row(
        days[0],
        days[-1],
        name,
        (short, year) if year and is_first else (short,),
        sum(day.joined for day in own),
        sum(day.left for day in own),
        size,
        moved_url(list_id, "in", days[0], days[-1]),
        moved_url(list_id, "out", days[0], days[-1]),
        then_url(list_id, days[-1]),
    )


def moved_url(list_id: int, way: str, since: date, until: date) -> str:
    """Those who joined or left in some days, one by one."""
    asked = urlencode({"way": way, "since": since.isoformat(), "until": until.isoformat()})
    return f"{reverse('lists:history', args=[list_id])}?{asked}"


def then_url(list_id: int, day: date) -> str:
    """The members at the end of a day."""
    return f"{reverse('lists:list', args=[list_id])}?on={day.isoformat()}"


def drawn(name: str, found: Sequence[Row]) -> dict[str, Any]:
    """What the page's chart needs: the plot, its look in both themes, and what it shows in words."""
    picture = _plot(name, found)
    look = {"light": theme.config(), "dark": theme.config(dark=True), "locale": picture.locale}
    return {"plot": _compact(plot.on_page(picture)), "look": _compact(look), "description": picture.description}


def _plot(name: str, found: Sequence[Row]) -> plot.Plot:
    label = gettext("Members")
    sizes = [Decimal(row.size) for row in found]
    changes = [None, *((now - before) / before if before else None for before, now in pairwise(sizes))]
    return plot.Plot(
        style=plot.Style.LINES,
        ticks=tuple(plot.Tick(row.first.isoformat(), row.tick, row.label) for row in found),
        series=(plot.Series(ONE, label, palette.SERIES[0]),),
        points=tuple(
            plot.Point(row.first.isoformat(), ONE, size, change=change, href=row.size_url)
            for row, size, change in zip(found, sizes, changes, strict=True)
        ),
        words=plot.Words(label, gettext("Until the end of"), "", gettext("Share"), gettext("Difference"), gettext("Formula")),
        description=gettext("Size of the list “%(name)s” over time") % {"name": name},
        locale=_number_locale(),
    )


def _number_locale() -> dict[str, Any]:
    """How the browser writes numbers on the axis."""
    symbols = formats.locale().number_symbols["latn"]
    return {"decimal": symbols["decimal"], "thousands": symbols["group"], "grouping": [3], "currency": ["", ""]}


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
