"""One filter of the editor, the inputs that follow from one of its menus, and what may be picked."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from jalon.accounts.access import access_of_request, needs
from jalon.criteria.forms import boxes, controls, entries, subjects
from jalon.criteria.forms.asking import asks
from jalon.criteria.forms.entries import Entry
from jalon.criteria.forms.scene import Scene
from jalon.criteria.views.finding import by_name, by_plural
from jalon.records import queries


@needs("records.view")
@require_POST
def filter_box(request: HttpRequest, plural: str) -> HttpResponse:
    """One filter about what was just picked."""
    box = boxes.box(_posted(request), linked="linked" in request.POST)
    return render(request, "criteria/_filter.html", {"box": box, "editor": boxes.Editor(by_plural(plural))})


@needs("records.view")
@require_POST
def asked(request: HttpRequest, plural: str) -> HttpResponse:
    """The inputs that follow from a menu of a filter, after another of its lines was chosen."""
    entry = _posted(request)
    found = {one.part: one for one in asks(entry, Scene((entry,)))}
    part = request.POST.get("part", "")
    if part not in found:
        raise Http404
    return render(request, "criteria/_asked.html", {"asks": found[part]})


@needs("records.view")
@require_GET
def picked(request: HttpRequest, plural: str) -> HttpResponse:
    """The lines of a picker: everything that a filter may be about, or the values of one filter (`about`)."""
    of = by_name(request.GET.get("of", by_plural(plural).object_type))
    about = request.GET.get("about", "")
    if not about:
        return render(request, "criteria/_subjects.html", {"sections": subjects.sections(access_of_request(request), of)})
    entry, scene = Entry("", of.object_type, about), Scene()
    if spec := scene.spec(entry):
        options = controls.offered_by_property(spec, scene)
    elif kind := scene.kind(entry):
        options = controls.offered_by_kind(access_of_request(request), kind, of.object_type)
    else:
        raise Http404
    return render(request, "criteria/_options.html", {"options": options})


def _posted(request: HttpRequest) -> Entry:
    key, of = request.POST.get("key", ""), by_name(request.POST.get("of", ""))
    if not entries.is_key(key):
        raise Http404
    return entries.of_key(request.POST, key, of.object_type, queries.catalogs())
