"""Everything that defines what records there are and how they may be linked: custom objects, labels, types of association."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext

from jalon.accounts.access import Actor
from jalon.accounts.actions import Refused
from jalon.accounts.audit.actions import audit
from jalon.records.columns import ASSOCIATIONS, HISTORY
from jalon.records.definitions import actions as definitions
from jalon.records.definitions.files import ObjectTypeDefinition, activity_associations
from jalon.records.models import Association, AssociationType, ObjectType
from jalon.warehouse.words import N_

# Tables beside those of the records, today and of capabilities to come (design, section 3).
TABLES: Final = frozenset(
    {ASSOCIATIONS.name, HISTORY.name, "messages", "email_events", "form_submissions", "page_views", "list_members", "enrollments"}
    | {"workflow_events", "availability", "journeys", "stage_visits", "response_times", "sla_states"}
)
CHANGEABLE: Final = frozenset({*definitions.LABELS, "primary", "first", "icon", "order"})

DEFINED: Final = N_("%(who)s defined the object “%(label)s”.")
CHANGED: Final = N_("%(who)s changed the object “%(label)s”.")
ARCHIVED: Final = N_("%(who)s archived the object “%(label)s” with %(records)s records.")
RESTORED: Final = N_("%(who)s brought the object “%(label)s” back.")
LINK_DEFINED: Final = N_("%(who)s defined the association “%(label)s”.")
LINK_CHANGED: Final = N_("%(who)s changed the association “%(label)s”.")
LINK_DELETED: Final = N_("%(who)s deleted the association “%(label)s”.")
PAGE: Final = "/settings/objects/"
LINKS_PAGE: Final = "/settings/associations/"


@dataclass(frozen=True, slots=True)
class Defined:
    """What defining an object type did."""

    name: str
    is_new: bool
    properties: int  # added
    associations: int  # added


def define(definition: ObjectTypeDefinition, associated: Sequence[str] = (), *, actor: Actor, must_be_new: bool = False) -> Defined:
    """Makes an object type, or brings one that is there to its file: labels, what is missing, nothing taken away.

    Notes, tasks, calls and meetings hang on its records like on any other. Raises Refused with every problem.
    """
    with transaction.atomic():
        before = ObjectType.objects.select_for_update().filter(name=definition.name).first()
        if problems := _problems(definition, associated, before, must_be_new):
            raise Refused(*problems)
        had = before.properties.count() if before else 0
        definitions.define_object_type(definition, actor=actor)
        row = ObjectType.objects.get(name=definition.name)
        if before is not None:
            _take_over(row, definition)
        links = _associate_types(row, associated)
        definitions.definitions_changed()
        audit(
            actor,
            "object.defined",
            DEFINED if before is None else CHANGED,
            link=f"{PAGE}{row.name}/",
            label=row.label_en,
            label_fr=row.label_fr,
        )
    return Defined(row.name, before is None, row.properties.count() - had, links)


def change(name: str, *, actor: Actor, **changes: Any) -> None:
    """Renames an object type or chooses what is shown first; the system's own may be called otherwise too."""
    wrong = set(changes) - CHANGEABLE
    if wrong:
        raise Refused(gettext("These parts of an object cannot be changed: %(parts)s.") % {"parts": ", ".join(sorted(wrong))})
    with transaction.atomic():
        row = _row(name)
        for key, value in changes.items():
            setattr(row, key, value)
        problems = _label_problems([getattr(row, key) for key in definitions.LABELS]) + _shown_problems(row)
        if problems:
            raise Refused(*problems)
        row.save()
        definitions.definitions_changed()
        audit(actor, "object.changed", CHANGED, link=f"{PAGE}{name}/", label=row.label_en, label_fr=row.label_fr)


def archive(name: str, *, records: int, actor: Actor) -> None:
    """Takes an object type out of every page. Its records, their past and their links are kept and come back with it."""
    with transaction.atomic():
        row = _row(name)
        if row.is_system:
            raise Refused(gettext("“%(label)s” is an object that Jalon needs.") % {"label": row.label_en})
        row.archived_at = timezone.now()
        row.save(update_fields=["archived_at"])
        definitions.definitions_changed()
        audit(actor, "object.archived", ARCHIVED, link=PAGE, label=row.label_en, label_fr=row.label_fr, records=records)


