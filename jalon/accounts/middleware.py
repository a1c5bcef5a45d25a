"""Who asks, with which rights, in which language and zone: known before any view runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation

from jalon.accounts.access import NOBODY
from jalon.accounts.models import User
from jalon.accounts.queries import AccountView, access_from, account_for_request

SPOKEN = tuple(code for code, _ in settings.LANGUAGES)


class AccessMiddleware:
    """Sets `request.account`, `request.access` and `request.theme`, and leads to the first-run page until it was answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with account_for_request() as account:
            user = request.user if isinstance(request.user, User) and request.user.is_active else None
            _set(request, account, user)
            with translation.override(_language(request, account, user)), timezone.override(account.tz):
                request.LANGUAGE_CODE = translation.get_language() or "en"
                if not account.configured and not _works_before_set_up(request.path):
                    return HttpResponseRedirect(reverse("setup"))
                response = self.get_response(request)
                response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
                return response


def _set(request: HttpRequest, account: AccountView, user: User | None) -> None:
    asked = cast(Any, request)  # Django's request takes what middleware hangs on it
    asked.account = account
    asked.access = access_from(user) if user else NOBODY
    theme = user.theme if user else request.COOKIES.get("theme", "system")
    asked.theme = theme if theme in {"system", "light", "dark"} else "system"


def _language(request: HttpRequest, account: AccountView, user: User | None) -> str:
    """The user's language, else what a visitor chose, else the account's, else the browser's."""
    chosen = user.language if user else request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in SPOKEN:
        return chosen
    return account.language if account.configured else translation.get_language_from_request(request)


def _works_before_set_up(path: str) -> bool:
    return path in {reverse("setup"), reverse("appearance"), reverse("health")} or path.startswith(settings.STATIC_URL)
