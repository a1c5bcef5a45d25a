"""Everything that changes what records can be: object types, properties, lifecycle stages, and what every deployment starts with."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from babel.numbers import get_currency_name
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import get_language, gettext

from jalon.accounts.access import SYSTEM, Actor
from jalon.accounts.actions import Refused, audit
from jalon.records import queries
from jalon.records.columns import CURRENCY, FieldType, Option, PropertySpec, Type
from jalon.records.definitions import files, formulas
from jalon.records.log import actions as log
from jalon.records.models import AssociationType, DefinitionChange, Definitions, Epoch, ObjectType, Property, PropertyGroup, Record
from jalon.warehouse.words import N_

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,99}")
CHANGEABLE: Final = frozenset(
    {"label_en", "label_fr", "description", "group", "options", "hint", "order", "hidden", "field_type", "formula"}
)
DESCRIBED: Final = ("type", "label_en", "label_fr", "description", "group", "options", "hint", "unique", "formula")
STAGE: Final = "lifecyclestage"
RESERVED: Final = frozenset({"id", "search_text"})
CREATED: Final = N_("%(who)s created the property “%(label)s” (%(name)s).")
CHANGED: Final = N_("%(who)s changed the property “%(label)s” (%(name)s).")
ARCHIVED: Final = N_("%(who)s archived the property “%(label)s” (%(name)s).")
RESTORED: Final = N_("%(who)s restored the property “%(label)s” (%(name)s).")
LABELS: Final = ("label_en", "label_fr", "plural_en", "plural_fr")
OBJECT_TYPE_COLUMNS: Final = ("plural", *LABELS, "primary", "first", "icon", "order", "is_system", "is_activity")


def define_object_type(definition: files.ObjectTypeDefinition, *, actor: Actor) -> None:
    """Creates an object type with its groups and properties, or adds what is missing to one that exists."""
    if not NAME.fullmatch(definition.name) or not NAME.fullmatch(definition.plural):
        raise Refused(
            gettext("Names of object types are small letters, digits and underscores: “%(name)s” is not.") % {"name": definition.name}
        )
    with transaction.atomic():
        defaults = {key: getattr(definition, key) for key in OBJECT_TYPE_COLUMNS}
        object_type, _ = ObjectType.objects.get_or_create(name=definition.name, defaults=defaults)
        for group in definition.groups:
            PropertyGroup.objects.get_or_create(
                object_type=object_type,
                name=group.name,
                defaults={"label_en": group.label_en, "label_fr": group.label_fr, "order": group.order},
            )
        groups = {group.name: group for group in object_type.groups.all()}
        there = set(object_type.properties.values_list("name", flat=True))
        Property.objects.bulk_create(
            _property_row(object_type, groups[spec.group], spec, actor, is_system=definition.is_system)
            for spec in definition.properties
            if spec.name not in there
        )
        if definition.is_system:
            _become_calculated(object_type, definition.properties)
        definitions_changed()


def _become_calculated(object_type: ObjectType, specs: Iterable[PropertySpec]) -> None:
    """Properties that people or imports filled in an earlier version, and that Jalon computes now."""
    rows = object_type.properties.filter(formula="")
    for spec in specs:
        if spec.formula:
            rows.filter(name=spec.name).update(
                formula=spec.formula, field_type=spec.field_type.value, read_only_value=True, form_usable=False, hint=spec.hint
            )


def define_property(object_type: str, spec: PropertySpec, *, actor: Actor) -> PropertySpec:
    """Adds a property to an object type. Raises Refused with every problem of the definition."""
    owner = ObjectType.objects.get(name=object_type)
    problems = definition_problems(spec)
    if there := owner.properties.filter(name=spec.name).first():
        problems.append(gettext("A property named “%(name)s” exists already.") % {"name": spec.name} + _archived_hint(there))
    if problems:
        raise Refused(*problems)
    spec = formulas.completed(object_type, spec)
    with transaction.atomic():
        group = owner.groups.filter(name=spec.group).first() or owner.groups.first()
        if group is None:
            group = PropertyGroup.objects.create(object_type=owner, name="other", label_en="Other", label_fr="Autres")
        last = owner.properties.aggregate(Max("order"))["order__max"] or 0
        row = _property_row(owner, group, replace(spec, order=spec.order or last + 1), actor, is_system=False)
        row.save()
        _remember(row, {}, _parts(row, DESCRIBED), actor)
        definitions_changed()
    return queries.catalog(object_type).properties[spec.name]


def change_property(object_type: str, name: str, *, actor: Actor, **changes: Any) -> PropertySpec:
    """Changes labels, description, group, options, hint, order, hidden, formula. Name, type and uniqueness never change."""
    row = Property.objects.filter(object_type__name=object_type, name=name, archived_at=None).first()
    if row is None:
        raise Refused(gettext("There is no property “%(name)s”.") % {"name": name})
    wrong = set(changes) - CHANGEABLE
    if wrong:
        raise Refused(gettext("These parts of a property cannot be changed: %(parts)s.") % {"parts": ", ".join(sorted(wrong))})
    proposed = replace(row.spec(), **changes)
    problems = definition_problems(proposed)
    if row.read_only_options and "options" in changes:
        problems.append(gettext("The options of “%(name)s” are kept by Jalon itself.") % {"name": name})
    if proposed.kind is not row.spec().kind:
        problems.append(gettext("The type of a property cannot change; create another one."))
    if not problems and "formula" in changes:
        problems += _formula_problems(object_type, row, changes["formula"])
    if problems:
        raise Refused(*problems)
    with transaction.atomic():
        before = _parts(row, changes)
        for key in changes:
            setattr(row, key, _stored(row, key, changes[key]))
        row.updated_at, row.updated_by_id = timezone.now(), actor.user_id
        row.save()
        _remember(row, before, _parts(row, changes), actor)
        definitions_changed()
    return queries.catalog(object_type).properties[name]


def keep_options(object_type: str, name: str, options: Sequence[Option], *, actor: Actor) -> None:
    """The options of a property that follow rows of another kind, such as the stages of pipelines: nobody else changes them.

    What Jalon itself sets right at its start is no news in the history of the property.
    """
    row = Property.objects.get(object_type__name=object_type, name=name)
    stored = _stored(row, "options", options)
    if row.options == stored and row.read_only_options:
        return
    with transaction.atomic():
        before = _parts(row, ["options"])
        row.options, row.read_only_options = stored, True
        row.updated_at, row.updated_by_id = timezone.now(), actor.user_id
        row.save()
        if actor != SYSTEM:
            _remember(row, before, _parts(row, ["options"]), actor)
        definitions_changed()


def _formula_problems(object_type: str, row: Property, formula: str) -> list[str]:
    if row.field_type != FieldType.CALCULATION:
        return [gettext("“%(name)s” is not calculated, so it has no formula.") % {"name": row.name}]
    if formulas.checked(object_type, row.name, formula).gives.value != row.type:
        return [gettext("The formula gives another type than the property has; create another property for it.")]
    return []


def _archived_hint(row: Property) -> str:
    return " " + gettext("It is archived; you can restore it.") if row.archived_at else ""


def archive_property(object_type: str, name: str, *, actor: Actor) -> None:
    """Hides a property everywhere. Its values and history stay in PostgreSQL and come back when it is restored."""
    row = Property.objects.filter(object_type__name=object_type, name=name, archived_at=None).first()
    if row is None or row.is_system:
        raise Refused(gettext("“%(name)s” is a property that Jalon needs; hide it instead.") % {"name": name})
    if reading := formulas.read_by(object_type, name):
        labels = ", ".join(spec.label(get_language() or "en") for spec in reading)
        raise Refused(gettext("These calculated properties read it: %(labels)s. Change their formulas first.") % {"labels": labels})
    _set_archived(row, timezone.now(), actor)


def restore_property(object_type: str, name: str, *, actor: Actor) -> PropertySpec:
    """Brings an archived property back with the values that records kept."""
    row = Property.objects.filter(object_type__name=object_type, name=name).exclude(archived_at=None).first()
    if row is None:
        raise Refused(gettext("There is no archived property “%(name)s”.") % {"name": name})
    if row.formula:
        formulas.checked(object_type, name, row.formula)
    _set_archived(row, None, actor)
    return queries.catalog(object_type).properties[name]


def _set_archived(row: Property, at: datetime | None, actor: Actor) -> None:
    with transaction.atomic():
        row.archived_at, row.updated_at, row.updated_by_id = at, timezone.now(), actor.user_id
        row.save()
        _remember(row, {"archived": at is None}, {"archived": at is not None}, actor)
        definitions_changed()


def remember(object_type: str, name: str, part: str, before: Any, after: Any, *, actor: Actor) -> None:
    """Notes that a part of a definition changed which another capability keeps, such as the rules of a score."""
    row = Property.objects.get(object_type__name=object_type, name=name)
    _remember(row, {part: before}, {part: after}, actor)


def _remember(row: Property, before: Mapping[str, Any], after: Mapping[str, Any], actor: Actor) -> None:
    """A line of the definition's history: the parts that changed, from what to what."""
    differing = [key for key in after if before.get(key) != after[key]]
    if differing:
        DefinitionChange.objects.create(
            object_type_id=row.object_type_id,
            property=row.name,
            actor_id=actor.user_id,
            before={key: before[key] for key in differing if key in before},
            after={key: after[key] for key in differing},
        )
        kind, sentence = _told(differing, before, after)
        object_type = queries.catalogs().get(row.object_type.name)
        link = f"/settings/properties/{object_type.plural}/{row.name}/" if object_type else ""
        audit(actor, kind, sentence, link=link, label=row.label_en, label_fr=row.label_fr, name=row.name)


