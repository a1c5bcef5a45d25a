"""Each metric by the time of the entry, of all contacts and side by side, with what is still open and what was changed meanwhile.

The later the entry, the less time there was. So beside the rates stands one that is fair to all of them: the share that was won
within some days, told only where everybody of the bucket has had these days.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext
from sqlglot import exp

from jalon.accounts.queries import account
from jalon.figures import buckets
from jalon.figures.addresses import having
from jalon.figures.buckets import Bucket
from jalon.figures.periods import Period, Unit
from jalon.lifecycle.columns import JOURNEYS, Outcome
from jalon.lifecycle.journeys import weeks
from jalon.lifecycle.journeys.counts import Figures
from jalon.reports.lifecycle import beyond, changes, queries, shown, values
from jalon.reports.lifecycle.beyond import Hrefs
from jalon.reports.lifecycle.changes import Mark
from jalon.reports.lifecycle.queries import Question
from jalon.reports.shown import Shown
from jalon.warehouse import current, query
from jalon.warehouse.words import N_
from jalon.web import formats

WEEKS: Final = 30  # so many points tell a trend; of longer periods months are shown, of shorter ones days
MOST: Final = {Unit.DAY: 100, Unit.WEEK: 1_100, Unit.MONTH: 12_000}  # days of a period that may be told by these
SOON: Final = (30, 7)  # days in which journeys may be won to count as won soon; the second where the period is short
NOBODY: Final = Figures(())


@dataclass(frozen=True, slots=True)
class Week:
    """A bucket of entries with its figures. `soon`: so many were won within some days; None: not everybody has had them yet."""

    bucket: Bucket
    label: str
    figures: Figures
    soon: int | None = None

    @property
    def soon_share(self) -> float | None:
        return None if self.soon is None or not self.figures.entered else self.soon / self.figures.entered


@dataclass(frozen=True, slots=True)
class Metric:
    """Something that is told by time: its name, whether it is a count, a share or a time, and how it is read and opened."""

    label: str
    unit: str  # count, share, time
    of: Callable[[Week], float | int | None]
    outcome: Outcome | None = None
    is_timed: bool = False
    is_soon: bool = False


METRICS: Final[Mapping[str, Metric]] = {
    "entered": Metric(N_("Entered"), "count", lambda week: week.figures.entered),
    "conversion": Metric(N_("Conversion rate"), "share", lambda week: week.figures.share(Outcome.WON), Outcome.WON),
    "soon": Metric(N_("Converted within %(days)s days"), "share", lambda week: week.soon_share, Outcome.WON, is_soon=True),
    "convert_time": Metric(
        N_("Average time to convert"), "time", lambda week: week.figures.mean_ms(Outcome.WON), Outcome.WON, is_timed=True
    ),
    "drop_off": Metric(N_("Drop-off rate"), "share", lambda week: week.figures.share(Outcome.LOST), Outcome.LOST),
    "drop_off_time": Metric(
        N_("Average time to drop off"), "time", lambda week: week.figures.mean_ms(Outcome.LOST), Outcome.LOST, is_timed=True
    ),
    "still_open": Metric(N_("Still open"), "share", lambda week: week.figures.share(Outcome.OPEN), Outcome.OPEN),
}
RATES: Final = ("conversion", "soon", "drop_off", "still_open")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: every metric of those that entered then, or one metric of each value."""

    label: str
    numbers: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Apart:
    """The trend of one value of the breakdown."""

    value: shown.Value
    weeks: tuple[Week, ...]
    href: Hrefs


@dataclass(frozen=True, slots=True)
class Trend:
    """All of it. `marks` have the key of their bucket."""

    unit: Unit
    weeks: tuple[Week, ...]
    soon: int
    href: Hrefs
    marks: tuple[tuple[str, Mark], ...] = ()
    apart: tuple[Apart, ...] = ()
    known: int = 0  # values of the breakdown

    @property
    def is_empty(self) -> bool:
        return not any(week.figures.entered for week in self.weeks)


def trend(question: Question, today: date, wanted: Unit | None = None) -> Trend:
    """By day, week or month, as wanted or as the length of the period asks. Without a period, from the first journey to today."""
    period, href = _known_days(question), beyond.hrefs(question)
    if period is None or period.first is None or period.last is None:
        return Trend(Unit.WEEK, (), SOON[0], href)
    days = (period.last - period.first).days + 1
    unit = wanted if wanted and days <= MOST[wanted] else _unit(days)
    reading = _Reading(period, unit, SOON[0] if days >= 3 * SOON[0] else SOON[1], today)
    rows = current.engine().rows
    counted, soon = reading.asked(question)
    found = reading.weeks(rows(counted), rows(soon))
    marks = tuple((buckets.containing(unit, mark.day, period, reading.monday).key, mark) for mark in changes.marks(period))
    return Trend(unit, found, reading.soon, href, marks, *_apart(question, reading))


