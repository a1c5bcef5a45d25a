"""Changing the account's currencies and their rates. Whoever keeps options or amounts by currency is told (wiring)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext

from jalon.accounts import queries as accounts
from jalon.accounts.access import Actor, Refused
from jalon.accounts.audit.actions import audit
from jalon.accounts.models import ExchangeRate
from jalon.accounts.money import queries
from jalon.accounts.money.rebase import rebased
from jalon.warehouse.words import N_

LARGEST: Final = Decimal(10) ** 9
SMALLEST: Final = Decimal("0.0000000001")
RATE_SET: Final = N_("%(who)s set the rate of %(code)s to %(rate)s from %(day)s on.")
RATE_REMOVED: Final = N_("%(who)s removed the rate of %(code)s of %(day)s.")
Follower = Callable[[Sequence[str], Actor], None]  # is given the codes, the account's own first

_followers: list[Follower] = []


def install(followers: Sequence[Follower]) -> None:
    """Takes the rows of the wiring: who follows the list of currencies."""
    _followers[:] = followers


@transaction.atomic
def set_rate(code: str, day: date, rate: Decimal, *, actor: Actor) -> None:
    """From this day on, one unit of a currency is worth so much. A rate of the same day is replaced."""
    if code == accounts.account().currency:
        raise Refused(gettext("%(code)s is the account's own currency, which is always worth 1.") % {"code": code})
    if not SMALLEST <= rate < LARGEST:
        raise Refused(gettext("A rate lies above zero and below a billion."))
    ExchangeRate.objects.update_or_create(code=code, day=day, defaults={"rate": rate})
    told = {"code": code, "rate": f"{rate:f}", "day": day.isoformat()}
    audit(actor, "account.rate", RATE_SET, link=reverse("settings:currencies"), **told)
    tell(actor)


@transaction.atomic
def remove_rate(rate_id: int, *, actor: Actor) -> None:
    """Takes a rate away; without its last one, a currency leaves the list."""
    row = ExchangeRate.objects.filter(pk=rate_id).first()
    if row is None:
        return
    row.delete()
    told = {"code": row.code, "day": row.day.isoformat()}
    audit(actor, "account.rate", RATE_REMOVED, link=reverse("settings:currencies"), **told)
    tell(actor)


def change_home(old: str, new: str, *, actor: Actor) -> None:
    """The account takes another currency: rates are turned round, so that past amounts keep their worth. In the caller's transaction."""
    rates = queries.rates()
    if old != new and rates:
        if new not in rates:
            raise Refused(gettext("Give a rate for %(code)s first, so that the other rates can be converted.") % {"code": new})
        ExchangeRate.objects.all().delete()
        turned = rebased(rates, old, new).items()
        ExchangeRate.objects.bulk_create(ExchangeRate(code=code, day=day, rate=rate) for code, dated in turned for day, rate in dated)
    tell(actor)


def tell(actor: Actor) -> None:
    """Whoever follows the list of currencies learns it, and the beat wakes to compute amounts anew."""
    codes = [accounts.account().currency, *(code for code in queries.rates() if code != accounts.account().currency)]
    for follow in _followers:
        follow(codes, actor)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('jalon', '')")
