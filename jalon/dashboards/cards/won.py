"""New customers: contacts who became customers in the period."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext

from jalon.dashboards.cards.card import Asking, Card, drawn, in_days
from jalon.figures.addresses import address
from jalon.figures.measures import Change
from jalon.web import formats

BECAME = "hs_lifecyclestage_customer_date"


def card(asking: Asking) -> Card | None:
    catalog = asking.catalog("contact", BECAME)
    if catalog is None:
        return None
    now, before = (in_days(catalog, BECAME, period) for period in (asking.period, asking.before))
    count, earlier = asking.count(catalog, now), asking.count(catalog, before)
    if not count and not earlier:
        return None
    formula = gettext("Contacts who became customers for the first time in the last 14 days.")
    change = Change(Decimal(count), Decimal(earlier))
    line = asking.line(catalog, now, BECAME)
    return drawn(gettext("New customers"), change, formats.number(count), address(catalog.plural, now), formula, line)
