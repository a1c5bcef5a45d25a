"""The kinds of reports that there are, in the order in which they are offered: what each is called and how it is written. Pure.

What is done with the saved reports of each stands in `reports.by_kind.table`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jalon.criteria.known import Known
from jalon.records.columns import Catalog
from jalon.reports.columns import FROZEN_JOURNEYS, FROZEN_VALUES, FROZEN_VISITS, SNAPSHOTS
from jalon.reports.kinds import definition, lifecycle
from jalon.warehouse.schema import Table
from jalon.warehouse.words import N_

Definition = definition.Definition | lifecycle.Definition


@dataclass(frozen=True, slots=True)
class ReportKind:
    """One kind of report: `label` and `help` are message ids, `begin` names the address where a new one begins.

    `read` makes a definition of its JSON, or raises DefinitionError with every problem; `written` is the way back. `options` are the
    keys of the JSON in their order. `tables` are where the columns keep the rows of its snapshots: first those that it has in any case.
    """

    name: str
    label: str
    help: str
    icon: str
    begin: str
    options: tuple[str, ...]
    read: Callable[[Any, Catalog, Known], Definition]
    written: Callable[[Any], dict[str, Any]]
    tables: tuple[Table, ...]


CONTACTS: Final = ReportKind(
    definition.KIND,
    N_("Contacts report"),
    N_("Contacts by the day of a date, broken down by any property, with the sum or average of a number."),
    "users",
    "reports:begin_contacts",
    definition.KEYS,
    definition.read,
    definition.written,
    (SNAPSHOTS,),
)
LIFECYCLE: Final = ReportKind(
    definition.LIFECYCLE,
    N_("Lifecycle report"),
    N_("How many contacts move on from stage to stage, where they are lost, and how long it takes."),
    "route",
    "reports:lifecycle",
    lifecycle.OPTIONS,
    lifecycle.read,
    lifecycle.written,
    (FROZEN_JOURNEYS, FROZEN_VISITS, FROZEN_VALUES),
)
KINDS: Final = (CONTACTS, LIFECYCLE)
_BY_NAME: Final = {kind.name: kind for kind in KINDS}


def kind_of(raw: Any) -> ReportKind:
    """The kind that a definition names; where it names none it is about contacts, and an unknown one is refused by its reading."""
    return _BY_NAME.get(str(raw.get("kind")), CONTACTS) if isinstance(raw, Mapping) else CONTACTS


def written(found: Definition) -> dict[str, Any]:
    """The definition as JSON keeps it."""
    return (LIFECYCLE if isinstance(found, lifecycle.Definition) else CONTACTS).written(found)


def labels() -> dict[str, str]:
    """The message ids of the kinds, by name."""
    return {kind.name: kind.label for kind in KINDS}