def _told(differing: Sequence[str], before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, str]:
    """The kind of the audit line, and its sentence."""
    if "archived" in differing:
        return ("property.archived", ARCHIVED) if after["archived"] else ("property.restored", RESTORED)
    return ("property.changed", CHANGED) if before else ("property.created", CREATED)


def _parts(row: Property, keys: Iterable[str]) -> dict[str, Any]:
    """Parts of a definition as the history keeps them."""
    return {key: row.group.name if key == "group" else getattr(row, key) for key in keys}


def _stored(row: Property, key: str, value: Any) -> Any:
    if key == "options":
        chosen = {option.value for option in value}
        gone = [option | {"removed": True} for option in row.options if option["value"] not in chosen]
        return [*(files.option_json(option) for option in value), *gone]
    if key == "group":
        return PropertyGroup.objects.get(object_type=row.object_type, name=value)
    return value.value if isinstance(value, Type | FieldType) else value


def definition_problems(spec: PropertySpec) -> list[str]:
    problems = []
    if not NAME.fullmatch(spec.name) or spec.name in RESERVED or "__" in spec.name:
        problems.append(
            gettext("“%(name)s” cannot be an internal name; use small letters, digits and single underscores.") % {"name": spec.name}
        )
    if not (spec.label_en or spec.label_fr):
        problems.append(gettext("The property needs a label."))
    values = [option.value for option in spec.options]
    doubles = sorted({value for value in values if values.count(value) > 1})
    if doubles:
        problems.append(gettext("These options stand twice: %(values)s.") % {"values": ", ".join(doubles)})
    if any(not value or ";" in value for value in values):
        problems.append(gettext("Every option needs an internal value without a semicolon."))
    if spec.type is Type.ENUMERATION and len(values) > 5_000:
        problems.append(gettext("A property has at most 5,000 options."))
    if spec.unique and spec.type not in (Type.STRING, Type.NUMBER):
        problems.append(gettext("Only a text or a number can be unique."))
    return problems


