"""Objects and associations as a person defines them in the settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jalon.records.columns import FieldType, PropertySpec, Type
from jalon.records.definitions import files
from jalon.records.definitions.files import GroupDefinition, ObjectTypeDefinition
from jalon.records.definitions.names import internal_name
from jalon.records.forms.definition import KINDS, choices
from jalon.records.object_types.actions import LinkTypeDefinition
from jalon.records.object_types.queries import LinkTypeLine, ObjectLine

MOST_NAME: Final = 60
ICONS: Final = (
    *("cube", "building-store", "building-factory", "building-warehouse", "home", "map-pin", "truck", "car", "package", "shopping-bag"),
    *("device-laptop", "tool", "certificate", "file-text", "receipt", "credit-card", "calendar", "school", "users-group", "heart"),
    *("stethoscope", "plant", "paw", "ball-football", "music", "camera", "book", "star", "flag", "key"),
)
FIRST_KINDS: Final = tuple((key, label) for key, (_type, _field, label) in KINDS.items() if _type is not Type.ENUMERATION)


class LabelsForm(forms.Form):
    """What an object is called, and its drawing."""

    label_en = forms.CharField(label=_("One of them, in English"), max_length=100)
    label_fr = forms.CharField(label=_("One of them, in French"), max_length=100)
    plural_en = forms.CharField(label=_("Many of them, in English"), max_length=100)
    plural_fr = forms.CharField(label=_("Many of them, in French"), max_length=100)
    icon = forms.ChoiceField(label=_("Drawing"), choices=[(name, name) for name in ICONS], initial=ICONS[0])

    def __init__(self, *args: Any, present: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = (*([present] if present and present not in ICONS else []), *ICONS)
        choices("icon", self, [(name, name) for name in offered])


class ObjectForm(LabelsForm):
    """A new object: its labels, what names a record, its first properties, what it may be associated with."""

    name_en = forms.CharField(label=_("In English"), max_length=250, initial="Name")
    name_fr = forms.CharField(label=_("In French"), max_length=250, initial="Nom")
    associated = forms.MultipleChoiceField(label=_("May be associated with"), required=False, widget=forms.CheckboxSelectMultiple)
    name = forms.CharField(
        label=_("Internal name"),
        max_length=MOST_NAME,
        required=False,
        help_text=_("The name that files, addresses and the API use. Left empty, it is made from the label. It can never change."),
    )

    def __init__(self, *args: Any, objects: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices("associated", self, objects)

    def definition(self, properties: Sequence[PropertySpec]) -> ObjectTypeDefinition:
        """The object that was filled in, with what every object has."""
        data = self.cleaned_data
        name = data["name"].strip() or internal_name(data["label_en"])[:MOST_NAME]
        plural = internal_name(data["plural_en"])[:MOST_NAME] if data["plural_en"] else f"{name}s"
        titled = PropertySpec(f"{name}_name", Type.STRING, FieldType.TEXT, data["name_en"], data["name_fr"], name)
        own = {spec.name: spec for spec in (titled, *properties)}
        return ObjectTypeDefinition(
            name=name,
            plural=plural if plural != name else f"{plural}s",
            **{key: data[key].strip() for key in ("label_en", "label_fr", "plural_en", "plural_fr")},
            primary=[titled.name],
            first=[spec.name for spec in own.values() if spec is not titled][:6],
            icon=data["icon"],
            order=100,
            groups=(
                GroupDefinition(name, f"About: {data['label_en']}", f"À propos : {data['label_fr']}", 0),
                GroupDefinition("system", "Record", "Fiche", 1),
            ),
            properties=(*own.values(), *files.properties_of_every_object()),
        )


class ChangeForm(LabelsForm):
    """What may change of an object that exists."""

    primary = forms.MultipleChoiceField(label=_("What names a record"), required=False)
    first = forms.MultipleChoiceField(label=_("Shown first in tables and forms"), required=False)

    def __init__(self, *args: Any, properties: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices("primary", self, properties)
        choices("first", self, properties)

    @staticmethod
    def of(line: ObjectLine) -> dict[str, Any]:
        return {key: getattr(line, key) for key in ("label_en", "label_fr", "plural_en", "plural_fr", "icon", "primary", "first")}


def first_properties(posted: Any, group: str) -> list[PropertySpec]:
    """The rows of the properties editor in their order; a row without a label is none."""
    found: dict[str, PropertySpec] = {}
    rows = zip(posted.getlist("property-en"), posted.getlist("property-fr"), posted.getlist("property-kind"), strict=False)
    for place, (en, fr, kind) in enumerate(rows):
        label = en.strip() or fr.strip()
        if not label:
            continue
        type, field, _label = KINDS.get(kind, KINDS["text"])
        name = internal_name(label)
        found.setdefault(name, PropertySpec(name, type, field, en.strip() or label, fr.strip() or label, group, order=place + 1))
    return list(found.values())


class LinkTypeForm(forms.Form):
    """A type of association: its two readings and how many records each side may have."""

    from_type = forms.ChoiceField(label=pgettext_lazy("association", "From"))
    to_type = forms.ChoiceField(label=pgettext_lazy("association", "To"))
    label_en = forms.CharField(label=_("Label in English"), max_length=100, required=False)
    label_fr = forms.CharField(label=_("Label in French"), max_length=100, required=False)
    inverse_en = forms.CharField(label=_("Label in English"), max_length=100, required=False)
    inverse_fr = forms.CharField(label=_("Label in French"), max_length=100, required=False)
    limit_from = forms.IntegerField(label=_("At most"), required=False, min_value=1, max_value=10_000, help_text=_("Empty: any number."))
    limit_to = forms.IntegerField(label=_("At most"), required=False, min_value=1, max_value=10_000, help_text=_("Empty: any number."))

    def __init__(self, *args: Any, objects: Sequence[tuple[str, str]], existing: LinkTypeLine | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.existing = existing
        for name in ("from_type", "to_type"):
            if existing:
                del self.fields[name]
            else:
                choices(name, self, objects)

    def definition(self) -> LinkTypeDefinition:
        data: dict[str, Any] = dict(self.cleaned_data)
        if self.existing:
            data |= {"from_type": self.existing.from_type.object_type, "to_type": self.existing.to_type.object_type}
        said: dict[str, Any] = {key: value.strip() if isinstance(value, str) else value for key, value in data.items()}
        return LinkTypeDefinition(**said)

    @staticmethod
    def of(line: LinkTypeLine) -> dict[str, Any]:
        same = ("label_en", "label_fr", "inverse_en", "inverse_fr", "limit_from", "limit_to")
        return {key: getattr(line, key) for key in same}
