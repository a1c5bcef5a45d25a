"""The rows of compiled reports, as the columns hold them: a copy of what PostgreSQL keeps. Pure."""

from __future__ import annotations

from typing import Final

from jalon.lifecycle.columns import JOURNEYS, VISITS
from jalon.warehouse.schema import Column, Kind, Table

NUMBER: Final = "snapshot_id"  # under which number the rows of a snapshot lie
_OWN: Final = Column(NUMBER, Kind.ID)

SNAPSHOTS = Table(
    "report_snapshots",
    (
        Column("record_id", Kind.ID),
        _OWN,
        Column("day", Kind.DATE),  # of the date property, in the account's zone
        Column("value", Kind.STRING),  # of the breakdown, as canonical text; ";a;b;" where it has several
        Column("number", Kind.NUMBER),
    ),
    key=(NUMBER,),
)

ENTERED_ON: Final = "entered_on"  # the day of the entry as it was in the zone of the compile: an account may choose another zone

FROZEN_JOURNEYS: Final = Table("report_journeys", (*JOURNEYS.columns, _OWN, Column(ENTERED_ON, Kind.DATE)), key=(NUMBER,))

#: Without the instants of single visits: no figure tells them, and to lay their local days and hours down takes longer than all the rest.
FROZEN_VISITS: Final = Table(
    "report_visits",
    (
        *(column for column in VISITS.columns if column.kind is not Kind.DATETIME and column.name != "movement_id"),
        _OWN,
        Column(ENTERED_ON, Kind.DATE),
    ),
    key=(NUMBER,),
)

#: The value of the breakdown of each contact that made these journeys.
FROZEN_VALUES: Final = Table(
    "report_values",
    (
        Column("record_id", Kind.ID),
        _OWN,
        Column("value", Kind.STRING),  # by which contacts are told apart: texts that differ in case only are one
        Column("spelled", Kind.STRING),
    ),
    key=(NUMBER,),
)

TABLES: Final = (SNAPSHOTS, FROZEN_JOURNEYS, FROZEN_VISITS, FROZEN_VALUES)
