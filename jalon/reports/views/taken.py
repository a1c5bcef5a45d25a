"""What is taken away of the live lifecycle report: tables, the funnel, every figure, what is asked."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from jalon.accounts.access import access_of_request, needs
from jalon.accounts.actions import audit
from jalon.exports.responses import response
from jalon.exports.sheet import Format
from jalon.lifecycle import queries as lifecycle
from jalon.records import queries as records
from jalon.reports.kinds import lifecycle as kind
from jalon.reports.lifecycle import asked, files, pictures, printed, queries, words
from jalon.reports.lifecycle.asked import OBJECT_TYPE
from jalon.reports.lifecycle.sheet import Desk
from jalon.reports.lifecycle.shown import Sheet
from jalon.reports.views.downloads import attached, drawn, json_of
from jalon.warehouse.words import N_

EXPORTED = N_("%(who)s exported a table of the lifecycle report: %(what)s.")


@needs("export")
@require_GET
def table(request: HttpRequest, name: str, form: str) -> HttpResponseBase:
    """One of the tables as a file: the days, contacts and columns that are shown."""
    if name not in set(files.Table) or form not in set(Format):
        raise Http404
    sheet = _live(request).sheet()
    made = files.table(sheet, files.Table(name))
    _tell(request, sheet)
    return response(made, Format(form), f"{sheet.title}, {made.name}")


def _tell(request: HttpRequest, sheet: Sheet) -> None:
    audit(access_of_request(request).actor, "export.table", EXPORTED, link=reverse("reports:lifecycle"), what=sheet.subtitle)


@needs("reports.view")
@require_GET
def picture(request: HttpRequest, form: str) -> HttpResponse:
    """The funnel as a picture, or the whole report on paper."""
    if form not in pictures.FORMS:
        raise Http404
    back = f"{reverse('reports:lifecycle')}?{request.GET.urlencode()}"
    name = f"{gettext('Lifecycle report') if form == 'pdf' else gettext('Lifecycle journey funnel')}.{form}"
    return drawn(request, lambda: pictures.FORMS[form](_live(request).sheet()), name, back=back)


@needs("export")
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Every figure as JSON, exact: what `jalon report run --json` tells, cut to what this reader may see."""
    desk = _live(request)
    sheet = desk.sheet()
    _tell(request, sheet)
    return attached(json_of(printed.figures(desk)), f"{sheet.title}.json", "application/json")


@needs("reports.view")
@require_GET
def definition(request: HttpRequest) -> HttpResponse:
    """What is asked, as JSON: for `jalon report run`."""
    said = asked.read(request.GET, records.catalog(OBJECT_TYPE))
    return attached(json_of(kind.written(said.definition)), "lifecycle.json", "application/json")


def _live(request: HttpRequest) -> Desk:
    """The report as the address asks for it, with the columns that this reader chose."""
    if not lifecycle.is_set_up() or not lifecycle.is_shown():
        raise Http404
    access = access_of_request(request)
    question = queries.ask(access, asked.read(request.GET, records.catalog(OBJECT_TYPE)).definition)
    return Desk(question, queries.answer(question), queries.columns(access.actor.user_id, tuple(words.COLUMNS), words.USUAL))
