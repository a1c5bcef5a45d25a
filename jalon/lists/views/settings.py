"""What can be changed about a list: its name, its folder, its kind, and whether it is there at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts.access import Access, needs
from jalon.accounts.queries import account
from jalon.criteria import narrowing
from jalon.folders.queries import choices, chosen, path
from jalon.lists import actions, queries, wording
from jalon.lists.actions import ListError
from jalon.lists.forms import DescribeForm
from jalon.lists.queries import EditView, ListView
from jalon.lists.views.finding import frame, list_in_sight, list_in_use, names_of_people
from jalon.records.columns import Catalog
from jalon.web.pages import leave_for, render
from jalon.web.toasts import say


@dataclass(frozen=True, slots=True)
class EditLine:
    """One change of the list: who, when, what; criteria before and after in words."""

    by: str
    at: datetime
    sentences: tuple[str, ...]
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@needs("lists.view")
@require_GET
def settings(request: HttpRequest, list_id: int) -> HttpResponse:
    access, view = list_in_sight(request, list_id)
    return _settings(request, access, view)


@needs("lists.edit")
@require_POST
def describe(request: HttpRequest, list_id: int) -> HttpResponse:
    """The name, the description and the folder, of the settings' form."""
    access, view, _ = list_in_use(request, list_id)
    form = DescribeForm(request.POST, folders=queries.folders())
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.change(list_id, name=said["name"], description=said["description"], folder=form.folder_id(), actor=access.actor)
        except ListError as refused:
            form.add_error("name", list(refused.sentences))
        else:
            say(request, gettext("Saved."))
            return redirect("lists:settings", list_id)
    return _settings(request, access, view, form, status=422)


@needs("lists.edit")
@require_POST
def rename(request: HttpRequest, list_id: int) -> HttpResponse:
    """The title, edited in place."""
    access, _, _ = list_in_use(request, list_id)
    try:
        actions.change(list_id, name=request.POST.get("name", "").replace("\n", " "), actor=access.actor)
    except ListError as refused:
        messages.error(request, " ".join(refused.sentences))
    return redirect("lists:list", list_id)


@needs("lists.edit")
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, list_id: int) -> HttpResponse:
    """To another folder."""
    access, view, _ = list_in_use(request, list_id)
    known = queries.folders()
    if request.method == "POST":
        folder = chosen(known, request.POST.get("folder", ""))
        actions.change(list_id, folder=folder.id if folder else None, actor=access.actor)
        say(request, gettext("“%(name)s” is moved.") % {"name": view.name})
        return leave_for(request, f"{reverse('lists:index')}?folder={folder.id if folder else 'none'}")
    context = {
        "name": view.name,
        "choices": choices(known),
        "chosen": str(view.folder_id or ""),
        "move_url": reverse("lists:move", args=[list_id]),
        "back_url": reverse("lists:list", args=[list_id]),
    }
    return render(request, "folders/_move.html", context)


@needs("lists.edit")
@require_POST
def clone(request: HttpRequest, list_id: int) -> HttpResponse:
    access, view, _ = list_in_use(request, list_id)
    try:
        copy = actions.clone(list_id, actor=access.actor)
    except ListError as refused:
        messages.error(request, " ".join(refused.sentences))
        return leave_for(request, reverse("lists:list", args=[list_id]))
    say(request, gettext("“%(name)s” is cloned. This is the copy.") % {"name": view.name})
    return leave_for(request, reverse("lists:list", args=[copy.id]))


# From active to static


@needs("lists.edit")
@require_http_methods(["GET", "POST"])
def conversion(request: HttpRequest, list_id: int) -> HttpResponse:
    """Now, at a date, or once nobody comes or goes any more."""
    access, view, _ = list_in_use(request, list_id)
    problems: Sequence[str] = ()
    if request.method == "POST":
        try:
            converted = actions.convert(list_id, **_conversion(request), actor=access.actor)
        except ListError as refused:
            problems = refused.sentences
        else:
            told = gettext("The list is static now.") if not converted.is_active else wording.conversion(converted)
            say(request, told, undo="" if not converted.is_active else reverse("lists:cancel_conversion", args=[list_id]))
            return leave_for(request, reverse("lists:list", args=[list_id]))
    context = {"list": view, "size": queries.size(access, view), "problems": problems, "said": request.POST}
    return render(request, "lists/_conversion.html", context, status=422 if problems else 200)


