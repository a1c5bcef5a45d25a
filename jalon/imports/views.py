"""The pages of an import: files, columns, progress, result."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts.access import access_of_request, needs
from jalon.accounts.actions import Refused
from jalon.exports.responses import csv_response
from jalon.imports import actions, queries
from jalon.imports.actions import NotReady, Upload
from jalon.imports.forms import PAST, MappingForm, UploadForm, types_of, zones
from jalon.imports.lines import file_line, line
from jalon.imports.listing import actions as listing
from jalon.imports.models import File
from jalon.imports.queries import ImportView
from jalon.imports.saved import actions as saved
from jalon.imports.saved import queries as templates
from jalon.imports.settings import Settings
from jalon.imports.touched import touched as predicate
from jalon.imports.trouble import UnreadableFile
from jalon.imports.uploads import actions as uploads
from jalon.imports.words import sentence
from jalon.records import queries as records
from jalon.records.columns import Catalog
from jalon.web.numbers import whole
from jalon.web.pages import render

SHOWN = 3  # sample values beside a column
LATELY = 8  # imports below the upload
BAD = 400


@needs("import")
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """The upload, and the latest imports."""
    access = access_of_request(request)
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(access, *data, initial={"object_type": request.GET.get("object", "")})
    if form.is_valid():
        files = list(_uploads(request, form.cleaned_data))
        if not files:
            form.add_error("uploads", gettext("Choose at least one file."))
        else:
            try:
                return redirect("imports:columns", actions.take(files, access=access))
            except UnreadableFile as unreadable:
                form.add_error("uploads", sentence(unreadable.trouble))
    recent = [line(one) for one in queries.recent(access, limit=LATELY)]
    return render(request, "imports/start.html", {"form": form, "imports": recent}, status=BAD if form.errors else 200)


def _uploads(request: HttpRequest, chosen: dict[str, Any]) -> Iterator[Upload]:
    """The files of the form, and those that came in pieces before it."""
    said = {"object_type": chosen["object_type"], "is_history": chosen["content"] == PAST}
    said |= {"encoding": chosen["encoding"], "delimiter": chosen["delimiter"]}
    for text in request.POST.getlist("sent"):
        token, _, name = text.partition(" ")
        path = uploads.place(access_of_request(request).actor.user_id or 0, token)
        if path is not None and path.exists():
            yield Upload(name, path, **said)
    for file in request.FILES.getlist("uploads"):
        yield Upload(file.name or "", file.chunks(), **said)


@needs("import")
@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """Every import: who, when, which files, what became of them."""
    found = queries.recent(access_of_request(request), whole(request.GET.get("before", "")))
    older = found[-1].id if len(found) == queries.PAGE else ""
    return render(request, "imports/history.html", {"imports": [line(one) for one in found], "older": older})


@needs("import")
@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, import_id: int) -> HttpResponse:
    """What becomes of each column of each file; sent, the dry run begins."""
    access = access_of_request(request)
    found = _found(request, import_id)
    if found.state not in ("draft", "tried", "trying", "failed", "cancelled") or found.was_cut:
        return redirect("imports:show", import_id)
    forms = [MappingForm(found, file, access, request.POST or None) for file in found.files]
    problems: tuple[str, ...] = ()
    if request.method == "POST" and _all_valid(forms):
        try:
            actions.settle(import_id, *(_settings(import_id, form) for form in forms), access=access)
            for form in forms:
                listing.choose(import_id, form.found.place, *form.list_chosen(), access=access)
            _save_templates(request, import_id, forms)
            actions.try_out(import_id, access=access)
        except (NotReady, Refused) as not_ready:
            problems = tuple(not_ready.sentences)
        else:
            return redirect("imports:show", import_id)
    context = {**line(found), "files": [_file(form) for form in forms], "problems": problems, "zones": zones()}
    return render(request, "imports/columns.html", context, status=BAD if problems or any(form.errors for form in forms) else 200)


def _all_valid(forms: list[MappingForm]) -> bool:
    """Every form is looked at, so that all of their problems are told at once."""
    return len([form for form in forms if form.is_valid()]) == len(forms)


def _settings(import_id: int, form: MappingForm) -> Settings:
    chosen = form.settings()
    return replace(chosen, companions=actions.companions_of(import_id, chosen, form.found.place))


def _file(form: MappingForm) -> dict[str, Any]:
    """One file on the page of columns."""
    file = form.found
    rows = queries.samples(File.objects.get(pk=file.id))
    return {
        **file_line(file),
        "form": form,
        "columns": form.columns(queries.samples_of(file, SHOWN), types_of(file, rows)),
        "findings": queries.findings(file),
        "left_out": [heading for heading in file.shape.headings if not file.mapping.get(heading)],
        "companions": [] if file.is_history else form.used_companions(),
        "templates": [] if file.is_history else templates.every(file.shape.headings),
        "types": _types(form),
    }


def _types(form: MappingForm) -> list[tuple[str, str]]:
    return [(catalog.object_type, catalog.plural_label(form.language)) for catalog in records.catalogs().values()]


def _save_templates(request: HttpRequest, import_id: int, forms: list[MappingForm]) -> None:
    for form in forms:
        if name := form.cleaned_data.get("save_as", "").strip():
            file = File.objects.get(of_id=import_id, place=form.found.place)
            saved.keep(name, file, access=access_of_request(request))


@needs("import")
@require_POST
def choose(request: HttpRequest, import_id: int, place: int) -> HttpResponse:
    """Another object, another sheet, or a saved mapping for one file: what follows from it is guessed anew."""
    found = _found(request, import_id)
    file = found.file(place)
    if file is None:
        raise Http404
    if template := request.POST.get(f"{place}-template", ""):
        saved.use(import_id, place, template)
        return redirect("imports:columns", import_id)
    object_type, sheet = request.POST.get(f"{place}-object_type", ""), request.POST.get(f"{place}-sheet", "")
    with suppress(NotReady, LookupError, UnreadableFile):
        actions.choose(import_id, place, object_type=object_type, sheet=sheet if sheet in file.sheets else "")
    return redirect("imports:columns", import_id)


@needs("import")
@require_GET
def show(request: HttpRequest, import_id: int) -> HttpResponse:
    """The import as it stands: verdict, progress or result. While it works, the page asks again by itself."""
    found = _found(request, import_id)
    if found.state == "draft":
        return redirect("imports:columns", import_id)
    context = {
        **line(found),
        "files": [file_line(file) for file in found.files],
        "refused": queries.first_notes(found, refusals=True),
        "told": queries.first_notes(found, refusals=False),
    }
    return render(request, "imports/show.html", context, part="state")


@needs("import")
@require_POST
def begin(request: HttpRequest, import_id: int) -> HttpResponse:
    """Start, or go on with an import that was cut."""
    return _act(request, import_id, lambda: actions.begin(import_id, access=access_of_request(request)))


@needs("import")
@require_POST
def cancel(request: HttpRequest, import_id: int) -> HttpResponse:
    return _act(request, import_id, lambda: actions.cancel(import_id))


@needs("import")
@require_GET
def refused(request: HttpRequest, import_id: int, place: int = 0) -> HttpResponseBase:
    """The refused rows of a file: their cells as they were, the line, the reasons."""
    file = _found(request, import_id).file(place)
    if file is None or not File.objects.get(pk=file.id).path.exists():
        raise Http404
    name = file.file_name.rsplit(".", 1)[0]
    return csv_response(queries.refused_sheet(file), gettext("%(name)s refused rows.csv") % {"name": name}, bom=True)


@needs("import")
@require_GET
def touched(request: HttpRequest, import_id: int, what: str) -> HttpResponse:
    """The records that the import created or updated, those that the reader may see."""
    found, access = _found(request, import_id), access_of_request(request)
    types = dict.fromkeys(name for file in found.files for name in (file.object_type, *file.beside))
    object_type = request.GET.get("object", "")
    catalog = records.catalog(object_type if object_type in types else found.first.object_type)
    shown = tuple(dict.fromkeys(name for name in (*catalog.primary, "email", "createdate") if name in catalog.properties))
    after = request.GET.get("after", "")
    page = records.page(access, catalog.object_type, columns=shown, where=predicate(import_id, catalog.object_type, what), after=after)
    rows = [{"id": row["id"], "name": records.name_of(catalog, row, row["id"]), "row": row} for row in page.rows]
    language = get_language() or "en"
    context = {**line(found), "catalog": catalog, "what": what, "rows": rows, "page": page}
    context["catalog_label"] = catalog.plural_label(language)
    context["criteria_url"] = _index_url(catalog, import_id) if what == "created" else ""
    context["types"] = [(name, records.catalog(name).plural_label(language)) for name in types]
    for way, token in (("previous", page.previous), ("next", page.next)):
        context[f"{way}_url"] = f"?object={catalog.object_type}&after={token}" if token else ""
    return render(request, "imports/touched.html", context)


def _index_url(catalog: Catalog, import_id: int) -> str:
    """The index page, narrowed to what an import created: from there it can be searched, exported and edited."""
    filters = [
        {"property": "hs_object_source", "operator": "any_of", "values": ["import"]},
        {"property": "hs_object_source_detail_1", "operator": "equal", "values": [str(import_id)]},
    ]
    criteria = json.dumps({"version": 1, "groups": [{"filters": filters}]}, separators=(",", ":"))
    return f"{reverse('records:index', args=[catalog.plural])}?{urlencode({'criteria': criteria})}"


def _act(request: HttpRequest, import_id: int, verb: Any) -> HttpResponse:
    _found(request, import_id)
    try:
        with suppress(NotReady):  # it runs or is done already, which the page says
            verb()
    except Refused as refused:  # somebody else took the name of the list that it was to make
        messages.error(request, " ".join(refused.sentences))
        return redirect("imports:columns", import_id)
    return redirect("imports:show", import_id)


def _found(request: HttpRequest, import_id: int) -> ImportView:
    found = queries.one(access_of_request(request), import_id)
    if found is None:
        raise Http404
    return found
