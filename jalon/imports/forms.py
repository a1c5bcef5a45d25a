"""The forms of an import: the file, then what becomes of its columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import get_language, gettext, gettext_lazy

from jalon.accounts.access import Access, Scope
from jalon.imports import past, queries
from jalon.imports.actions import Settings
from jalon.imports.dates import EXAMPLES, Order
from jalon.imports.mapping import RECORD_ID
from jalon.imports.plan import BOTH, CREATE, MATCH_ID, UPDATE
from jalon.imports.queries import ImportView
from jalon.records import queries as records
from jalon.records.columns import Catalog

ENCODINGS = ("utf-8", "cp1252", "utf-16", "mac-roman")
DELIMITERS = (
    (",", gettext_lazy("Comma")),
    (";", gettext_lazy("Semicolon")),
    ("\t", gettext_lazy("Tabulator")),
    ("|", gettext_lazy("Vertical bar")),
)
PAST, PRESENT = "past", "present"


class UploadForm(forms.Form):
    """The file and what its rows are."""

    object_type = forms.ChoiceField(label=gettext_lazy("The rows are"))
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy("A heading row, then a row for each record. Any size, any encoding, any delimiter."),
    )
    content = forms.ChoiceField(
        label=gettext_lazy("The file holds"),
        choices=(
            (PRESENT, gettext_lazy("Records as they are now: a column for each property")),
            (PAST, gettext_lazy("Past values: record, property, value, instant and source in each row")),
        ),
        widget=forms.RadioSelect,
        initial=PRESENT,
    )
    encoding = forms.ChoiceField(label=gettext_lazy("Encoding"), required=False)
    delimiter = forms.ChoiceField(label=gettext_lazy("Delimiter"), required=False)

    def __init__(self, access: Access, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        offered = [catalog for catalog in records.catalogs().values() if access.scope(catalog.object_type, "edit") is not Scope.NONE]
        _choose(self, "object_type", [(catalog.object_type, catalog.plural_label(language)) for catalog in offered])
        _choose(self, "encoding", [("", gettext("Find out")), *((name, name) for name in ENCODINGS)])
        _choose(self, "delimiter", [("", gettext("Find out")), *DELIMITERS])
        self.fields["file"].widget.attrs["accept"] = ".csv,.txt,.tsv,text/csv,text/plain"


class MappingForm(forms.Form):
    """What becomes of each column, how records are found, how dates and numbers are written."""

    match = forms.ChoiceField(
        label=gettext_lazy("Find records by"), help_text=gettext_lazy("A row whose record is found updates it. The others create one.")
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("Rows may"),
        choices=(
            (BOTH, gettext_lazy("Create and update records")),
            (CREATE, gettext_lazy("Only create records")),
            (UPDATE, gettext_lazy("Only update records")),
        ),
    )
    order = forms.ChoiceField(label=gettext_lazy("Date format"))
    zone = forms.CharField(label=gettext_lazy("Time zone of the times"), help_text=gettext_lazy("For times that do not name one."))
    decimal = forms.ChoiceField(
        label=gettext_lazy("Decimal mark"), choices=((",", gettext_lazy("Comma: 1 234,5")), (".", gettext_lazy("Point: 1,234.5")))
    )
    clear_blanks = forms.BooleanField(label=gettext_lazy("Empty cells erase the value that is there"), required=False)

    def __init__(self, found: ImportView, data: Any = None) -> None:
        initial = {name: getattr(found, name) for name in ("match", "mode", "order", "zone", "decimal", "clear_blanks")}
        super().__init__(data, initial=initial)
        self.found, catalog = found, records.catalog(found.object_type)
        language = get_language() or "en"
        _choose(self, "order", [(order.value, f"{gettext(order.label)} ({EXAMPLES[order]})") for order in Order])
        keys = [(spec.name, spec.label(language)) for spec in queries.match_keys(catalog)]
        _choose(self, "match", [*keys, (MATCH_ID, gettext("Record id"))])
        self.fields["zone"].widget.attrs["list"] = "zones"
        choices = _roles() if found.is_history else _properties(catalog, found.object_type, language)
        for index, heading in enumerate(found.shape.headings):
            field = forms.ChoiceField(label=heading, choices=choices, required=False, initial=found.mapping.get(heading, ""))
            self.fields[f"column-{index}"] = field
        if found.is_history:
            for name in ("mode", "clear_blanks"):
                del self.fields[name]

    def settings(self) -> Settings:
        """What was chosen; whether it fits together is the verb's to say."""
        chosen = self.cleaned_data
        mapping = {heading: chosen[f"column-{index}"] for index, heading in enumerate(self.found.shape.headings)}
        given = {name: chosen[name] for name in ("match", "order", "zone", "decimal")}
        return Settings(mapping, mode=chosen.get("mode", BOTH), clear_blanks=chosen.get("clear_blanks", False), **given)

    def columns(self, samples: list[tuple[str, ...]]) -> list[Mapping[str, Any]]:
        """Each column of the file with its field and what its first cells hold."""
        look = {"class": "form-select"}
        bound = [self[f"column-{index}"] for index in range(len(self.found.shape.headings))]
        return [
            {"field": one, "samples": samples[index], "control": one.as_widget(attrs={**look, "aria-labelledby": f"heading-{index}"})}
            for index, one in enumerate(bound)
        ]


def zones() -> list[str]:
    """The names of the time zones, for the field to offer."""
    return sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/")))


def _choose(form: forms.Form, name: str, choices: list[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def _roles() -> list[tuple[str, str]]:
    return [("", gettext("Leave this column out")), *((role.value, gettext(past.LABELS[role])) for role in past.Role)]


def _properties(catalog: Catalog, object_type: str, language: str) -> list[Any]:
    """The properties by group; the record id stands alone at the top."""
    offered = {spec.name: spec for spec in queries.mappable(catalog)}
    offered.pop(RECORD_ID, None)
    groups = [
        (group.label(language), [(spec.name, spec.label(language)) for spec in group.properties if spec.name in offered])
        for group in records.groups(object_type)
    ]
    return [("", gettext("Leave this column out")), (RECORD_ID, gettext("Record id")), *((label, own) for label, own in groups if own)]
