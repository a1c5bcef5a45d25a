"""The ways in: first run, invitation, sign-in and sign-out."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from jalon.accounts import actions, queries
from jalon.accounts.access import public
from jalon.accounts.forms import AcceptForm, SetUpForm, start_of_set_up
from jalon.accounts.invitations import actions as invitations
from jalon.accounts.models import User
from jalon.accounts.presets import PRESETS
from jalon.web.pages import render

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

sign_in = public(LoginView.as_view())


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    auth.logout(request)
    return redirect("account_login")


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """The first-run page; nothing once it was answered."""
    if queries.account().configured:
        return redirect("/")
    form = SetUpForm(request.POST or None, initial=start_of_set_up())
    problems: list[str] = []
    if form.is_valid():
        try:
            user = actions.set_up(form.settings(), stage_preset=form.cleaned_data["stage_preset"], owner=form.owner())
        except actions.Refused as refused:
            problems = [str(refused)]
        else:
            return _enter(request, user)
    context = {"form": form, "problems": problems, "presets": PRESETS}
    return render(request, "accounts/setup.html", context, status=422 if request.method == "POST" else 200)


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the link: a new user chooses name and password, one who lost the password a new one."""
    found = queries.invitation(token, timezone.now())
    if found is None:
        sentence = gettext("This link was used already or is too old. Ask the person who sent it for a new one.")
        return render(request, "accounts/link_ended.html", {"sentence": sentence}, status=410)
    form = AcceptForm(request.POST or None, initial={"name": found.user.name if found.user else ""})
    problems: list[str] = []
    if form.is_valid():
        try:
            user = invitations.accept(token, name=form.cleaned_data["name"], password=form.cleaned_data["password"])
        except actions.Refused as refused:
            problems = [str(refused)]
        else:
            return _enter(request, user)
    context = {"form": form, "problems": problems, "email": found.email, "renews": found.user is not None}
    return render(request, "accounts/invitation.html", context, status=422 if request.method == "POST" else 200)


def _enter(request: HttpRequest, user: User) -> HttpResponseRedirect:
    """Signs in, and keeps the language that the visitor chose on the way."""
    auth.login(request, cast(Any, user), backend=BACKEND)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in dict(settings.LANGUAGES) and not user.language:
        actions.change_appearance(user.pk, language=chosen)
    return HttpResponseRedirect("/")
