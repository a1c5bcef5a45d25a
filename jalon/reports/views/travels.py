"""The pages beside the overview of the lifecycle report: flow, trend, time to convert, stuck contacts."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from jalon.accounts.access import access_of_request, needs
from jalon.figures.periods import Preset, Unit
from jalon.lifecycle import queries as lifecycle
from jalon.records import queries as records
from jalon.reports.lifecycle import asked, beyond, plots, queries, toolbar
from jalon.reports.lifecycle.asked import OBJECT_TYPE, Asked
from jalon.reports.lifecycle.queries import Question
from jalon.reports.views.opened import Context
from jalon.warehouse.words import N_
from jalon.web.pages import render

PERIOD = Preset.LAST_365_DAYS  # times and trends need some past: the two weeks of the overview would tell nothing
BUCKETS = {Unit.DAY: N_("Day of entry"), Unit.WEEK: N_("Week of entry"), Unit.MONTH: N_("Month of entry")}


@needs("reports.view")
@require_GET
def flow(request: HttpRequest) -> HttpResponse:
    """How many went from which stage to which, and how long they had stayed."""
    said, question = _asked(request)
    return _page(request, said, "flow", {"ways": beyond.ways(question) if question else None})


@needs("reports.view")
@require_GET
def trend(request: HttpRequest) -> HttpResponse:
    """Each metric by the time of the entry, with what is open yet."""
    said, question = _asked(request)
    context: Context = {"lines": []}
    if question:
        unit, weeks = beyond.by_entry(question)
        links = beyond.outcome_links(question, weeks)
        context = {
            "bucket": gettext(BUCKETS[unit]),
            "lines": beyond.week_lines(question, weeks) if any(week.figures.entered for week in weeks) else [],
            "outcomes": plots.drawn(plots.outcomes(weeks, links)),
            "rates": plots.drawn(plots.rates(weeks)),
            "outcome_legend": plots.legend(plots.outcomes(weeks, links)),
            "rate_legend": plots.legend(plots.rates(weeks)),
        }
    return _page(request, said, "trend", context)


@needs("reports.view")
@require_GET
def time(request: HttpRequest) -> HttpResponse:
    """The share that is won after so many days, journeys that are still open counted as far as they have come."""
    said, question = _asked(request)
    context: Context = {"told": None}
    if question:
        told = beyond.in_time(question, timezone.now())
        shares = plots.shares(told.curve, plots.days_shown(told.curve))
        context = {"told": told if told.curve.journeys else None, "drawn": plots.drawn(shares), "legend": plots.legend(shares)}
    return _page(request, said, "time", context)


@needs("reports.view")
@require_GET
def stuck(request: HttpRequest) -> HttpResponse:
    """Who has been in a stage for longer than nine in ten of those who moved on."""
    said, question = _asked(request)
    access = access_of_request(request)
    lines = beyond.stuck(question, access, timezone.now()) if question else []
    return _page(request, said, "stuck", {"lines": lines, "may_make_lists": access.may("lists.edit")})


def _asked(request: HttpRequest) -> tuple[Asked, Question | None]:
    """What the address asks; nothing to answer where stages are not in use."""
    given: Mapping[str, str] = request.GET if request.GET.get("period") else {**request.GET.dict(), "period": PERIOD}
    said = asked.read(given, records.catalog(OBJECT_TYPE))
    is_there = lifecycle.is_set_up() and lifecycle.is_shown()
    return said, queries.ask(access_of_request(request), said.definition) if is_there else None


def _page(request: HttpRequest, said: Asked, part: str, context: Context) -> HttpResponse:
    if not (lifecycle.is_set_up() and lifecycle.is_shown()):
        return render(request, "reports/lifecycle/off.html", {"may_turn_on": access_of_request(request).may("property_settings")})
    frame = toolbar.context(request, said, f"reports:lifecycle_{part}")
    whole = frame | context | {"body": f"reports/lifecycle/_{part}.html"}
    return toolbar.answered(request, "reports/lifecycle/beyond.html", whole, part="beyond")
