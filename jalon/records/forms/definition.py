"""The definition of a property as a person fills it in: one choice of kind, labels in both languages, options in their order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from jalon.records.calculated.parse import LONGEST
from jalon.records.columns import FieldType, Option, PropertySpec, Type
from jalon.records.definitions.names import MOST_NAME, internal_name

KINDS: Final = {
    "text": (Type.STRING, FieldType.TEXT, _("Single-line text")),
    "textarea": (Type.STRING, FieldType.TEXTAREA, _("Multi-line text")),
    "phone": (Type.STRING, FieldType.PHONE, _("Phone number")),
    "number": (Type.NUMBER, FieldType.NUMBER, _("Number")),
    "bool": (Type.BOOL, FieldType.BOOL, _("Yes or no")),
    "select": (Type.ENUMERATION, FieldType.SELECT, _("One option, from a list")),
    "radio": (Type.ENUMERATION, FieldType.RADIO, _("One option, from buttons")),
    "checkbox": (Type.ENUMERATION, FieldType.CHECKBOX, _("Several options")),
    "date": (Type.DATE, FieldType.DATE, _("Date")),
    "datetime": (Type.DATETIME, FieldType.DATE, _("Date and time")),
    "user": (Type.USER, FieldType.SELECT, _("User")),
    "calculated": (Type.STRING, FieldType.CALCULATION, _("Calculated")),  # its type follows from its formula
}
NUMBER_HINTS: Final = (
    ("", _("Plain number")),
    ("unformatted", _("Number without separators")),
    ("currency", _("Amount in the account's currency")),
    ("record_currency", _("Amount in the currency of the record")),
    ("percentage", _("Percentage")),
    ("probability", _("Probability")),
    ("duration", _("Duration")),
)
TEXT_HINTS: Final = (
    ("", _("Any text")),
    ("email", _("E-mail address")),
    ("domain", _("Web address")),
    ("ip", _("Network address")),
    ("address", _("Postal address")),
    ("postal_code", _("Postal code")),
)
DATE_HINTS: Final = (
    ("", _("Date")),
    ("absolute_with_relative", _("Date, and how far from now")),
    ("time_since", _("Time since")),
    ("time_until", _("Time until")),
)
HINTS: Final = {
    "number": NUMBER_HINTS,
    "text": TEXT_HINTS,
    "date": DATE_HINTS,
    "datetime": DATE_HINTS,
    "calculated": (*NUMBER_HINTS, *DATE_HINTS[1:]),
}
OF_TYPE: Final = {Type.NUMBER: NUMBER_HINTS, Type.DATE: DATE_HINTS, Type.DATETIME: DATE_HINTS}


def kind_of(spec: PropertySpec) -> str:
    """The choice of the form that a property came from."""
    if spec.is_calculated:
        return "calculated"
    exact = [key for key, (type, field_type, _label) in KINDS.items() if (type, field_type) == (spec.type, spec.field_type)]
    return exact[0] if exact else next((key for key, (type, *_rest) in KINDS.items() if type is spec.type), "text")


class DefinitionForm(forms.Form):
    """A property to be created, or what may change of one that exists."""

    label_en = forms.CharField(label=_("Label in English"), max_length=250, required=False)
    label_fr = forms.CharField(label=_("Label in French"), max_length=250, required=False)
    kind = forms.ChoiceField(label=_("Type"), choices=[(key, label) for key, (_type, _field, label) in KINDS.items()])
    hint = forms.ChoiceField(label=_("Shown as"), required=False)
    group = forms.ChoiceField(label=_("Group"))
    formula = forms.CharField(
        label=_("Formula"),
        error_messages={"required": _("Write the formula that the values follow from.")},
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "off", "data-formula": ""}),
    )
    name = forms.CharField(
        label=_("Internal name"),
        max_length=MOST_NAME,
        required=False,
        help_text=_("The name that files and the API use. Left empty, it is made from the label. It can never change."),
    )
    description = forms.CharField(
        label=_("Help text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Shown under the property while somebody types."),
    )
    unique = forms.BooleanField(
        label=_("No two records may have the same value"),
        required=False,
        help_text=_("Records can then be matched by it when a file is imported. This can never change."),
    )
    hidden = forms.BooleanField(label=_("Hide it on record pages"), required=False)

    def __init__(self, *args: Any, groups: Sequence[tuple[str, str]], existing: PropertySpec | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.existing = existing
        choices("group", self, groups)
        choices("hint", self, every_hint())
        if existing:
            for name in ("name", "kind", "unique", *(() if existing.is_calculated else ("formula",))):
                del self.fields[name]
        else:
            del self.fields["hidden"]
            self.fields["formula"].required = self.data.get("kind", "calculated") == "calculated"

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        if not (data.get("label_en") or data.get("label_fr")):
            self.add_error("label_en", _("Give the property a label in at least one language."))
        return data

    def spec(self, options: Sequence[Option]) -> PropertySpec:
        """The definition that was filled in."""
        data = self.cleaned_data
        type, field_type, _label = KINDS[data["kind"]]
        label = data["label_en"] or data["label_fr"]
        return PropertySpec(
            name=data["name"].strip() or internal_name(label),
            type=type,
            field_type=field_type,
            label_en=data["label_en"] or label,
            label_fr=data["label_fr"] or label,
            group=data["group"],
            description=data["description"],
            options=tuple(options) if type is Type.ENUMERATION else (),
            hint=hint_for(data["kind"], data["hint"]),
            unique=data["unique"],
            formula=data["formula"].strip() if data["kind"] == "calculated" else "",
            order=1000,
        )

    def changes(self, options: Sequence[Option]) -> dict[str, Any]:
        """What differs from the property as it stands."""
        assert self.existing is not None
        data = self.cleaned_data
        label = data["label_en"] or data["label_fr"]
        wanted = {
            "label_en": data["label_en"] or label,
            "label_fr": data["label_fr"] or label,
            "description": data["description"],
            "group": data["group"],
            "hint": hint_for(kind_of(self.existing), data["hint"]) or _other_hint(self.existing),
            "hidden": data["hidden"],
        }
        if self.existing.is_calculated:
            wanted["formula"] = data["formula"].strip()
        elif self.existing.type is Type.ENUMERATION:
            wanted["options"] = tuple(options)
        return {name: value for name, value in wanted.items() if value != getattr(self.existing, name)}


def choices(name: str, form: forms.Form, pairs: Iterable[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(pairs)


def every_hint() -> list[tuple[str, Any]]:
    """The hints of all kinds; the page shows those of the chosen kind."""
    return [("", _("As it is")), *NUMBER_HINTS[1:], *TEXT_HINTS[1:], *DATE_HINTS[1:]]


def hints_of(existing: PropertySpec | None) -> dict[str, tuple[str, ...]]:
    """The hints that the page offers for each kind; those of a calculated property follow from its type."""
    offered = {kind: tuple(hint for hint, _label in pairs if hint) for kind, pairs in HINTS.items()}
    if existing and existing.is_calculated:
        offered["calculated"] = tuple(hint for hint, _label in OF_TYPE.get(existing.type, ()) if hint)
    return offered


def hint_for(kind: str, hint: str) -> str:
    """The hint, where the kind has it; a phone number and a long text say so themselves."""
    usual = {"phone": "phone", "textarea": "multi_line"}.get(kind, "")
    return hint if hint in dict(HINTS.get(kind, ())) and hint else usual


def _other_hint(spec: PropertySpec) -> str:
    """A hint that the form does not offer, such as that of a system property, stays."""
    offered = {hint for pairs in HINTS.values() for hint, _label in pairs}
    return spec.hint if spec.hint not in offered else ""


def initial(spec: PropertySpec) -> dict[str, Any]:
    """The form's content for a property that exists."""
    names = ("label_en", "label_fr", "hint", "group", "description", "hidden", "formula")
    return {name: getattr(spec, name) for name in names}


def options(posted: QueryDict, existing: Sequence[Option] = ()) -> list[Option]:
    """The rows of the options editor in their order. An empty row is no option; a new one gets its value from its label."""
    kept = {option.value: option for option in existing}
    columns = [posted.getlist(f"option-{part}") for part in ("value", "en", "fr")]
    hidden = set(posted.getlist("option-hidden"))
    found: list[Option] = []
    for value, english, french in zip(*columns, strict=False):
        label = english.strip() or french.strip()
        if not label and not value:
            continue
        name = value or _free(internal_name(label), {option.value for option in found} | set(kept))
        description = kept[name].description if name in kept else ""
        found.append(
            Option(name, english.strip() or label or name, french.strip() or label or name, description, len(found), name in hidden)
        )
    return found


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number behind it if it is taken."""
    wanted, number = name or "option", 1
    while wanted in taken:
        number += 1
        wanted = f"{name or 'option'}_{number}"
    return wanted
