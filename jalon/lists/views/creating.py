"""A new list: of which object, of which kind; then its criteria with the live count, or nothing yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from jalon.accounts.access import Scope, access_of_request, needs
from jalon.criteria import tree
from jalon.criteria.forms import boxes, drafts
from jalon.criteria.problems import CriteriaError
from jalon.lists import actions, queries, wording
from jalon.lists.actions import ListError
from jalon.lists.forms import NewForm
from jalon.lists.models import List
from jalon.lists.views.finding import object_choices, seen_in_part, settle
from jalon.records import queries as records
from jalon.records.columns import Catalog
from jalon.web.pages import render

Kind = List.Kind
USUAL_OBJECT = "contact"


@needs("lists.edit")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The kind, the object and the name. One by hand is made at once, the others go on to their criteria."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        problems = actions.wrong_name(form.cleaned_data["name"])
        if not problems and _kind(request.POST.get("kind", "")) == Kind.MANUAL:
            return _made(request, form, Kind.MANUAL)
        if not problems:
            return redirect(f"{reverse('lists:new_criteria')}?{_carried(request, form)}")
        form.add_error("name", problems)
    wanted = _kind((request.POST if request.method == "POST" else request.GET).get("kind", ""))
    context = {"form": form, "kinds": wording.kinds(), "kind": wanted, "criteria": request.GET.get("criteria", "")}
    return render(request, "lists/new.html", context, status=422 if form.errors else 200)


@needs("lists.edit")
@require_http_methods(["GET", "POST"])
def new_criteria(request: HttpRequest) -> HttpResponse:
    """Who shall be in it: the editor, how many that are, and a record to test."""
    said = request.POST if request.method == "POST" else request.GET
    catalog = _catalog(request, said.get("object_type", ""))
    kind = _kind(said.get("kind", ""))
    context = {
        "catalog": catalog,
        "plural": catalog.plural_label(get_language() or "en"),
        "kind": wording.kind(kind),
        "hidden": [(name, said.get(name, "")) for name in ("object_type", "kind", "name", "description", "folder")],
        "name": said.get("name", ""),
        "seen_in_part": seen_in_part(access_of_request(request), catalog),
        "new_url": f"{reverse('lists:new')}?{urlencode({name: said.get(name, '') for name in ('object_type', 'kind', 'name', 'folder')})}",
    }
    if request.method == "GET":
        return render(request, "lists/edit.html", context | {"editor": boxes.editor(_given(said.get("criteria", "")), catalog)})
    form = NewForm(request.POST, folders=queries.folders(), objects=_objects(request))
    draft = drafts.read(request.POST, catalog)
    problems: Sequence[str] = draft.problems() or [str(error) for errors in form.errors.values() for error in errors]
    if not problems:
        try:
            return _made(request, form, kind, draft.criteria)
        except ListError as refused:
            problems = refused.sentences
    editor = boxes.of_entries(draft.entries, catalog, draft.beside())
    return render(request, "lists/edit.html", context | {"editor": editor, "problems": problems}, status=422)


def _made(request: HttpRequest, form: NewForm, kind: str, criteria: tree.Criteria = tree.EMPTY) -> HttpResponse:
    said = form.cleaned_data if form.is_valid() else {}
    actor = access_of_request(request).actor
    view = actions.create(said["name"], said["object_type"], kind, criteria, form.folder_id(), said["description"], actor=actor)
    settle(request, view.id, quietly=True)
    return redirect("lists:list", view.id)


def _form(request: HttpRequest) -> NewForm:
    shared: dict[str, Any] = {"folders": queries.folders(), "objects": _objects(request)}
    if request.method == "POST":
        return NewForm(request.POST, **shared)
    asked = {name: request.GET.get(name, "") for name in ("name", "description", "folder", "object_type")}
    return NewForm(initial=asked | {"object_type": asked["object_type"] or USUAL_OBJECT}, **shared)


def _objects(request: HttpRequest) -> list[tuple[str, str]]:
    return list(object_choices(access_of_request(request), list(records.catalogs().values())))


def _carried(request: HttpRequest, form: NewForm) -> str:
    """What the second step needs to know of the first."""
    said = form.cleaned_data
    own = {name: said[name] for name in ("object_type", "name", "description", "folder") if said[name]}
    more = {name: request.POST[name] for name in ("kind", "criteria") if request.POST.get(name)}
    return urlencode(own | more)


def _kind(text: str) -> str:
    return text if text in set(Kind) else Kind.DYNAMIC


def _given(text: str) -> tree.Criteria:
    """The filters of an index page from which a list is made; unreadable ones begin an empty editor."""
    try:
        return tree.from_text(text)
    except CriteriaError:
        return tree.EMPTY


def _catalog(request: HttpRequest, object_type: str) -> Catalog:
    catalog = records.catalogs().get(object_type)
    if catalog is None or access_of_request(request).scope(object_type) is Scope.NONE:
        raise Http404
    return catalog
