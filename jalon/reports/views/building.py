"""The builder: the options of a report, and what they would give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from jalon.accounts.access import Access, access_of_request, needs
from jalon.criteria import narrowing
from jalon.criteria.problems import Problem
from jalon.figures.addresses import LONGEST
from jalon.lists import queries as lists
from jalon.lists.actions import ListError
from jalon.reports import actions, queries, wording
from jalon.reports.by_kind import table
from jalon.reports.forms import ReportForm, initial, missing, new_list, raw
from jalon.reports.kinds import starting
from jalon.reports.kinds.definition import Definition, DefinitionError
from jalon.reports.queries import ReportView, title_of
from jalon.reports.sheet import Desk
from jalon.reports.views.opened import Context, drawn, to_edit
from jalon.warehouse.words import N_
from jalon.web.pages import render


@needs("reports.create")
@require_GET
def build(request: HttpRequest) -> HttpResponse:
    """The builder of a new report; its options live in the address, so that Back and a shared link find them."""
    fields = (
        request.GET
        if "date_property" in request.GET
        else initial(starting.beginning(request.GET.get("from", ""), queries.contacts_catalog()))
    )
    return _builder(request, fields)


@needs("reports.create")
@require_POST
def create(request: HttpRequest) -> HttpResponse:
    try:
        definition = _asked(request.POST)
        report_id = actions.create(definition, actor=access_of_request(request).actor, new_list=_new_list(request))
    except (DefinitionError, ListError) as error:
        return _builder(request, request.POST, error=error)
    return redirect("reports:report", report_id)


@needs("reports.view")
@require_GET
def edit(request: HttpRequest, report_id: int) -> HttpResponse:
    report = to_edit(request, report_id)
    if (address := table.of(report).edit(report)) != request.path:  # another kind is built elsewhere
        return redirect(address)
    if "date_property" in request.GET:
        return _builder(request, request.GET, report=report)
    try:
        return _builder(request, initial(queries.read_definition(report.raw)), report=report)
    except DefinitionError as error:
        return _builder(request, _kept(report), report=report, error=error)


@needs("reports.view")
@require_POST
def change(request: HttpRequest, report_id: int) -> HttpResponse:
    report = to_edit(request, report_id)
    try:
        definition = _asked(request.POST)
        _unchanged_meanwhile(request, report)
        actions.change(report_id, definition, actor=access_of_request(request).actor, new_list=_new_list(request))
    except (DefinitionError, ListError) as error:
        return _builder(request, request.POST, report=report, error=error)
    messages.success(request, gettext("The report is saved."))
    return redirect("reports:report", report_id)


def _unchanged_meanwhile(request: HttpRequest, report: ReportView) -> None:
    """Nobody overwrites somebody else's options unawares: whoever does it is told first. Raises DefinitionError."""
    if request.POST.get("was", report.mark) != report.mark:
        sentence = N_("%(name)s changed the options of this report while you had them open. Save again to put yours in their place.")
        raise DefinitionError((Problem(sentence, {"name": report.edited_by}),))


@needs("reports.view")
@require_GET
def preview(request: HttpRequest) -> HttpResponse:
    """The report that the builder's options would make; the page's address takes them, so that a reload and a shared link keep them."""
    try:
        definition = _asked(request.GET)
        response = render(request, "reports/_preview.html", _picture(request, definition))
    except DefinitionError as error:
        response = render(request, "reports/_preview.html", {"problems": wording.problems(error)})
    page = urlsplit(request.headers.get("HX-Current-URL", "")).path
    address = f"{page}?{request.GET.urlencode()}"
    if page.startswith(reverse("reports:home")) and len(address) <= LONGEST:
        response.headers["HX-Replace-Url"] = address
    return response


def _asked(sent: QueryDict) -> Definition:
    """The definition that was sent. Raises DefinitionError with everything that is wrong or missing."""
    unfilled = missing(sent)
    try:
        definition = queries.read_definition(raw(sent))
    except DefinitionError as error:
        raise DefinitionError((*unfilled, *error.problems)) from error
    if unfilled:
        raise DefinitionError(unfilled)
    return definition


def _new_list(request: HttpRequest) -> str | None:
    """The name of the list that is to be made with the report, for who may make lists."""
    name = new_list(request.POST)
    if name is not None:
        access_of_request(request).require("lists.edit")
    return name


def _picture(request: HttpRequest, definition: Definition) -> Context:
    """What the options of the builder would give now."""
    with queries.asked(access_of_request(request), definition) as question:
        return drawn(Desk(question, queries.answer(question)).sheet())


def _builder(
    request: HttpRequest, fields: Mapping[str, Any], *, report: ReportView | None = None, error: DefinitionError | ListError | None = None
) -> HttpResponse:
    context: Context = {"report": report, "title": title_of(report) if report else "", **_fields(access_of_request(request), fields)}
    if error:
        problems = wording.problems(error) if isinstance(error, DefinitionError) else error.sentences
        return render(request, "reports/builder.html", {**context, "problems": problems}, status=422)
    return render(request, "reports/builder.html", context)


def _fields(access: Access, fields: Mapping[str, Any]) -> Context:
    """The form, and the population in words."""
    offered = lists.found(access, queries.OBJECT_TYPE)
    catalog, population = queries.contacts_catalog(), fields.get("criteria", "")
    chips = narrowing.in_words(population, catalog)
    form = ReportForm(fields, catalog, offered, may_make_lists=access.may("lists.edit"))
    return {"form": form, "plural": catalog.plural, "population": population, "chips": chips}


def _kept(report: ReportView) -> Context:
    """The fields of a report that cannot be run any more, as far as they can be shown."""
    return {name: value for name, value in report.raw.items() if isinstance(value, str)}
