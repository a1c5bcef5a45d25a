"""Settings, Pipelines: the ways that deals and tickets go, their stages in order, and what becomes of records when one is given up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts.access import EVERYTHING, Access, access_of_request, needs
from jalon.accounts.actions import Refused, audit
from jalon.records import queries
from jalon.records.bulk_edits import actions as bulk_edits
from jalon.records.bulk_edits.plan import Change, Deed
from jalon.records.columns import Catalog
from jalon.records.pipelines import actions
from jalon.records.pipelines import queries as pipelines
from jalon.records.pipelines.actions import StageDraft
from jalon.records.pipelines.queries import KINDS, PipelineView, State
from jalon.records.views.finding import catalog_of
from jalon.records.views.settling import settle
from jalon.warehouse.words import N_
from jalon.web.pages import leave_for, render

STATES = {
    State.OPEN: N_("In progress"),
    State.WON: N_("Won"),
    State.LOST: N_("Lost"),
    State.CLOSED: N_("Closed"),
}
BLANK = StageDraft("", "", "", probability=Decimal("0.5"))


@needs("property_settings")
@require_GET
def first(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(reverse("records:pipelines", args=[queries.catalog(next(iter(KINDS))).plural]))


@needs("property_settings")
@require_GET
def index(request: HttpRequest, plural: str) -> HttpResponse:
    """The pipelines of an object type, in their order."""
    catalog = _catalog(plural)
    held = _held(catalog)
    lines = [
        (one, one.label(_language()), [(stage, stage.label(_language())) for stage in one.stages], sum(map(held, _names(one))))
        for one in pipelines.pipelines(catalog.object_type)
    ]
    return render(request, "records/pipelines.html", _frame(catalog) | {"lines": lines})


@needs("property_settings")
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, plural: str) -> HttpResponse:
    catalog, access = _catalog(plural), access_of_request(request)
    problems: Sequence[str] = ()
    if request.method == "POST":
        try:
            name = actions.add(
                catalog.object_type, request.POST.get("label_en", "").strip(), request.POST.get("label_fr", "").strip(), actor=access.actor
            )
        except Refused as refused:
            problems = refused.sentences
        else:
            _note(access, catalog, name, N_("%(who)s created the pipeline “%(name)s”."))
            return leave_for(request, reverse("records:pipeline", args=[plural, name]))
    context = _frame(catalog) | {"problems": problems, "typed": request.POST}
    return render(request, "records/pipeline_create.html", context, status=422 if problems else 200)


@needs("property_settings")
@require_POST
def order(request: HttpRequest, plural: str) -> HttpResponse:
    """The pipelines as they were dragged."""
    catalog = _catalog(plural)
    actions.put_in_order(catalog.object_type, request.POST.getlist("name"), actor=access_of_request(request).actor)
    return HttpResponse(status=204)


@needs("property_settings")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, plural: str, name: str) -> HttpResponse:
    """One pipeline: its names, its stages in order."""
    catalog, access = _catalog(plural), access_of_request(request)
    found = _pipeline(catalog, name)
    drafts: Sequence[Any] = found.stages
    labels = {"label_en": found.label_en, "label_fr": found.label_fr}
    problems: Sequence[str] = ()
    if request.method == "POST":
        labels = {key: request.POST.get(key, "").strip() for key in labels}
        drafts, problems = _drafts(request.POST)
        try:
            if not problems:
                actions.change(catalog.object_type, name, **labels, stages=drafts, actor=access.actor)
        except Refused as refused:
            problems = refused.sentences
        if not problems:
            _note(access, catalog, name, N_("%(who)s changed the pipeline “%(name)s”."))
            messages.success(request, gettext("Saved."))
            return leave_for(request, reverse("records:pipeline", args=[plural, name]))
    kind, held = KINDS[catalog.object_type], _held(catalog)
    context = _frame(catalog) | {
        "pipeline": found,
        "name": found.label(_language()),
        "labels": labels,
        "stages": [(draft, held(draft.name)) for draft in drafts],
        "blank": BLANK,
        "states": [(state, STATES[State(state)]) for state in kind.states],
        "is_forecast": kind.is_forecast,
        "may_archive": len(pipelines.pipelines(catalog.object_type)) > 1,
        "problems": problems,
    }
    return render(request, "records/pipeline.html", context, status=422 if problems else 200)


@needs("property_settings")
@require_http_methods(["GET", "POST"])
def archive_stage(request: HttpRequest, plural: str, name: str, stage: str) -> HttpResponse:
    """Gives a stage up; its records go to another one."""
    catalog = _catalog(plural)
    found = _pipeline(catalog, name)
    gone = found.stage(stage)
    if gone is None:
        raise Http404

    def give_up(access: Access) -> None:
        actions.archive_stage(catalog.object_type, stage, actor=access.actor)

    return _archiving(request, catalog, [stage], gone.label(_language()), give_up, reverse("records:pipeline", args=[plural, name]))


@needs("property_settings")
@require_http_methods(["GET", "POST"])
def archive(request: HttpRequest, plural: str, name: str) -> HttpResponse:
    """Gives a pipeline up with all its stages."""
    catalog = _catalog(plural)
    found = _pipeline(catalog, name)

    def give_up(access: Access) -> None:
        actions.archive(catalog.object_type, name, actor=access.actor)

    return _archiving(request, catalog, _names(found), found.label(_language()), give_up, reverse("records:pipelines", args=[plural]))


def _archiving(request: HttpRequest, catalog: Catalog, stages: list[str], label: str, give_up: Any, back: str) -> HttpResponse:
    """Asks where the records go, and moves them there before the stages are out of use."""
    access = access_of_request(request)
    holders = pipelines.holders(catalog.object_type, stages)
    targets = [(one, stage) for one in pipelines.pipelines(catalog.object_type) for stage in one.stages if stage.name not in stages]
    problems: Sequence[str] = ()
    if request.method == "POST":
        target = next(((one, stage) for one, stage in targets if stage.name == request.POST.get("target")), None)
        try:
            if holders and target is None:
                raise Refused(gettext("Choose the stage that the records go to."))
            with transaction.atomic():
                give_up(access)
                begun = _move(access, catalog, holders, target) if holders and target else None
        except Refused as refused:
            problems = refused.sentences
        else:
            _note(access, catalog, label, N_("%(who)s archived “%(name)s”, a stage or pipeline."))
            settle(request, begun.position if begun else None)
            messages.success(request, gettext("“%(name)s” is archived.") % {"name": label})
            return leave_for(request, back)
    language = _language()
    context = _frame(catalog) | {
        "label": label,
        "held": len(holders),
        "targets": [(stage.name, f"{one.label(language)} · {stage.label(language)}") for one, stage in targets],
        "problems": problems,
        "post_url": request.path,
        "back": back,
    }
    return render(request, "records/_stage_archive.html", context, status=422 if problems else 200)


def _move(access: Access, catalog: Catalog, holders: list[int], target: tuple[PipelineView, Any]) -> bulk_edits.Begun:
    kind = KINDS[catalog.object_type]
    pipeline, stage = target
    change = Change(Deed.SET, {kind.pipeline: pipeline.name, kind.stage: stage.name})
    return bulk_edits.begin_with(access.actor, catalog, holders, change, everywhere=True)


def _drafts(posted: QueryDict) -> tuple[list[StageDraft], list[str]]:
    """The stages of the form in their order; an empty line is no stage."""
    columns = [posted.getlist(f"stage-{part}") for part in ("name", "en", "fr", "state", "probability")]
    found, problems = [], []
    for name, english, french, state, probability in zip(*columns, strict=False):
        if not (name or english.strip() or french.strip()):
            continue
        try:
            share = Decimal(probability.replace(",", ".") or 0) / 100
        except InvalidOperation:
            problems.append(gettext("“%(text)s” is no percentage.") % {"text": probability})
            share = Decimal(0)
        found.append(StageDraft(name, english.strip(), french.strip(), state, share))
    return found, problems


def _note(access: Access, catalog: Catalog, name: str, sentence: str) -> None:
    audit(access.actor, "pipeline.changed", sentence, link=reverse("records:pipelines", args=[catalog.plural]), name=name)


def _catalog(plural: str) -> Catalog:
    catalog = catalog_of(plural)
    if catalog.object_type not in KINDS:
        raise Http404
    return catalog


def _pipeline(catalog: Catalog, name: str) -> PipelineView:
    found = next((one for one in pipelines.pipelines(catalog.object_type) if one.name == name), None)
    if found is None:
        raise Http404
    return found


def _names(pipeline: PipelineView) -> list[str]:
    return [stage.name for stage in pipeline.stages]


def _held(catalog: Catalog) -> Callable[[str], int]:
    """How many records stand in a stage, everybody's, from the columns."""
    totals = pipelines.totals(EVERYTHING, catalog.object_type)
    return lambda stage: totals[stage].count if stage in totals else 0


def _language() -> str:
    return get_language() or "en"


def _frame(catalog: Catalog) -> dict[str, Any]:
    language = _language()
    return {
        "catalog": catalog,
        "object_label": catalog.plural_label(language),
        "types": [(queries.catalog(name).plural, queries.catalog(name).plural_label(language)) for name in KINDS],
        "pipelines_url": reverse("records:pipelines", args=[catalog.plural]),
    }
