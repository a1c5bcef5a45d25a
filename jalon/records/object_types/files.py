"""A custom object as a TOML file: read with every problem told at once, in sentences that name the place in the file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext

from jalon.accounts.actions import Refused
from jalon.records.columns import FieldType, Type
from jalon.records.definitions import files
from jalon.records.definitions.files import ObjectTypeDefinition

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
LABELS: Final = ("label_en", "label_fr", "plural_en", "plural_fr")
KNOWN: Final = frozenset({"name", "plural", *LABELS, "primary", "first", "icon", "order", "associations", "groups", "properties"})
KNOWN_OF_PROPERTY: Final = frozenset(
    {"type", "field", "en", "fr", "group", "description", "options", "hint", "unique", "hidden", "read_only"}
)


def read(text: str) -> tuple[ObjectTypeDefinition, list[str]]:
    """The object type of a file, and the object types it may be associated with. Raises Refused with every problem."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused(gettext("This is not a TOML file: %(why)s.") % {"why": str(error)}) from error
    if problems := _problems(data):
        raise Refused(*problems)
    data["groups"] = _groups(data)
    data["properties"] = {name: _property(entry, next(iter(data["groups"]))) for name, entry in data["properties"].items()}
    return files.read_object_type(data), list(data.get("associations", ()))


def _groups(data: Mapping[str, Any]) -> dict[str, Any]:
    """The groups of the file, else one; what Jalon keeps itself always has its own."""
    own = data.get("groups") or {data["name"]: [f"About: {data['label_en']}", f"À propos : {data['label_fr']}"]}
    return {**own, "system": ["Record", "Fiche"]}


def _property(entry: Mapping[str, Any], first_group: str) -> dict[str, Any]:
    en, fr = entry.get("en") or entry.get("fr"), entry.get("fr") or entry.get("en")
    return {**entry, "en": en, "fr": fr, "group": entry.get("group", first_group)}


def _problems(data: Mapping[str, Any]) -> list[str]:
    problems = [gettext("“%(key)s” is missing.") % {"key": key} for key in ("name", "plural", *LABELS, "primary") if not data.get(key)]
    problems += [gettext("“%(key)s” means nothing here.") % {"key": key} for key in sorted(data.keys() - KNOWN)]
    for key in ("name", "plural"):
        if data.get(key) and not (isinstance(data[key], str) and NAME.fullmatch(data[key])):
            problems.append(gettext("“%(key)s” takes small letters, digits and underscores.") % {"key": key})
    properties = data.get("properties")
    if not isinstance(properties, Mapping) or not properties:
        return [*problems, gettext("The file needs a table [properties] with at least one property.")]
    for name, entry in properties.items():
        problems += _property_problems(name, entry, data)
    for key in ("primary", "first"):
        unknown = [str(name) for name in data.get(key, ()) if name not in properties]
        problems += [
            gettext("“%(key)s” names %(name)s, which is no property of the file.") % {"key": key, "name": name} for name in unknown
        ]
    return problems


def _property_problems(name: str, entry: Any, data: Mapping[str, Any]) -> list[str]:
    if not isinstance(entry, Mapping):
        return [gettext("Property %(name)s: write it like %(like)s.") % {"name": name, "like": '{ en = "City", fr = "Ville" }'}]
    said = []
    if not (entry.get("en") or entry.get("fr")):
        said.append(gettext("it needs a label, en or fr"))
    said += [gettext("“%(key)s” means nothing here") % {"key": key} for key in sorted(entry.keys() - KNOWN_OF_PROPERTY)]
    if entry.get("type", "string") not in {type.value for type in Type}:
        said.append(gettext("its type is one of %(types)s") % {"types": ", ".join(type.value for type in Type)})
    if entry.get("field", "text") not in {field.value for field in FieldType}:
        said.append(gettext("its field is one of %(fields)s") % {"fields": ", ".join(field.value for field in FieldType)})
    groups = {**(data.get("groups") or {}), "system": ()}
    if data.get("groups") and entry.get("group", next(iter(groups))) not in groups:
        said.append(gettext("its group is not among [groups]"))
    if any(not isinstance(option, list) or len(option) != 3 for option in entry.get("options", ())):
        said.append(gettext("an option is a list of its value and its labels, English and French"))
    return [gettext("Property %(name)s: %(what)s.") % {"name": name, "what": "; ".join(said)}] if said else []
