"""Settings, Objects: the object types, one's own to be defined, what they are called, taken away and brought back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts.access import access_of_request, needs
from jalon.accounts.actions import Refused
from jalon.records import queries, runner
from jalon.records.definitions.names import internal_name
from jalon.records.forms import definition as definition_forms
from jalon.records.forms import objects as forms
from jalon.records.forms.objects import ChangeForm, ObjectForm
from jalon.records.object_types import actions
from jalon.records.object_types import queries as types
from jalon.records.object_types.queries import ObjectLine
from jalon.web.pages import leave_for, render

LIST = "records:objects"


@needs("property_settings")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    language = get_language() or "en"
    lines = [(line, line.plural_label(language)) for line in types.object_lines()]
    return render(request, "records/objects.html", {"lines": lines})


@needs("property_settings")
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new object, with its first properties and what it may be associated with."""
    offered = _offered()
    if request.method == "GET":
        return _new(request, ObjectForm(objects=offered, initial={"associated": ["contact", "company"]}), [])
    form = ObjectForm(request.POST, objects=offered)
    problems: Sequence[str] = ()
    if form.is_valid():
        name = form.cleaned_data["name"].strip() or internal_name(form.cleaned_data["label_en"])
        definition = form.definition(forms.first_properties(request.POST, name))
        try:
            actions.define(definition, form.cleaned_data["associated"], actor=access_of_request(request).actor, must_be_new=True)
        except Refused as refused:
            problems = refused.sentences
        else:
            runner.shape()  # the next page may already ask for the new table
            label = definition.plural_fr if (get_language() or "en").startswith("fr") else definition.plural_en
            messages.success(request, gettext("“%(label)s” is in the menu now.") % {"label": label})
            return leave_for(request, reverse("records:index", args=[definition.plural]))
    return _new(request, form, forms.first_properties(request.POST, ""), problems)


@needs("property_settings")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, name: str) -> HttpResponse:
    """What an object is called and shows first; the system's own too."""
    line = _line(name)
    if line.is_archived:
        raise Http404
    offered = _properties(line)
    if request.method == "GET":
        return _page(request, line, ChangeForm(properties=offered, present=line.icon, initial=ChangeForm.of(line)))
    form = ChangeForm(request.POST, properties=offered, present=line.icon)
    problems: Sequence[str] = ()
    if form.is_valid():
        try:
            actions.change(name, actor=access_of_request(request).actor, **_in_order(request, form))
        except Refused as refused:
            problems = refused.sentences
        else:
            messages.success(request, gettext("Saved."))
            return leave_for(request, reverse(LIST))
    return _page(request, line, form, problems)


@needs("property_settings")
@require_GET
def ask_archive(request: HttpRequest, name: str) -> HttpResponse:
    """Says in numbers what archiving an object takes out of sight."""
    line = _line(name)
    context = {"line": line, "label": line.plural_label(get_language() or "en"), "links": types.links_of_type(name)}
    return render(request, "records/object_archive.html", context)


@needs("property_settings")
@require_POST
def archive(request: HttpRequest, name: str) -> HttpResponse:
    line = _line(name)
    try:
        actions.archive(name, records=line.records, actor=access_of_request(request).actor)
    except Refused as refused:
        messages.error(request, " ".join(refused.sentences))
    else:
        messages.success(request, gettext("“%(label)s” is archived.") % {"label": line.plural_label(get_language() or "en")})
    return leave_for(request, reverse(LIST))


@needs("property_settings")
@require_POST
def restore(request: HttpRequest, name: str) -> HttpResponse:
    line = _line(name)
    actions.restore(name, actor=access_of_request(request).actor)
    runner.shape()
    messages.success(request, gettext("“%(label)s” is in the menu now.") % {"label": line.plural_label(get_language() or "en")})
    return leave_for(request, reverse(LIST))


def _line(name: str) -> ObjectLine:
    line = types.object_line(name)
    if line is None:
        raise Http404
    return line


def _offered() -> list[tuple[str, str]]:
    language = get_language() or "en"
    return [(catalog.object_type, catalog.plural_label(language)) for catalog in queries.objects()]


def _properties(line: ObjectLine) -> list[tuple[str, str]]:
    language = get_language() or "en"
    specs = [
        spec for spec in queries.catalog(line.name).properties.values() if not spec.hidden or spec.name in (*line.primary, *line.first)
    ]
    return [(spec.name, spec.label(language)) for spec in specs]


def _in_order(request: HttpRequest, form: ChangeForm) -> dict[str, Any]:
    """The form's content, its choices in the order in which they were sent."""
    sent = {key: [name for name in request.POST.getlist(key) if name in form.cleaned_data[key]] for key in ("primary", "first")}
    return {**form.cleaned_data, **sent}


def _new(request: HttpRequest, form: ObjectForm, properties: Sequence[Any], problems: Sequence[str] = ()) -> HttpResponse:
    language = get_language() or "en"
    rows = [(spec.label_en, spec.label_fr, _kind(spec)) for spec in properties] or [("", "", "text")] * 3
    context = {
        "form": form,
        "rows": rows,
        "blank": ("", "", "text"),
        "kinds": forms.FIRST_KINDS,
        "problems": problems,
        "in_french": language == "fr",
    }
    return render(request, "records/object_new.html", context, status=422 if problems or form.errors else 200)


def _kind(spec: Any) -> str:
    return next((key for key, (type, field, _) in definition_forms.KINDS.items() if (type, field) == (spec.type, spec.field_type)), "text")


def _page(request: HttpRequest, line: ObjectLine, form: ChangeForm, problems: Sequence[str] = ()) -> HttpResponse:
    context = {"line": line, "label": line.plural_label(get_language() or "en"), "form": form, "problems": problems}
    for key in ("primary", "first"):
        chosen = form.data.getlist(key) if form.is_bound else list(form.initial[key])  # type: ignore[attr-defined]
        labels = dict(form.fields[key].choices)  # type: ignore[attr-defined]
        context[f"{key}_chosen"] = [(name, labels[name]) for name in chosen if name in labels]
        context[f"{key}_others"] = [(name, label) for name, label in labels.items() if name not in chosen]
    return render(request, "records/object.html", context, status=422 if problems or form.errors else 200)
