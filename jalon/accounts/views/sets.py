"""Settings, Permission sets: what people may do, as a matrix and in words."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts import queries as accounts
from jalon.accounts.access import Access, Refused, access_of_request, needs
from jalon.accounts.rights import actions, queries
from jalon.accounts.rights.forms import SetForm
from jalon.accounts.rights.queries import SetView
from jalon.accounts.rights.wording import words
from jalon.web.numbers import whole
from jalon.web.pages import render


@needs("users")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    shown = [(view, words(view.permissions, view.scopes)) for view in queries.sets()]
    return render(request, "accounts/sets.html", {"sets": shown})


@needs("users")
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new set; `?from=` begins with a copy of another."""
    form = SetForm(request.POST or None, initial=_beginning(request))
    if form.is_valid():
        access = access_of_request(request)
        try:
            values = form.values()
            actions.require_within(access, values.all_permissions(), values.scopes)
            made = actions.create_set(values, actor=access.actor)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, gettext("The permission set “%(name)s” is there to be given.") % {"name": made.name})
            return redirect("settings:sets")
    return _page(request, form, None)


@needs("users")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, set_id: int) -> HttpResponse:
    view = _found(set_id)
    form = SetForm(request.POST or None, initial=SetForm.of(view))
    if form.is_valid():
        access = access_of_request(request)
        try:
            _require_within(access, form, view)
            actions.change_set(set_id, form.values(), actor=access.actor)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, gettext("The permission set is saved. It holds from now on, for everybody who has it."))
            return redirect("settings:sets")
    return _page(request, form, view)


@needs("users")
@require_POST
def delete(request: HttpRequest, set_id: int) -> HttpResponse:
    view, instead, access = _found(set_id), request.POST.get("instead", ""), access_of_request(request)
    try:
        other = queries.one(number) if (number := whole(instead)) is not None else None
        if other is not None:
            actions.require_within(access, other.permissions, other.scopes)
        actions.delete_set(set_id, instead=other.id if other else None, actor=access.actor)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("settings:set", set_id)
    messages.success(request, gettext("The permission set “%(name)s” is deleted.") % {"name": view.label})
    return redirect("settings:sets")


@needs("users")
@require_POST
def in_words(request: HttpRequest) -> HttpResponse:
    """What the matrix says as it stands, while somebody fills it in."""
    return render(request, "accounts/_words.html", {"words": SetForm(request.POST).words()})


def _require_within(access: Access, form: SetForm, view: SetView) -> None:
    """What the set gave already may stay; what is new must be one's own."""
    values = form.values()
    added = {key: scope for key, scope in values.scopes.items() if view.scopes.get(key) is not scope}
    actions.require_within(access, set(values.all_permissions()) - view.permissions, added)


def _beginning(request: HttpRequest) -> dict[str, Any]:
    source = whole(request.GET.get("from", ""))
    view = queries.one(source) if source is not None else None
    if view is None:
        return {"*.view": "all", "*.edit": "none", "*.delete": "none", "permissions": ["reports.view", "lists.view"]}
    return {**SetForm.of(view), "name": gettext("Copy of %(name)s") % {"name": view.label}}


def _found(set_id: int) -> SetView:
    view = queries.one(set_id)
    if view is None:
        raise Http404
    return view


def _page(request: HttpRequest, form: SetForm, view: SetView | None) -> HttpResponse:
    people = [line for line in accounts.user_lines() if view and line.set_id == view.id]
    others = [other for other in queries.sets() if view is None or other.id != view.id]
    context = {"form": form, "set": view, "words": form.words(), "people": people, "others": others}
    return render(request, "accounts/set.html", context, status=422 if request.method == "POST" else 200)
