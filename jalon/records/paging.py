"""Keyset paging: a page begins after a row, not at a number, so the millionth costs what the first does. Pure.

Records without a value come last whichever way the page is sorted, and the id settles ties.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlglot import exp

from jalon.records.columns import Catalog
from jalon.warehouse import query
from jalon.warehouse.schema import Kind

NEWEST_FIRST = "-createdate"


@dataclass(frozen=True, slots=True)
class Order:
    """By which property, which way; `backward` reads towards the first page."""

    key: str
    kind: Kind
    descending: bool
    backward: bool = False

    @classmethod
    def of(cls, catalog: Catalog, sort: str, backward: bool = False) -> Order:
        """From the address of a page; a property that is not there any more gives the usual order."""
        if sort.removeprefix("-") not in catalog.properties:
            sort = NEWEST_FIRST
        key = sort.removeprefix("-")
        return cls(key, catalog.properties[key].kind, sort.startswith("-"), backward)

    @property
    def downward(self) -> bool:
        return self.descending != self.backward

    def terms(self) -> list[exp.Expression]:
        """What to order by; backward is the exact reverse of forward."""
        blank = exp.Case().when(query.is_null(query.column(self.key)), 1).else_(0)
        return [
            exp.Ordered(this=blank, desc=self.backward, nulls_first=False),
            exp.Ordered(this=query.column(self.key), desc=self.downward, nulls_first=False),
            exp.Ordered(this=query.column("id"), desc=self.downward, nulls_first=False),
        ]

    def beyond(self, mark: Mark) -> exp.Expression:
        """The rows after the mark in this order."""
        after: type[exp.LT] | type[exp.GT] = exp.LT if self.downward else exp.GT
        blank = query.is_null(query.column(self.key))
        next_id = after(this=query.column("id"), expression=query.whole(mark.id))
        if mark.value is None:
            tied = query.conjunction([blank, next_id])
            return query.disjunction([tied, query.is_known(query.column(self.key))]) if self.backward else tied
        value = self._literal(mark.value)
        same = exp.EQ(this=query.column(self.key), expression=value.copy())
        further = after(this=query.column(self.key), expression=value)
        return query.disjunction([further, query.conjunction([same, next_id]), None if self.backward else blank])

    def _literal(self, text: str) -> exp.Expression:
        match self.kind:
            case Kind.NUMBER:
                return query.number(text)
            case Kind.USER | Kind.ID | Kind.INTEGER:
                return query.whole(int(text))
            case Kind.BOOL:
                return query.truth(text == "True")
            case Kind.DATE:
                return query.day(date.fromisoformat(text))
            case Kind.DATETIME:
                return query.instant(datetime.fromisoformat(text))
        return query.text(text)


@dataclass(frozen=True, slots=True)
class Mark:
    """The row that a page begins after: its sort value as text, its id."""

    value: str | None
    id: int


def token(row: Mapping[str, Any], order: Order, *, backward: bool) -> str:
    """The mark of a row for an address."""
    value = row[order.key]
    text = value.isoformat() if isinstance(value, date) else None if value is None else str(value)
    return base64.urlsafe_b64encode(orjson.dumps([backward, text, row["id"]])).decode().rstrip("=")


def read_token(text: str) -> tuple[bool, Mark] | None:
    """Whether the page lies backward, and its mark; None for the first page and for what is no token."""
    try:
        backward, value, id = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return bool(backward), Mark(value, int(id))
    except (ValueError, TypeError):
        return None