def _apart(question: Question, reading: _Reading) -> tuple[tuple[Apart, ...], int]:
    """The same for each value of the breakdown, and how many values there are."""
    beside = queries.beside(question)
    if beside is None:
        return (), 0
    counted, soon = (beside.rows(asked) for asked in reading.asked(question))
    told = values.told(beside.spec, beside.texts)
    parts = zip(beside.texts, told, counted, soon, strict=True)
    return tuple(
        Apart(value, reading.weeks(some, won), beyond.hrefs(question, (having(beside.spec, text),))) for text, value, some, won in parts
    ), beside.known


def _unit(days: int) -> Unit:
    return Unit.DAY if days <= 14 else Unit.WEEK if days <= WEEKS * 7 else Unit.MONTH


@dataclass(frozen=True, slots=True)
class _Reading:
    """Asks by bucket, and reads the answers."""

    period: Period
    unit: Unit
    soon: int
    today: date

    @property
    def monday(self) -> int:
        return account().first_weekday

    def asked(self, question: Question) -> tuple[exp.Select, exp.Select]:
        days, among = question.days, question.among
        counted = weeks.by_entry(self.unit, days, self.monday, among)
        return counted, weeks.won_within(self.soon, self.unit, days, self.monday, among)

    def weeks(self, counted: Sequence[Sequence[object]], soon: Sequence[Sequence[object]]) -> tuple[Week, ...]:
        """Every bucket of the period, the empty ones too."""
        assert self.period.first and self.period.last
        found, won = weeks.figures(counted), {int(str(number)): int(str(count)) for number, count in soon}
        every = buckets.fill(self.unit, self.period.first, self.period.last, self.monday)
        return tuple(self._week(one, found, won) for one in every)

    def _week(self, one: Bucket, found: Mapping[int, Figures], won: Mapping[int, int]) -> Week:
        number = buckets.number(self.unit, one.first, self.monday)
        is_old = one.last + timedelta(days=self.soon) < self.today
        return Week(one, _label(one), found.get(number, NOBODY), won.get(number, 0) if is_old else None)


def _label(bucket: Bucket) -> str:
    locale = str(formats.locale())
    return buckets.span(bucket.first, bucket.last, locale) if bucket.unit is Unit.WEEK or bucket.cut else buckets.label(bucket, locale)


def _known_days(question: Question) -> Period | None:
    period = question.period
    if period.first and period.last:
        return period
    day = query.day_of("entered_at")
    edges = query.select(exp.Min(this=day), exp.Max(this=day.copy())).from_(query.table(JOURNEYS.name))
    first, last = current.engine().rows(edges.where(query.conjunction([question.among])))[0]
    return Period(first, last) if isinstance(first, date) and isinstance(last, date) and first.year > 1970 else None


# In words


def label(name: str, trend: Trend) -> str:
    """ "Converted within 30 days"."""
    told = gettext(METRICS[name].label)
    return told % {"days": formats.number(trend.soon)} if METRICS[name].is_soon else told


def number(name: str, week: Week, trend: Trend, href: Hrefs) -> Shown:
    """A metric of a bucket, with the journeys behind it: of a rate those above the line, of a time those that have one."""
    metric, days = METRICS[name], Period(week.bucket.first, week.bucket.last)
    found = metric.of(week)
    cell: dict[str, str | bool] = {"outcome": metric.outcome.value} if metric.outcome else {}
    if metric.is_timed:
        cell["timed"] = True
    if metric.is_soon:
        cell["within"] = str(trend.soon)
    url = href(days, **cell) if found else None
    if metric.unit == "count":
        return Shown(formats.number(int(found or 0)), url, int(found or 0))
    if metric.unit == "time":
        return Shown(formats.duration(found), url, None if found is None else round(found / 1000))
    return Shown(formats.percent(found), url, None if found is None else Decimal(str(round(found, 6))))


def lines(trend: Trend) -> list[Line]:
    """A row for each bucket, with every metric."""
    return [Line(week.label, tuple(number(name, week, trend, trend.href) for name in METRICS)) for week in trend.weeks]


def lines_apart(trend: Trend, name: str) -> list[Line]:
    """A row for each bucket, with one metric of all contacts and of each value."""
    told = []
    for place, week in enumerate(trend.weeks):
        each = (number(name, one.weeks[place], trend, one.href) for one in trend.apart)
        told.append(Line(week.label, (number(name, week, trend, trend.href), *each)))
    return told


def outcome_links(trend: Trend) -> dict[tuple[str, Outcome], str]:
    """The journeys of each part of each bar."""
    found = {
        (week.bucket.key, outcome): trend.href(Period(week.bucket.first, week.bucket.last), outcome=outcome.value)
        for week in trend.weeks
        for outcome in Outcome
        if week.figures.ended(outcome)
    }
    return {key: url for key, url in found.items() if url}