def _property_row(object_type: ObjectType, group: PropertyGroup, spec: PropertySpec, actor: Actor, *, is_system: bool) -> Property:
    return Property(
        object_type=object_type,
        group=group,
        name=spec.name,
        type=spec.type.value,
        field_type=spec.field_type.value,
        label_en=spec.label_en or spec.label_fr,
        label_fr=spec.label_fr or spec.label_en,
        description=spec.description,
        options=[files.option_json(option) for option in spec.options],
        hint=spec.hint,
        order=spec.order,
        hidden=spec.hidden,
        unique=spec.unique,
        formula=spec.formula,
        form_usable=not spec.is_computed,
        read_only_value=spec.read_only_value,
        is_system=is_system,
        created_by_id=actor.user_id,
        updated_by_id=actor.user_id,
    )


def definitions_changed() -> None:
    """Makes every process read the definitions again, and the columns follow.

    The version is a moment, not a count: after a rollback a count would give the same number to other definitions.
    """
    Definitions.objects.update(version=time.time_ns())
    queries.forget_catalogs()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('jalon', '')")


# Set-up


def seed(preset: str = "sales") -> None:
    """The object types, properties and association types that every deployment has. Safe to repeat: adds what is missing."""
    with transaction.atomic():
        Definitions.objects.get_or_create(id=1)
        Epoch.objects.get_or_create(id=1)
        for definition in files.system_object_types(preset):
            define_object_type(definition, actor=SYSTEM)
        types = {object_type.name: object_type for object_type in ObjectType.objects.all()}
        for name, link in files.system_associations().items():
            from_type, to_type = types[link.pop("from")], types[link.pop("to")]
            AssociationType.objects.get_or_create(
                name=name, defaults={**link, "from_type": from_type, "to_type": to_type, "category": "HUBSPOT_DEFINED", "is_system": True}
            )
    log.prepare_partitions(timezone.now())


