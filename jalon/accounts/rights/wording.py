"""What a permission set allows, in sentences that a colleague would say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from babel.lists import format_list
from django.utils.translation import gettext

from jalon.accounts.access import Access, Actor, Scope
from jalon.accounts.permissions import PERMISSIONS, VERBS, object_types
from jalon.warehouse.words import N_
from jalon.web.formats import locale

SENTENCES: Mapping[str, Mapping[Scope, str]] = {
    "view": {
        Scope.ALL: N_("Sees everybody’s records"),
        Scope.TEAM_AND_UNASSIGNED: N_("Sees the records of their teams and those that nobody owns"),
        Scope.TEAM: N_("Sees the records of their teams"),
        Scope.OWN_AND_UNASSIGNED: N_("Sees their own records and those that nobody owns"),
        Scope.OWN: N_("Sees only their own records"),
        Scope.NONE: N_("Sees no records"),
    },
    "edit": {
        Scope.ALL: N_("Edits everybody’s records"),
        Scope.TEAM_AND_UNASSIGNED: N_("Edits the records of their teams and those that nobody owns"),
        Scope.TEAM: N_("Edits the records of their teams"),
        Scope.OWN_AND_UNASSIGNED: N_("Edits their own records and those that nobody owns"),
        Scope.OWN: N_("Edits only their own records"),
        Scope.NONE: N_("Edits no records"),
    },
    "delete": {
        Scope.ALL: N_("Deletes everybody’s records"),
        Scope.TEAM_AND_UNASSIGNED: N_("Deletes the records of their teams and those that nobody owns"),
        Scope.TEAM: N_("Deletes the records of their teams"),
        Scope.OWN_AND_UNASSIGNED: N_("Deletes their own records and those that nobody owns"),
        Scope.OWN: N_("Deletes only their own records"),
        Scope.NONE: N_("Deletes no records"),
    },
}
SWITCHES = tuple(row for row in PERMISSIONS if row.name not in {f"records.{verb}" for verb in VERBS})


@dataclass(frozen=True, slots=True)
class Words:
    """A permission set in words: what it says of records, and what else it allows."""

    records: tuple[str, ...]
    may: tuple[str, ...]


def words(permissions: Iterable[str], scopes: Mapping[str, Scope]) -> Words:
    """As the rights work in the end: who may edit more than they see, edits what they see."""
    access = Access(Actor(None, ""), permissions=frozenset(permissions), scopes=scopes)
    return Words(tuple(_of_records(access)), tuple(gettext(row.label) for row in SWITCHES if access.may(row.name)))


def first_sentence(permissions: Iterable[str], scopes: Mapping[str, Scope]) -> str:
    """What the set says of records, in one line."""
    return " ".join(words(permissions, scopes).records)


def _of_records(access: Access) -> Iterator[str]:
    """A sentence per verb and scope; which object types it speaks of, only where they differ."""
    types = object_types()
    for verb in VERBS:
        found: dict[Scope, list[str]] = {scope: [] for scope in Scope}
        for name, label in types or [("*", "")]:
            found[access.scope(name, verb)].append(label)
        told = {scope: labels for scope, labels in found.items() if labels}
        for scope, labels in told.items():
            yield _sentence(verb, scope, labels if len(told) > 1 else [])


def _sentence(verb: str, scope: Scope, labels: list[str]) -> str:
    said = gettext(SENTENCES[verb][scope])
    if not labels:
        return gettext("%(sentence)s.") % {"sentence": said}
    what = format_list([label.lower() for label in labels], locale=locale())
    return gettext("%(sentence)s: %(what)s.") % {"sentence": said, "what": what}
