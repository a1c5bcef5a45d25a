"""The ways in beside the password: the second factor after it, and passkeys, which need none."""

from __future__ import annotations

import json
from typing import Any, cast

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import perform_login
from allauth.account.internal.stagekit import get_pending_stage
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from jalon.accounts.access import public
from jalon.accounts.caller import ip_of
from jalon.accounts.models import User
from jalon.accounts.safety import actions, passkeys, queries
from jalon.accounts.safety.forms import CodeForm
from jalon.accounts.safety.limits import PASSKEY, TooOften
from jalon.accounts.safety.stage import PASSKEY as BY_PASSKEY
from jalon.accounts.safety.stage import SecondFactorStage
from jalon.web.pages import render

CEREMONY = "passkey"  # in the session, between the two halves of using one


@public
@login_stage_required(stage=SecondFactorStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponseBase:
    """After the password: a code of the app, a passkey, or a recovery code."""
    stage: SecondFactorStage = cast(Any, request)._login_stage
    user = cast(User, stage.login.user)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            if actions.check(user, form.cleaned_data["code"], timezone.now(), ip=ip_of(request)):
                return cast(HttpResponse, stage.exit())
            form.add_error("code", gettext("This code does not open the door. Codes change every 30 seconds, and each works once."))
        except TooOften as too_often:
            form.add_error("code", str(too_often))
    context = {
        "form": form,
        "has_app": queries.has_app(user.pk),
        "has_passkey": bool(queries.passkeys(user.pk)),
        "why_not": passkeys.why_not(request),
    }
    return render(request, "accounts/second_factor.html", context, status=422 if request.method == "POST" else 200)


@public
@never_cache
@require_POST
def passkey_begin(request: HttpRequest) -> JsonResponse:
    """What the browser is asked to sign: by a key of the person who gave the password, else by any that it has for us."""
    try:
        actions.take(PASSKEY, ip_of(request))
    except TooOften as too_often:
        return _sentence(str(too_often), 429)
    stage = get_pending_stage(request)
    keys = queries.passkeys(stage.login.user.pk) if stage and stage.login.user else []
    options, request.session[CEREMONY] = passkeys.begin_asking(request, keys)
    return JsonResponse(options)


@public
@never_cache
@require_POST
def passkey_finish(request: HttpRequest) -> JsonResponse:
    """The browser's answer: opens the door, or says in a sentence why not."""
    try:
        user = _owner(request)
    except passkeys.NotPossible as why:
        return _sentence(str(why), 422)
    answer = _enter(request, user)
    return JsonResponse({"url": answer.headers.get("Location", "/")})


def _owner(request: HttpRequest) -> User:
    """Whose key has signed."""
    answer = body_of(request)
    state = request.session.pop(CEREMONY, None)
    key = queries.passkey(passkeys.id_in(answer))
    if key is None or state is None:
        raise passkeys.NotPossible(gettext("Jalon does not know this passkey. Sign in with your password and add it in your profile."))
    try:
        count = passkeys.finish_asking(request, state, answer, key)
    except passkeys.NotPossible:
        actions.failed(key.user, ip=ip_of(request))
        raise
    if not actions.passkey_used(key, count, timezone.now()):
        actions.failed(key.user, ip=ip_of(request))
        raise passkeys.NotPossible(gettext("This passkey counts backwards: there may be a copy of it. Use another way, and remove it."))
    return key.user


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    """Goes on with the sign-in that waits for a second factor, or begins one that needs none."""
    stage = get_pending_stage(request)
    if stage is not None and stage.login.user == user:
        return cast(HttpResponse, stage.exit())
    wanted = str(request.GET.get("next", ""))
    inside = url_has_allowed_host_and_scheme(wanted, {request.get_host()})
    login = Login(user=user, redirect_url=wanted if inside else None, state={BY_PASSKEY: True})
    return cast(HttpResponse, perform_login(request, login))


def body_of(request: HttpRequest) -> dict[str, Any]:
    try:
        found = json.loads(request.body)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


def _sentence(text: str, status: int) -> JsonResponse:
    return JsonResponse({"sentence": text}, status=status)
