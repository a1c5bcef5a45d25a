"""The builder's form. It only draws the options and hands them on as they were sent: the definition itself says what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from jalon.figures import buckets, measures, periods
from jalon.figures.periods import Preset
from jalon.records.columns import Catalog, PropertySpec
from jalon.reports import wording
from jalon.reports.kinds.definition import DATES, STYLE_LABELS, Definition, written
from jalon.warehouse.schema import Kind

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


class ReportForm(forms.Form):
    date_property = forms.ChoiceField(
        label=gettext_lazy("Date property"),
        help_text=gettext_lazy("Contacts count on the day of this date. Contacts without it are left out."),
    )
    period = forms.ChoiceField(label=gettext_lazy("Period"))
    first = forms.CharField(label=pgettext_lazy("date", "From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.CharField(label=pgettext_lazy("date", "To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
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
    number = forms.ChoiceField(
        label=gettext_lazy("Number"),
        required=False,
        help_text=gettext_lazy("Its sum, and its average over the contacts that have a value."),
    )
    measure = forms.ChoiceField(label=gettext_lazy("The chart shows"), widget=forms.RadioSelect, required=False)
    style = forms.ChoiceField(label=gettext_lazy("Chart"), widget=forms.RadioSelect, required=False)

    def __init__(self, data: Any, catalog: Catalog) -> None:
        super().__init__(initial=data, auto_id="report_%s")
        self.choose("date_property", _grouped(catalog, lambda spec: spec.kind in DATES))
        self.choose(
            "period", [(str(title), [(each.value, capfirst(gettext(periods.LABELS[each]))) for each in some]) for title, some in GROUPS]
        )
        self.choose("grouping", [(unit.value, capfirst(gettext(label))) for unit, label in buckets.LABELS.items()])
        self.choose("breakdown", [("", gettext("No breakdown")), *_grouped(catalog, lambda spec: True)])
        self.choose("number", [("", gettext("No number")), *_grouped(catalog, lambda spec: spec.kind is Kind.NUMBER)])
        self.choose("measure", [(measure.value, capfirst(gettext(label))) for measure, label in measures.LABELS.items()])
        self.choose("style", [(style.value, gettext(label)) for style, label in STYLE_LABELS.items()])

    def choose(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def _grouped(catalog: Catalog, wanted: Callable[[PropertySpec], bool]) -> Choices:
    """Properties by group and label, as a select shows them."""
    language = wording.language()
    groups: dict[str, Choices] = {}
    for spec in catalog.properties.values():
        if wanted(spec) and not spec.hidden:
            groups.setdefault(spec.group, []).append((spec.name, spec.label(language)))
    return [(group, sorted(choices, key=lambda choice: choice[1].casefold())) for group, choices in groups.items()]


def initial(definition: Definition) -> dict[str, str]:
    """The fields of a definition."""
    raw = written(definition)
    period = raw["period"]
    days = period if isinstance(period, dict) else {}
    return {
        **{name: raw[name] for name in ("date_property", "grouping", "breakdown", "number", "measure", "style")},
        "criteria": json.dumps(raw["criteria"], ensure_ascii=False, separators=(",", ":")) if definition.criteria.groups else "",
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
    options["criteria"] = _json(sent.get("criteria", ""))
    return options if options["number"] else {**options, "measure": ""}


def _names() -> Iterable[str]:
    return ("date_property", "grouping", "breakdown", "number", "measure", "style", "as_of")


def _json(text: str) -> Any:
    """Criteria as they travel in addresses; broken ones go on as text, for the definition to refuse."""
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text
