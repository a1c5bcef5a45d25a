"""The tables of the lifecycle report: lost stages, the breakdown by stage, and all figures side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from django.utils.translation import gettext

from jalon.lifecycle.columns import Outcome
from jalon.reports.kinds.lifecycle import LOST, WON, Told, share
from jalon.reports.lifecycle import shown, words
from jalon.reports.lifecycle.linked import Linked
from jalon.reports.shown import Shown
from jalon.web import formats

Number = Callable[[Told, int | None], Shown]


class StageLines:
    """The lines of the tables."""

    def __init__(self, desk: Linked, columns: Sequence[str]) -> None:
        self.desk, self.chosen = desk, columns
        self.places = tuple(enumerate(desk.path.places, 1))

    # Lost stages

    def lost(self) -> Iterator[shown.Line]:
        """Every lost stage, those where most journeys ended first."""
        desk, whole = self.desk, self.desk.answer.whole
        all_lost = whole.figures.ended(LOST)
        for name in sorted(desk.lost_stages(), key=lambda name: -whole.lost_to(name)):
            number = whole.lost_to(name)
            cells = {
                "ended": desk.count(number, end_stage=name, outcome=LOST.value),
                "share": desk.rate(number, all_lost, end_stage=name, outcome=LOST.value),
            }
            told = tuple(shown.Cell(key, (shown.Part(cell),)) for key, cell in cells.items())
            yield shown.Line(desk.names[name], told, f"{(share(number, all_lost) or 0) * 100:.2f}")

    # By stage

    def columns(self) -> Iterator[shown.Column]:
        for name in self.chosen:
            told = words.COLUMNS[name]
            yield shown.Column(name, gettext(told.label), gettext(told.formula), told.is_time, told.is_number)

    def stages(self) -> Iterator[shown.Line]:
        for place, name in self.places:
            cells = tuple(shown.Cell(column, tuple(self._parts(column, place, name))) for column in self.chosen)
            yield shown.Line(self.desk.names[name], cells)

    def _parts(self, column: str, place: int, name: str) -> Iterator[shown.Part]:
        if column == "destinations":
            for lost, number in self.desk.answer.whole.destinations(name):
                told = self.desk.count(number, last_stage=name, end_stage=lost, outcome=LOST.value)
                yield shown.Part(told, self.desk.label(lost))
            return
        yield shown.Part(self._number(column, place, name))

    def _number(self, column: str, place: int, name: str) -> Shown:
        """Won is the end of the path: nobody goes beyond it, is lost from it, or spends time in it."""
        desk, whole = self.desk, self.desk.answer.whole
        if column == "reached":
            return desk.count(whole.figures.reached(place), reached=name)
        if name == desk.path.won:
            return NOTHING
        if column == "conversion":
            return self.conversion(whole, None, place)
        if column == "drop_off":
            return desk.rate(whole.lost_from(name), whole.figures.reached(place), last_stage=name, outcome=LOST.value)
        stay = whole.stay(name)
        if column == "idle":
            return desk.count(stay.idle, last_stage=name, outcome="open")
        if column == "lost_before":
            return desk.count(whole.figures.lost_before(place), short_of=name, outcome=LOST.value)
        if column == "skipped":
            return desk.count(whole.skipped(place, name), passed=name)
        return desk.time(stay.mean_ms if column == "mean" else stay.median_ms, visited=name, timed=True)

    def conversion(self, told: Told, value: int | None, place: int) -> Shown:
        """Of those that came to a stage, who went beyond it."""
        following = self.desk.path.places[place]
        return self.desk.rate(told.figures.reached(place + 1), told.figures.reached(place), value, reached=following)

    # Side by side

    def side_by_side(self) -> Iterator[shown.Section]:
        """The whole report once more, a column for each value of the breakdown."""
        yield shown.Section(gettext("Key figures"), tuple(self._key_rows()))
        yield shown.Section(gettext("Reached"), tuple(self._stage_rows(self._reached)))
        yield shown.Section(gettext("Conversion of the stage"), tuple(self._stage_rows(self._conversion, self.desk.path.primary)))
        yield shown.Section(gettext("Average time in the stage"), tuple(self._stage_rows(self._mean, self.desk.path.primary)))
        yield shown.Section(gettext("Lost stages"), tuple(self._stage_rows(self._lost, self.desk.lost_stages())))

    def _key_rows(self) -> Iterator[shown.Row]:
        desk = self.desk
        for label, number in (
            (gettext("Entered"), lambda told, value: desk.count(told.figures.entered, value)),
            (gettext("Conversion rate"), self._share_of(WON)),
            (gettext("Average time to convert"), self._time_to(WON)),
            (gettext("Drop-off rate"), self._share_of(LOST)),
            (gettext("Average time to drop off"), self._time_to(LOST)),
        ):
            yield self._row(label, number)

    def _share_of(self, outcome: Outcome) -> Number:
        def number(told: Told, value: int | None) -> Shown:
            return self.desk.rate(told.figures.ended(outcome), told.figures.entered, value, outcome=outcome.value)

        return number

    def _time_to(self, outcome: Outcome) -> Number:
        return lambda told, value: self.desk.time(told.figures.mean_ms(outcome), value, outcome=outcome.value, timed=True)

    def _row(self, label: str, number: Number, emoji: str = "") -> shown.Row:
        parts = tuple(number(told, value) for value, (_, told) in enumerate(self.desk.answer.apart))
        return shown.Row(label, number(self.desk.answer.whole, None), parts, emoji)

    def _stage_rows(self, of: Callable[[str], Number], names: Sequence[str] | None = None) -> Iterator[shown.Row]:
        for name in self.desk.path.places if names is None else names:
            stage = self.desk.names[name]
            yield self._row(stage.label, of(name), stage.emoji)

    def _place(self, name: str) -> int:
        return self.desk.path.places.index(name) + 1

    def _reached(self, name: str) -> Number:
        return lambda told, value: self.desk.count(told.figures.reached(self._place(name)), value, reached=name)

    def _conversion(self, name: str) -> Number:
        return lambda told, value: self.conversion(told, value, self._place(name))

    def _mean(self, name: str) -> Number:
        return lambda told, value: self.desk.time(told.stay(name).mean_ms, value, visited=name, timed=True)

    def _lost(self, name: str) -> Number:
        return lambda told, value: self.desk.count(told.lost_to(name), value, end_stage=name, outcome=LOST.value)


NOTHING = Shown(formats.DASH)
