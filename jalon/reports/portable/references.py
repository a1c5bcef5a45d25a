"""What a definition says of one account alone, its lists and its users, by their names instead; and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from jalon.accounts.models import User
from jalon.criteria.problems import Problem
from jalon.criteria.tree import Associated, Branch, Criteria, Fact, Filter, Group, Node, from_json, to_json
from jalon.lists.models import List
from jalon.lists.queries import KIND as LIST
from jalon.records.queries import catalogs
from jalon.reports.queries import OBJECT_TYPE
from jalon.warehouse.schema import Kind
from jalon.warehouse.words import N_

USER: Final = "user"
CHOSEN: Final = "="  # what the key of a color begins with, before the value

Change = Callable[[str, str, str], str]  # (kind, value, object type): the value as it is called on the other side


def changed(definition: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """The definition with other names for lists and users. Raises CriteriaError for criteria of no form."""
    if not definition.get("criteria"):
        return dict(definition)
    criteria = from_json(definition["criteria"])
    groups = tuple(Group(tuple(_node(node, OBJECT_TYPE, change) for node in group.filters)) for group in criteria.groups)
    return {**definition, "criteria": to_json(Criteria(groups))}


def _node(node: Node, object_type: str, change: Change) -> Node:
    match node:
        case Filter():
            return replace(node, values=_values(node.values, USER, object_type, change)) if _is_user(object_type, node.property) else node
        case Fact():
            return replace(node, values=_values(node.values, node.kind, object_type, change))
        case Associated():
            return replace(node, parts=tuple(_node(part, node.object_type, change) for part in node.parts))
        case Branch():
            return replace(node, parts=tuple(_node(part, object_type, change) for part in node.parts))


def _values(values: tuple[str, ...], kind: str, object_type: str, change: Change) -> tuple[str, ...]:
    return tuple(change(kind, value, object_type) for value in values)


def _is_user(object_type: str, name: str) -> bool:
    known = catalogs().get(object_type)
    return known is not None and name in known.properties and known.properties[name].kind is Kind.USER


def recolored(colors: Mapping[str, str], definition: Mapping[str, Any], change: Change) -> dict[str, str]:
    """The chosen colors: where the breakdown is by user, their keys are users too."""
    if not _is_user(OBJECT_TYPE, str(definition.get("breakdown") or "")):
        return dict(colors)
    return {key if not key.startswith(CHOSEN) else CHOSEN + change(USER, key[1:], OBJECT_TYPE): color for key, color in colors.items()}


def outward(kind: str, value: str, object_type: str) -> str:
    """The name of a list, the address of a user; what has none stays as it is."""
    if not value.isdecimal():
        return value
    if kind == LIST:
        return List.objects.filter(pk=int(value)).values_list("name", flat=True).first() or value
    if kind == USER:
        return User.objects.filter(pk=int(value)).values_list("email", flat=True).first() or value
    return value


@dataclass(slots=True)
class Inward:
    """Finds lists by their name and users by their address, and collects what is not to be found."""

    problems: list[Problem] = field(default_factory=list)

    def __call__(self, kind: str, value: str, object_type: str) -> str:
        if kind == LIST:
            return self._list(value, object_type)
        if kind == USER:
            return self._user(value)
        message = N_("A filter of the kind “%(kind)s” speaks of something that only the account knows in which it was made.")
        self.problems.append(Problem(message, {"kind": kind}))
        return value

    def _list(self, name: str, object_type: str) -> str:
        found = List.objects.filter(deleted_at=None, object_type=object_type, name__iexact=name).values_list("pk", flat=True)[:2]
        if len(found) == 1:
            return str(found[0])
        message = N_("Several lists are called “%(name)s”. Rename all but one.") if found else N_("There is no list “%(name)s”.")
        self.problems.append(Problem(message, {"name": name}))
        return "0"

    def _user(self, address: str) -> str:
        if "@" not in address:
            return address
        found = User.objects.filter(email__iexact=address).values_list("pk", flat=True).first()
        if found is None:
            self.problems.append(Problem(N_("There is no user “%(address)s”."), {"address": address}))
        return str(found or 0)
