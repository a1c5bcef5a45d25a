"""The verdict of every row before anything is written: by verdict, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET

from jalon.accounts.access import Access, access_of_request, needs
from jalon.imports import queries
from jalon.imports.lines import file_line, line
from jalon.imports.models import File
from jalon.imports.verdicts.store import CREATED, REFUSED, TOLD, UNCHANGED, UPDATED, VERDICTS, Reader, RowVerdict
from jalon.records import queries as records
from jalon.records.columns import Catalog
from jalon.records.display import Display
from jalon.warehouse.words import N_
from jalon.web.numbers import whole
from jalon.web.pages import render

PAGE = 50
WORDS = {
    CREATED: N_("To be created"),
    UPDATED: N_("To be updated"),
    UNCHANGED: N_("Unchanged"),
    REFUSED: N_("To be refused"),
    TOLD: N_("With a remark"),
}
TONES = {CREATED: "is-good", UPDATED: "is-accent", UNCHANGED: "", REFUSED: "is-bad"}


@needs("import")
@require_GET
def rows(request: HttpRequest, import_id: int) -> HttpResponse:
    """The rows of one file that have a verdict, or all."""
    access = access_of_request(request)
    found = queries.one(access, import_id)
    place, verdict, number = (request.GET.get(name, "") for name in ("file", "verdict", "page"))
    file = found.file(whole(place, 6) or 0) if found else None
    if found is None or file is None or verdict not in ("", *WORDS):
        raise Http404
    reader, at = Reader(File.objects.get(pk=file.id).verdicts), max(whole(number, 9) or 1, 1)
    shown = reader.page(verdict, (at - 1) * PAGE, PAGE)
    total = reader.count(verdict)
    context = {
        **line(found),
        **file_line(file),
        "files": found.files,
        "verdict": verdict,
        "tabs": _tabs(reader, file.place, verdict),
        "rows": _lines(access, records.catalog(file.object_type), shown),
        "total": total,
        "is_there": bool(reader.blocks),
        "previous_url": _address(file.place, verdict, at - 1) if at > 1 else "",
        "next_url": _address(file.place, verdict, at + 1) if at * PAGE < total else "",
    }
    return render(request, "imports/rows.html", context)


def _address(place: int, verdict: str, page: int = 1) -> str:
    asked = {"file": str(place), "verdict": verdict, "page": str(page) if page > 1 else ""}
    return "?" + urlencode({name: value for name, value in asked.items() if value})


def _tabs(reader: Reader, place: int, chosen: str) -> list[dict[str, Any]]:
    """Every verdict with how many rows have it."""
    every = [("", gettext("All")), *((name, gettext(WORDS[name])) for name in (*VERDICTS, TOLD))]
    return [
        {"label": label, "count": count, "url": _address(place, name), "current": name == chosen}
        for name, label in every
        if (count := reader.count(name)) or name in ("", chosen)
    ]


def _lines(access: Access, catalog: Catalog, rows: Sequence[RowVerdict]) -> list[dict[str, Any]]:
    display, language = Display(), get_language() or "en"
    names = queries.names_of(access, catalog.object_type, [row.record_id for row in rows if row.record_id])
    return [
        {
            "line": row.line,
            "verdict": gettext(WORDS[row.verdict]),
            "tone": TONES[row.verdict],
            "name": names.get(row.record_id, ""),
            "link": reverse("records:record", args=[catalog.plural, row.record_id]) if row.record_id in names else "",
            "changes": [_change(display, catalog, language, name, values) for name, values in row.delta.items()],
            "is_new": row.verdict == CREATED,
            "sentences": row.sentences,
        }
        for row in rows
    ]


def _change(display: Display, catalog: Catalog, language: str, name: str, values: Sequence[str | None]) -> dict[str, str]:
    spec = catalog.properties.get(name)
    if spec is None:
        return {"label": name, "old": values[0] or "", "new": values[1] or ""}
    old, new = (display.show(spec, value).text for value in values)
    return {"label": spec.label(language), "old": old, "new": new}
