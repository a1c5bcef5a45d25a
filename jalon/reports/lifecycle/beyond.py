"""What the pages beside the overview show: flow, trend, the curve of what is won in time, and who is stuck."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from sqlglot import exp

from jalon.accounts.access import Access
from jalon.accounts.queries import account
from jalon.criteria import queries as criteria_queries
from jalon.criteria.tree import Criteria, to_text
from jalon.figures import buckets
from jalon.figures.addresses import address, narrowed
from jalon.figures.buckets import Bucket
from jalon.figures.periods import Period, Unit
from jalon.lifecycle.columns import JOURNEYS, Outcome
from jalon.lifecycle.filters import longer_than, standing_in
from jalon.lifecycle.journeys import curve, flow, stays, weeks
from jalon.lifecycle.journeys.counts import Figures
from jalon.lifecycle.journeys.curve import Curve, Step
from jalon.lifecycle.journeys.flow import Edge, Flow, Way
from jalon.lifecycle.journeys.stays import Stays
from jalon.records import queries as records
from jalon.reports import wording
from jalon.reports.kinds.journeys import Cell
from jalon.reports.lifecycle import addresses, shown
from jalon.reports.lifecycle.asked import OBJECT_TYPE
from jalon.reports.lifecycle.plots import Week
from jalon.reports.lifecycle.queries import Question
from jalon.reports.shown import Shown
from jalon.warehouse import current, query
from jalon.warehouse.words import N_
from jalon.web import formats

WEEKS: Final = 30  # so many points tell a trend; of longer periods months are shown, of shorter ones days
MILESTONES: Final = (1, 3, 7, 14, 30, 60, 90, 180, 365, 730)  # days after the entry
AWAY: Final = {Way.CLEARED: N_("Cleared"), Way.UNTOLD: N_("Gone without a movement"), Way.STILL_IN: N_("Still there")}
HEATS: Final = (0.05, 0.15, 0.3, 0.5)

Hrefs = Callable[..., str | None]


def hrefs(question: Question) -> Hrefs:
    """The journeys of a cell, entered in the period or in some days of it."""

    def href(days: Period | None = None, **cell: str | bool) -> str | None:
        period = days or question.period
        return addresses.journeys(Cell(period.first, period.last, **cell), question.definition.criteria)  # type: ignore[arg-type]

    return href


def names(question: Question) -> dict[str, shown.StageName]:
    language = wording.language()
    return {one.name: shown.StageName.of(one, language) for one in question.stages}


# Flow


@dataclass(frozen=True, slots=True)
class Going:
    """A way from one stage to another, as the table writes it; `heat` from 0 to 4 by its share of its row."""

    count: Shown
    share: str = ""
    time: str = ""
    heat: int = 0


@dataclass(frozen=True, slots=True)
class From:
    """A row of the flow: a stage, or the entry; how many left it and where they went."""

    label: str
    emoji: str
    total: str
    ways: tuple[Going, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """The whole table: where to, and from where."""

    targets: tuple[shown.StageName, ...]
    rows: tuple[From, ...]


def ways(question: Question) -> Ways:
    """How many went where from each stage of the path. What no way leads to is no column."""
    rows, days, among = current.engine().rows, question.days, question.among
    told = Flow.of(rows(flow.ways_in(days, among)), rows(flow.ways_out(days, among)))
    own, path = names(question), question.path
    stages: list[str | Way] = [*path.places, *path.lost, *path.outside, *AWAY]
    targets = [target for target in stages if told.into(target)]
    sources: list[str | Way] = [Way.ENTRY, *(stage for stage in path.primary if told.out_of(stage))]
    heads = tuple(own[target] if target in own else shown.StageName(target, gettext(AWAY[Way(target)])) for target in targets)
    return Ways(heads, tuple(_from(told, source, targets, own, hrefs(question)) for source in sources) if targets else ())


def _from(told: Flow, source: str | Way, targets: Sequence[str | Way], own: dict[str, shown.StageName], href: Hrefs) -> From:
    total = told.out_of(source)
    name = own.get(source) or shown.StageName(source, gettext("Entry"))
    return From(name.label, name.emoji, formats.number(total), tuple(_going(told.edge(source, target), total, href) for target in targets))


def _going(edge: Edge | None, total: int, href: Hrefs) -> Going:
    if edge is None:
        return Going(Shown(""))
    share = edge.count / total
    is_between_stages = not isinstance(edge.source, Way) and not isinstance(edge.target, Way)
    url = href(went=f"{edge.source}>{edge.target}") if is_between_stages else None
    if edge.target is Way.STILL_IN:
        url = href(last_stage=str(edge.source), outcome=Outcome.OPEN.value)
    time = "" if edge.mean_ms is None else formats.duration(edge.mean_ms)
    return Going(Shown(formats.number(edge.count), url, edge.count), formats.percent(share, 0), time, sum(share >= heat for heat in HEATS))


# Trend


@dataclass(frozen=True, slots=True)
class WeekLine:
    """A row of the trend: each metric of those that entered then."""

    label: str
    entered: Shown
    conversion: Shown
    convert_time: str
    drop_off: Shown
    drop_off_time: str
    still_open: Shown


def by_entry(question: Question) -> tuple[Unit, list[Week]]:
    """The figures of each bucket of the period, the empty ones too. Without a period, from the first journey to today."""
    period = _known_days(question)
    if period is None:
        return Unit.WEEK, []
    first, last = period
    unit = _unit((last - first).days + 1)
    monday = account().first_weekday
    found = weeks.figures(current.engine().rows(weeks.by_entry(unit, question.days, monday, question.among)))
    nobody = Figures(())
    every = buckets.fill(unit, first, last, monday)
    return unit, [Week(one, _label(one), found.get(buckets.number(unit, one.first, monday), nobody)) for one in every]


def _unit(days: int) -> Unit:
    return Unit.DAY if days <= 14 else Unit.WEEK if days <= WEEKS * 7 else Unit.MONTH


def _label(bucket: Bucket) -> str:
    locale = str(formats.locale())
    return buckets.span(bucket.first, bucket.last, locale) if bucket.unit is Unit.WEEK or bucket.cut else buckets.label(bucket, locale)


def _known_days(question: Question) -> tuple[date, date] | None:
    period = question.period
    if period.first and period.last:
        return period.first, period.last
    day = query.day_of("entered_at")
    edges = query.select(exp.Min(this=day), exp.Max(this=day.copy())).from_(query.table(JOURNEYS.name))
    first, last = current.engine().rows(edges.where(query.conjunction([question.among])))[0]
    return (first, last) if isinstance(first, date) and isinstance(last, date) and first.year > 1970 else None


def week_lines(question: Question, told: Sequence[Week]) -> list[WeekLine]:
    return [_week_line(week, hrefs(question)) for week in told]


def outcome_links(question: Question, told: Sequence[Week]) -> dict[tuple[str, Outcome], str]:
    """The journeys of each part of each bar."""
    href = hrefs(question)
    found = {
        (week.bucket.key, outcome): href(Period(week.bucket.first, week.bucket.last), outcome=outcome.value)
        for week in told
        for outcome in Outcome
        if week.figures.ended(outcome)
    }
    return {key: url for key, url in found.items() if url}


def _week_line(week: Week, href: Hrefs) -> WeekLine:
    figures, days = week.figures, Period(week.bucket.first, week.bucket.last)

    def rate(outcome: Outcome) -> Shown:
        url = href(days, outcome=outcome.value) if figures.ended(outcome) else None
        return Shown(formats.percent(figures.share(outcome)), url)

    return WeekLine(
        week.label,
        Shown(formats.number(figures.entered), href(days) if figures.entered else None, figures.entered),
        rate(Outcome.WON),
        formats.duration(figures.mean_ms(Outcome.WON)),
        rate(Outcome.LOST),
        formats.duration(figures.mean_ms(Outcome.LOST)),
        rate(Outcome.OPEN),
    )


# Time to convert


@dataclass(frozen=True, slots=True)
class Milestone:
    """What holds after so many days."""

    label: str
    won: str
    lost: str
    going: str
    at_risk: str


@dataclass(frozen=True, slots=True)
class InTime:
    """The curve, what it says on some days, and the journeys that tell nothing of time."""

    curve: Curve
    lines: tuple[Milestone, ...]
    unlogged: int


def in_time(question: Question, now: datetime) -> InTime:
    rows, days, among = current.engine().rows, question.days, question.among
    told = Curve.of(rows(curve.ages(days, now, among)))
    unlogged = exp.EQ(this=query.column("outcome"), expression=query.text(Outcome.UNLOGGED.value))
    left_out = query.select(query.count()).from_(query.table(JOURNEYS.name))
    ((number,),) = rows(left_out.where(query.conjunction([days.holds("entered_at"), unlogged, among])))
    shown_days = [day for day in MILESTONES if day < told.days] + ([told.days] if told.days else [])
    return InTime(told, tuple(_milestone(day, told.at(day)) for day in shown_days), int(number))


def _milestone(days: int, step: Step) -> Milestone:
    label = ngettext("%(number)s day", "%(number)s days", days) % {"number": formats.number(days)}
    going = max(0.0, 1 - step.won - step.lost)
    return Milestone(label, formats.percent(step.won), formats.percent(step.lost), formats.percent(going), formats.number(step.at_risk))


# Stuck


@dataclass(frozen=True, slots=True)
class StuckLine:
    """A stage with how long contacts usually stay there, and those who have been there for longer than nine in ten were."""

    stage: shown.StageName
    moved_on: str
    median: str
    limit: int | None
    limit_text: str
    standing: Shown
    stuck: Shown
    list_url: str = ""


def stuck(question: Question, access: Access, now: datetime) -> list[StuckLine]:
    """The borders come of the stays of journeys entered in the period; who stands there now is asked of the contacts."""
    told = stays.by_stage(current.engine().rows(stays.lengths(question.days, question.among)))
    own = names(question)
    return [_stuck(own[stage], told.get(stage, Stays(())), question, access, now) for stage in question.path.primary]


def _stuck(stage: shown.StageName, told: Stays, question: Question, access: Access, now: datetime) -> StuckLine:
    limit, asked = told.limit, question.definition.criteria
    here = narrowed(asked, standing_in(stage.name).groups[0].filters)
    long = narrowed(asked, longer_than(stage.name, limit).groups[0].filters) if limit is not None else None
    return StuckLine(
        stage,
        formats.number(told.count),
        _days(told.within(0.5)),
        limit,
        _days(limit),
        _standing(here, question, access, now),
        _standing(long, question, access, now) if long else Shown(formats.DASH),
        _new_list(long, stage, limit) if long and limit is not None else "",
    )


def _standing(criteria: Criteria, question: Question, access: Access, now: datetime) -> Shown:
    where = criteria_queries.where(criteria, OBJECT_TYPE, access, now=now)
    number = records.count(access, OBJECT_TYPE, where)
    return Shown(formats.number(number), address(question.catalog.plural, criteria) if number else None, number)


def _days(days: int | None) -> str:
    return formats.DASH if days is None else ngettext("%(number)s day", "%(number)s days", days) % {"number": formats.number(days)}


def _new_list(criteria: Criteria, stage: shown.StageName, days: int) -> str:
    """Where these become an active list: the days of today written into its criteria."""
    told = {"stage": stage.label, "days": formats.number(days)}
    words = ngettext("Stuck in “%(stage)s” for more than %(days)s day", "Stuck in “%(stage)s” for more than %(days)s days", days)
    said = {"object_type": OBJECT_TYPE, "kind": "DYNAMIC", "name": words % told, "criteria": to_text(criteria)}
    return f"{reverse('lists:new_criteria')}?{urlencode(said)}"