def restore(name: str, *, actor: Actor) -> None:
    with transaction.atomic():
        row = _row(name)
        row.archived_at = None
        row.save(update_fields=["archived_at"])
        definitions.definitions_changed()
        audit(actor, "object.restored", RESTORED, link=f"{PAGE}{name}/", label=row.label_en, label_fr=row.label_fr)


def _row(name: str) -> ObjectType:
    row = ObjectType.objects.select_for_update().filter(name=name, is_activity=False).first()
    if row is None:
        raise Refused(gettext("There is no object “%(name)s”.") % {"name": name})
    return row


def _problems(definition: ObjectTypeDefinition, associated: Sequence[str], before: ObjectType | None, must_be_new: bool) -> list[str]:
    problems = _label_problems([getattr(definition, key) for key in definitions.LABELS])
    if before is not None and (must_be_new or before.is_system or before.plural != definition.plural):
        problems.append(gettext("An object named “%(name)s” exists already.") % {"name": definition.name})
    if before is None and _is_taken(definition.plural):
        problems.append(
            gettext("“%(name)s” is taken: another page or table has this name. Choose another plural.") % {"name": definition.plural}
        )
    if not definition.primary:
        problems.append(gettext("Say which property names a record."))
    for spec in definition.properties:
        problems += [f"{spec.name}: {problem}" for problem in definitions.definition_problems(spec)]
    known = set(ObjectType.objects.filter(is_activity=False, archived_at=None).values_list("name", flat=True)) | {definition.name}
    unknown = [name for name in associated if name not in known]
    problems += [gettext("It cannot be associated with “%(name)s”: there is no such object.") % {"name": name} for name in unknown]
    return problems


def _label_problems(labels: Sequence[str]) -> list[str]:
    return [] if all(label.strip() for label in labels) else [gettext("Give the object its name in both languages, for one and for many.")]


def _shown_problems(row: ObjectType) -> list[str]:
    there = set(row.properties.filter(archived_at=None).values_list("name", flat=True))
    unknown = [name for name in (*row.primary, *row.first) if name not in there]
    problems = [gettext("There is no property “%(name)s”.") % {"name": name} for name in unknown]
    return problems if row.primary or row.is_system else [*problems, gettext("Say which property names a record.")]


def _is_taken(plural: str) -> bool:
    """Whether an address or a table has this name already."""
    if plural in TABLES or ObjectType.objects.filter(plural=plural).exists():
        return True
    try:
        return resolve(f"/{plural}/").view_name != "records:index"
    except Resolver404:
        return False


def _take_over(row: ObjectType, definition: ObjectTypeDefinition) -> None:
    for key in (*definitions.LABELS, "primary", "first", "icon", "order"):
        setattr(row, key, getattr(definition, key))
    row.archived_at = None
    row.save()


def _associate_types(row: ObjectType, associated: Sequence[str]) -> int:
    """Plain associations with the objects named, and with every activity; how many are new."""
    types = {object_type.name: object_type for object_type in ObjectType.objects.all()}
    wanted = {f"{row.name}_to_{other}": (row, types[other], False) for other in associated if not _are_linked(row, types[other])}
    wanted |= {name: (types[link["from"]], row, True) for name, link in activity_associations(row.name).items()}
    new = 0
    for name, (from_type, to_type, is_system) in wanted.items():
        _, created = AssociationType.objects.get_or_create(
            name=name, defaults={"from_type": from_type, "to_type": to_type, "is_system": is_system}
        )
        new += created
    return new


def _are_linked(one: ObjectType, other: ObjectType) -> bool:
    plain = AssociationType.objects.filter(label_en="", label_fr="")
    return plain.filter(from_type=one, to_type=other).exists() or plain.filter(from_type=other, to_type=one).exists()


# Types of association


@dataclass(frozen=True, slots=True)
class LinkTypeDefinition:
    """A type of association between two objects. Empty labels read as the other object's name; no limit is any number."""

    from_type: str
    to_type: str
    label_en: str = ""
    label_fr: str = ""
    inverse_en: str = ""
    inverse_fr: str = ""
    limit_from: int | None = None
    limit_to: int | None = None
    name: str = ""


