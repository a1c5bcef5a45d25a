"""Settings: the account, and one's own profile."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts import actions, queries
from jalon.accounts.access import access_of_request, needs
from jalon.accounts.forms import AccountForm, PasswordForm, ProfileForm
from jalon.accounts.models import User
from jalon.accounts.pages import settings_menu
from jalon.accounts.safety import actions as safety
from jalon.accounts.safety.limits import SIGN_IN_AT_PERSON, TooOften
from jalon.accounts.views.safety import context as safety_page
from jalon.web.pages import render


@needs("")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The first settings page that this person may open."""
    lines = settings_menu(request, access_of_request(request))
    return redirect(lines[0].url if lines else "settings:profile")


@needs("account_settings")
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    form = AccountForm(request.POST or None, initial=AccountForm.of(queries.account()))
    if form.is_valid():
        try:
            actions.change_account(form.settings(), actor=access_of_request(request).actor)
        except actions.Refused as refused:
            form.add_error("currency", str(refused))
        else:
            messages.success(request, gettext("The account settings are saved."))
            return redirect("settings:account")
    return render(request, "accounts/account.html", {"form": form}, status=_status(request))


@needs("")
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    form = ProfileForm(request.POST or None, initial={"name": user.name, "language": user.language, "theme": user.theme})
    if form.is_valid():
        actions.change_profile(user.pk, **form.cleaned_data)
        messages.success(request, gettext("Your profile is saved."))
        return redirect("settings:profile")
    return render(request, "accounts/profile.html", {"form": form}, status=_status(request))


@needs("")
@sensitive_post_parameters("current", "password")
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """A new password for oneself; this session stays, every other one ends."""
    user = cast(User, request.user)
    form = PasswordForm(request.POST)
    if form.is_valid():
        try:
            _change_password(request, form)
        except actions.Refused as refused:
            form.add_error("password", str(refused))
        else:
            update_session_auth_hash(request, user)
            messages.success(request, gettext("Your password is changed. Your other sessions are signed out."))
            return redirect("settings:safety")
    return render(request, "accounts/safety.html", safety_page(request, form), status=422)


def _change_password(request: HttpRequest, form: PasswordForm) -> None:
    user = cast(User, request.user)
    try:
        safety.take(SIGN_IN_AT_PERSON, user.email)
    except TooOften as too_often:
        raise actions.Refused(str(too_often)) from too_often
    if not user.check_password(form.cleaned_data["current"]):
        raise actions.Refused(gettext("This is not your present password."))
    safety.give_back(SIGN_IN_AT_PERSON, user.email)
    actions.change_password(user, form.cleaned_data["password"], keep_session=request.session.session_key or "")


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200
