"""Definitions of object types as files: the system's own lie in `objects/`, and a custom object is one more of them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final

from jalon.records.columns import FieldType, Option, PropertySpec, Type

SYSTEM_OBJECTS: Final = ("contact", "company", "deal", "ticket", "feedback_submission")
ACTIVITIES: Final = ("note", "task", "call", "meeting")


@dataclass(frozen=True, slots=True)
class GroupDefinition:
    """Properties that are shown together."""

    name: str
    label_en: str
    label_fr: str
    order: int


@dataclass(frozen=True, slots=True)
class ObjectTypeDefinition:
    """An object type, whole: what define_object_type needs."""

    name: str
    plural: str
    label_en: str
    label_fr: str
    plural_en: str
    plural_fr: str
    primary: list[str]
    order: int
    groups: tuple[GroupDefinition, ...]
    properties: tuple[PropertySpec, ...]
    first: list[str] = field(default_factory=list)
    icon: str = "cube"
    is_system: bool = False
    is_activity: bool = False


def system_object_types(preset: str) -> Iterator[ObjectTypeDefinition]:
    """The object types that every deployment has; `preset` names the lifecycle stages of the contact (spec 12, row 21)."""
    for name in (*SYSTEM_OBJECTS, *ACTIVITIES):
        data = _file(f"{name}.toml")
        extra = stage_properties(preset) if name == "contact" else ()
        yield read_object_type(data, is_system=True, extra=extra)


def read_object_type(data: Mapping[str, Any], *, is_system: bool = False, extra: tuple[PropertySpec, ...] = ()) -> ObjectTypeDefinition:
    """An object type from the content of a definition file. Raises KeyError or ValueError where the file is not one."""
    labels = {key: data[key] for key in ("name", "plural", "label_en", "label_fr", "plural_en", "plural_fr", "primary")}
    groups = tuple(GroupDefinition(name, en, fr, order) for order, (name, (en, fr)) in enumerate(data["groups"].items()))
    specs = (*_specs(data["properties"]), *properties_of_every_object(), *extra)
    is_activity = data["name"] in ACTIVITIES
    return ObjectTypeDefinition(
        **labels,
        order=data.get("order", 100),
        groups=groups,
        properties=specs,
        first=list(data.get("first", ())),
        icon=data.get("icon", "cube"),
        is_system=is_system,
        is_activity=is_activity,
    )


def properties_of_every_object() -> tuple[PropertySpec, ...]:
    """What every object type has: its dates, number, owner and origin."""
    return _specs(_file("every.toml")["properties"])


def _specs(table: Mapping[str, Mapping[str, Any]]) -> tuple[PropertySpec, ...]:
    return tuple(_spec(name, order, entry) for order, (name, entry) in enumerate(table.items()))


def _spec(name: str, order: int, entry: Mapping[str, Any]) -> PropertySpec:
    type, formula = Type(entry.get("type", "string")), entry.get("formula", "")
    usual = FieldType.CALCULATION if formula else USUAL_FIELD[type]
    return PropertySpec(
        name=name,
        type=type,
        field_type=FieldType(entry["field"]) if "field" in entry else usual,
        label_en=entry["en"],
        label_fr=entry["fr"],
        group=entry["group"],
        description=entry.get("description", ""),
        options=tuple(Option(value, en, fr, order=place) for place, (value, en, fr) in enumerate(entry.get("options", ()))),
        hint=entry.get("hint", ""),
        unique=entry.get("unique", False),
        hidden=entry.get("hidden", False),
        read_only_value=entry.get("read_only", bool(formula)),
        order=order,
        formula=formula,
    )


STAGE_TIME: Final = r"^hs_(lifecyclestage_.+_date|v2_date_(entered|exited)_.+|v2_cumulative_time_in_.+)$"
USUAL_FIELD: Final = {
    Type.STRING: FieldType.TEXT,
    Type.NUMBER: FieldType.NUMBER,
    Type.BOOL: FieldType.BOOL,
    Type.ENUMERATION: FieldType.SELECT,
    Type.DATE: FieldType.DATE,
    Type.DATETIME: FieldType.DATE,
    Type.USER: FieldType.SELECT,
}


def stage_kinds(preset: str) -> dict[str, str]:
    """What each stage of a preset is: "won", "lost" or "outside"; those on the path before Won are not named."""
    told = _file("stages.toml")[preset]
    return {told["won"]: "won"} | {name: kind for kind in ("lost", "outside") for name in told.get(kind, ())}


def preset_stages(preset: str) -> tuple[Option, ...]:
    """The stages of a preset in their order."""
    return tuple(Option(value, en, fr, order=place) for place, (value, en, fr) in enumerate(_file("stages.toml")[preset]["stages"]))


def stage_properties(preset: str) -> tuple[PropertySpec, ...]:
    """`lifecyclestage` with the preset's stages, and the times that are kept of each stage (spec 12, row 23)."""
    stages = preset_stages(preset)
    stage = PropertySpec(
        "lifecyclestage", Type.ENUMERATION, FieldType.RADIO, "Lifecycle stage", "Étape du cycle de vie", "lifecycle", options=stages
    )
    return (stage, *(spec for place, option in enumerate(stages) for spec in stage_times(option, place)))


