"""Your profile, Sign-in and devices: password, second factors, passkeys, and where one is signed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts import actions as accounts
from jalon.accounts.access import access_of_request, needs
from jalon.accounts.adapter import CONFIRMED_AT
from jalon.accounts.forms import PasswordForm
from jalon.accounts.middleware import LATER
from jalon.accounts.models import User
from jalon.accounts.queries import account
from jalon.accounts.safety import actions, codes, passkeys, queries
from jalon.accounts.safety.drawing import qr_code
from jalon.accounts.safety.forms import CodeForm, ConfirmForm
from jalon.accounts.safety.limits import SIGN_IN_AT_PERSON, TooOften
from jalon.accounts.sessions import actions as session_actions
from jalon.accounts.sessions import queries as session_queries
from jalon.accounts.views.second_factor import CEREMONY, body_of
from jalon.web.pages import inside, render

CONFIRMED_FOR = timedelta(minutes=15)

Page = Callable[..., HttpResponse]


def confirmed(view: Page) -> Page:
    """For what a stranger at an open browser must not do: the password was given in the last quarter of an hour."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = cast(User, request.user)
        since = timezone.now().timestamp() - float(request.session.get(CONFIRMED_AT, 0))
        if user.has_usable_password() and not 0 <= since < CONFIRMED_FOR.total_seconds():
            back = request.path if request.method == "GET" else reverse("settings:safety")
            url = f"{reverse('settings:confirm')}?{urlencode({'next': back})}"
            if request.content_type == "application/json":
                return JsonResponse({"url": url}, status=409)
            return redirect(url)
        return view(request, *args, **kwargs)

    return asked


@needs("")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/safety.html", context(request))


def context(request: HttpRequest, password_form: PasswordForm | None = None) -> dict[str, Any]:
    """What the page shows; a refused new password brings its form along."""
    user = cast(User, request.user)
    here = request.session.session_key or ""
    return {
        "factors": queries.factors(user.pk),
        "sessions": session_queries.sessions(user.pk, here=here, now=timezone.now()),
        "why_not": passkeys.why_not(request),
        "password_form": password_form or PasswordForm(),
        "has_password": user.has_usable_password(),
        "required": account().second_factor_from is not None,
    }


