"""One filter ready to be compiled: the property, what was typed, and the setting it is asked in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from sqlglot import exp

from jalon.criteria.known import Known
from jalon.records.columns import Catalog, PropertySpec
from jalon.warehouse import query
from jalon.warehouse.schema import Kind

#: The few records that are asked about: their ids, or a question for them. None: all.
Only = tuple[int, ...] | exp.Select | None

#: By object type, what cuts its records to those that the reader may see; a type that is not named is seen whole.
Reach = Mapping[str, exp.Expression]
WHOLE: Reach = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Setting:
    """What all filters of one compilation share.

    `only` names the few records that are asked about, so that a question to another table (history, links, members) reads
    theirs alone: it takes `within` among its conditions. `reach` is that of the reader on linked records: one that they may not
    see is to them no linked record at all, so that no count tells that it exists.
    """

    catalog: Catalog
    now: datetime
    zone: ZoneInfo
    first_weekday: int
    fiscal_month: int
    of: str | None
    known: Known
    only: Only = None
    reach: Reach = field(default_factory=lambda: WHOLE)

    @property
    def today(self) -> date:
        """The day of the account."""
        return self.now.astimezone(self.zone).date()

    @property
    def id(self) -> exp.Expression:
        return query.column("id", self.of)

    def within(self, record: exp.Expression) -> exp.Expression | None:
        """The column of another table names one of the records that are asked about; None where all are."""
        if self.only is None:
            return None
        return query.among(record, self.only) if isinstance(self.only, exp.Select) else query.among_ids(record, self.only)

    def of_linked(self, catalog: Catalog, only: exp.Select | None) -> Setting:
        """The same for the records of another object type, read by a question of their own."""
        return replace(self, catalog=catalog, of=None, only=only)


@dataclass(frozen=True, slots=True)
class Question:
    """A filter whose property exists and whose operands were found right."""

    spec: PropertySpec
    values: tuple[str, ...]
    setting: Setting

    @property
    def column(self) -> exp.Expression:
        return query.column(self.spec.name, self.setting.of)

    @property
    def day(self) -> exp.Expression:
        """The calendar day of a date, or the account-local day of an instant."""
        return day(self.spec, self.setting.of)

    @property
    def other(self) -> PropertySpec:
        """The property that this one is compared with."""
        return self.setting.catalog.properties[self.values[0]]


#: How each positive operator of a kind becomes a condition that is TRUE or FALSE wherever the property has a value.
Answers = Mapping[str, Callable[[Question], exp.Expression]]


def day(spec: PropertySpec, of: str | None) -> exp.Expression:
    return query.day_of(spec.name, of) if spec.kind is Kind.DATETIME else query.column(spec.name, of)
