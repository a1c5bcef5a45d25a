"""What records themselves hold of a person, as rows of the holdings, and which of their tables hold nothing."""

from __future__ import annotations

from typing import Final

from jalon.records.columns import ASSOCIATIONS, HISTORY
from jalon.records.erasing import actions, queries
from jalon.records.holdings import OBJECTS, Empty, Holding
from jalon.warehouse.words import N_

#: In the order in which they are forgotten: what points at a record goes before it.
OWN: Final = (
    Holding("merges", N_("Merges and possible duplicates"), ("records_merge", "records_duplicatepair", "records_notduplicate"),
            erase=actions.forget_merges, portray=queries.merges),
    Holding("links", N_("Links with other records"), ("records_association",), (ASSOCIATIONS.name,),
            erase=actions.forget_links, portray=queries.links),
    Holding("history", N_("History of the properties"), ("records_change",), (HISTORY.name,), ("warehouse",),
            erase=actions.forget_values_in_the_log, portray=queries.history),
    Holding("unique_values", N_("Values that may stand only once"), ("records_uniquevalue",), erase=actions.forget_unique_values),
    Holding("records", N_("Records"), ("records_record",), (OBJECTS,), erase=actions.forget_records, portray=queries.records),
)  # fmt: skip

EMPTY: Final = (
    Empty("Definitions: what records can be, not what they are.",
          ("records_definitions", "records_epoch", "records_objecttype", "records_propertygroup", "records_property", "records_associationtype")),
    Empty("The fact of an erasure. What the background part knows the person by is emptied when it is done.", ("records_erasure",)),
)  # fmt: skip