def define_link_type(definition: LinkTypeDefinition, *, actor: Actor) -> str:
    """Makes a type of association; its name. Raises Refused with every problem."""
    with transaction.atomic():
        types = {row.name: row for row in ObjectType.objects.filter(is_activity=False, archived_at=None)}
        unknown = [name for name in (definition.from_type, definition.to_type) if name not in types]
        problems = [gettext("There is no object “%(name)s”.") % {"name": name} for name in unknown]
        if problems or (problems := _link_problems(definition)):
            raise Refused(*problems)
        row = AssociationType(
            name=definition.name or _free_name(f"{definition.from_type}_to_{definition.to_type}"),
            from_type=types[definition.from_type],
            to_type=types[definition.to_type],
            **_link_columns(definition),
        )
        row.save()
        definitions.definitions_changed()
        audit(actor, "object.association_defined", LINK_DEFINED, link=f"{LINKS_PAGE}{row.name}/", label=row.label_en or row.name)
    return row.name


def change_link_type(name: str, definition: LinkTypeDefinition, *, actor: Actor) -> None:
    """Changes labels and limits; its two objects never change. Links beyond a new limit stay."""
    with transaction.atomic():
        row = _link_row(name)
        if problems := _link_problems(definition, row):
            raise Refused(*problems)
        for key, value in _link_columns(definition).items():
            setattr(row, key, value)
        row.save()
        definitions.definitions_changed()
        audit(
            actor,
            "object.association_changed",
            LINK_CHANGED,
            link=f"{LINKS_PAGE}{name}/",
            label=row.label_en or name,
            label_fr=row.label_fr,
        )


def delete_link_type(name: str, *, actor: Actor) -> None:
    """Deletes a type that links nothing."""
    with transaction.atomic():
        row = _link_row(name)
        links = Association.objects.filter(type=row).count()
        if row.is_system:
            raise Refused(gettext("Jalon itself needs this association."))
        if links:
            sentence = gettext(
                "Records are linked by this association (%(count)d times). Take these links away or give them another label first."
            )
            raise Refused(sentence % {"count": links})
        row.delete()
        definitions.definitions_changed()
        audit(actor, "object.association_deleted", LINK_DELETED, link=LINKS_PAGE, label=row.label_en or name, label_fr=row.label_fr)


def _link_row(name: str) -> AssociationType:
    row = AssociationType.objects.select_for_update().filter(name=name, from_type__is_activity=False).first()
    if row is None:
        raise Refused(gettext("There is no association type “%(name)s”.") % {"name": name})
    return row


def _link_columns(definition: LinkTypeDefinition) -> dict[str, Any]:
    return {
        "label_en": definition.label_en or definition.label_fr,
        "label_fr": definition.label_fr or definition.label_en,
        "inverse_en": definition.inverse_en or definition.inverse_fr,
        "inverse_fr": definition.inverse_fr or definition.inverse_en,
        "limit_from": definition.limit_from,
        "limit_to": definition.limit_to,
    }


def _link_problems(definition: LinkTypeDefinition, own: AssociationType | None = None) -> list[str]:
    problems = []
    if any(limit is not None and limit < 1 for limit in (definition.limit_from, definition.limit_to)):
        problems.append(gettext("A limit is one record at least."))
    others = AssociationType.objects.filter(from_type__name=definition.from_type, to_type__name=definition.to_type)
    label = definition.label_en or definition.label_fr
    if others.exclude(pk=own.pk if own else 0).filter(label_en=label).exists():
        said = gettext("These two objects have an association with this label already; give it another one.")
        plain = gettext("These two objects have an association without a label already; give this one a label.")
        problems.append(said if label else plain)
    return problems


def _free_name(stem: str) -> str:
    """The stem, or with the first number that is free behind it."""
    taken = set(AssociationType.objects.filter(name__startswith=stem).values_list("name", flat=True))
    return next(name for name in (stem, *(f"{stem}_{number}" for number in range(2, 1_000))) if name not in taken)
