"""Settings, API tokens; and the address at which a program asks who it is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts import permissions
from jalon.accounts.access import access_of_request, needs
from jalon.accounts.actions import Refused
from jalon.accounts.tokens import actions, queries
from jalon.accounts.tokens.doors import bearer_of, for_programs
from jalon.accounts.tokens.forms import TokenForm
from jalon.accounts.views.safety import confirmed
from jalon.web.pages import render


@needs("api_tokens")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """One's own tokens; for those who manage users everybody's."""
    access = access_of_request(request)
    everybody = access.may("users") and request.GET.get("of") == "all"
    lines = queries.tokens(None if everybody else access.actor.user_id, timezone.now())
    labels = {row.name: gettext(row.label) for row in permissions.PERMISSIONS}
    rows = [(line, [labels.get(name, name) for name in line.permissions]) for line in lines]
    return render(request, "accounts/tokens.html", {"rows": rows, "everybody": everybody})


@needs("api_tokens")
@never_cache
@require_http_methods(["GET", "POST"])
@confirmed
def create(request: HttpRequest) -> HttpResponse:
    """Makes a token and shows it once."""
    access = access_of_request(request)
    form = TokenForm(request.POST or None, access=access)
    if form.is_valid():
        values = form.cleaned_data
        try:
            token = actions.create(
                access,
                values["name"],
                permissions=form.rights(),
                scopes=form.scopes(),
                expires_at=form.expires_at(timezone.now()),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            command = f'curl -H "Authorization: Bearer {token}" {request.build_absolute_uri("/api/whoami")}'
            return render(request, "accounts/token_made.html", {"token": token, "name": values["name"], "command": command})
    return render(request, "accounts/token.html", {"form": form}, status=422 if request.method == "POST" else 200)


@needs("api_tokens")
@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    access = access_of_request(request)
    owner = queries.owner_of(token_id)
    if owner is None or (owner != access.actor.user_id and not access.may("users")):
        raise Http404
    actions.revoke(token_id, actor=access.actor, now=timezone.now())
    messages.success(request, gettext("The token is revoked. It opens nothing any more."))
    return redirect("settings:tokens")


@for_programs("")
@require_GET
def whoami(request: HttpRequest) -> JsonResponse:
    """Whose token this is, what it may do, and until when: the first call of every program."""
    bearer = bearer_of(request)
    access = bearer.access
    answer: dict[str, Any] = {
        "user": access.actor.user_id,
        "name": access.actor.name,
        "token": bearer.name,
        "permissions": sorted(access.permissions),
        "scopes": {key: str(scope) for key, scope in sorted(access.scopes.items())},
        "expires_at": bearer.expires_at.isoformat() if bearer.expires_at else None,
    }
    return JsonResponse(answer)
