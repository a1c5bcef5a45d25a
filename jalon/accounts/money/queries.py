"""Currencies of the account: its own, and those that it has rates for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jalon.accounts.models import ExchangeRate

Dated = tuple[tuple[date, Decimal], ...]


@dataclass(frozen=True, slots=True)
class RateLine:
    """A dated rate as the settings page shows it."""

    id: int
    day: date
    rate: Decimal


def rates() -> dict[str, Dated]:
    """By currency, what one unit was worth in the account's own, by day."""
    found: dict[str, list[tuple[date, Decimal]]] = {}
    for code, day, rate in ExchangeRate.objects.order_by("code", "day").values_list("code", "day", "rate"):
        found.setdefault(code, []).append((day, rate))
    return {code: tuple(dated) for code, dated in found.items()}


def lines() -> dict[str, list[RateLine]]:
    """The rates of each currency, the latest first."""
    found: dict[str, list[RateLine]] = {}
    for row in ExchangeRate.objects.order_by("code", "-day"):
        found.setdefault(row.code, []).append(RateLine(row.pk, row.day, row.rate))
    return found
