"""New customers: contacts who became customers in the period."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.utils.translation import gettext

from jalon.dashboards.cards.card import Asking, Card, drawn, in_days
from jalon.figures.addresses import address
from jalon.figures.measures import Change
from jalon.lifecycle.dates.queries import FIRST
from jalon.records.columns import Catalog
from jalon.web import formats

STAGE: Final = "lifecyclestage"


def card(asking: Asking) -> Card | None:
    catalog = asking.catalog("contact", STAGE)
    became = became_of(catalog) if catalog else None
    if catalog is None or became is None:
        return None
    now, before = (in_days(catalog, became, period) for period in (asking.period, asking.before))
    count, earlier = asking.count(catalog, now), asking.count(catalog, before)
    if not count and not earlier:
        return None
    formula = gettext("Contacts who became customers for the first time in the last 14 days.")
    change = Change(Decimal(count), Decimal(earlier))
    line = asking.line(catalog, now, became)
    return drawn(gettext("New customers"), change, formats.number(count), address(catalog.plural, now), formula, line)


def became_of(catalog: Catalog) -> str | None:
    """The property with the day on which the stage that counts as won was first reached, whatever that stage is called."""
    won = next((option.value for option in catalog.properties[STAGE].options if option.state == "won"), None)
    name = FIRST.format(won)
    return name if name in catalog.properties else None
