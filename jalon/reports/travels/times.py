"""The share that is won after so many days, of all contacts and side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext, ngettext
from sqlglot import exp

from jalon.figures.addresses import having
from jalon.lifecycle.columns import JOURNEYS, Outcome
from jalon.lifecycle.journeys import curve
from jalon.lifecycle.journeys.curve import Curve, Step
from jalon.reports.kinds import journeys
from jalon.reports.lifecycle import beyond, queries, shown, values
from jalon.reports.lifecycle.beyond import Hrefs
from jalon.reports.lifecycle.queries import Question
from jalon.reports.shown import Card, Shown
from jalon.warehouse import current, query
from jalon.web import formats

MILESTONES: Final = (1, 3, 7, 14, 30, 60, 90, 180, 365, 730)  # days after the entry
CARDS: Final = (7, 30, 60, 90)


@dataclass(frozen=True, slots=True)
class Apart:
    """The curve of one value of the breakdown."""

    value: shown.Value
    curve: Curve
    href: Hrefs


@dataclass(frozen=True, slots=True)
class InTime:
    """The curve, the journeys that tell nothing of time, and each value's own. Open journeys are as old as they are `now`."""

    curve: Curve
    unlogged: Shown
    href: Hrefs
    now: datetime
    apart: tuple[Apart, ...] = ()
    known: int = 0  # values of the breakdown


def in_time(question: Question, now: datetime) -> InTime:
    rows, days, among = current.engine().rows, question.days, question.among
    now, href = now.replace(microsecond=now.microsecond // 1000 * 1000), beyond.hrefs(question)
    told = Curve.of(rows(curve.ages(days, now, among)))
    unlogged = exp.EQ(this=query.column("outcome"), expression=query.text(Outcome.UNLOGGED.value))
    left_out = query.select(query.count()).from_(query.table(JOURNEYS.name))
    ((number,),) = rows(left_out.where(query.conjunction([days.holds("entered_at"), unlogged, among])))
    found = Shown(formats.number(number), href(outcome=Outcome.UNLOGGED.value), int(number))
    beside = queries.beside(question)
    if beside is None:
        return InTime(told, found, href, now)
    parts = zip(beside.texts, values.told(beside.spec, beside.texts), beside.rows(curve.ages(days, now)), strict=True)
    apart = (Apart(value, Curve.of(some), beyond.hrefs(question, (having(beside.spec, text),))) for text, value, some in parts)
    return InTime(told, found, href, now, tuple(apart), beside.known)


# In words


@dataclass(frozen=True, slots=True)
class Milestone:
    """What holds after so many days: the share that is won with where it likely lies, and the journeys that tell it."""

    days: int
    label: str
    won: Shown
    share: Shown
    likely: str
    low: Decimal
    high: Decimal
    lost: Shown
    going: Shown
    at_risk: Shown


def milestones(told: InTime) -> list[Milestone]:
    """The usual days, as far as the oldest journey goes."""
    whole = told.curve.days
    days = [day for day in MILESTONES if day < whole] + ([whole] if whole else [])
    return [_milestone(day, told) for day in days]


def _milestone(days: int, told: InTime) -> Milestone:
    step = told.curve.at(days)
    won = step.wins
    low, high = step.likely
    return Milestone(
        days,
        days_told(days),
        Shown(formats.number(won), told.href(outcome=Outcome.WON.value, within=str(days)) if won else None, won),
        _share(step.won),
        f"{formats.percent(low)} – {formats.percent(high)}" if high > low else formats.DASH,
        _exact(low),
        _exact(high),
        _share(step.lost),
        _share(max(0.0, 1 - step.won - step.lost)),
        Shown(formats.number(step.at_risk), _observed(days, step, told), step.at_risk),
    )


def _observed(days: int, step: Step, told: InTime) -> str | None:
    """The journeys that had come to this age at the instant of the page without an end, or with a later one."""
    return told.href(lasted=journeys.lasting(days, told.now)) if step.at_risk else None


def cards(told: InTime) -> list[Card]:
    """The share after some days, as far as the journeys are that old, and when half of it is there."""
    found = [_card(days, told) for days in CARDS if days <= told.curve.days]
    half = told.curve.days_until(told.curve.won / 2) if told.curve.won else None
    label, formula = gettext("Half of the conversions within"), gettext("The day by which half of the share is won that is won in the end.")
    found.append(Card(label, days_told(half), None, formula, None, _median(told.curve)))
    return found


def _card(days: int, told: InTime) -> Card:
    step = told.curve.at(days)
    low, high = step.likely
    formula = gettext(
        "Share of all that entered. Open journeys count for as long as they have lasted. With 95 %% certainty between %(low)s and %(high)s."
    )
    url = told.href(outcome=Outcome.WON.value, within=str(days)) if step.wins else None
    return Card(
        won_within(days),
        formats.percent(step.won),
        url,
        formula % _between(low, high),
        None,
        gettext("%(low)s to %(high)s") % _between(low, high),
    )


def won_within(days: int) -> str:
    return ngettext("Won within %(days)s day", "Won within %(days)s days", days) % {"days": formats.number(days)}


def _between(low: float, high: float) -> dict[str, str]:
    return {"low": formats.percent(low), "high": formats.percent(high)}


def _median(told: Curve) -> str:
    """When half of all that entered are won, if that was ever seen."""
    days = told.days_until(0.5)
    if days is None:
        return gettext("never half of all: %(share)s in the end") % {"share": formats.percent(told.won)}
    return gettext("half of all that entered: %(days)s") % {"days": days_told(days)}


def days_told(days: int | None) -> str:
    return formats.DASH if days is None else ngettext("%(number)s day", "%(number)s days", days) % {"number": formats.number(days)}


def _share(value: float) -> Shown:
    return Shown(formats.percent(value), None, _exact(value))


def _exact(value: float) -> Decimal:
    return Decimal(str(round(value, 6)))


# Side by side


@dataclass(frozen=True, slots=True)
class Line:
    """A value with its shares after the days of the cards, and when half of its conversions are there."""

    value: shown.Value | None
    label: str
    journeys: Shown
    shares: tuple[Shown, ...]
    half: str
    half_days: int | None


def days_shown(told: InTime) -> list[int]:
    return [days for days in CARDS if days <= told.curve.days]


def lines(told: InTime) -> list[Line]:
    """All contacts, and each value."""
    whole = _line(None, gettext("All contacts"), told.curve, told.href, told)
    return [whole, *(_line(one.value, one.value.label, one.curve, one.href, told) for one in told.apart)]


def _line(value: shown.Value | None, label: str, of: Curve, href: Hrefs, told: InTime) -> Line:
    """A share of an age that nobody of them has reached is not known."""
    shares = tuple(_reached(of, days, href) for days in days_shown(told))
    half = of.days_until(of.won / 2) if of.won else None
    url = href() if not told.unlogged.exact else None  # else there are journeys beside these of which nobody knows how long they took
    return Line(value, label, Shown(formats.number(of.journeys), url, of.journeys), shares, days_told(half), half)


def _reached(of: Curve, days: int, href: Hrefs) -> Shown:
    if days > of.days:
        return Shown(formats.DASH)
    won = of.at(days).wins
    return Shown(
        formats.percent(of.at(days).won), href(outcome=Outcome.WON.value, within=str(days)) if won else None, _exact(of.at(days).won)
    )
