"""What a reader sees of a report: key figures, chart, tables. Page, picture, file and command line all show this one sheet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, pgettext

from jalon.charts import palette
from jalon.charts import plot as charts
from jalon.criteria.tree import all_of
from jalon.figures import buckets
from jalon.figures.addresses import address
from jalon.figures.goals import EVERY, Goal, decimal
from jalon.figures.measures import Change, Figures, Measure, share
from jalon.figures.results import NOT_SET, Result, Series, Value
from jalon.records import looks
from jalon.reports import remarks, wording
from jalon.reports.kinds import cells, contacts
from jalon.reports.kinds.definition import Definition, Style
from jalon.reports.kinds.display import Display
from jalon.reports.kinds.question import Question
from jalon.reports.shown import Card, Line, Progress, Sheet, Shift, Shown
from jalon.web import formats

PLAIN = Display()
MOST_NAME = 200  # characters of the name of a list

Numbers = tuple[Shown, Shown | None, Shown | None, Shown | None]


class Desk:
    """Makes the sheet of one question and its result."""

    def __init__(self, question: Question, result: Result, title: str = "", display: Display = PLAIN) -> None:
        self.question, self.result, self.display = question, result, display
        self.definition = question.definition
        self.labels = wording.Labels(question.breakdown) if question.breakdown else None
        self.title = title or wording.title(self.definition, question.catalog)
        self.cumulative = self.definition.style is Style.CUMULATIVE
        self.charted = replace(result, series=result.charted)
        self.colors = self._colors()
        self.subtitle, self.against = remarks.subtitle(question, result), remarks.against(question)

    def sheet(self) -> Sheet:
        question, definition = self.question, self.definition
        number = question.number
        return Sheet(
            title=self.title,
            subtitle=self.subtitle,
            measure=wording.measure(definition, question.catalog),
            breakdown=question.breakdown.label(wording.language()) if question.breakdown else "",
            number=number.label(wording.language()) if number else "",
            grouping=gettext(buckets.LABELS[definition.grouping]),
            against=self.against,
            twice=remarks.counted_twice(self.result),
            cumulative=self.cumulative,
            formulas={each.value: wording.formula(definition, question.catalog, each) for each in told(definition)},
            cards=tuple(self.cards()),
            plot=self.plot(),
            values=tuple(self.line(series) for series in self.result.series),
            buckets=tuple(self.bucket_lines()),
            charted=self.plot_series(),
            total=self.line(self.result.whole, total=True),
            notes=tuple(remarks.notes(self.result)),
            options=tuple(remarks.options(question)),
            progress=self.progress(),
        )

    # What is charted

    def _colors(self) -> dict[Value, str]:
        spec = self.question.breakdown
        if spec is None:
            return {}
        texts = [series.value.text for series in self.charted.series if series.value.text is not None]
        return {Value(text): color for text, color in looks.colors(texts, spec.options).items()}

    def color(self, value: Value) -> str:
        if chosen := self.display.colors.get(key(value)):
            return chosen
        if value == NOT_SET:
            return palette.NOT_SET if self.labels else palette.SERIES[0]
        return self.colors.get(value, palette.OTHERS)

    def name(self, series: Series) -> str:
        return self.labels.of(series.value) if self.labels else wording.measure(self.definition, self.question.catalog)

    def drawn(self) -> tuple[Series, ...]:
        """The series of the chart: of the breakdown, or the one of all contacts."""
        result = self.charted.cumulated() if self.cumulative else self.charted
        return result.series if self.labels else (result.whole,)

    def plot_series(self) -> tuple[charts.Series, ...]:
        return tuple(charts.Series(key(each.value), self.name(each), self.color(each.value)) for each in self.drawn())

    def plot(self) -> charts.Plot:
        definition, measure = self.definition, self.definition.measure
        return charts.Plot(
            style=charts.Style.LINES if self.cumulative else charts.Style.BARS,
            stacked=measure.adds_up,
            ticks=tuple(self.ticks()),
            series=self.plot_series(),
            points=tuple(self.points()),
            words=self.words(),
            description=f"{self.title}. {self.subtitle}",
            title=self.title,
            subtitle=self.subtitle,
            number=wording.d3_format(self.question.number, definition.measure),
            locale=wording.number_locale(),
            goal=tuple(self.goal_points()),
            goal_label=gettext("Goal"),
        )

    # The goal

    @property
    def goal(self) -> Goal | None:
        """The goal of what the chart shows: one of contacts says nothing about a sum."""
        goal = self.display.goal
        return goal if goal and goal.measure is self.definition.measure else None

    def goals(self) -> list[Fraction]:
        """What each bucket has to bring; an average is a level, the same everywhere."""
        goal = self.goal
        if goal is None:
            return []
        if not self.definition.measure.adds_up:
            return [Fraction(goal.number) for _ in self.result.buckets]
        return [goal.of(bucket, self.question.first_weekday) for bucket in self.result.buckets]

    def goal_points(self) -> Iterable[tuple[str, Decimal]]:
        adds_up = self.cumulative and self.definition.measure.adds_up
        wanted = accumulate(self.goals()) if adds_up else self.goals()
        return ((bucket.key, decimal(amount)) for bucket, amount in zip(self.result.buckets, wanted, strict=False))  # none without a goal

    def progress(self) -> Progress | None:
        """How much of the goal is reached in the whole period."""
        goal, goals, measure = self.goal, self.goals(), self.definition.measure
        if goal is None or not goals:
            return None
        wanted = decimal(sum(goals, Fraction(0)) if measure.adds_up else goals[0])
        reached = self.result.whole.total.measured(measure) or Decimal(0)
        number = self.question.number
        words = {
            "reached": wording.quantity(reached, number, measure, brief=True),
            "wanted": wording.quantity(wanted.quantize(Decimal(1)) if measure is Measure.COUNT else wanted, number, measure, brief=True),
        }
        told = gettext("%(reached)s of %(wanted)s") % words
        part = share(reached, wanted) or Decimal(0)
        rate = gettext("%(number)s %(every)s") % {
            "number": wording.quantity(goal.number, number, measure, brief=True),
            "every": gettext(EVERY[goal.every]),
        }
        return Progress(formats.percent(part), min(100, int(part * 100)), told, rate)

    def words(self) -> charts.Words:
        definition, catalog = self.definition, self.question.catalog
        return charts.Words(
            value=wording.measure(definition, catalog),
            bucket=gettext(buckets.LABELS[definition.grouping]).capitalize(),
            series=self.question.breakdown.label(wording.language()) if self.question.breakdown else "",
            share=gettext("Share"),
            change=pgettext("difference", "Change"),
            formula=gettext("Formula"),
            formula_text=wording.formula(definition, catalog),
        )

    def ticks(self) -> Iterable[charts.Tick]:
        """The year stands under each tick where there are several years, else under the first."""
        locale, row = str(formats.locale()), self.result.buckets
        several = bool(row) and row[0].first.year != row[-1].last.year
        for index, bucket in enumerate(row):
            short, year = buckets.axis_label(bucket, locale)
            lines = (short, year) if year and (several or index == 0) else (short,)
            yield charts.Tick(bucket.key, lines, self.bucket_name(index))

    def bucket_name(self, index: int) -> str:
        """The bucket's label, and its days where it is a week or cut short."""
        bucket, locale = self.result.buckets[index], str(formats.locale())
        if bucket.cut or bucket.unit == "week":
            return buckets.span(bucket.first, bucket.last, locale)
        return buckets.label(bucket, locale)

    def points(self) -> Iterable[charts.Point]:
        """Every number that has a mark: a bar of nothing has none."""
        measure = self.definition.measure
        whole = (self.charted.cumulated() if self.cumulative else self.charted).whole
        for series in self.drawn():
            for index, figures in enumerate(series.cells):
                if self.labels and not self.cumulative and not figures.count:
                    continue
                value = figures.measured(measure)
                part = None if not measure.adds_up else share(value, whole.cells[index].measured(measure))
                earlier = series.cells[index - 1].measured(measure) if index else None
                href = self.href(self.charted, index=index, value=self.asked(series.value), cumulative=self.cumulative)
                yield charts.Point(self.result.buckets[index].key, key(series.value), value, part, Change(value, earlier).ratio, href)

    # Numbers and their records

    def asked(self, value: Value) -> Value | None:
        return value if self.labels else None

    def href(
        self, result: Result, *, index: int | None = None, value: Value | None = None, cumulative: bool = False, valued: bool = False
    ) -> str | None:
        question = self.question
        if question.report is None and self.definition.as_of:
            return None  # the contacts as they were are kept by a compile only
        if question.report is None:
            criteria = contacts.behind(question, result, index=index, value=value, cumulative=cumulative, valued=valued)
        else:
            days = question.period.first, question.period.last
            cell = cells.behind(result, index=index, value=value, cumulative=cumulative, valued=valued, days=days)
            criteria = all_of(cells.fact(question.report, cell))
        return address(question.catalog.plural, criteria)

    def shown(self, figures: Figures, measure: Measure, href: str | None) -> Shown:
        value = figures.measured(measure)
        return Shown(wording.quantity(value, self.question.number, measure), href if figures.count else None, value)

    def line(self, series: Series, *, total: bool = False) -> Line:
        """The whole period of one value, or of all."""
        value = None if total else series.value
        by_contact = self.href(self.result, value=value)
        by_number = self.href(self.result, value=value, valued=True) if self.question.number else None
        label = gettext("All contacts") if total else self.name(series)
        numbers = self.numbers(series.total, by_contact, by_number)
        part = share(series.total.count, self.result.whole.total.count)
        contacts_shown, summed, average, median = numbers
        charted = not total and not series.value.others and any(each.value == series.value for each in self.charted.series)
        return Line(
            key=key(series.value),
            label=label,
            color=self.color(series.value),
            contacts=contacts_shown,
            share=formats.percent(part),
            sum=summed,
            average=average,
            shift=self.shift(series),
            charted=charted,
            chosen=not total and key(series.value) in self.display.colors,
            median=median,
            keep=self.keep(contacts_shown.href, label),
        )

    def numbers(self, figures: Figures, by_contact: str | None, by_number: str | None) -> Numbers:
        """Contacts, sum, average and median, as far as they are asked for."""
        contacts_shown = self.shown(figures, Measure.COUNT, by_contact)
        if self.question.number is None:
            return contacts_shown, None, None, None
        target = by_number if figures.valued else None
        summed, average, median = (self.shown(figures, each, target) for each in (Measure.SUM, Measure.AVERAGE, Measure.MEDIAN))
        return contacts_shown, summed, average, median if self.definition.tells_median else None

    def keep(self, href: str | None, label: str) -> str | None:
        """Where these contacts are put into a static list, with a name for it."""
        if href is None:
            return None
        criteria = href.partition("?")[2]
        name = {"how": "new", "name": f"{self.title} · {label}"[:MOST_NAME]}
        return f"{reverse('lists:bulk', args=[self.question.catalog.plural])}?all=yes&{criteria}&{urlencode(name)}"

    def bucket_lines(self) -> Iterable[Line]:
        result = self.charted.cumulated() if self.cumulative else self.charted
        cumulative = self.cumulative
        for index, figures in enumerate(result.whole.cells):
            by_contact = self.href(result, index=index, cumulative=cumulative)
            by_number = self.href(result, index=index, cumulative=cumulative, valued=True) if self.question.number else None
            numbers = self.numbers(figures, by_contact, by_number)
            part = formats.percent(share(figures.count, self.result.whole.total.count))
            cells = tuple(self.cell(result, series, index) for series in result.series)
            bucket = self.result.buckets[index]
            label = buckets.label(bucket, str(formats.locale()))
            hint = self.bucket_name(index)
            yield Line(
                key=bucket.key,
                label=label,
                color="",
                contacts=numbers[0],
                share=part,
                sum=numbers[1],
                average=numbers[2],
                shift=None,
                cells=cells,
                hint=hint if hint != label else "",
                median=None if cumulative else numbers[3],
                keep=self.keep(numbers[0].href, hint),
            )

    def cell(self, result: Result, series: Series, index: int) -> Shown:
        measure, figures = self.definition.measure, series.cells[index]
        valued = measure is not Measure.COUNT
        href = self.href(result, index=index, value=series.value, cumulative=self.cumulative, valued=valued) if figures.count else None
        return self.shown(figures, measure, href)

    # The period before

    def shift(self, series: Series, measure: Measure = Measure.COUNT) -> Shift | None:
        if not self.result.compared:
            return None
        change = Change(series.total.measured(measure), series.before.measured(measure))
        return shifted(change)

    def cards(self) -> Iterable[Card]:
        measures = told(self.definition)
        return (self.card(measure, self.against) for measure in measures)

    def card(self, measure: Measure, note: str) -> Card:
        whole, catalog = self.result.whole, self.question.catalog
        return Card(
            label=wording.measure(self.definition, catalog, measure),
            value=wording.quantity(whole.total.measured(measure), self.question.number, measure, brief=True),
            url=self.href(self.result, valued=measure is not Measure.COUNT) if whole.total.count else None,
            formula=wording.formula(self.definition, catalog, measure),
            shift=self.shift(whole, measure),
            note=note,
        )


def told(definition: Definition) -> tuple[Measure, ...]:
    """The figures that a report tells of its contacts."""
    if not definition.number:
        return (Measure.COUNT,)
    return Measure.COUNT, Measure.SUM, Measure.AVERAGE, *((Measure.MEDIAN,) if definition.tells_median else ())


def shifted(change: Change) -> Shift:
    if change.ratio is None:
        return Shift(gettext("n/a"), "flat")
    direction = "up" if change.ratio > 0 else "down" if change.ratio < 0 else "flat"
    return Shift(formats.change(change.ratio), direction, change.ratio > 0 if change.ratio else None)


def key(value: Value) -> str:
    """A value's name inside the chart: never the same for two values, whatever their text."""
    return "+" if value.others else "" if value.text is None else f"={value.text}"
