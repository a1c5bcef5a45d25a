"""Signing in elsewhere: there, and back again; and the settings that say where."""

from __future__ import annotations

from typing import cast

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts.access import Denied, access_of_request, needs, public
from jalon.accounts.actions import Refused
from jalon.accounts.caller import ip_of
from jalon.accounts.queries import account
from jalon.accounts.safety import actions as safety
from jalon.accounts.safety.limits import SIGN_IN_FROM_ADDRESS, TooOften
from jalon.accounts.safety.sealing import Unreadable
from jalon.accounts.sign_on import actions, oidc, queries
from jalon.accounts.sign_on.forms import SignOnForm
from jalon.web.pages import render

JOURNEY = "sign_on"  # in the session while the browser is away


@public
@never_cache
@require_GET
def leave(request: HttpRequest) -> HttpResponse:
    """To the issuer."""
    provider = queries.provider()
    if provider is None:
        return redirect("account_login")
    try:
        safety.take(SIGN_IN_FROM_ADDRESS, ip_of(request))
        url, kept = oidc.begin(oidc.discover(provider.issuer), provider.client_id, _back(request))
    except (oidc.Failed, TooOften) as why:
        return _sent_back(request, str(why))
    wanted = str(request.GET.get("next", ""))
    inside = url_has_allowed_host_and_scheme(wanted, {request.get_host()})
    request.session[JOURNEY] = {**kept, "next": wanted if inside else ""}
    return HttpResponseRedirect(url)


@public
@never_cache
@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """From the issuer, with its answer."""
    provider, kept = queries.provider(), request.session.pop(JOURNEY, {})
    if provider is None:
        return redirect("account_login")
    try:
        issuer = oidc.discover(provider.issuer)
        identity = oidc.finish(issuer, provider.client_id, provider.secret(), _back(request), kept=kept, answer=request.GET.dict())
        user = actions.let_in(identity, new_user_set=provider.new_user_set)
    except (oidc.Failed, Refused, Unreadable) as why:
        return _sent_back(request, str(why))
    return cast(HttpResponse, perform_login(request, Login(user=user, redirect_url=kept.get("next") or None)))


@needs("account_settings")
@sensitive_post_parameters("client_secret")
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """How people sign in: a second factor for everybody, and where else."""
    provider = queries.provider()
    shown = {"issuer", "client_id", "label", "new_user_set", "only"}
    initial = {name: getattr(provider, name) for name in shown} if provider else {}
    form = SignOnForm(request.POST or None, initial=initial, keeps_secret=provider is not None)
    if request.method == "POST":
        _require_super_admin(request)
    if form.is_valid():
        try:
            wish = form.wish()
            oidc.discover(wish.issuer)
            actions.choose(wish, actor=access_of_request(request).actor)
        except (oidc.Failed, Refused) as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, gettext("The sign-in page offers “%(name)s” now.") % {"name": wish.label})
            return redirect("settings:sign_in")
    context = {"form": form, "provider": provider, "back": _back(request), "second_factor_from": account().second_factor_from}
    return render(request, "accounts/sign_in_settings.html", context, status=422 if request.method == "POST" else 200)


@needs("account_settings")
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    _require_super_admin(request)
    actions.forget(actor=access_of_request(request).actor)
    messages.success(request, gettext("People sign in here only."))
    return redirect("settings:sign_in")


@needs("account_settings")
@require_POST
def require_second_factor(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("required") == "yes"
    safety.require_second_factor(wanted, actor=access_of_request(request).actor, now=timezone.now())
    told = gettext("Everybody is asked to set up a second factor, and must have one in %(days)s days.") % {"days": safety.GRACE.days}
    messages.success(request, told if wanted else gettext("A second factor is everybody’s own choice."))
    return redirect("settings:sign_in")


def _require_super_admin(request: HttpRequest) -> None:
    """Whoever chooses the issuer can be anybody."""
    if not access_of_request(request).super_admin:
        raise Denied(gettext("Whoever chooses where people sign in could sign in as anybody, so only a super admin may."))


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("sign_on_back"))


def _sent_back(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    return redirect("account_login")
