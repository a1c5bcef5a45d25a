"""The records of an index page as a file: all that match, or those that are ticked, with the chosen columns."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET
from sqlglot import exp

from jalon.accounts.access import Access, needs
from jalon.accounts.queries import account, users
from jalon.exports import files
from jalon.exports.sheet import Format, Heading, Sheet, choose_format
from jalon.records import address, pages, queries
from jalon.records.address import Address
from jalon.records.columns import Catalog, PropertySpec
from jalon.records.views.finding import catalog_in_sight
from jalon.records.views.index import address_of
from jalon.warehouse import query
from jalon.warehouse.schema import Kind

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
    sheet = _sheet(access, catalog, here, _where(narrowing.where, ticked))
    return _download(sheet, choose_format(sheet.total, request.GET.get("format", "")))


def _where(narrowed: exp.Expression | None, ticked: Iterable[str]) -> exp.Expression | None:
    """The criteria, cut to the ticked records."""
    ids = [int(text) for text in ticked if text.isdigit() and len(text) < 19]
    if len(ids) > MOST_TICKED:
        raise Http404
    if not ids:
        return narrowed
    chosen = query.one_of(query.column("id"), [query.whole(id) for id in ids])
    return query.conjunction((narrowed, chosen))


def _sheet(access: Access, catalog: Catalog, here: Address, where: exp.Expression | None) -> Sheet:
    """The record's number, what names it, and the chosen columns."""
    language = get_language() or "en"
    names = address.known(catalog, (*address.name_columns(catalog), *here.columns))
    specs = [catalog.properties[name] for name in names]
    people = {str(user.id): user.name for user in users()} if any(spec.kind is Kind.USER for spec in specs) else {}
    batches = queries.stream(access, catalog.object_type, columns=("id", *names), where=where, search=here.search, sort=here.sort)
    return Sheet(
        catalog.plural_label(language),
        (Heading("id", gettext("Record ID"), Kind.ID), *_headings(specs, people, language)),
        batches,
        queries.count(access, catalog.object_type, where, here.search),
        account().tz,
    )


def _headings(specs: Iterable[PropertySpec], people: Mapping[str, str], language: str) -> Iterator[Heading]:
    for spec in specs:
        labels: Mapping[str, str] = {option.value: option.label(language) for option in spec.options}
        if spec.kind is Kind.USER:
            labels = people
        if spec.kind is Kind.BOOL:
            labels = {"true": gettext("Yes"), "false": gettext("No")}
        yield Heading(spec.name, spec.label(language), spec.kind, labels)


def _download(sheet: Sheet, file_format: Format) -> HttpResponseBase:
    name = f"{sheet.name}.{file_format.value}"
    if file_format is Format.CSV:
        response = StreamingHttpResponse(files.csv_bytes(sheet, bom=True), content_type=file_format.content_type)
        response.headers["Content-Disposition"] = _attachment(name)
        return response
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        files.write_xlsx(sheet, path)
        return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=file_format.content_type)


def _attachment(name: str) -> str:
    """The header of a download; the names of object types are the account's own words, so they are encoded."""
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"
