"""The pages of an import: file, columns, verdict of the dry run, progress, result."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts.access import access_of_request, needs
from jalon.exports.responses import csv_response
from jalon.imports import actions, queries
from jalon.imports.actions import NotReady
from jalon.imports.forms import PAST, MappingForm, UploadForm, zones
from jalon.imports.queries import ImportView
from jalon.imports.trouble import UnreadableFile
from jalon.imports.words import sentence
from jalon.records import queries as records
from jalon.web.pages import render

SHOWN = 3  # sample values beside a column
BAD = 400


@needs("import")
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """The upload, and the imports so far."""
    access = access_of_request(request)
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(access, *data, initial={"object_type": request.GET.get("object", "contact")})
    if form.is_valid():
        chosen, file = form.cleaned_data, form.cleaned_data["file"]
        try:
            import_id = actions.take(
                file.chunks(),
                name=file.name,
                object_type=chosen["object_type"],
                access=access,
                is_history=chosen["content"] == PAST,
                encoding=chosen["encoding"],
                delimiter=chosen["delimiter"],
            )
        except UnreadableFile as unreadable:
            form.add_error("file", sentence(unreadable.trouble))
        else:
            return redirect("imports:columns", import_id)
    before = request.GET.get("before", "")
    found = queries.recent(access, int(before) if before.isdigit() else None)
    context = {"form": form, "imports": [_line(one) for one in found], "older": found[-1].id if len(found) == queries.PAGE else ""}
    return render(request, "imports/start.html", context, status=BAD if form.errors else 200)


@needs("import")
@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, import_id: int) -> HttpResponse:
    """What becomes of each column; sent, the dry run begins."""
    access = access_of_request(request)
    found = _found(request, import_id)
    if found.state in ("running", "done") or found.was_cut:
        return redirect("imports:show", import_id)
    form = MappingForm(found, request.POST or None)
    problems: tuple[str, ...] = ()
    if form.is_valid():
        try:
            actions.settle(import_id, form.settings())
            actions.try_out(import_id, access=access)
        except NotReady as not_ready:
            problems = not_ready.sentences
        else:
            return redirect("imports:show", import_id)
    context = {
        **_line(found),
        "form": form,
        "problems": problems,
        "columns": form.columns(queries.samples_of(found, SHOWN)),
        "findings": queries.findings(found),
        "left_out": [heading for heading in found.shape.headings if not found.mapping.get(heading)],
        "zones": zones(),
    }
    return render(request, "imports/columns.html", context, status=BAD if problems or form.errors else 200)


@needs("import")
@require_GET
def show(request: HttpRequest, import_id: int) -> HttpResponse:
    """The import as it stands: verdict, progress or result. While it works, the page asks again by itself."""
    found = _found(request, import_id)
    if found.state == "draft":
        return redirect("imports:columns", import_id)
    context = {**_line(found), "refused": queries.first_refused(found), "told": queries.first_told(found)}
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
def refused(request: HttpRequest, import_id: int) -> HttpResponseBase:
    """The refused rows as a file: their cells as they were, the line, the reasons."""
    found = _found(request, import_id)
    name = found.file_name.rsplit(".", 1)[0]
    return csv_response(queries.refused_sheet(found), gettext("%(name)s refused rows.csv") % {"name": name}, bom=True)


@needs("import")
@require_GET
def touched(request: HttpRequest, import_id: int, what: str) -> HttpResponse:
    """The records that the import created or updated, those that the reader may see."""
    found, access = _found(request, import_id), access_of_request(request)
    catalog = records.catalog(found.object_type)
    shown = tuple(dict.fromkeys(name for name in (*catalog.primary, "email", "createdate") if name in catalog.properties))
    after = request.GET.get("after", "")
    page = records.page(access, found.object_type, columns=shown, where=queries.touched(found, what), after=after)
    rows = [{"id": row["id"], "name": records.name_of(catalog, row, row["id"]), "row": row} for row in page.rows]
    steps = {f"{way}_url": f"?after={token}" if token else "" for way, token in (("previous", page.previous), ("next", page.next))}
    return render(request, "imports/touched.html", {**_line(found), "what": what, "rows": rows, "page": page, **steps})


def _act(request: HttpRequest, import_id: int, verb: Any) -> HttpResponse:
    _found(request, import_id)
    with suppress(NotReady):  # it runs or is done already, which the page says
        verb()
    return redirect("imports:show", import_id)


def _found(request: HttpRequest, import_id: int) -> ImportView:
    found = queries.one(access_of_request(request), import_id)
    if found is None:
        raise Http404
    return found


def _line(found: ImportView) -> dict[str, Any]:
    """An import with the words that its pages show."""
    catalog = records.catalog(found.object_type)
    language = get_language() or "en"
    match = catalog.properties.get(found.match)
    return {
        "import": found,
        "catalog": catalog,
        "objects": catalog.plural_label(language),
        "match_label": match.label(language) if match else gettext("Record id"),
        "at_work": found.state in ("trying", "running"),
        "state_label": gettext(queries.STATES[found.state]),
        "read_rows": found.rows_done if found.state != "trying" else 0,
    }
