"""The rows of compiled reports, as the columns hold them: a copy of what PostgreSQL keeps. Pure."""

from __future__ import annotations

from jalon.warehouse.schema import Column, Kind, Table

SNAPSHOTS = Table(
    "report_snapshots",
    (
        Column("record_id", Kind.ID),
        Column("snapshot_id", Kind.ID),
        Column("day", Kind.DATE),  # of the date property, in the account's zone
        Column("value", Kind.STRING),  # of the breakdown, as canonical text; ";a;b;" where it has several
        Column("number", Kind.NUMBER),
    ),
    key=("snapshot_id",),
)
