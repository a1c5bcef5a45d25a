"""Creating a record, changing one property or all of them, taking a record away and bringing it back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts.access import Access, needs
from jalon.accounts.actions import Refused
from jalon.records import actions, address, queries
from jalon.records.actions import Outcome, Row
from jalon.records.columns import Catalog, Origin, PropertySpec, Source
from jalon.records.display import Display
from jalon.records.forms import inputs as forms
from jalon.records.forms.inputs import Input
from jalon.records.links import queries as links
from jalon.records.links.queries import LinkType
from jalon.records.queries import RecordView
from jalon.records.views.associations import addresses, drawn
from jalon.records.views.finding import catalog_in_sight, label_of_record, record_in_reach
from jalon.records.views.record import frame, line_of
from jalon.records.views.settling import settle
from jalon.web.numbers import whole
from jalon.web.pages import leave_for, render, wants_part

BY_HAND = Origin(Source.USER)


@needs("records.edit")
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, plural: str) -> HttpResponse:
    """A new record; `?link=` names the record and the type of association that it is linked by at once."""
    access, catalog = catalog_in_sight(request, plural, "edit")
    specs, wish = _typable(catalog), _wish(request, access, catalog)
    if request.method == "GET":
        own = {"hubspot_owner_id": str(access.actor.user_id)}
        return _creation(request, catalog, forms.inputs(specs, own), [], wish)
    typed = forms.read(specs, request.POST)
    values = {name: value for name, value in typed.values.items() if value}
    problems: Sequence[str] = _nameless(catalog, values) if not typed.errors else []
    if typed.errors or problems:
        return _creation(request, catalog, forms.inputs_again(specs, request.POST, typed.errors), problems, wish)
    outcome, problems = _created(access, catalog, values, wish)
    if problems:
        return _creation(request, catalog, forms.inputs_again(specs, request.POST, {}), problems, wish)
    settle(request, outcome.position)
    if wish and wants_part(request):
        return drawn(request, access, wish.record, wish.link)
    messages.success(request, gettext("Created."))
    return leave_for(request, reverse("records:record", args=[plural, outcome.created[0]]))


@needs("records.edit")
@require_http_methods(["GET", "POST"])
def one_property(request: HttpRequest, plural: str, id: int, name: str) -> HttpResponse:
    """One property of a record: as it stands, in a small form (`?edit`), or saved from it."""
    access, found = record_in_reach(request, plural, id)
    spec = found.catalog.properties.get(name)
    if spec is None or not forms.editable(spec):
        raise Http404
    if request.method == "GET":
        return (
            _form_of_one(request, found, forms.inputs([spec], found.values)[0])
            if "edit" in request.GET
            else _shown(request, access, found, spec)
        )
    typed = forms.read([spec], request.POST)
    if not typed.errors:
        outcome = _write(access, found, typed.values)
        if not outcome.refused:
            settle(request, outcome.position)
            return _shown(request, access, queries.record(access, found.catalog.object_type, id) or found, spec)
        typed = forms.Typed({}, {name: " ".join(outcome.refused[0].sentences)})
    return _form_of_one(request, found, forms.inputs_again([spec], request.POST, typed.errors)[0], status=422)


@needs("records.edit")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, plural: str, id: int) -> HttpResponse:
    """All properties of a record in one form."""
    access, found = record_in_reach(request, plural, id)
    specs = _typable(found.catalog)
    if request.method == "GET":
        return _form_of_all(request, access, found, forms.inputs(specs, found.values), [])
    typed = forms.read(specs, request.POST)
    problems: Sequence[str] = ()
    if not typed.errors:
        changed = {name: value for name, value in typed.values.items() if value != found.values.get(name, "")}
        outcome = _write(access, found, changed)
        if not outcome.refused:
            settle(request, outcome.position)
            messages.success(request, gettext("Saved."))
            return leave_for(request, reverse("records:record", args=[plural, id]))
        problems = outcome.refused[0].sentences
    return _form_of_all(request, access, found, forms.inputs_again(specs, request.POST, typed.errors), problems)


@needs("records.delete")
@require_GET
def ask_archive(request: HttpRequest, plural: str, id: int) -> HttpResponse:
    """Says what archiving this record will do, in numbers."""
    access, found = record_in_reach(request, plural, id, "delete")
    panels = links.associated(access, found.catalog.object_type, id)
    context = frame(access, found, Display()) | {"links": sum(panel.total for panel in panels)}
    return render(request, "records/archive.html", context, part="archive")


@needs("records.delete")
@require_POST
def archive(request: HttpRequest, plural: str, id: int) -> HttpResponse:
    access, found = record_in_reach(request, plural, id, "delete")
    outcome = actions.archive(found.catalog.object_type, [id], actor=access.actor, origin=BY_HAND)
    settle(request, outcome.position)
    messages.success(request, gettext("%(name)s is archived. Its page can bring it back.") % {"name": label_of_record(found)})
    return leave_for(request, reverse("records:index", args=[plural]))


@needs("records.delete")
@require_POST
def restore(request: HttpRequest, plural: str, id: int) -> HttpResponse:
    access, catalog = catalog_in_sight(request, plural, "delete")
    if queries.record(access, catalog.object_type, id, "delete") is None:
        raise Http404
    outcome = actions.restore(catalog.object_type, [id], actor=access.actor, origin=BY_HAND)
    for refusal in outcome.refused:
        messages.error(request, " ".join(refusal.sentences))
    settle(request, outcome.position)
    return leave_for(request, reverse("records:record", args=[plural, id]))


@dataclass(frozen=True, slots=True)
class Wish:
    """The record that a new one is to be linked with, and the type as that record reads it."""

    record: RecordView
    link: LinkType


def _wish(request: HttpRequest, access: Access, catalog: Catalog) -> Wish | None:
    """What the address of the form says of a link; 404 for a record out of reach or a type that does not fit."""
    if "link" not in request.GET:
        return None
    _, record = record_in_reach(request, request.GET.get("of", ""), whole(request.GET.get("with", "")) or 0)
    link = links.link_type(record.catalog.object_type, request.GET["link"], request.GET.get("side", "to"))
    if link is None or link.there.object_type != catalog.object_type:
        raise Http404
    return Wish(record, link)


def _created(access: Access, catalog: Catalog, values: Mapping[str, str], wish: Wish | None) -> tuple[Outcome, Sequence[str]]:
    """What was written, and the sentences of a refusal."""
    who: dict[str, Any] = {"actor": access.actor, "origin": BY_HAND}
    try:
        if wish is None:
            outcome = actions.write(catalog.object_type, [Row(values)], mode="create", **who)
        else:
            outcome = actions.create_linked(catalog.object_type, values, wish.link.name, wish.record.id, is_from=wish.link.inverse, **who)
    except Refused as refused:
        return Outcome(), refused.sentences
    return outcome, outcome.refused[0].sentences if outcome.refused else ()


def _write(access: Access, found: RecordView, values: Mapping[str, str]) -> Outcome:
    return actions.write(found.catalog.object_type, [Row(values, found.id)], actor=access.actor, origin=BY_HAND, mode="update")


def _typable(catalog: Catalog) -> list[PropertySpec]:
    """The properties a person may type: what names the record first, then the usual columns, then the rest in its order."""
    first = dict.fromkeys((*address.name_columns(catalog), *address.usual(catalog)))
    specs = sorted(catalog.properties.values(), key=lambda spec: spec.order)
    ordered = [catalog.properties[name] for name in first] + [spec for spec in specs if spec.name not in first]
    return [spec for spec in ordered if forms.editable(spec) and not spec.hidden]


def _nameless(catalog: Catalog, values: Mapping[str, str]) -> list[str]:
    """A record without any name could not be found again."""
    if any(values.get(name) for name in address.name_columns(catalog)):
        return []
    language = Display().language
    labels = ", ".join(catalog.properties[name].label(language) for name in address.name_columns(catalog))
    return [gettext("Fill in at least one of these, so that the record can be found again: %(labels)s.") % {"labels": labels}]


def _halves(catalog: Catalog, inputs: Sequence[Input]) -> Iterator[Sequence[Input]]:
    """What most people fill in, and the rest; a mistake is never in the half that is folded away."""
    first = {*address.name_columns(catalog), *address.usual(catalog), "phone", "jobtitle"}
    yield [item for item in inputs if item.spec.name in first or item.error]
    yield [item for item in inputs if item.spec.name not in first and not item.error]


def _creation(request: HttpRequest, catalog: Catalog, inputs: Sequence[Input], problems: Sequence[str], wish: Wish | None) -> HttpResponse:
    usual, others = _halves(catalog, inputs)
    language = Display().language
    context = {
        "catalog": catalog,
        "label": catalog.label(language).lower(),
        "plural": catalog.plural_label(language),
        "index_url": reverse("records:index", args=[catalog.plural]),
        "usual": usual,
        "others": others,
        "problems": problems,
        "errors": [item for item in usual if item.error],
    }
    status = 422 if problems or context["errors"] else 200
    if wish is None:
        return render(request, "records/create.html", context, part="create", status=status)
    context |= {
        "wish": wish,
        "panel": addresses(wish.record, wish.link),
        "with_name": label_of_record(wish.record),
        "record_url": reverse("records:record", args=[wish.record.catalog.plural, wish.record.id]),
        "form_url": request.get_full_path(),
    }
    response = render(request, "records/_create_linked.html", context, status=status)
    if status != 200:  # the panel is the target of the form: a mistake stays in the drawer
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#drawer", "innerHTML"
    return response


def _form_of_one(request: HttpRequest, found: RecordView, item: Input, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"record": found, "catalog": found.catalog, "input": item}
    return render(request, "records/_property_form.html", context, status=status)


def _shown(request: HttpRequest, access: Access, found: RecordView, spec: PropertySpec) -> HttpResponse:
    line = line_of(found, spec, Display(), may_edit=True)
    saved = request.method == "POST"
    record_url = reverse("records:record", args=[found.catalog.plural, found.id])
    context = {"record_url": record_url, "line": line, "saved": saved, "name": label_of_record(found)}
    response = render(request, "records/_property.html", context)
    if saved:
        response.headers["HX-Trigger-After-Settle"] = "record-changed"
    return response


def _form_of_all(request: HttpRequest, access: Access, found: RecordView, inputs: Sequence[Input], problems: Sequence[str]) -> HttpResponse:
    errors = [item for item in inputs if item.error]
    context = frame(access, found, Display()) | {"inputs": inputs, "problems": problems, "errors": errors}
    return render(request, "records/edit.html", context, part="edit", status=422 if problems or errors else 200)
