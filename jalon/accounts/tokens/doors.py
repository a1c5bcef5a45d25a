"""How a program comes in: `Authorization: Bearer …`, at the addresses that are made for programs and at no other."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from jalon.accounts.access import access_of_request
from jalon.accounts.caller import ip_of
from jalon.accounts.safety import actions as safety
from jalon.accounts.safety.limits import TOKEN, TooOften
from jalon.accounts.tokens import actions, queries

SCHEME = "bearer "
View = Callable[..., HttpResponseBase]


def for_programs(permission: str) -> Callable[[View], View]:
    """Marks a view for programs: it asks for a token that holds the permission, and takes no session.

    So no other site can make a browser call it, and it needs no form token.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not hasattr(request, "bearer"):
                return refusal(gettext("Send an API token: “Authorization: Bearer jln_…”. Make one in Settings, API tokens."), 401)
            if permission and not access_of_request(request).may(permission):
                return refusal(gettext("This token does not hold the permission “%(name)s”.") % {"name": permission}, 403)
            return view(request, *args, **kwargs)

        marked = cast(Any, csrf_exempt(guarded))
        marked.permission, marked.public, marked.takes_tokens = permission, False, True
        return cast(View, marked)

    return decorate


def bearer_of(request: HttpRequest) -> queries.Bearer:
    return cast(queries.Bearer, cast(Any, request).bearer)


def token_in(request: HttpRequest) -> str:
    """The token that the request carries; empty without one."""
    header = str(request.headers.get("Authorization", ""))
    return header[len(SCHEME) :].strip() if header.lower().startswith(SCHEME) else ""


def let_in(request: HttpRequest, token: str) -> JsonResponse | None:
    """Gives the request the rights of its token; an answer where the token opens nothing."""
    now = timezone.now()
    try:
        bearer = queries.bearer(token, now)
    except queries.NotAccepted as why:
        return _not_accepted(request, str(why))
    actions.use(bearer, ip=ip_of(request), now=now)
    asked = cast(Any, request)
    asked.bearer, asked.access = bearer, bearer.access
    return None


def _not_accepted(request: HttpRequest, sentence: str) -> JsonResponse:
    try:
        safety.take(TOKEN, ip_of(request))
    except TooOften as too_often:
        answer = refusal(str(too_often), 429)
        answer.headers["Retry-After"] = str(too_often.seconds)
        return answer
    return refusal(sentence, 401)


def not_for_programs() -> JsonResponse:
    return refusal(gettext("This address is a page for people. Programs use the addresses under /api/."), 403)


def refusal(sentence: str, status: int) -> JsonResponse:
    answer = JsonResponse({"error": sentence}, status=status)
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer
