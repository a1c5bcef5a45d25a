"""What a reader sees of the lifecycle report: cards, funnel, tables, and the figures side by side. Page, file and picture show this."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from django.utils.translation import gettext, ngettext

from jalon.lifecycle.columns import OUTCOMES, Outcome
from jalon.lifecycle.journeys.counts import Figures
from jalon.reports import wording
from jalon.reports.kinds.lifecycle import LOST, MOST, WON, Answer, Told, ratio, share
from jalon.reports.lifecycle import changes, shown, values, words
from jalon.reports.lifecycle.linked import Linked
from jalon.reports.lifecycle.queries import Question
from jalon.reports.lifecycle.stages import StageLines
from jalon.reports.shown import Card, Shift, Shown
from jalon.web import formats

ENTERED = "#7A8494"  # the bar of all that entered: it is no stage


Counted = Callable[[Told], int]


def _reached(place: int) -> Counted:
    return lambda told: told.figures.reached(place)


class Desk(Linked):
    """Makes the sheet of one question and its answer."""

    def __init__(self, question: Question, answer: Answer, columns: Sequence[str] = words.USUAL, title: str = "") -> None:
        super().__init__(question, answer)
        self.title = title or gettext("Lifecycle report")
        self.whole = answer.whole
        self.values = tuple(self._values())
        self.lines = StageLines(self, columns)

    def sheet(self) -> shown.Sheet:
        figures = self.whole.figures
        before = self.question.before
        return shown.Sheet(
            title=self.title,
            subtitle=" · ".join(self._subtitle()),
            against=gettext("against %(days)s") % {"days": wording.days(before)} if before else "",
            entered=self.count(figures.entered),
            entered_told=self._entered_told(),
            entered_shift=self._shift(figures.entered, self.answer.before.entered if self.answer.before else None),
            cards=tuple(self._cards()),
            funnel=tuple(self._funnel()),
            rest=tuple(self._rest()),
            lost=tuple(self.lines.lost()),
            columns=tuple(self.lines.columns()),
            stages=tuple(self.lines.stages()),
            breakdown=self.spec.label(wording.language()) if self.spec else "",
            values=self.values,
            sections=tuple(self.lines.side_by_side()) if self.values else (),
            notes=tuple(self._notes()),
        )

    # What stands above

    def _subtitle(self) -> Iterator[str]:
        period = self.question.period
        yield wording.days(period)
        yield gettext("by day of entry")
        if self.question.definition.criteria.groups:
            yield gettext("contacts that meet the filters")

    def _entered_told(self) -> str:
        told = ngettext("of %(number)s contact", "of %(number)s contacts", self.answer.contacts)
        return told % {"number": formats.number(self.answer.contacts)}

    def _cards(self) -> Iterator[Card]:
        now, before = self.whole.figures, self.answer.before
        won, lost = now.ended(WON), now.ended(LOST)
        yield self._rate_card("conversion", gettext("Conversion rate"), won, WON, before, rising_is_good=True)
        yield self._time_card("convert_time", gettext("Average time to convert"), WON, before, rising_is_good=False)
        yield self._rate_card("drop_off", gettext("Drop-off rate"), lost, LOST, before, rising_is_good=False)
        yield self._time_card("drop_off_time", gettext("Average time to drop off"), LOST, before, rising_is_good=None)

    def _rate_card(self, name: str, label: str, part: int, outcome: Outcome, before: Figures | None, *, rising_is_good: bool) -> Card:
        now = self.whole.figures
        then = before.share(outcome) if before else None
        shift = self._shift(now.share(outcome), then, rising_is_good=rising_is_good, rate=True)
        told = ngettext("%(part)s of %(whole)s journey", "%(part)s of %(whole)s journeys", now.entered)
        note = told % {"part": formats.number(part), "whole": formats.number(now.entered)} if now.entered else gettext("no journey entered")
        url = self.href(outcome=outcome.value) if part else None
        return Card(label, formats.percent(now.share(outcome)), url, self._caption(name), shift, note)

    def _time_card(self, name: str, label: str, outcome: Outcome, before: Figures | None, *, rising_is_good: bool | None) -> Card:
        now = self.whole.figures
        mean = now.mean_ms(outcome)
        shift = self._shift(mean, before.mean_ms(outcome) if before else None, rising_is_good=rising_is_good)
        timed = now.timed(outcome)
        note = ngettext("mean of %(number)s journey", "mean of %(number)s journeys", timed) % {"number": formats.number(timed)}
        url = self.href(outcome=outcome.value, timed=True) if timed else None
        return Card(label, self.time(mean).text, url, self._caption(name), shift, note if timed else gettext("no journey has a time"))

    def _caption(self, name: str) -> str:
        """The formula, and, where there is something to compare with, why that is not quite fair."""
        formula = gettext(words.FORMULAS[name])
        return f"{formula}\n{gettext(words.BIASES[name])}" if self.question.before else formula

    def _shift(self, now: float | None, before: float | None, *, rising_is_good: bool | None = None, rate: bool = False) -> Shift | None:
        """In percent of what was, and for rates the percentage points beside it."""
        if self.question.before is None:
            return None
        change = ratio(now, before)
        if change is None or now is None or before is None:
            return Shift(gettext("n/a"), "")
        text = formats.change(change)
        if rate:
            text += gettext(" (%(points)s pts)") % {"points": formats.signed(round((now - before) * 100, 1), 1)}
        direction = "up" if change > 0 else "down" if change < 0 else "flat"
        return Shift(text, direction, None if rising_is_good is None or not change else (change > 0) is rising_is_good)

    # The funnel

    def _funnel(self) -> Iterator[shown.Step]:
        entered = gettext("Entered")
        yield shown.Step(entered, "", gettext("Journeys that began on these days."), self._bars(lambda told: told.figures.entered, ENTERED))
        before, passed_through = self.whole.figures.entered, words.COLUMNS["reached"].formula
        for place, name in enumerate(self.path.places, 1):
            reached = self.whole.figures.reached(place)
            stage = self.names[name]
            color = stage.color
            caption = stage.description or gettext(passed_through)
            bars = self._bars(_reached(place), color, reached=name)
            if place == 1 or not before:
                yield shown.Step(stage.label, stage.emoji, caption, bars)
            else:
                yield shown.Step(stage.label, stage.emoji, caption, bars, formats.percent(share(reached, before)), self._lost_above(place))
            before = reached

    def _lost_above(self, place: int) -> Shown:
        """The journeys that were lost from the row above."""
        stage = self.path.places[place - 2]
        return self.count(self.whole.lost_from(stage), last_stage=stage, outcome=LOST.value)

    def _bars(self, number: Counted, color: str, **cell: str) -> tuple[shown.Bar, ...]:
        if not self.values:
            return (self._bar(self.whole, number, color, None, **cell),)
        told = [one for _, one in self.answer.apart]
        return tuple(
            self._bar(one, number, value.color, place, value.label, **cell)
            for place, (value, one) in enumerate(zip(self.values, told, strict=True))
        )

    def _bar(self, told: Told, number: Counted, color: str, value: int | None, label: str = "", **cell: str) -> shown.Bar:
        part = share(number(told), told.figures.entered)
        return shown.Bar(self.count(number(told), value, **cell), formats.percent(part), f"{(part or 0) * 100:.2f}", color, label)

    def _rest(self) -> Iterator[shown.Part]:
        """Conversion and drop-off do not make 100 %: these are the others."""
        for outcome in (Outcome.OPEN, Outcome.CLEARED, Outcome.UNLOGGED):
            number = self.whole.figures.ended(outcome)
            if number:
                yield shown.Part(self.count(number, outcome=outcome.value), gettext(OUTCOMES[outcome]))

    # Side by side

    def _values(self) -> Iterable[shown.Value]:
        return values.told(self.spec, [value for value, _ in self.answer.apart]) if self.spec else ()

    def _notes(self) -> Iterator[str]:
        """What a reader must know of the figures."""
        yield from (mark.told for mark in changes.marks(self.question.period))
        if self.answer.values > MOST:
            yield values.cut(self.answer.values)
