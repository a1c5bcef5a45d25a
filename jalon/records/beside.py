"""One more column beside those of the records: the moment at which each joined a list. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from sqlglot import exp

from jalon.records.columns import Catalog, PropertySpec
from jalon.warehouse import query

RECORD: Final = "record_id"
_ALIAS: Final = "beside"


@dataclass(frozen=True, slots=True)
class Beside:
    """A column that `relation` gives, a query for (record_id, the column's name) with at most one row for a record.

    A record that has no row in it is left out, so the relation also says among which records one looks. The name must not
    be that of a property: begin it with an underscore.
    """

    spec: PropertySpec
    relation: exp.Select

    def widen(self, catalog: Catalog) -> Catalog:
        """The object type with this column among its properties: it can be shown, sorted by and exported like them."""
        return replace(catalog, properties={**catalog.properties, self.spec.name: self.spec})

    def joined(self, tree: exp.Select, records: str) -> exp.Select:
        """A query of the table `records` with this column within reach."""
        same = exp.EQ(this=query.column("id", records), expression=query.column(RECORD, _ALIAS))
        return tree.join(self.relation.subquery(_ALIAS), on=same)
