"""The figures of Home, one file for each, in their order. What is not there to be counted has no card."""

from __future__ import annotations

from collections.abc import Callable

from jalon.dashboards.cards import conversion, deals, newcomers, won
from jalon.dashboards.cards.card import Asking, Card

CARDS: tuple[Callable[[Asking], Card | None], ...] = (newcomers.card, won.card, conversion.card, deals.card)


def cards(asking: Asking) -> list[Card]:
    """The cards that this person has."""
    return [card for make in CARDS if (card := make(asking))]
