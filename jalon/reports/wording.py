"""How a report names things in the reader's language: its title, its values, its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency
from django.utils.translation import get_language, gettext, ngettext

from jalon.accounts.queries import account, users
from jalon.figures import buckets, periods
from jalon.figures.measures import Measure
from jalon.figures.periods import Choice, Period, Preset
from jalon.figures.results import NOT_SET, Value
from jalon.jobs.queries import JobView
from jalon.records.columns import Catalog, PropertySpec
from jalon.reports.kinds import every, lifecycle
from jalon.reports.kinds.definition import Definition, DefinitionError
from jalon.warehouse.schema import Kind
from jalon.warehouse.words import N_
from jalon.web import formats

MEASURES = {Measure.COUNT: N_("Contacts"), Measure.SUM: N_("Sum"), Measure.AVERAGE: N_("Average"), Measure.MEDIAN: N_("Median")}
LARGE = 10_000  # amounts from here on are read without their cents


def language() -> str:
    return get_language() or "en"


def title(definition: every.Definition, catalog: Catalog) -> str:
    """The title that follows the options (spec 3.2)."""
    return _lifecycle_title(definition, catalog) if isinstance(definition, lifecycle.Definition) else _contacts_title(definition, catalog)


def _lifecycle_title(definition: lifecycle.Definition, catalog: Catalog) -> str:
    text = gettext("Lifecycle, %(period)s") % {"period": period(definition.period)}
    return text + gettext(" by %(breakdown)s") % {"breakdown": _label(catalog, definition.breakdown)} if definition.breakdown else text


def _contacts_title(definition: Definition, catalog: Catalog) -> str:
    label = {name: _label(catalog, name) for name in (definition.date_property, definition.breakdown, definition.number) if name}
    text = gettext("Contacts by %(date)s, %(period)s") % {"date": label[definition.date_property], "period": period(definition.period)}
    if definition.breakdown:
        text += gettext(" by %(breakdown)s") % {"breakdown": label[definition.breakdown]}
    if definition.number:
        told = {Measure.AVERAGE: gettext(" average of %(number)s"), Measure.MEDIAN: gettext(" median of %(number)s")}
        text += told.get(definition.measure, gettext(" sum of %(number)s")) % {"number": label[definition.number]}
    if definition.as_of:
        text += gettext(", as of %(day)s") % {"day": formats.day(definition.as_of)}
    return text


def _label(catalog: Catalog, name: str) -> str:
    spec = catalog.properties.get(name)
    return spec.label(language()) if spec else name


def period(choice: Choice) -> str:
    """The preset's name, or the two days of a custom period."""
    if choice.preset is Preset.CUSTOM:
        return days(Period(choice.first, choice.last))
    return gettext(periods.LABELS[choice.preset])


def days(period: Period) -> str:
    """The days themselves: "1 – 31 Mar 2026"."""
    if period.first is None or period.last is None:
        return gettext(periods.LABELS[Preset.ALL_TIME])
    return buckets.span(period.first, period.last, str(formats.locale()))


STEPS = (
    N_("Waiting for the latest changes of the contacts…"),
    N_("Counting the contacts…"),
    N_("Keeping what was found…"),
)


def step(job: JobView | None) -> str:
    """What the compile does at this moment, in words."""
    if job is None or job.started_at is None:
        return gettext("Waiting for its turn…")
    return gettext(STEPS[min(job.done, len(STEPS) - 1)])


def problems(error: DefinitionError) -> list[str]:
    """What is wrong with a definition, in sentences."""
    return list(dict.fromkeys(problem.sentence(gettext, language()) for problem in error.problems))


def measure(definition: Definition, catalog: Catalog, chosen: Measure | None = None) -> str:
    """What the chart's axis counts: "Contacts", "Sum of Revenue"."""
    chosen = chosen or definition.measure
    if chosen is Measure.COUNT:
        return catalog.plural_label(language())
    text = {
        Measure.SUM: gettext("Sum of %(number)s"),
        Measure.AVERAGE: gettext("Average of %(number)s"),
        Measure.MEDIAN: gettext("Median of %(number)s"),
    }
    return text[chosen] % {"number": _label(catalog, definition.number)}


