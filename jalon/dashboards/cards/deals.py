"""Won deals: the amount of the deals that were won in the period."""

from __future__ import annotations

from django.utils.translation import gettext

from jalon.accounts.queries import account
from jalon.criteria.tree import Filter
from jalon.dashboards import queries
from jalon.dashboards.cards.card import Asking, Card, drawn, in_days
from jalon.figures.addresses import address
from jalon.figures.measures import Change
from jalon.web import formats

AMOUNT = "amount_in_home_currency"
WON = Filter("dealstage", "any_of", ("closedwon",))

FROM_HERE_ON_WHOLE = 10_000


def card(asking: Asking) -> Card | None:
    catalog = asking.catalog("deal", "dealstage", AMOUNT, "closedate")
    if catalog is None:
        return None
    now, before = (in_days(catalog, "closedate", period, WON) for period in (asking.period, asking.before))
    total, earlier = (queries.summed(asking.access, catalog, criteria, AMOUNT, asking.now) for criteria in (now, before))
    if total is None and earlier is None:
        return None
    formula = gettext("Sum of the amounts of the deals won with a close date in the last 14 days.")
    value = formats.money(total, account().currency, whole=total is not None and abs(total) >= FROM_HERE_ON_WHOLE)
    line = asking.line(catalog, now, "closedate", AMOUNT)
    return drawn(
        gettext("Won deals"),
        Change(total, earlier),
        value,
        address(catalog.plural, now),
        formula,
        line,
    )