def _conversion(request: HttpRequest) -> dict[str, Any]:
    """What was chosen. Raises ListError."""
    match request.POST.get("when", ""):
        case "now":
            return {}
        case "at":
            try:
                return {"at": datetime.combine(datetime.fromisoformat(request.POST.get("day", "")).date(), time(), account().tz)}
            except ValueError:
                raise ListError(gettext("Choose the day on which the list becomes static.")) from None
        case "after":
            days = request.POST.get("days", "")
            if not days.isdecimal() or len(days) > 4:
                raise ListError(gettext("Write the number of days without a change, such as 30."))
            return {"after_days": int(days)}
    raise ListError(gettext("Choose when the list becomes static."))


@needs("lists.edit")
@require_POST
def cancel_conversion(request: HttpRequest, list_id: int) -> HttpResponse:
    access, _, _ = list_in_use(request, list_id)
    try:
        actions.cancel_conversion(list_id, actor=access.actor)
    except ListError as refused:
        messages.error(request, " ".join(refused.sentences))
    else:
        say(request, gettext("The list stays active."))
    return leave_for(request, reverse("lists:list", args=[list_id]))


# Deleting


@needs("lists.delete")
@require_GET
def ask_delete(request: HttpRequest, list_id: int) -> HttpResponse:
    """What would happen, and what uses the list."""
    access, view, _ = list_in_use(request, list_id)
    return render(request, "lists/_delete.html", {"list": view, "size": queries.size(access, view), "uses": queries.uses(list_id)})


@needs("lists.delete")
@require_POST
def delete(request: HttpRequest, list_id: int) -> HttpResponse:
    access, view, _ = list_in_use(request, list_id)
    try:
        actions.delete(list_id, even_if_used="even_if_used" in request.POST, actor=access.actor)
    except ListError as refused:
        context = {"list": view, "size": queries.size(access, view), "uses": refused.uses, "problems": refused.sentences}
        return render(request, "lists/_delete.html", context, status=422)
    say(request, gettext("“%(name)s” is deleted.") % {"name": view.name}, undo=reverse("lists:restore", args=[list_id]))
    return leave_for(request, reverse("lists:index"))


@needs("lists.delete")
@require_POST
def restore(request: HttpRequest, list_id: int) -> HttpResponse:
    access, _ = list_in_sight(request, list_id)
    try:
        found = actions.restore(list_id, actor=access.actor)
    except ListError as refused:
        messages.error(request, " ".join(refused.sentences))
        return leave_for(request, reverse("lists:deleted"))
    say(request, gettext("“%(name)s” is restored.") % {"name": found.name})
    return leave_for(request, reverse("lists:list", args=[list_id]))


# The page of settings


def _settings(request: HttpRequest, access: Access, view: ListView, form: DescribeForm | None = None, status: int = 200) -> HttpResponse:
    given = {"name": view.name, "description": view.description, "folder": str(view.folder_id or "")}
    people = names_of_people()
    context = frame(access, view, "settings") | {
        "form": form or DescribeForm(initial=given, folders=queries.folders()),
        "uses": queries.uses(view.id),
        "created_by": people.get(view.created_by_id, ""),
        "updated_by": people.get(view.updated_by_id, ""),
        "edits": [_edit(edit, view.catalog, people) for edit in queries.edits(view.id)],
    }
    return render(request, "lists/settings.html", context, status=status)


def _edit(edit: EditView, catalog: Catalog | None, people: Mapping[int | None, str]) -> EditLine:
    by = people.get(edit.actor_id, "")
    if not edit.before:
        return EditLine(by, edit.at, (gettext("created the list"),), after=_criteria(edit.after.get("criteria"), catalog))
    before, after = (_criteria(half.get("criteria"), catalog) for half in (edit.before, edit.after))
    return EditLine(by, edit.at, tuple(_told(edit)), before, after)


def _told(edit: EditView) -> Iterator[str]:
    after = edit.after
    if "criteria" in after:
        yield gettext("changed the criteria")
    if "name" in after:
        yield gettext("changed the name from “%(old)s” to “%(new)s”") % {"old": edit.before["name"], "new": after["name"]}
    if "description" in after:
        yield gettext("changed the description")
    if "folder_id" in after:
        yield gettext("moved it to “%(folder)s”") % {"folder": path(after["folder_id"], queries.folders()) or "–"}
    if "kind" in after:
        yield gettext("made it static")
    elif "converts_at" in after or "converts_after_days" in after:
        planned = any(after.get(name) for name in ("converts_at", "converts_after_days"))
        yield gettext("planned to make it static") if planned else gettext("decided that it stays active")


def _criteria(stored: Mapping[str, Any] | None, catalog: Catalog | None) -> tuple[str, ...]:
    """The criteria of an edit in words, as far as they can be said today."""
    if not stored or catalog is None:
        return ()
    criteria = queries.criteria_of(stored)
    return tuple(chip.words for chip in narrowing.chips(criteria, catalog))
