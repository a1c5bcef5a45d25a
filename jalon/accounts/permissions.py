"""The permissions that exist, the sets to start from, and the scopes of records. Tables: a page draws itself from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from jalon.accounts.access import Scope
from jalon.warehouse.words import N_

VERBS = ("view", "edit", "delete")
SUPER_ADMIN = N_("Super admin")


class Group(StrEnum):
    """What a page shows together; the values are message ids."""

    RECORDS = N_("Records")
    LISTS = N_("Lists and workflows")
    REPORTS = N_("Reports")
    MARKETING = N_("Marketing and service")
    SETTINGS = N_("Settings")


@dataclass(frozen=True, slots=True)
class Permission:
    """Something a person may do; `label` and `help` are message ids."""

    name: str
    label: str
    group: Group
    help: str = ""


@dataclass(frozen=True, slots=True)
class Preset:
    """A permission set to start from. Scopes come in the order of VERBS."""

    name: str
    label: str
    permissions: tuple[str, ...]
    reach: tuple[Scope, Scope, Scope]

    @property
    def scopes(self) -> dict[str, Scope]:
        return {f"*.{verb}": scope for verb, scope in zip(VERBS, self.reach, strict=True)}


PERMISSIONS = (
    Permission("records.view", N_("See records"), Group.RECORDS, N_("Contacts, companies, deals, tickets; the scopes say whose.")),
    Permission("records.edit", N_("Create and edit records"), Group.RECORDS),
    Permission("records.delete", N_("Delete records"), Group.RECORDS, N_("They can be restored.")),
    Permission("bulk", N_("Edit many records at once"), Group.RECORDS, N_("Those that they may edit one by one.")),
    Permission("bulk_delete", N_("Delete many records at once"), Group.RECORDS, N_("Those that they may delete one by one.")),
    Permission("merge", N_("Merge duplicates"), Group.RECORDS, N_("Of records that they may edit. A merge can be undone.")),
    Permission("erase", N_("Erase people for ever"), Group.RECORDS, N_("Answers a request to be forgotten. Nothing brings the data back.")),
    Permission("import", N_("Import files"), Group.RECORDS),
    Permission("export", N_("Export"), Group.RECORDS, N_("Also needed for a report that somebody else shared.")),
    Permission("lists.view", N_("See lists"), Group.LISTS),
    Permission("lists.edit", N_("Create and edit lists"), Group.LISTS),
    Permission("lists.delete", N_("Delete lists"), Group.LISTS),
    Permission("workflows.view", N_("See workflows"), Group.LISTS),
    Permission("workflows.edit", N_("Create and edit workflows"), Group.LISTS, N_("A workflow that is on acts with Jalon’s own rights.")),
    Permission("workflows.delete", N_("Delete workflows"), Group.LISTS),
    Permission("reports.view", N_("See reports"), Group.REPORTS, N_("Figures count only the records that they may see.")),
    Permission("reports.create", N_("Create reports"), Group.REPORTS, N_("And edit and delete their own.")),
    Permission("reports.edit", N_("Edit everybody’s reports"), Group.REPORTS),
    Permission("communicate", N_("Write to people"), Group.MARKETING, N_("One-to-one e-mails, and answers to tickets.")),
    Permission("marketing_contacts", N_("Marketing contacts access"), Group.MARKETING, N_("Decide who may receive marketing e-mails.")),
    Permission("availability", N_("Manage availability"), Group.MARKETING, N_("Set whether a colleague is available.")),
    Permission("property_settings", N_("Edit property settings"), Group.SETTINGS, N_("Properties, object types, pipelines and stages.")),
    Permission("account_settings", N_("Edit account settings"), Group.SETTINGS),
    Permission("users", N_("Manage users and teams"), Group.SETTINGS, N_("Nobody can give a right that they lack.")),
    Permission("audit", N_("Read the audit log"), Group.SETTINGS),
    Permission("api_tokens", N_("Make API tokens"), Group.SETTINGS, N_("A token can never do more than the person who made it.")),
)

SCOPES = (
    (Scope.ALL, N_("Everybody’s")),
    (Scope.TEAM_AND_UNASSIGNED, N_("Their teams’ and unassigned")),
    (Scope.TEAM, N_("Their teams’")),
    (Scope.OWN_AND_UNASSIGNED, N_("Their own and unassigned")),
    (Scope.OWN, N_("Only their own")),
    (Scope.NONE, N_("None")),
)

_READER = ("reports.view", "lists.view", "workflows.view")
_MEMBER = (
    *_READER,
    *("bulk", "merge", "import", "export", "communicate", "marketing_contacts"),
    *("reports.create", "reports.edit", "lists.edit"),
)

PRESETS = (
    Preset(
        "marketing",
        N_("Marketing"),
        (*_MEMBER, "bulk_delete", "lists.delete", "workflows.edit", "workflows.delete", "property_settings"),
        (Scope.ALL, Scope.ALL, Scope.ALL),
    ),
    Preset(
        "sales",
        N_("Sales"),
        _MEMBER,
        (Scope.ALL, Scope.TEAM_AND_UNASSIGNED, Scope.OWN),
    ),
    Preset(
        "service",
        N_("Service"),
        (*_READER, "merge", "communicate"),
        (Scope.ALL, Scope.ALL, Scope.NONE),
    ),
    Preset(
        "reader",
        N_("Reader"),
        _READER,
        (Scope.ALL, Scope.NONE, Scope.NONE),
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


def preset(name: str) -> Preset:
    """Raises LookupError for one that does not exist."""
    try:
        return next(row for row in PRESETS if row.name == name)
    except StopIteration:
        raise LookupError(name) from None


def label_of(name: str) -> str:
    """What a preset, or being super admin, is called; a message id."""
    return SUPER_ADMIN if name == "super_admin" else preset(name).label
