"""A definition as it stands for one reader on one day. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from jalon.figures.periods import Period, previous
from jalon.records.columns import Catalog, PropertySpec
from jalon.reports.kinds.definition import Definition

TABLE_VALUES = 100  # values of the breakdown with a row of their own


@dataclass(frozen=True, slots=True)
class Question:
    """`where` holds the population and what the reader may see; `keep` is how many values of the breakdown are told apart.

    With a `snapshot` the rows that were frozen under this number are asked, not the records as they are now; then `report`
    is the saved report that they belong to.
    """

    definition: Definition
    catalog: Catalog
    period: Period
    where: exp.Expression
    first_weekday: int = 0
    keep: int = TABLE_VALUES
    snapshot: int | None = None
    report: int | None = None
    every_cell: bool = False  # medians of every value by bucket, where pages show those of the chart

    @property
    def date(self) -> PropertySpec:
        return self.catalog.properties[self.definition.date_property]

    @property
    def breakdown(self) -> PropertySpec | None:
        return self.catalog.properties.get(self.definition.breakdown)

    @property
    def number(self) -> PropertySpec | None:
        return self.catalog.properties.get(self.definition.number)

    @property
    def before(self) -> Period | None:
        """The period of equal length just before."""
        return previous(self.period)
