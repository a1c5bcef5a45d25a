"""Settings, Currencies: the company's own, and what others were worth from which day on."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from jalon.accounts.access import Refused, access_of_request, needs
from jalon.accounts.forms import RateForm
from jalon.accounts.money import actions, queries
from jalon.accounts.money.queries import RateLine
from jalon.accounts.queries import account
from jalon.web.choices import currencies
from jalon.web.pages import render


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency with its rates, the one in force and the others."""

    code: str
    name: str
    present: RateLine | None
    rates: list[RateLine]


@needs("account_settings")
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The list, and the form that adds a rate to it."""
    home = account().currency
    form = RateForm(request.POST or None, home=home, initial={"day": timezone.localdate(), "code": request.GET.get("code")})
    if form.is_valid():
        try:
            actions.set_rate(actor=access_of_request(request).actor, **form.cleaned_data)
        except Refused as refused:
            form.add_error("rate", str(refused))
        else:
            messages.success(request, gettext("The rate is saved. Amounts are computed anew in the background."))
            return redirect("settings:currencies")
    names = dict(currencies())
    context = {"form": form, "home": names.get(home, home), "home_code": home, "currencies": _currencies(names)}
    return render(request, "accounts/currencies.html", context, status=422 if request.method == "POST" else 200)


def _currencies(names: dict[str, str]) -> list[Currency]:
    today = timezone.localdate()
    return [
        Currency(code, names.get(code, code), next((line for line in rates if line.day <= today), rates[-1]), rates)
        for code, rates in queries.lines().items()
    ]


@needs("account_settings")
@require_POST
def remove(request: HttpRequest, rate_id: int) -> HttpResponse:
    actions.remove_rate(rate_id, actor=access_of_request(request).actor)
    messages.success(request, gettext("The rate is removed. Amounts are computed anew in the background."))
    return redirect("settings:currencies")
