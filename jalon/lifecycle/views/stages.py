"""Settings, Lifecycle: the stages on the path and beside it, their order, the switch, and what was changed lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from jalon.accounts.access import access_of_request, needs
from jalon.accounts.actions import Refused
from jalon.criteria.tree import Filter, all_of
from jalon.figures.addresses import address
from jalon.lifecycle import actions, queries, wording
from jalon.lifecycle.columns import CONTACT, PROPERTY, StageKind
from jalon.lifecycle.queries import StageView
from jalon.records import queries as records
from jalon.records.display import Display
from jalon.web.pages import render

LATELY = 8  # changes of the stages that the page tells


@dataclass(frozen=True, slots=True)
class StageLine:
    """A stage with its name in the reader's language, the contacts that stand in it, and where they are to be seen."""

    stage: StageView
    label: str
    count: int
    url: str


@needs("property_settings")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All stages by what they are."""
    lines = _lines()
    display = Display()
    language = get_language() or "en"
    context = {
        "is_shown": queries.is_shown(),
        "cooling_off": queries.cooling_off(timezone.now()),
        "is_leaving": any(line.stage.is_leaving for line in lines),
        "path": _of(lines, StageKind.PRIMARY),
        "won": _of(lines, StageKind.WON)[0],
        "lost": _of(lines, StageKind.LOST),
        "outside": _of(lines, StageKind.OUTSIDE),
        "without": queries.standing().get("", 0),
        "without_url": address(records.catalog(CONTACT).plural, all_of(Filter(PROPERTY, "is_unknown"))),
        "changes": [(one.at, wording.changed(one, language), display.person(one.actor_id)) for one in queries.changes(LATELY)],
    }
    return render(request, "lifecycle/stages.html", context)


@needs("property_settings")
@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """The stages of the path as they were dragged."""
    actions.put_in_order(request.POST.getlist("name"), actor=access_of_request(request).actor)
    return HttpResponse(status=204)


@needs("property_settings")
@require_POST
def show(request: HttpRequest) -> HttpResponse:
    """The switch."""
    actions.show(request.POST.get("shown") == "yes", actor=access_of_request(request).actor)
    return redirect("lifecycle:stages")


@needs("property_settings")
@require_POST
def default(request: HttpRequest) -> HttpResponse:
    """The stage of a new contact that writes in, or none."""
    try:
        actions.set_default(request.POST.get("name", ""), actor=access_of_request(request).actor)
    except Refused as refused:
        for sentence in refused.sentences:
            messages.error(request, sentence)
    else:
        messages.success(request, gettext("Saved."))
    return redirect("lifecycle:stages")


def _lines() -> list[StageLine]:
    counts, language = queries.standing(), get_language() or "en"
    plural = records.catalog(CONTACT).plural
    return [
        StageLine(
            stage,
            stage.label(language),
            counts.get(stage.name, 0),
            address(plural, all_of(Filter(PROPERTY, "any_of", (stage.name,)))) or "",
        )
        for stage in queries.stages()
    ]


def _of(lines: Sequence[StageLine], kind: StageKind) -> list[StageLine]:
    return [line for line in lines if line.stage.kind is kind]