@needs("")
@never_cache
@sensitive_post_parameters("current")
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Asks for the password before something that matters."""
    user = cast(User, request.user)
    form = ConfirmForm(request.POST or None)
    if form.is_valid():
        try:
            actions.take(SIGN_IN_AT_PERSON, user.email)
        except TooOften as too_often:
            form.add_error("current", str(too_often))
        else:
            if user.check_password(form.cleaned_data["current"]):
                actions.give_back(SIGN_IN_AT_PERSON, user.email)
                request.session[CONFIRMED_AT] = timezone.now().timestamp()
                return HttpResponseRedirect(_inside(request, reverse("settings:safety")))
            form.add_error("current", gettext("This is not your present password."))
    return render(request, "accounts/confirm.html", {"form": form}, status=_status(request))


@needs("")
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@confirmed
def app(request: HttpRequest) -> HttpResponse:
    """The QR code for the app on the phone; the first code that it makes switches it on."""
    user = cast(User, request.user)
    secret = actions.begin_authenticator(user)
    if not secret:
        return redirect("settings:safety")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        if actions.confirm_authenticator(user, form.cleaned_data["code"], timezone.now()):
            return _with_codes(request, user)
        form.add_error("code", gettext("This code is not the one that the app shows now. Is the clock of your phone right?"))
    picture = qr_code(codes.address(secret, issuer=account().name, person=user.email), gettext("QR code for your app"))
    found = {"form": form, "picture": picture, "secret": codes.in_groups(secret)}
    return render(request, "accounts/app.html", found, status=_status(request))


@needs("")
@never_cache
@require_POST
@confirmed
def recovery(request: HttpRequest) -> HttpResponse:
    """New recovery codes in place of the former ones, for somebody who has a second factor to lose."""
    user = cast(User, request.user)
    return _codes_page(request, actions.new_recovery_codes(user)) if queries.has_second_factor(user.pk) else redirect("settings:safety")


@needs("")
@require_POST
@confirmed
def remove_app(request: HttpRequest) -> HttpResponse:
    actions.remove_authenticator(cast(User, request.user))
    messages.success(request, gettext("The app with codes is removed."))
    return redirect("settings:safety")


@needs("")
@never_cache
@require_POST
@confirmed
def passkey_begin(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    options, request.session[CEREMONY] = passkeys.begin_adding(request, user, queries.passkeys(user.pk))
    return JsonResponse(options)


@needs("")
@never_cache
@require_POST
@confirmed
def passkey_finish(request: HttpRequest) -> HttpResponse:
    """Keeps the key that the browser has made."""
    user = cast(User, request.user)
    try:
        made = passkeys.finish_adding(request, request.session.pop(CEREMONY, {}), body_of(request))
    except passkeys.NotPossible as why:
        return JsonResponse({"sentence": str(why)}, status=422)
    key = actions.add_passkey(user, request.GET.get("name", ""), made)
    messages.success(request, gettext("The passkey “%(name)s” is added.") % {"name": key.name})
    return JsonResponse({"url": reverse("settings:safety")})


@needs("")
@require_POST
@confirmed
def remove_passkey(request: HttpRequest, key_id: int) -> HttpResponse:
    actions.remove_passkey(cast(User, request.user), key_id)
    messages.success(request, gettext("The passkey is removed."))
    return redirect("settings:safety")


@needs("")
@require_POST
def end_session(request: HttpRequest, handle: str) -> HttpResponse:
    """Signs one other device out."""
    user = cast(User, request.user)
    key = session_queries.key_of(user.pk, handle)
    if key and session_actions.end(user.pk, key):
        messages.success(request, gettext("That device is signed out."))
    return redirect("settings:safety")


@needs("")
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    ended = session_actions.end_all(cast(User, request.user).pk, but=request.session.session_key or "")
    messages.success(request, gettext("Signed out on %(count)s other devices.") % {"count": ended})
    return redirect("settings:safety")


@needs("")
@require_http_methods(["GET", "POST"])
def needed(request: HttpRequest) -> HttpResponse:
    """Everybody must use a second factor: from a day on without exception, until then with "later"."""
    begins = account().second_factor_from
    user = cast(User, request.user)
    if begins is None or queries.has_second_factor(user.pk):
        return redirect("/")
    may_wait = timezone.now() < begins
    if request.method == "POST" and may_wait:
        request.session[LATER] = True
        return HttpResponseRedirect(_inside(request, "/"))
    return render(
        request, "accounts/second_factor_needed.html", {"begins": begins, "may_wait": may_wait, "why_not": passkeys.why_not(request)}
    )


@needs("users")
@require_POST
def reset(request: HttpRequest, user_id: int) -> HttpResponse:
    """For somebody who lost phone and recovery codes."""
    access = access_of_request(request)
    person = get_object_or_404(User, pk=user_id)
    try:
        accounts.require_power(access, person)
    except accounts.Refused as refused:
        messages.error(request, str(refused))
    else:
        actions.reset(person, actor=access.actor)
        session_actions.end_all(person.pk, but=(request.session.session_key or "") if person.pk == access.actor.user_id else "")
        sentence = gettext("%(name)s signs in with the password alone until they set up a second factor again.")
        messages.success(request, sentence % {"name": person})
    return redirect("settings:users")


def _with_codes(request: HttpRequest, user: User) -> HttpResponse:
    """The app works; recovery codes are shown at once, unless there are some from a passkey's time."""
    messages.success(request, gettext("The app works: from now on you are asked for a code when you sign in."))
    if queries.factors(user.pk).recovery_codes:
        return redirect("settings:safety")
    return _codes_page(request, actions.new_recovery_codes(user))


def _codes_page(request: HttpRequest, made: list[str]) -> HttpResponse:
    return render(request, "accounts/recovery_codes.html", {"codes": made})


def _inside(request: HttpRequest, otherwise: str) -> str:
    return inside(request, str(request.GET.get("next", "")), otherwise)


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200
