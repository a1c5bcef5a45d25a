"""allauth as Jalon wants it: e-mail and password, then a second factor; nobody signs up by themselves."""

from __future__ import annotations

from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext

from jalon.accounts.access import Actor
from jalon.accounts.audit.actions import audit
from jalon.accounts.caller import agent_of, ip_of
from jalon.accounts.models import User
from jalon.accounts.queries import user_by_email
from jalon.accounts.safety import actions as safety
from jalon.accounts.safety.limits import SIGN_IN_AT_PERSON, SIGN_IN_FROM_ADDRESS, TooOften
from jalon.accounts.sessions import actions as sessions
from jalon.accounts.sign_on import queries as sign_on
from jalon.warehouse.words import N_

CONFIRMED_AT = "confirmed_at"  # in the session: when its owner last showed that they know the password


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by invitation only."""
        return False

    def add_message(self, *arguments: object, **options: object) -> None:
        """No toast for signing in or out: the page says it."""

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        messages.error(request, gettext("This account is deactivated. An administrator can open it again in Settings, Users."))
        return redirect("account_login")

    def get_login_stages(self) -> list[str]:
        return ["jalon.accounts.safety.stage.SecondFactorStage"]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Our own limits, counted in the database: allauth's would count in each process for itself."""
        email = str(credentials.get("email", ""))
        _refuse_where_only_elsewhere(email)
        try:
            safety.take(SIGN_IN_FROM_ADDRESS, ip_of(request))
            safety.take(SIGN_IN_AT_PERSON, email)
        except TooOften as too_often:
            _refuse(str(too_often))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is not None:
            safety.give_back(SIGN_IN_FROM_ADDRESS, ip_of(request))
            safety.give_back(SIGN_IN_AT_PERSON, str(credentials.get("email", "")))
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        user = user_by_email(str(credentials.get("email", "")))
        if user is not None:  # what strangers type into the form is not written down
            sentence = N_("Somebody from %(ip)s gave a wrong password for %(person)s.")
            audit(Actor(None, ""), "sign_in.failed", sentence, person=user.email, ip=ip_of(request))

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        request.session[CONFIRMED_AT] = timezone.now().timestamp()
        if isinstance(user, User):
            key = request.session.session_key or ""
            sessions.begin(user, key, ip=ip_of(request), agent=agent_of(request), now=timezone.now())


def _refuse_where_only_elsewhere(email: str) -> None:
    """Super admins keep their password: somebody must get in on the day the issuer does not answer."""
    found = sign_on.provider()
    if found is None or not found.only:
        return
    user = user_by_email(email)
    if user is None or not user.super_admin:
        _refuse(gettext("Here one signs in with %(name)s only. Use the button above.") % {"name": found.label})


def _refuse(sentence: str) -> NoReturn:
    raise ValidationError(sentence)
