"""Who asks, with which rights, in which language and zone: known before any view runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode

from jalon.accounts.access import NOBODY, asked_by
from jalon.accounts.caller import agent_of, ip_of
from jalon.accounts.models import User
from jalon.accounts.queries import AccountView, access_from, account_for_request
from jalon.accounts.safety import queries as safety
from jalon.accounts.sessions import actions as sessions
from jalon.accounts.tokens import doors

SPOKEN = tuple(code for code, _ in settings.LANGUAGES)
LATER = "second_factor_later"  # in the session: this person was told, and chose to do it another day


class AccessMiddleware:
    """Sets `request.account`, `request.access` and `request.theme`, and leads to what must be answered first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with account_for_request() as account, asked_by(request):
            token = doors.token_in(request)
            user = None if token else _user(request)
            _set(request, account, user)
            with translation.override(_language(request, account, user)), timezone.override(account.tz):
                request.LANGUAGE_CODE = translation.get_language() or "en"
                response = doors.let_in(request, token) if token else _first(request, account, user)
                response = response or self.get_response(request)
                response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
                return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_arguments: Any) -> HttpResponse | None:
        """A token opens the addresses for programs; a page would act as its owner in ways that nobody thought of."""
        wrong_door = hasattr(request, "bearer") and not getattr(view, "takes_tokens", False)
        return doors.not_for_programs() if wrong_door else None


def _user(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) and request.user.is_active else None


def _set(request: HttpRequest, account: AccountView, user: User | None) -> None:
    asked = cast(Any, request)  # Django's request takes what middleware hangs on it
    asked.account = account
    asked.access = access_from(user) if user else NOBODY
    theme = user.theme if user else request.COOKIES.get("theme", "system")
    asked.theme = theme if theme in {"system", "light", "dark"} else "system"
    if user and request.session.session_key:
        sessions.seen(user.pk, request.session.session_key, ip=ip_of(request), agent=agent_of(request), now=timezone.now())


def _language(request: HttpRequest, account: AccountView, user: User | None) -> str:
    """The user's language, else what a visitor chose, else the account's, else the browser's."""
    chosen = user.language if user else request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in SPOKEN:
        return chosen
    return account.language if account.configured else translation.get_language_from_request(request)


def _first(request: HttpRequest, account: AccountView, user: User | None) -> HttpResponse | None:
    """The page that must be answered before any other: the first run, or a second factor where everybody must have one."""
    if not account.configured and not _works_before_set_up(request.path):
        return HttpResponseRedirect(reverse("setup"))
    if user and account.second_factor_from and not _works_without_second_factor(request.path):
        may_wait = timezone.now() < account.second_factor_from and (request.session.get(LATER) or request.method != "GET")
        if not may_wait and not safety.has_second_factor(user.pk):
            return _to_second_factor(request)
    return None


def _to_second_factor(request: HttpRequest) -> HttpResponse:
    needed = reverse("settings:second_factor_needed")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": needed})
    return HttpResponseRedirect(f"{needed}?{urlencode({'next': request.get_full_path()})}")


def _works_before_set_up(path: str) -> bool:
    return path in {reverse("setup"), reverse("appearance"), reverse("health")} or path.startswith(settings.STATIC_URL)


def _works_without_second_factor(path: str) -> bool:
    """The pages on which one gets a second factor, and the way out."""
    ways = (reverse("settings:safety"), reverse("settings:confirm"), reverse("account_logout"), reverse("appearance"), settings.STATIC_URL)
    return path.startswith(ways)
