"""The records of an index page as a file: all that match, or those that are ticked, with the chosen columns."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_GET
from sqlglot import exp

from jalon.accounts.access import needs
from jalon.exports.responses import response
from jalon.exports.sheet import choose_format
from jalon.records import address, pages, sheets
from jalon.records.views.finding import catalog_in_sight
from jalon.records.views.index import address_of
from jalon.warehouse import query

MOST_TICKED = 1_000  # a page has 50; more numbers than this were not ticked by hand


@needs("export")
@require_GET
def export(request: HttpRequest, plural: str) -> HttpResponseBase:
    access, catalog = catalog_in_sight(request, plural)
    here = address_of(request, catalog)
    narrowing = pages.narrower().read(here.criteria, catalog)
    if narrowing.problems:
        return HttpResponse("\n".join(narrowing.problems), status=422, content_type="text/plain; charset=utf-8")
    ticked = [] if request.GET.get("all") else request.GET.getlist("id")
    names = address.known(catalog, (*address.name_columns(catalog), *here.columns))
    where = _where(narrowing.where, ticked)
    sheet = sheets.sheet(access, catalog, names, where=where, search=here.search, sort=here.sort)
    return response(sheet, choose_format(sheet.total, request.GET.get("format", "")), sheet.name)


def _where(narrowed: exp.Expression | None, ticked: Iterable[str]) -> exp.Expression | None:
    """The criteria, cut to the ticked records."""
    ids = [int(text) for text in ticked if text.isdigit() and len(text) < 19]
    if len(ids) > MOST_TICKED:
        raise Http404
    if not ids:
        return narrowed
    chosen = query.one_of(query.column("id"), [query.whole(id) for id in ids])
    return query.conjunction((narrowed, chosen))
