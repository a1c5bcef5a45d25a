"""Settings, Properties: what an object type's records hold, by group; creating, changing and archiving a property."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts.access import access_of_request, needs
from jalon.accounts.actions import Refused
from jalon.records import pages, queries, runner
from jalon.records.columns import Catalog, Option, PropertySpec, Type
from jalon.records.definitions import actions, formulas
from jalon.records.definitions import queries as definitions
from jalon.records.display import Display
from jalon.records.forms import definition
from jalon.records.forms.definition import DefinitionForm
from jalon.records.views.finding import catalog_of
from jalon.records.views.formulas import help_for
from jalon.web.pages import leave_for, render

BLANK = Option("", "", "")


@dataclass(frozen=True, slots=True)
class Line:
    """A property in the list."""

    spec: PropertySpec
    label: str
    kind: str
    is_system: bool
    url: str
    tag: str  # who computes it


@dataclass(frozen=True, slots=True)
class Way:
    """A link to a page of another capability."""

    label: str
    icon: str
    url: str


@needs("property_settings")
@require_GET
def first(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(reverse("records:properties", args=[next(iter(queries.catalogs().values())).plural]))


@needs("property_settings")
@require_GET
def index(request: HttpRequest, plural: str) -> HttpResponse:
    catalog = catalog_of(plural)
    search = request.GET.get("q", "").strip().casefold()
    display = Display()
    archived = [(one, one.spec.label(display.language), display.person(one.actor_id)) for one in definitions.archived(catalog.object_type)]
    creators = [Way(gettext(one.create_label), one.icon, reverse(one.create, args=[plural])) for one in pages.keepers()]
    context = _frame(catalog) | {
        "groups": _groups(catalog, search),
        "search": search,
        "archived": [] if search else archived,
        "creators": creators,
    }
    return render(request, "records/properties.html", context, part="properties")


@needs("property_settings")
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, plural: str) -> HttpResponse:
    catalog = catalog_of(plural)
    choices = _group_choices(catalog)
    if request.method == "GET":
        return _page(request, catalog, DefinitionForm(groups=choices, initial={"kind": "text"}), [])
    form, options = DefinitionForm(request.POST, groups=choices), definition.options(request.POST)
    if not form.is_valid():
        return _page(request, catalog, form, options)
    spec = form.spec(options)
    problems = _option_problems(spec)
    if not problems:
        try:
            actions.define_property(catalog.object_type, spec, actor=access_of_request(request).actor)
        except Refused as refused:
            problems = list(refused.sentences)
    if problems:
        return _page(request, catalog, form, options, problems)
    runner.shape()  # the next page may already ask for the new column
    messages.success(request, gettext("The property “%(label)s” stands.") % {"label": spec.label(get_language() or "en")})
    return leave_for(request, reverse("records:properties", args=[plural]))


@needs("property_settings")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, plural: str, name: str) -> HttpResponse:
    catalog, spec = _property(plural, name)
    choices = _group_choices(catalog)
    if request.method == "GET":
        form = DefinitionForm(groups=choices, existing=spec, initial=definition.initial(spec))
        return _page(request, catalog, form, list(spec.options))
    form = DefinitionForm(request.POST, groups=choices, existing=spec)
    kept = definitions.keeping(catalog.object_type, name)
    options = list(spec.options) if kept and kept.keeps_options else definition.options(request.POST, spec.options)
    if not form.is_valid():
        return _page(request, catalog, form, options)
    try:
        if changes := form.changes(options):
            actions.change_property(catalog.object_type, name, actor=access_of_request(request).actor, **changes)
    except Refused as refused:
        return _page(request, catalog, form, options, refused.sentences)
    messages.success(request, gettext("Saved."))
    return leave_for(request, reverse("records:properties", args=[plural]))


@needs("property_settings")
@require_GET
def ask_archive(request: HttpRequest, plural: str, name: str) -> HttpResponse:
    """Says in numbers what archiving a property takes out of sight."""
    catalog, spec = _property(plural, name)
    context = _frame(catalog) | {
        "spec": spec,
        "property_label": spec.label(get_language() or "en"),
        "holders": queries.holders_of(catalog.object_type, name),
        "uses": pages.used_in(catalog.object_type, name),
        "readers": formulas.read_by(catalog.object_type, name),
    }
    return render(request, "records/archive_property.html", context)


@needs("property_settings")
@require_POST
def archive(request: HttpRequest, plural: str, name: str) -> HttpResponse:
    catalog, spec = _property(plural, name)
    try:
        actions.archive_property(catalog.object_type, name, actor=access_of_request(request).actor)
    except Refused as refused:
        messages.error(request, " ".join(refused.sentences))
    else:
        messages.success(request, gettext("“%(label)s” is archived.") % {"label": spec.label(get_language() or "en")})
    return leave_for(request, reverse("records:properties", args=[plural]))


@needs("property_settings")
@require_POST
def restore(request: HttpRequest, plural: str, name: str) -> HttpResponse:
    catalog = catalog_of(plural)
    try:
        spec = actions.restore_property(catalog.object_type, name, actor=access_of_request(request).actor)
    except Refused as refused:
        messages.error(request, " ".join(refused.sentences))
    else:
        runner.shape()
        messages.success(
            request, gettext("“%(label)s” is back, with the values that records have kept.") % {"label": spec.label(get_language() or "en")}
        )
    return leave_for(request, reverse("records:properties", args=[plural]))


def _property(plural: str, name: str) -> tuple[Catalog, PropertySpec]:
    catalog = catalog_of(plural)
    if name not in catalog.properties:
        raise Http404
    return catalog, catalog.properties[name]


def _frame(catalog: Catalog) -> dict[str, Any]:
    language = get_language() or "en"
    types = [(other.plural, other.plural_label(language)) for other in queries.catalogs().values()]
    return {
        "catalog": catalog,
        "object_label": catalog.plural_label(language),
        "types": types,
        "properties_url": reverse("records:properties", args=[catalog.plural]),
    }


def _groups(catalog: Catalog, search: str) -> list[tuple[str, list[Line]]]:
    """The properties by group; with a search, those whose label or name holds it."""
    language = get_language() or "en"
    system = queries.system_properties(catalog.object_type)
    lines: dict[str, list[Line]] = {}
    for spec in sorted(catalog.properties.values(), key=lambda spec: spec.order):
        label = spec.label(language)
        if search in label.casefold() or search in spec.name.casefold():
            kind = str(definition.KINDS[definition.kind_of(spec)][2])
            lines.setdefault(spec.group, []).append(Line(spec, label, kind, spec.name in system, *_page_and_tag(catalog, spec)))
    return [(group.label(language), lines[group.name]) for group in queries.groups(catalog.object_type) if group.name in lines]


def _page_and_tag(catalog: Catalog, spec: PropertySpec) -> tuple[str, str]:
    """The page on which most is to be settled about a property, and the word for what computes it."""
    keeper = pages.keeper_of(spec)
    url = reverse(keeper.page if keeper else "records:property", args=[catalog.plural, spec.name])
    return url, gettext(keeper.label) if keeper else ""


def _ways_to_keepers(catalog: Catalog, spec: PropertySpec) -> dict[str, Any]:
    """The page of whoever computes the property, or whoever could."""
    keeper = pages.keeper_of(spec)
    page = Way(gettext(keeper.page_label), keeper.icon, reverse(keeper.page, args=[catalog.plural, spec.name])) if keeper else None
    takers = [one for one in pages.keepers() if keeper is None and one.takes(spec)]
    asking = f"?property={spec.name}"
    return {
        "keeper_page": page,
        "takers": [Way(gettext(one.take_label), one.icon, reverse(one.create, args=[catalog.plural]) + asking) for one in takers],
    }


def _group_choices(catalog: Catalog) -> list[tuple[str, str]]:
    language = get_language() or "en"
    return [(group.name, group.label(language)) for group in queries.groups(catalog.object_type)]


def _option_problems(spec: PropertySpec) -> list[str]:
    if spec.type is Type.ENUMERATION and not spec.options:
        return [gettext("Give the property at least one option to choose from.")]
    return []


def _past(catalog: Catalog, spec: PropertySpec) -> dict[str, Any]:
    """Who changed the definition, when; and what would be hurt if it went."""
    display = Display()
    return {
        "uses": pages.used_in(catalog.object_type, spec.name),
        "history": [(line, display.person(line.actor_id)) for line in definitions.changes(catalog.object_type, spec.name)],
        "kept": definitions.keeping(catalog.object_type, spec.name),
        "option_keeper": pages.option_keeper(catalog.object_type, spec.name),
    }


def _page(
    request: HttpRequest, catalog: Catalog, form: DefinitionForm, options: Sequence[Option], problems: Sequence[str] = ()
) -> HttpResponse:
    existing = form.existing
    language = get_language() or "en"
    context = (
        _frame(catalog)
        | {
            "form": form,
            "existing": existing,
            "existing_label": existing.label(language) if existing else "",
            "existing_kind": definition.KINDS[definition.kind_of(existing)][2] if existing else "",
            "is_system": existing is not None and existing.name in queries.system_properties(catalog.object_type),
            "options": options or [BLANK],
            "kept_options": [(option.label(language), option.value) for option in options if not option.hidden],
            "blank": BLANK,
            "problems": problems,
            "kind": definition.kind_of(existing) if existing else "",
            "hinted_kinds": " ".join(definition.HINTS),
            "hints": " ".join(f"{kind}:{','.join(hints)}" for kind, hints in definition.hints_of(existing).items()),
            "help": help_for(catalog) if existing is None or existing.is_calculated else None,
            "check_url": reverse("records:formula_check", args=[catalog.plural]),
        }
        | (_past(catalog, existing) | _ways_to_keepers(catalog, existing) if existing else {})
    )
    status = 422 if problems or form.errors else 200
    return render(request, "records/property.html", context, status=status)