def follow_currencies(codes: Sequence[str], actor: Actor) -> None:
    """Deals are in one of these currencies; one that left the list stays for the deals that have it, hidden from new choices."""
    if CURRENCY not in queries.catalog("deal").properties:
        return
    present = queries.catalog("deal").properties[CURRENCY].options
    offered = [
        Option(code, get_currency_name(code, locale="en"), get_currency_name(code, locale="fr"), order=place)
        for place, code in enumerate(codes)
    ]
    gone = [replace(option, hidden=True, order=len(codes) + place) for place, option in enumerate(present) if option.value not in codes]
    if tuple(offered + gone) != present:
        change_property("deal", CURRENCY, actor=actor, options=tuple(offered + gone))


def keep_stages(stages: Sequence[Option], *, actor: Actor) -> None:
    """The options of `lifecyclestage` follow the stages of the lifecycle, and so do the dates and the time that are kept of each.

    Those of a stage that is gone are archived: what records hold in them stays. Where there are no contacts yet, they just go.
    """
    with transaction.atomic():
        keep_options("contact", STAGE, stages, actor=actor)
        owner = ObjectType.objects.get(name="contact")
        specs = {spec.name: spec for place, option in enumerate(stages) for spec in files.stage_times(option, place)}
        rows = {row.name: row for row in owner.properties.filter(name__regex=files.STAGE_TIME)}
        new = [spec for name, spec in specs.items() if name not in rows]
        Property.objects.bulk_create(_property_row(owner, owner.groups.get(name="lifecycle"), spec, actor, is_system=True) for spec in new)
        followed = [_follow_stage(rows[name], specs[name]) for name in rows.keys() & specs.keys()]
        if _let_go(owner, rows.keys() - specs.keys()) or new or any(followed):
            definitions_changed()


def _let_go(owner: ObjectType, names: Iterable[str]) -> bool:
    gone = owner.properties.filter(name__in=list(names), archived_at=None)
    if Record.objects.filter(object_type_id=owner.pk).exists():
        return bool(gone.update(archived_at=timezone.now()))
    return bool(gone.delete()[0])


def _follow_stage(row: Property, spec: PropertySpec) -> bool:
    wanted = {"label_en": spec.label_en, "label_fr": spec.label_fr, "order": spec.order, "archived_at": None}
    differs = any(getattr(row, key) != value for key, value in wanted.items())
    if differs:
        Property.objects.filter(pk=row.pk).update(**wanted)
    return differs
