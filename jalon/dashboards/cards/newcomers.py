"""New contacts: those whose create date lies in the period."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext

from jalon.dashboards.cards.card import Asking, Card, drawn, in_days
from jalon.figures.addresses import address
from jalon.figures.measures import Change
from jalon.web import formats


def card(asking: Asking) -> Card | None:
    catalog = asking.catalog("contact", "createdate")
    if catalog is None:
        return None
    now, before = (in_days(catalog, "createdate", period) for period in (asking.period, asking.before))
    count = asking.count(catalog, now)
    change = Change(Decimal(count), Decimal(asking.count(catalog, before)))
    formula = gettext("Contacts created in the last 14 days, today included.")
    line = asking.line(catalog, now, "createdate")
    return drawn(
        gettext("New contacts"),
        change,
        formats.number(count),
        address(catalog.plural, now),
        formula,
        line,
    )
