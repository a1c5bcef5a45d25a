"""The pages beside the overview of the lifecycle report: flow, trend, time to convert, stuck contacts; their files and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from jalon.accounts.access import access_of_request, needs
from jalon.accounts.actions import audit
from jalon.exports.responses import response
from jalon.exports.sheet import Format
from jalon.figures.periods import Unit
from jalon.lifecycle import queries as lifecycle
from jalon.reports import wording
from jalon.reports.kinds.lifecycle import MOST
from jalon.reports.lifecycle import plots as drawing
from jalon.reports.lifecycle import toolbar, values
from jalon.reports.lifecycle.queries import Question
from jalon.reports.travels import files, flows, plots, streams, stuck, times, trends
from jalon.reports.travels import wanted as asked
from jalon.reports.travels.wanted import RATES, Wanted
from jalon.reports.views.downloads import attached
from jalon.reports.views.opened import Context
from jalon.warehouse.words import N_
from jalon.web.pages import render

BUCKETS: Final = {Unit.DAY: N_("Day of entry"), Unit.WEEK: N_("Week of entry"), Unit.MONTH: N_("Month of entry")}
STEPS: Final = {"": N_("By itself"), Unit.DAY: N_("Days"), Unit.WEEK: N_("Weeks"), Unit.MONTH: N_("Months")}
TYPES: Final = {"png": "image/png", "svg": "image/svg+xml"}
EXPORTED = N_("%(who)s exported a table of the lifecycle report: %(what)s.")


@needs("reports.view")
@require_GET
def flow(request: HttpRequest) -> HttpResponse:
    """How many went from which stage to which, and how long they had stayed."""
    wanted = _wanted(request)
    context: Context = {"ways": None}
    if wanted:
        ways = flows.ways(wanted.question)
        context = {"ways": ways}
        if ways.rows:
            drawn = {"wide": streams.wide(wanted.question, ways), "upright": streams.upright(wanted.question, ways)}
            context |= drawn | {"ends": streams.ends(wanted.question, ways)}
    return _page(request, "flow", context)


@needs("reports.view")
@require_GET
def trend(request: HttpRequest) -> HttpResponse:
    """Each metric by the time of the entry, with what is open yet."""
    wanted = _wanted(request)
    context: Context = {"lines": []}
    if wanted:
        told = trends.trend(wanted.question, wanted.today, wanted.unit)
        context = _controls(wanted, told) | ({"lines": []} if told.is_empty else _trend(wanted, told))
    return _page(request, "trend", context, breakdown=True, controls=("unit", "metric"))


def _controls(wanted: Wanted, told: trends.Trend) -> Context:
    """The choices above the trend."""
    metrics = [(name, trends.label(name, told)) for name in trends.METRICS]
    return {
        "extra": "reports/lifecycle/_trend_asked.html",
        "units": [(str(unit), gettext(label)) for unit, label in STEPS.items()],
        "unit": wanted.unit or "",
        "metrics": metrics if wanted.question.definition.breakdown else [(RATES, gettext("All rates")), *metrics],
        "metric": wanted.metric,
    }


def _trend(wanted: Wanted, told: trends.Trend) -> Context:
    outcomes, rates = plots.outcomes(told, trends.outcome_links(told)), files.metric(wanted, told)
    return {
        "trend": told,
        "bucket": gettext(BUCKETS[told.unit]),
        "headings": [trends.label(name, told) for name in trends.METRICS],
        "lines": trends.lines(told),
        "outcomes": drawing.drawn(outcomes),
        "rates": drawing.drawn(rates),
        "outcome_legend": drawing.legend(outcomes),
        "rate_legend": drawing.legend(rates) if len(rates.series) > 1 else [],
        "is_rates": wanted.metric == RATES,
        "metric_label": gettext("Rates") if wanted.metric == RATES else trends.label(wanted.metric, told),
        "marks": [mark for _, mark in told.marks],
        **_side_by_side(wanted.question, told.known),
        "apart_lines": trends.lines_apart(told, wanted.metric) if told.apart else [],
    }


def _side_by_side(question: Question, known: int) -> Context:
    """What is said of the breakdown."""
    spec = question.catalog.properties.get(question.definition.breakdown)
    return {"breakdown": spec.label(wording.language()) if spec else "", "cut": values.cut(known) if known > MOST else ""}


@needs("reports.view")
@require_GET
def time(request: HttpRequest) -> HttpResponse:
    """The share that is won after so many days, journeys that are still open counted as far as they have come."""
    wanted = _wanted(request)
    context: Context = {"told": None}
    if wanted:
        told = times.in_time(wanted.question, wanted.now)
        if told.curve.journeys:
            shares = plots.shares(told)
            context = {
                "told": told,
                "cards": times.cards(told),
                "lines": times.milestones(told),
                "drawn": drawing.drawn(shares),
                "legend": drawing.legend(shares),
                "apart_days": [times.won_within(days) for days in times.days_shown(told)],
                "apart_lines": times.lines(told) if told.apart else [],
            } | _side_by_side(wanted.question, told.known)
    return _page(request, "time", context, breakdown=True)


@needs("reports.view")
@require_GET
def stuck_contacts(request: HttpRequest) -> HttpResponse:
    """Who has been in a stage for longer than nine in ten of those who moved on."""
    wanted = _wanted(request)
    access = access_of_request(request)
    context: Context = {"may_make_lists": access.may("lists.edit")}
    if wanted:
        told = stuck.stuck(wanted.question, access, wanted.now)
        context |= {"told": told} | _side_by_side(wanted.question, told.known)
    return _page(request, "stuck", context, breakdown=True)


def _is_there() -> bool:
    return lifecycle.is_set_up() and lifecycle.is_shown()


def _wanted(request: HttpRequest) -> Wanted | None:
    """What the address asks; nothing where stages are not in use."""
    given: Mapping[str, str] = request.GET.dict()
    return asked.wanted(given, access_of_request(request), timezone.now()) if _is_there() else None


def _page(request: HttpRequest, part: str, context: Context, *, breakdown: bool = False, controls: tuple[str, ...] = ()) -> HttpResponse:
    if not _is_there():
        return render(request, "reports/lifecycle/off.html", {"may_turn_on": access_of_request(request).may("property_settings")})
    said = asked.said(request.GET.dict())
    frame = toolbar.context(request, said, f"reports:lifecycle_{part}", breakdown=breakdown, controls=controls)
    frame |= {"may_export": access_of_request(request).may("export"), "body": f"reports/lifecycle/_{part}.html"}
    return toolbar.answered(request, "reports/lifecycle/beyond.html", frame | context, part="beyond")


# Files


@needs("export")
@require_GET
def table(request: HttpRequest, name: str, form: str) -> HttpResponseBase:
    """One of the tables as a file: the days and contacts that are shown."""
    wanted, found = _wanted(request), files.TABLES.get(name)
    if found is None or form not in set(Format) or wanted is None:
        raise Http404
    made = files.sheet(found, wanted)
    audit(access_of_request(request).actor, "export.table", EXPORTED, link=reverse("reports:lifecycle"), what=made.name)
    return response(made, Format(form), made.name)


@needs("reports.view")
@require_GET
def picture(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """One of the charts as a picture."""
    wanted, found = _wanted(request), files.PICTURES.get(name)
    if found is None or form not in TYPES or wanted is None:
        raise Http404
    content = found.svg(wanted) if form == "svg" else found.png(wanted)
    return attached(content, f"{gettext(found.title)}.{form}", TYPES[form])
