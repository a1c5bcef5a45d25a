"""The permissions that exist, the roles that fill them in, and the scopes of records. Tables: a page draws itself from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from jalon.accounts.access import Scope
from jalon.warehouse.words import N_

VERBS = ("view", "edit", "delete")


@dataclass(frozen=True, slots=True)
class Permission:
    """Something a person may do; `label` and `help` are message ids."""

    name: str
    label: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Role:
    """A set of rights to start from."""

    name: str
    label: str
    help: str
    permissions: tuple[str, ...] = ()
    scopes: Mapping[str, Scope] = field(default_factory=dict)
    super_admin: bool = False


PERMISSIONS = (
    Permission("records.view", N_("See records"), N_("Contacts, companies, deals, tickets; the scopes below say whose.")),
    Permission("records.edit", N_("Create and edit records")),
    Permission("records.delete", N_("Delete records")),
    Permission("import", N_("Import files")),
    Permission("export", N_("Export"), N_("Also needed for a report that somebody else shared.")),
    Permission("reports.view", N_("See reports")),
    Permission("reports.edit", N_("Create and edit reports")),
    Permission("property_settings", N_("Edit property settings")),
    Permission("account_settings", N_("Edit account settings")),
    Permission("users", N_("Invite and manage users")),
)

SCOPES = (
    (Scope.ALL, N_("Everybody’s")),
    (Scope.TEAM, N_("Their team’s")),
    (Scope.OWN, N_("Only their own")),
    (Scope.NONE, N_("None")),
)


def _scopes(view: Scope, edit: Scope, delete: Scope) -> dict[str, Scope]:
    return {"*.view": view, "*.edit": edit, "*.delete": delete}


_MEMBER = ("records.view", "records.edit", "records.delete", "import", "export", "reports.view", "reports.edit")

ROLES = (
    Role(
        "super_admin",
        N_("Super admin"),
        N_("May do everything, and gives others their rights."),
        tuple(permission.name for permission in PERMISSIONS),
        _scopes(Scope.ALL, Scope.ALL, Scope.ALL),
        super_admin=True,
    ),
    Role(
        "marketing",
        N_("Marketing"),
        N_("Sees and edits every record, imports, exports, builds reports and defines properties."),
        (*_MEMBER, "property_settings"),
        _scopes(Scope.ALL, Scope.ALL, Scope.ALL),
    ),
    Role(
        "sales",
        N_("Sales"),
        N_("Sees every record, edits those of the team, deletes only their own, builds reports."),
        _MEMBER,
        _scopes(Scope.ALL, Scope.TEAM, Scope.OWN),
    ),
    Role(
        "service",
        N_("Service"),
        N_("Sees and edits every record, sees reports."),
        ("records.view", "records.edit", "reports.view"),
        _scopes(Scope.ALL, Scope.ALL, Scope.NONE),
    ),
    Role(
        "reader",
        N_("Reader"),
        N_("Sees records and reports and changes nothing."),
        ("records.view", "reports.view"),
        _scopes(Scope.ALL, Scope.NONE, Scope.NONE),
    ),
)

# The object types that may have scopes of their own, as (name, label) in the reader's language.
# Records are a higher folder: wiring installs them.
ObjectTypes = Callable[[], Sequence[tuple[str, str]]]
_object_types: list[ObjectTypes] = []


def install(object_types: ObjectTypes) -> None:
    _object_types[:] = [object_types]


def object_types() -> Sequence[tuple[str, str]]:
    return _object_types[0]() if _object_types else ()


def role(name: str) -> Role:
    """The role of that name; the reader for one that is gone."""
    return next((row for row in ROLES if row.name == name), ROLES[-1])
