"""The records of an index page as a file: all that match, or those that are ticked, with the chosen columns."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from jalon.accounts.access import needs
from jalon.accounts.audit.actions import exported
from jalon.exports.responses import response
from jalon.exports.sheet import SHEET_ROWS, choose_format
from jalon.records import address, pages, selection, sheets
from jalon.records.selection import Selection
from jalon.records.views.finding import catalog_in_sight
from jalon.records.views.tabs import address_of


@needs("export")
@require_GET
def export(request: HttpRequest, plural: str) -> HttpResponseBase:
    access, catalog = catalog_in_sight(request, plural)
    here = address_of(request, catalog)
    chosen = selection.read(request.GET, catalog)
    if chosen is None and "ids" in request.GET:
        raise Http404
    chosen = chosen or Selection(catalog, criteria=here.criteria, search=here.search)
    narrowing = pages.narrower().read(chosen.criteria, catalog, access)
    if narrowing.problems:
        return HttpResponse("\n".join(narrowing.problems), status=422, content_type="text/plain; charset=utf-8")
    names = address.known(catalog, (*address.name_columns(catalog), *here.columns))
    where = selection.predicate(access, chosen)
    sheet = sheets.sheet(access, catalog, names, where=where, search=chosen.search, sort=here.sort)
    what = catalog.plural_label(get_language() or "en")
    exported(what, sheet.total, link=f"/{catalog.plural}/", actor=access.actor)
    return response(sheet, choose_format(sheet.total, request.GET.get("format", ""), most=SHEET_ROWS), sheet.name)
