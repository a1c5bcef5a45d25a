"""The ways in: first run, invitation, sign-in and sign-out."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from jalon.accounts import actions, letters, queries
from jalon.accounts.access import Actor, public
from jalon.accounts.caller import ip_of
from jalon.accounts.forms import AcceptForm, SetUpForm, start_of_set_up
from jalon.accounts.invitations import actions as invitations
from jalon.accounts.models import User
from jalon.accounts.presets import PRESETS
from jalon.accounts.safety import actions as safety
from jalon.accounts.safety import passkeys, passwords
from jalon.accounts.safety.forms import ForgottenForm
from jalon.accounts.safety.limits import PASSWORD_CHECK, RESET_FROM_ADDRESS, RESET_OF_PERSON, TooOften
from jalon.accounts.sign_on import queries as sign_on
from jalon.web.pages import render


class SignIn(LoginView):  # type: ignore[misc]
    """allauth's page, with the other ways in beside the password."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        provider = sign_on.provider()
        hidden = provider is not None and provider.only and "password" not in self.request.GET and self.request.method == "GET"
        ways = {
            "provider": provider,
            "hide_password": hidden,
            "by_mail": _reset_by_mail(),
            "why_no_passkey": passkeys.why_not(self.request),
        }
        return {**super().get_context_data(**more), **ways, "next": self.request.GET.get("next", "")}


sign_in = public(SignIn.as_view())


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


@public
@never_cache
@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Sends a password link. Whether somebody has the address is told to nobody; the answer is always the same."""
    if not _reset_by_mail():
        return redirect("account_login")
    form = ForgottenForm(request.POST or None)
    if form.is_valid():
        email = form.cleaned_data["email"]
        try:
            safety.take(RESET_FROM_ADDRESS, ip_of(request))
            safety.take(RESET_OF_PERSON, email)
        except TooOften as too_often:
            form.add_error(None, str(too_often))
        else:
            _send_password_link(email)
            return render(request, "accounts/forgotten_sent.html", {"email": email})
    return render(request, "accounts/forgotten.html", {"form": form}, status=422 if request.method == "POST" else 200)


def _send_password_link(email: str) -> None:
    user = queries.user_by_email(email)
    if user is None or not user.is_active:
        return
    token = invitations.renew_password_link(user.pk, actor=Actor(user.pk, str(user)))
    letters.password_link(user, f"{settings.ENVIRONMENT.url}{reverse('invitation', args=(token,))}", invitations.LINK_LIVES.days)


def _reset_by_mail() -> bool:
    """Only with a mail server, and a public address: a link must not be made from what a stranger writes into Host."""
    return bool(settings.ENVIRONMENT.mail_url and settings.ENVIRONMENT.url)


@public
@sensitive_post_parameters("password", "current")
@require_POST
def password_rules(request: HttpRequest) -> HttpResponse:
    """Which rules the password that is being typed keeps."""
    try:
        safety.take(PASSWORD_CHECK, ip_of(request))
    except TooOften:
        return HttpResponse(status=204)
    typed = request.POST
    stranger = User(name=typed.get("name") or typed.get("owner_name", ""), email=typed.get("email") or typed.get("username", ""))
    person = request.user if isinstance(request.user, User) else stranger
    return render(request, "accounts/_password_rules.html", {"rules": passwords.rules(typed.get("password", ""), person)})


def _enter(request: HttpRequest, user: User) -> HttpResponseRedirect:
    """Signs in, and keeps the language that the visitor chose on the way."""
    get_adapter(request).login(request, user)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in dict(settings.LANGUAGES) and not user.language:
        actions.change_appearance(user.pk, language=chosen)
    return HttpResponseRedirect("/")
