"""The page of a report, and what its buttons do."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from jalon.accounts.access import access_of_request, needs
from jalon.figures.measures import Measure
from jalon.reports import actions, queries, wording
from jalon.reports.by_kind import table
from jalon.reports.kinds import display
from jalon.reports.kinds.definition import DefinitionError
from jalon.reports.queries import title_of
from jalon.reports.schedules import queries as schedules
from jalon.reports.views.opened import Context, rights, to_edit, to_see
from jalon.web import formats
from jalon.web.pages import render


@needs("reports.view")
@require_GET
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    """What the last compile found, in the view that the address asks for: standard or cumulative, contacts, sum or average."""
    access = access_of_request(request)
    found = queries.compiled(report_id, access, settings.READ_PATIENCE_MS)
    if found is None:
        raise Http404
    context: Context = {"report": found, "title": title_of(found), "step": wording.step(found.compiling), **rights(request, found)}
    if context["may_edit"]:
        context["mails"] = schedules.standing(report_id)
    kind = table.of(found)
    context |= {"kind": kind, "edit_url": kind.edit(found)}
    if found.snapshot:
        context |= {"sees_all": queries.sees_all(access), **kind.page.context(found, access, request.GET)}
    return render(request, "reports/report.html", context, part="sheet")


@needs("reports.view")
@require_GET
def compiling(request: HttpRequest, report_id: int) -> HttpResponse:
    """How far the compile is, asked again every second; when it has ended, the page is opened anew."""
    found = to_see(request, report_id)
    if found.is_compiled:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "reports/_compiling.html", {"report": found, "step": wording.step(found.compiling), "again": found.snapshot})


@needs("reports.view")
@require_GET
def gone(request: HttpRequest, report_id: int) -> HttpResponse:
    """How many contacts of the snapshot are not there any more."""
    found = to_see(request, report_id)
    number = queries.gone(found.snapshot) if found.snapshot else 0
    return render(request, "reports/_gone.html", {"gone": number})


@needs("reports.view")
@require_POST
def refresh(request: HttpRequest, report_id: int) -> HttpResponse:
    """Compiles the report anew: the contacts as they are now."""
    to_see(request, report_id)
    actions.compile(report_id, actor=access_of_request(request).actor)
    return redirect("reports:report", report_id)


@needs("reports.view")
@require_POST
def rename(request: HttpRequest, report_id: int) -> HttpResponse:
    """The title typed in place; the automatic one, typed or emptied, follows the options again."""
    found = to_edit(request, report_id)
    title = " ".join(request.POST.get("title", "").split())
    actions.rename(report_id, "" if title == title_of(replace(found, title="")) else title, actor=access_of_request(request).actor)
    return redirect("reports:report", report_id)


@needs("reports.view")
@require_POST
def goal(request: HttpRequest, report_id: int) -> HttpResponse:
    """The goal that was typed, or none where the number was emptied."""
    before = to_edit(request, report_id).display.goal
    number, measure = formats.plain(request.POST.get("number", "")), request.POST.get("measure", Measure.COUNT)
    try:
        wanted = display.goal(number, request.POST.get("every", ""), measure) if number else None
        if wanted or (before and before.measure == measure):  # emptied where another measure is shown takes nothing away
            actions.set_goal(report_id, wanted, actor=access_of_request(request).actor)
    except DefinitionError as error:
        messages.error(request, " ".join(wording.problems(error)))
    return redirect(_back(request, report_id))


@needs("reports.view")
@require_POST
def color(request: HttpRequest, report_id: int) -> HttpResponse:
    """The color that somebody chose for a value of the breakdown."""
    to_edit(request, report_id)
    chosen = request.POST.get("color", "").lower()
    if chosen and not display.is_color(chosen):
        messages.error(request, gettext("“%(color)s” is not a color. Write it as in #3366cc.") % {"color": chosen})
    else:
        actions.set_color(report_id, request.POST.get("value", ""), chosen, actor=access_of_request(request).actor)
    return redirect(_back(request, report_id))


def _back(request: HttpRequest, report_id: int) -> str:
    """The report in the view that was open."""
    view = {name: request.POST[name] for name in ("style", "measure") if request.POST.get(name)}
    return reverse("reports:report", args=[report_id]) + (f"?{urlencode(view)}" if view else "")


@needs("reports.create")
@require_POST
def duplicate(request: HttpRequest, report_id: int) -> HttpResponse:
    title = gettext("Copy of %(title)s") % {"title": title_of(to_see(request, report_id))}
    copy = actions.duplicate(report_id, title, actor=access_of_request(request).actor)
    messages.success(request, gettext("This is the copy. Its options are the same."))
    return redirect("reports:report", copy or report_id)


@needs("reports.view")
@require_POST
def delete(request: HttpRequest, report_id: int) -> HttpResponse:
    title = title_of(to_edit(request, report_id))
    actions.delete(report_id, actor=access_of_request(request).actor)
    messages.success(request, gettext("The report “%(title)s” is deleted. Its contacts are untouched.") % {"title": title})
    return redirect("reports:home")
