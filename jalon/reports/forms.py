"""The builder's form. It only draws the options and hands them on as they were sent: the definition itself says what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from jalon.criteria.problems import Problem
from jalon.criteria.tree import Fact, all_of, to_json, to_text
from jalon.figures import buckets, periods
from jalon.figures.periods import Preset, Unit
from jalon.lists.actions import NAME_LENGTH
from jalon.lists.queries import KIND, ListView
from jalon.records.columns import Catalog, PropertySpec
from jalon.reports import wording
from jalon.reports.kinds.definition import DATES, MOST_TOP, STYLE_LABELS, TOP, Definition, written
from jalon.reports.population import Population, chosen, list_of
from jalon.warehouse.schema import Kind
from jalon.warehouse.words import N_
from jalon.web import formats

Choices = list[tuple[str, Any]]

GROUPS = (
    (gettext_lazy("Everything"), (Preset.ALL_TIME,)),
    (gettext_lazy("Up to today"), tuple(preset for preset in Preset if preset.startswith("this_") or preset is Preset.TODAY)),
    (gettext_lazy("Last days"), tuple(preset for preset in Preset if preset.endswith("_days"))),
    (
        gettext_lazy("Past periods"),
        (Preset.YESTERDAY, Preset.LAST_WEEK, Preset.LAST_MONTH, Preset.LAST_QUARTER, Preset.LAST_YEAR),
    ),
    (gettext_lazy("Two days of your choice"), (Preset.CUSTOM,)),
)


UNITS = (Unit.WEEK, Unit.MONTH, Unit.DAY, Unit.QUARTER, Unit.YEAR)  # week and month, which most reports are about, first
TOPS = (3, 5, TOP, 12, MOST_TOP)
POPULATIONS = {
    Population.ALL: gettext_lazy("All contacts"),
    Population.LIST: gettext_lazy("An existing list"),
    Population.NEW: gettext_lazy("A new list"),
    Population.FILTERS: gettext_lazy("Filters of this report only"),
}
MEASURES = {each: gettext_lazy(label) for each, label in wording.MEASURES.items()}


class ReportForm(forms.Form):
    population = forms.ChoiceField(label=gettext_lazy("Contacts to include"), widget=forms.RadioSelect(attrs={"class": "form-check-input"}))
    list = forms.ChoiceField(label=gettext_lazy("List"), required=False)
    list_name = forms.CharField(
        label=gettext_lazy("Name of the new list"),
        max_length=NAME_LENGTH,
        help_text=gettext_lazy("An active list: it follows its filters, and the report counts who is in it at each compile."),
    )
    date_property = forms.ChoiceField(
        label=gettext_lazy("Date property"),
        help_text=gettext_lazy("Contacts count on the day of this date; those without it are left out."),
    )
    period = forms.ChoiceField(label=gettext_lazy("Period"))
    first = forms.CharField(label=pgettext_lazy("date", "From"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.CharField(label=pgettext_lazy("date", "To"), widget=forms.DateInput(attrs={"type": "date"}))
    grouping = forms.ChoiceField(label=gettext_lazy("Group contacts by"))
    as_of = forms.CharField(
        label=gettext_lazy("As of a past date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("The report as it would have been at the end of that day, from the history of the properties."),
    )
    breakdown = forms.ChoiceField(
        label=gettext_lazy("Break down by"),
        required=False,
        help_text=gettext_lazy("One color and one row for each value of this property."),
    )
    top = forms.ChoiceField(
        label=gettext_lazy("Values with a color of their own"),
        required=False,
        help_text=gettext_lazy("The largest ones; all others are one color, “Other”. The table has them all."),
    )
    number = forms.ChoiceField(
        label=gettext_lazy("Number"),
        required=False,
        help_text=gettext_lazy("Its sum, and its average over the contacts that have a value."),
    )
    measure = forms.ChoiceField(label=gettext_lazy("The chart shows"), widget=forms.RadioSelect, required=False)
    median = forms.BooleanField(label=gettext_lazy("Tell the median too"), required=False)
    style = forms.ChoiceField(label=gettext_lazy("Chart"), widget=forms.RadioSelect, required=False)

    def __init__(self, data: Any, catalog: Catalog, lists: Sequence[ListView] = (), *, may_make_lists: bool = False) -> None:
        super().__init__(initial={**{name: data.get(name, "") for name in data}, "population": _population(data)}, auto_id="report_%s")
        offered = [each for each in POPULATIONS if may_make_lists or each is not Population.NEW]
        self.choose("population", [(each.value, POPULATIONS[each]) for each in offered])
        self.choose("list", [("", gettext("Choose a list…")), *((str(each.id), each.name) for each in lists)])
        self.choose("top", [(str(each), formats.number(each)) for each in sorted({*TOPS, _top(data)})])
        self.choose("date_property", _grouped(catalog, lambda spec: spec.kind in DATES, data.get("date_property", "")))
        self.choose(
            "period", [(str(title), [(each.value, capfirst(gettext(periods.LABELS[each]))) for each in some]) for title, some in GROUPS]
        )
        self.choose("grouping", [(unit.value, capfirst(gettext(buckets.LABELS[unit]))) for unit in UNITS])
        self.choose("breakdown", [("", gettext("No breakdown")), *_grouped(catalog, lambda spec: True, data.get("breakdown", ""))])
        self.choose(
            "number", [("", gettext("No number")), *_grouped(catalog, lambda spec: spec.kind is Kind.NUMBER, data.get("number", ""))]
        )
        self.choose("measure", [(measure.value, label) for measure, label in MEASURES.items()])
        self.choose("style", [(style.value, gettext(label)) for style, label in STYLE_LABELS.items()])

    def choose(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def _top(data: Mapping[str, Any]) -> int:
    """One that a file or the command line has chosen is offered too: a select without it would silently choose another."""
    text = str(data.get("top", ""))
    return int(text) if text.isdecimal() and 1 <= int(text) <= MOST_TOP else TOP


def _grouped(catalog: Catalog, wanted: Callable[[PropertySpec], bool], chosen: str) -> Choices:
    """Properties by group and label, as a select shows them: those that are not hidden, and the one that is chosen already."""
    language = wording.language()
    groups: dict[str, Choices] = {}
    for spec in catalog.properties.values():
        if wanted(spec) and (not spec.hidden or spec.name == chosen):
            groups.setdefault(spec.group, []).append((spec.name, spec.label(language)))
    return [(group, sorted(choices, key=lambda choice: choice[1].casefold())) for group, choices in groups.items()]


def _population(data: Mapping[str, Any]) -> str:
    """What was chosen; an address from before somebody chose has filters or none."""
    return data.get("population") or (Population.FILTERS if data.get("criteria") else Population.ALL).value


def initial(definition: Definition) -> dict[str, Any]:
    """The fields of a definition."""
    raw = written(definition)
    period = raw["period"]
    days = period if isinstance(period, dict) else {}
    return {
        **{name: raw[name] for name in ("date_property", "grouping", "breakdown", "number", "measure", "style")},
        "population": chosen(definition.criteria).value,
        "list": str(list_of(definition.criteria) or ""),
        "criteria": "" if list_of(definition.criteria) else to_text(definition.criteria),
        "top": str(definition.top),
        "median": definition.median,
        "period": Preset.CUSTOM.value if days else period,
        "as_of": raw.get("as_of", ""),
        "first": days.get("first") or "",
        "last": days.get("last") or "",
    }


def raw(sent: QueryDict) -> dict[str, Any]:
    """What was sent, in the words of a definition."""
    options: dict[str, Any] = {name: sent.get(name, "") for name in _names()}
    custom = {"first": sent.get("first", ""), "last": sent.get("last", "")}
    options["period"] = custom if sent.get("period") == Preset.CUSTOM else sent.get("period", "")
    options["criteria"] = _criteria(sent)
    return options if options["number"] else {**options, "measure": "", "median": ""}


def _criteria(sent: QueryDict) -> Any:
    """The population as a definition keeps it. A new list is made when the report is saved; until then its filters stand for it."""
    match _population(sent):
        case Population.ALL:
            return None
        case Population.LIST:
            return to_json(all_of(Fact(KIND, "in", (str(sent["list"]),)))) if sent.get("list") else None
        case _:
            return _json(sent.get("criteria", ""))


def missing(sent: QueryDict) -> tuple[Problem, ...]:
    """What was not filled in, which a definition cannot tell."""
    unnamed = _population(sent) == Population.LIST and not sent.get("list")
    return (Problem(N_("Choose the list whose contacts the report counts.")),) if unnamed else ()


def new_list(sent: QueryDict) -> str | None:
    """The name typed for a list that is to be made, None where none is wanted."""
    return sent.get("list_name", "").strip() if _population(sent) == Population.NEW else None


def _names() -> Iterable[str]:
    return ("date_property", "grouping", "breakdown", "top", "number", "median", "measure", "style", "as_of")


def _json(text: str) -> Any:
    """Criteria as they travel in addresses; broken ones go on as text, for the definition to refuse."""
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text
