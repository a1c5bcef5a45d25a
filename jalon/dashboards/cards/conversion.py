"""Conversion: new customers for each new contact of the same days."""

from __future__ import annotations

from django.utils.translation import gettext

from jalon.dashboards.cards.card import Asking, Card, drawn, in_days
from jalon.dashboards.cards.won import STAGE, became_of
from jalon.figures.addresses import address
from jalon.figures.measures import Change, share
from jalon.web import formats


def card(asking: Asking) -> Card | None:
    catalog = asking.catalog("contact", "createdate", STAGE)
    became = became_of(catalog) if catalog else None
    if catalog is None or became is None:
        return None
    won = [in_days(catalog, became, period) for period in (asking.period, asking.before)]
    new = [in_days(catalog, "createdate", period) for period in (asking.period, asking.before)]
    counts = [asking.count(catalog, criteria) for criteria in won]
    if not any(counts):
        return None
    now, before = (share(count, asking.count(catalog, base)) for count, base in zip(counts, new, strict=True))
    formula = gettext("New customers of the last 14 days divided by new contacts of the same days.")
    return drawn(gettext("Conversion"), Change(now, before, rate=True), formats.percent(now), address(catalog.plural, won[0]), formula)
