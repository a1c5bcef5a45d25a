"""One more column beside those of the records: the moment at which each joined a list. Pure."""

from __future__ import annotations

from collections.abc import Sequence
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
    be that of a property: begin it with an underscore. `complete`: the columns have every record of the relation, so where
    nothing else is asked, it says alone how many there are and who comes first by its column.
    """

    spec: PropertySpec
    relation: exp.Select
    complete: bool = False

    def widen(self, catalog: Catalog) -> Catalog:
        """The object type with this column among its properties: it can be shown, sorted by and exported like them."""
        return replace(catalog, properties={**catalog.properties, self.spec.name: self.spec})

    def count(self) -> exp.Select:
        """How many have a row."""
        return query.select(query.count()).from_(self.relation.subquery(_ALIAS))

    def cut(self, beyond: exp.Expression | None, terms: Sequence[exp.Expression], limit: int) -> Beside:
        """The first rows alone, by its own column: a million members need not be joined with their records to show fifty."""
        name, record = query.column(self.spec.name), query.column(RECORD)
        rows = query.select(record, name, query.named(record.copy(), "id")).from_(self.relation.subquery(_ALIAS))
        first = query.select(exp.Star()).from_(rows.subquery("rows")).where(query.conjunction([beyond])).order_by(*terms).limit(limit)
        return replace(self, relation=query.select(record.copy(), name.copy()).from_(first.subquery("first")))

    def joined(self, tree: exp.Select, records: str) -> exp.Select:
        """A query of the table `records` with this column within reach."""
        same = exp.EQ(this=query.column("id", records), expression=query.column(RECORD, _ALIAS))
        return tree.join(self.relation.subquery(_ALIAS), on=same)
