"""The page of one record: its properties by group, its past, what it is linked with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from jalon.accounts.access import Access, needs
from jalon.records import pages, queries
from jalon.records.columns import PropertySpec
from jalon.records.display import Display, Shown, source_words
from jalon.records.forms import inputs as forms
from jalon.records.links import queries as links
from jalon.records.merging import queries as merges
from jalon.records.queries import RecordView
from jalon.records.views import associations, places, timeline
from jalon.records.views.activities import WRITE, composing
from jalon.records.views.finding import label_of_record, reaches, record_in_sight
from jalon.web.pages import render


@dataclass(frozen=True, slots=True)
class Line:
    """A property of the record, ready to be shown."""

    spec: PropertySpec
    label: str
    shown: Shown
    editable: bool
    explain_url: str = ""  # where a computed value says how it came about
    explain_label: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of properties. The empty ones stand apart, but for those of the first group that a person may fill in."""

    label: str
    lines: tuple[Line, ...]
    empty: tuple[Line, ...]


@needs("records.view")
@require_GET
def record(request: HttpRequest, plural: str, id: int) -> HttpResponse:
    access, found = record_in_sight(request, plural, id)
    if found.merged_into is not None:
        return redirect("records:record", plural, merges.survivor_of(id))
    display = Display()
    context = frame(access, found, display) | {
        "groups": list(groups(access, found, display)),
        "panels": [associations.shown(access, found, panel) for panel in links.associated(access, found.catalog.object_type, id)],
        "more_panels": [reverse(panel.url_name, args=[plural, id]) for panel in pages.record_panels(access, found.catalog.object_type)],
    }
    context |= composing(access, found, request.GET.get(WRITE, "")) | timeline.shown(request, access, found)
    part = "timeline_days" if "before" in request.GET else "timeline"
    return render(request, "records/record.html", context, part=part)


@needs("records.view")
@require_GET
def preview(request: HttpRequest, plural: str, id: int) -> HttpResponse:
    """The record in the drawer of the page with its table, whose address then holds it: reload, Back and a shared link keep it open."""
    access, found = record_in_sight(request, plural, id)
    display = Display()
    under = places.without(request, "open")
    context = frame(access, found, display) | {"groups": list(groups(access, found, display)), "back": under}
    return places.stand(request, render(request, "records/_preview.html", context), "open", str(id))


@needs("records.view")
@require_GET
def history(request: HttpRequest, plural: str, id: int, name: str) -> HttpResponse:
    """Every value that a property has had, newest first."""
    access, found = record_in_sight(request, plural, id)
    spec = found.catalog.properties.get(name)
    lines = queries.history(access, found.catalog.object_type, id, name) if spec else []
    display = Display()
    context = frame(access, found, display) | {
        "spec": spec,
        "property_label": spec.label(display.language) if spec else name,
        "values": [
            (line, display.show(spec, line.new, found.values), source_words(line.source, line.source_detail), display.person(line.actor_id))
            for line in lines
        ]
        if spec
        else [],
    }
    return render(request, "records/_history.html", context)


def frame(access: Access, found: RecordView, display: Display) -> dict[str, Any]:
    """What every page and drawer of a record says about it."""
    catalog = found.catalog
    owner = catalog.properties.get("hubspot_owner_id")
    return {
        "record": found,
        "catalog": catalog,
        "label": catalog.label(display.language),
        "plural": catalog.plural_label(display.language),
        "name": label_of_record(found),
        "owner": display.show(owner, found.values.get("hubspot_owner_id")) if owner else None,
        "index_url": reverse("records:index", args=[catalog.plural]),
        "record_url": reverse("records:record", args=[catalog.plural, found.id]),
        "may_edit": reaches(access, found, "edit"),
        "may_delete": reaches(access, found, "delete"),
        "may_restore": found.archived and queries.record(access, catalog.object_type, found.id, "delete") is not None,
    }


def groups(access: Access, found: RecordView, display: Display) -> Iterator[Group]:
    """The groups in their order, without those that have nothing to show."""
    may_edit = reaches(access, found, "edit")
    for place, group in enumerate(queries.groups(found.catalog.object_type)):
        specs = sorted((spec for spec in group.properties if not spec.hidden), key=lambda spec: spec.order)
        lines = [line_of(found, spec, display, may_edit=may_edit) for spec in specs]
        silent = tuple(line for line in lines if not line.shown and (place > 0 or not forms.editable(line.spec)))
        told = tuple(line for line in lines if line not in silent)
        if lines:
            yield Group(group.label(display.language), told, silent)


def line_of(found: RecordView, spec: PropertySpec, display: Display, *, may_edit: bool) -> Line:
    shown = display.show(spec, found.values.get(spec.name), found.values)
    label, keeper = spec.label(display.language), pages.keeper_of(spec)
    if keeper is None or not shown or found.archived:
        return Line(spec, label, shown, may_edit and forms.editable(spec))
    return Line(
        spec, label, shown, False, reverse(keeper.explain, args=[found.catalog.plural, found.id, spec.name]), gettext(keeper.explain_label)
    )