def stage_names(value: str) -> tuple[str, ...]:
    """The names of the properties that go with a stage."""
    return tuple(spec.name for spec in stage_times(Option(value, "", ""), 0))


def stage_times(stage: Option, place: int) -> Iterator[PropertySpec]:
    """First entry, latest entry, latest exit and the time of all ended stays of one stage, kept by Jalon and read-only."""
    dates = (
        (f"hs_lifecyclestage_{stage.value}_date", "Became a “{}” date", "Date de passage à « {} »"),
        (f"hs_v2_date_entered_{stage.value}", "Date entered “{}”", "Date d’entrée dans « {} »"),
        (f"hs_v2_date_exited_{stage.value}", "Date exited “{}”", "Date de sortie de « {} »"),
    )
    time = (f"hs_v2_cumulative_time_in_{stage.value}", "Cumulative time in “{}”", "Temps cumulé dans « {} »")
    for number, (name, en, fr) in enumerate((*dates, time)):
        is_date = (name, en, fr) in dates
        yield PropertySpec(
            name,
            Type.DATETIME if is_date else Type.NUMBER,
            FieldType.DATE if is_date else FieldType.NUMBER,
            en.format(stage.label_en),
            fr.format(stage.label_fr),
            "lifecycle",
            hint="" if is_date else "duration",
            read_only_value=True,
            order=500 + place * 4 + number,
        )


def system_associations() -> dict[str, dict[str, Any]]:
    """The association types that every deployment has, by name."""
    own = {name: dict(entry) for name, entry in _file("associations.toml").items()}
    return own | {name: entry for other in SYSTEM_OBJECTS for name, entry in activity_associations(other).items()}


def activity_associations(object_type: str) -> dict[str, dict[str, Any]]:
    """How notes, tasks, calls and meetings hang on records of a type."""
    return {f"{activity}_to_{object_type}": {"from": activity, "to": object_type} for activity in ACTIVITIES}


@cache
def _file(name: str) -> dict[str, Any]:
    return tomllib.loads((files("jalon.records") / "objects" / name).read_text(encoding="utf-8"))


def option_json(option: Option) -> dict[str, Any]:
    """An option as the property row stores it."""
    looks = {"color": option.color, "emoji": option.emoji, "state": option.state}
    return {
        "value": option.value,
        "en": option.label_en or option.label_fr or option.value,
        "fr": option.label_fr or option.label_en or option.value,
        "description": option.description,
        "order": option.order,
        "hidden": option.hidden,
    } | {key: text for key, text in looks.items() if text}
