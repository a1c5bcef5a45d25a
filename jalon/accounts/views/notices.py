"""What one was told: the panel under the bell, the page with all, and how one wants to be told."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts.access import access_of_request, needs
from jalon.accounts.notices import actions, queries
from jalon.accounts.notices.forms import NoticesForm
from jalon.web.pages import render

A_PAGE = 50
A_PANEL = 8


@needs("")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    found = queries.notices(_me(request), before=int(before) if before.isdecimal() else None, limit=A_PAGE + 1)
    context = {"lines": found[:A_PAGE], "older": found[A_PAGE - 1].id if len(found) > A_PAGE else None}
    return render(request, "accounts/notices.html", {**context, "unread": queries.unread_count(_me(request))})


@needs("")
@require_GET
def panel(request: HttpRequest) -> HttpResponse:
    """The newest, for the panel under the bell."""
    return render(request, "accounts/_notices.html", _newest(request))


@needs("")
@require_POST
def follow(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Marks a notice as read and goes where it leads."""
    link = queries.link_of(_me(request), notice_id) or ""
    actions.mark_read(_me(request), notice_id)
    inside = url_has_allowed_host_and_scheme(link, allowed_hosts=None)
    return HttpResponseRedirect(link if link and inside else reverse("notices"))


@needs("")
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Everything was read: from the panel, which stays open, or from the page."""
    actions.mark_read(_me(request))
    if request.headers.get("HX-Request"):
        return render(request, "accounts/_notices.html", _newest(request))
    return redirect("notices")


@needs("")
@require_http_methods(["GET", "POST"])
def ways(request: HttpRequest) -> HttpResponse:
    """How this person wants to hear of each kind."""
    form = NoticesForm(request.POST or None, initial={name: way.value for name, way in queries.ways(_me(request)).items()})
    if form.is_valid():
        actions.choose_ways(_me(request), form.ways())
        messages.success(request, gettext("You will be told as you chose."))
        return redirect("settings:notices")
    return render(request, "accounts/notice_ways.html", {"form": form}, status=422 if request.method == "POST" else 200)


def _newest(request: HttpRequest) -> dict[str, Any]:
    return {"lines": queries.notices(_me(request), limit=A_PANEL), "unread": queries.unread_count(_me(request))}


def _me(request: HttpRequest) -> int:
    return access_of_request(request).actor.user_id or 0