def formula(definition: Definition, catalog: Catalog, chosen: Measure | None = None) -> str:
    """How the number is made, in words."""
    chosen = chosen or definition.measure
    words = {
        Measure.COUNT: gettext("number of contacts whose “%(date)s” is on these days"),
        Measure.SUM: gettext("“%(number)s” of these contacts added up; a blank adds nothing"),
        Measure.AVERAGE: gettext("sum of “%(number)s” ÷ number of contacts that have a value"),
        Measure.MEDIAN: gettext("the “%(number)s” in the middle: half of the contacts that have a value have less, half have more"),
    }[chosen]
    return words % {"date": _label(catalog, definition.date_property), "number": _label(catalog, definition.number)}


def quantity(value: Decimal | int | None, spec: PropertySpec | None, measure: Measure, *, brief: bool = False) -> str:
    """A count, or a sum or average of the number `spec`, by its display hint; `brief` leaves out the cents of large amounts."""
    if spec is None or measure is Measure.COUNT:
        return formats.number(value)
    if spec.hint == "currency":
        large = brief and value is not None and Decimal(value).copy_abs() >= LARGE
        return _amount(value) if large and value is not None else formats.money(value, account().currency)
    if spec.hint in ("percentage", "probability"):
        return formats.percent(value)
    if spec.hint == "duration":
        return formats.DASH if value is None else formats.duration(int(value))
    return formats.number(_rounded(value))


def _amount(value: Decimal | int) -> str:
    """A large amount without its cents."""
    pattern = formats.locale().currency_formats["standard"].pattern.replace("0.00", "0")
    return str(format_currency(value, account().currency, format=pattern, locale=formats.locale(), currency_digits=False))


def _rounded(value: Decimal | int | None) -> Decimal | None:
    return None if value is None else Decimal(value).quantize(Decimal("0.01")).normalize()


@dataclass(slots=True)
class Labels:
    """Names the values of one property; people are read once, when the first of them is named."""

    spec: PropertySpec
    people: Mapping[str, str] = field(default_factory=dict)

    def of(self, value: Value) -> str:
        if value.others:
            told = ngettext("Other (%(number)s value)", "Other (%(number)s values)", value.others)
            return told % {"number": formats.number(value.others)}
        if value == NOT_SET or value.text is None:
            return gettext("Property not set")
        return self.named(value.text)

    def named(self, text: str) -> str:
        kind = self.spec.kind
        if kind in (Kind.ENUMERATION, Kind.MULTI):
            option = self.spec.option(text)
            return option.label(language()) if option else text
        if kind is Kind.BOOL:
            return gettext("Yes") if text == "true" else gettext("No")
        if kind is Kind.USER:
            return self.everybody().get(text, text)
        if kind in (Kind.DATE, Kind.DATETIME):
            return formats.day(date.fromisoformat(text))
        return quantity(Decimal(text), self.spec, Measure.SUM) if kind is Kind.NUMBER else text

    def everybody(self) -> Mapping[str, str]:
        """The names of all users by their id, former ones too."""
        self.people = self.people or {str(user.id): user.name or user.email for user in users()}
        return self.people


def number_locale() -> dict[str, Any]:
    """How d3 writes numbers for this reader."""
    locale = formats.locale()
    symbols = locale.number_symbols["latn"]
    pattern = locale.currency_formats["standard"].pattern.split(";")[0]
    currency = formats.money(0, account().currency)
    sign = "".join(
        letter for letter in currency if not letter.isdigit() and letter not in f"{symbols['decimal']}{symbols['group']}"
    ).strip()
    before = pattern.startswith("¤")
    return {
        "decimal": symbols["decimal"],
        "thousands": symbols["group"],
        "grouping": [3],
        "currency": [sign, ""] if before else ["", f"\N{NO-BREAK SPACE}{sign}"],
        "percent": locale.percent_formats[None].pattern.replace("#,##0", ""),
    }


def d3_format(spec: PropertySpec | None, measure: Measure) -> str:
    """The d3 format of the chart's numbers."""
    if spec is None or measure is Measure.COUNT:
        return ",.0f"
    if spec.hint == "currency":
        return "$,.0f" if measure is Measure.SUM else "$,.2f"
    return ".1%" if spec.hint in ("percentage", "probability") else ",.2~f"
