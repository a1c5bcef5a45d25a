"""The kinds of reports that there are, in the order in which they are offered. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from jalon.reports.kinds import definition
from jalon.warehouse.words import N_


@dataclass(frozen=True, slots=True)
class ReportKind:
    """One kind of report: `label` and `help` are message ids, `begin` names the address where a new one begins."""

    name: str
    label: str
    help: str
    icon: str
    begin: str


KINDS = (
    ReportKind(
        definition.KIND,
        N_("Contacts report"),
        N_("Contacts by the day of a date, broken down by any property, with the sum or average of a number."),
        "users",
        "reports:begin_contacts",
    ),
)


def labels() -> dict[str, str]:
    """The message ids of the kinds, by name."""
    return {kind.name: kind.label for kind in KINDS}
