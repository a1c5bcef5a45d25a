"""What records themselves hold of a person, as rows of the holdings, and which of their tables hold nothing."""

from __future__ import annotations

from typing import Final

from jalon.records.columns import ASSOCIATIONS, HISTORY
from jalon.records.erasing import actions, queries
from jalon.records.holdings import OBJECTS, Empty, Holding
from jalon.warehouse.words import N_

#: Where users may have typed, or been told, somebody's address or name.
MENTIONS: Final = {
    "records_savedview": ("name", "criteria", "search"),
    "records_bulkedit": ("arguments", "kept_lines"),
    "accounts_notice": ("params", "link"),
    "accounts_preference": ("value",),
    "jobs_job": ("label", "arguments", "result", "message"),
}

#: In the order in which they are forgotten: what points at a record goes before it.
OWN: Final = (
    Holding(
        "merges",
        N_("Merges and possible duplicates"),
        tables=("records_merge", "records_duplicatepair", "records_notduplicate"),
        erase=actions.forget_merges,
        portray=queries.merges,
    ),
    Holding(
        "links",
        N_("Links with other records"),
        tables=("records_association",),
        column_tables=(ASSOCIATIONS.name,),
        erase=actions.forget_links,
        portray=queries.links,
    ),
    Holding(
        "history",
        N_("History of the properties"),
        tables=("records_change",),
        column_tables=(HISTORY.name,),
        erase=actions.forget_values_in_the_log,
        portray=queries.history,
    ),
    Holding(
        "unique_values",
        N_("Values that only one record may have"),
        tables=("records_uniquevalue",),
        erase=actions.forget_unique_values,
    ),
    Holding(
        "mentions",
        N_("Mentions in views, changes of many records, notices, background work and preferences"),
        tables=tuple(MENTIONS),
        erase=actions.forget_mentions(MENTIONS),
    ),
    Holding(
        "records",
        N_("Records"),
        tables=("records_record",),
        column_tables=(OBJECTS,),
        folders=("warehouse",),
        erase=actions.forget_records,
        portray=queries.records,
    ),
)

EMPTY: Final = (
    Empty(
        "Definitions: what records can be, not what they are.",
        tables=(
            "records_associationtype",
            "records_calculation",
            "records_definitionchange",
            "records_definitions",
            "records_epoch",
            "records_objecttype",
            "records_pipeline",
            "records_pipelinestage",
            "records_property",
            "records_propertygroup",
        ),
    ),
    Empty("The fact of an erasure; what its background part needs to know is emptied when it is done.", tables=("records_erasure",)),
)
