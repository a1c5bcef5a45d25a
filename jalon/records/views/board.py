"""Records of a pipeline as cards in columns, a column per stage; and moving a card to another stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST
from sqlglot import exp

from jalon.accounts.access import Access, Denied, needs
from jalon.accounts.queries import account
from jalon.records import actions, address, filters, pages, queries
from jalon.records.actions import Row
from jalon.records.address import Address
from jalon.records.columns import CURRENCY, Catalog, Origin, Source
from jalon.records.display import TONES, Display, Shown
from jalon.records.pages import Narrowing
from jalon.records.pipelines import queries as pipelines
from jalon.records.pipelines.queries import KINDS, PipelineView, StageTotal, StageView
from jalon.records.queries import RecordView
from jalon.records.values import instant_text, parse_instant
from jalon.records.views.finding import catalog_in_sight, label_of_record, record_in_reach
from jalon.records.views.tabs import address_of
from jalon.warehouse import query
from jalon.web import formats
from jalon.web.pages import render, wants_part

CARDS = 25
NO_STAGE = "none"  # in addresses, for the records that stand in no stage at all


@dataclass(frozen=True, slots=True)
class Card:
    """A record on the board."""

    id: int
    name: str
    url: str
    amount: Shown
    company: str
    owner: str
    initials: str
    tone: int
    due: Shown
    overdue: bool


@dataclass(frozen=True, slots=True)
class Cards:
    """Some cards of a stage, and the address of those that follow."""

    cards: tuple[Card, ...]
    more_url: str


@dataclass(frozen=True, slots=True)
class Column:
    """A stage with what stands in it; the texts are ready to be shown."""

    name: str
    label: str
    state: str
    count: str
    amount: str
    weighted: str
    probability: str
    url: str
    cards: Cards
    takes_cards: bool


def board(access: Access, catalog: Catalog, here: Address, narrowing: Narrowing) -> dict[str, Any]:
    """What the board needs to be drawn."""
    chosen = pipelines.pipeline(catalog.object_type, here.pipeline)
    if chosen is None:
        raise Http404
    display = Display()
    every = pipelines.pipelines(catalog.object_type)
    totals = pipelines.totals(access, catalog.object_type, narrowing.where, here.search)
    stages = [(stage, stage.label(display.language)) for stage in chosen.stages]
    if totals.get("") and chosen == every[0]:
        stages.insert(0, (StageView("", "", ""), gettext("No stage")))
    columns = [_column(access, catalog, here, narrowing, stage, label, totals.get(stage.name, StageTotal())) for stage, label in stages]
    return {
        "pipelines": [(one, one.label(display.language), replace(here.first_page(), pipeline=one.name).url()) for one in every],
        "pipeline": chosen,
        "columns": columns,
        "total": sum(totals.get(stage.name, StageTotal()).count for stage, _ in stages),
        "may_move": access.may("records.edit") and access.scope(catalog.object_type, "edit") != "none",
        "state": urlencode(here.first_page().parameters()),
    }


@needs("records.view")
@require_GET
def cards(request: HttpRequest, plural: str, stage: str) -> HttpResponse:
    """More cards of a stage."""
    access, catalog = catalog_in_sight(request, plural)
    here = address_of(request, catalog)
    narrowing = pages.narrower().read(here.criteria, catalog, access)
    if catalog.object_type not in KINDS or narrowing.problems:
        raise Http404
    name = "" if stage == NO_STAGE else stage
    found = pipelines.pipeline(catalog.object_type, here.pipeline)
    view = (found.stage(name) if found else None) or StageView(name, "", "")
    context = {"cards": _cards(access, catalog, here, narrowing, view), "may_move": access.may("records.edit")}
    return render(request, "records/_cards.html", context)


@needs("records.edit")
@require_POST
def move(request: HttpRequest, plural: str, id: int) -> HttpResponse:
    """Puts a record into another stage. The board gets the new figures, or the sentence that says why not."""
    try:
        access, found = record_in_reach(request, plural, id)
    except Denied as denied:
        return JsonResponse({"sentence": str(denied)}, status=403)
    asked = request.POST.get("stage") or request.GET.get("stage", "")
    target = _stage_of(found.catalog, asked)
    if target is None:
        return JsonResponse({"sentence": gettext("This stage is not there any more.")}, status=422)
    pipeline, stage = target
    values = _values(found, pipeline, stage) | ({"closedate": request.GET["due"]} if "due" in request.GET else {})
    outcome = actions.write(found.catalog.object_type, [Row(values, id)], actor=access.actor, origin=Origin(Source.USER), mode="update")
    if outcome.refused:
        return JsonResponse({"sentence": " ".join(outcome.refused[0].sentences)}, status=422)
    queries.wait(outcome.position)
    if wants_part(request):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    label = stage.label(Display().language)
    told = gettext("%(name)s is now in “%(stage)s”.") % {"name": label_of_record(found), "stage": label}
    return JsonResponse({"sentence": told, "undo": _way_back(found), "columns": _figures(request, access, found.catalog)})


def _stage_of(catalog: Catalog, name: str) -> tuple[PipelineView, StageView] | None:
    for pipeline in pipelines.pipelines(catalog.object_type):
        stage = pipeline.stage(name)
        if stage is not None:
            return pipeline, stage
    return None


def _values(found: RecordView, pipeline: PipelineView, stage: StageView) -> dict[str, str]:
    """A record that is closed has come to its end today, unless it had before."""
    kind = KINDS[found.catalog.object_type]
    values = {kind.pipeline: pipeline.name, kind.stage: stage.name}
    due = found.values.get(kind.due, "") if kind.due else ""
    if kind.due and stage.closed and (not due or parse_instant(due) > timezone.now()):
        values[kind.due] = instant_text(timezone.now())
    return values


def _way_back(found: RecordView) -> str:
    """The address that puts the record where it was; it was in no stage before, then there is none."""
    kind = KINDS[found.catalog.object_type]
    if not found.values.get(kind.stage):
        return ""
    before = {"stage": found.values[kind.stage], **({"due": found.values.get(kind.due, "")} if kind.due else {})}
    return f"{reverse('records:move', args=[found.catalog.plural, found.id])}?{urlencode(before)}"


def _figures(request: HttpRequest, access: Access, catalog: Catalog) -> dict[str, dict[str, str]]:
    """The heads of the columns after a move."""
    here = address_of(request, catalog)
    narrowing = pages.narrower().read(here.criteria, catalog, access)
    totals = pipelines.totals(access, catalog.object_type, narrowing.where, here.search)
    found = [(stage.name, stage) for one in pipelines.pipelines(catalog.object_type) for stage in one.stages]
    heads = {name or NO_STAGE: _head(catalog, stage, totals.get(name, StageTotal())) for name, stage in found}
    return heads | {NO_STAGE: _head(catalog, StageView("", "", ""), totals.get("", StageTotal()))}


def _head(catalog: Catalog, stage: StageView, total: StageTotal) -> dict[str, str]:
    kind = KINDS[catalog.object_type]
    texts = {"count": formats.number(total.count), "amount": "", "weighted": ""}
    if kind.amount:
        texts["amount"] = _money(total.amount)
        texts["weighted"] = _money(total.amount * stage.probability) if not stage.closed and stage.probability else ""
    return texts


def _money(amount: Decimal) -> str:
    """Without cents: a column's sum is read, not reckoned with."""
    return formats.money(amount, account().currency, whole=True)


def _column(
    access: Access, catalog: Catalog, here: Address, narrowing: Narrowing, stage: StageView, label: str, total: StageTotal
) -> Column:
    kind = KINDS[catalog.object_type]
    filtered = filters.also(here.criteria, kind.stage, *(("any_of", stage.name) if stage.name else ("is_unknown",)))
    table = replace(here.first_page(), criteria=filtered, layout=address.TABLE)
    return Column(
        name=stage.name or NO_STAGE,
        label=label,
        state=stage.state,
        **_head(catalog, stage, total),
        probability=formats.percent(stage.probability, 0) if kind.is_forecast and not stage.closed else "",
        url=table.url(),
        cards=_cards(access, catalog, here, narrowing, stage) if total.count else Cards((), ""),
        takes_cards=bool(stage.name),
    )


def _cards(access: Access, catalog: Catalog, here: Address, narrowing: Narrowing, stage: StageView) -> Cards:
    kind = KINDS[catalog.object_type]
    column = query.column(kind.stage)
    own: exp.Expression = exp.EQ(this=column, expression=query.text(stage.name)) if stage.name else query.is_null(column)
    wanted = (*address.name_columns(catalog), kind.amount, kind.due, CURRENCY, "hubspot_owner_id", "createdate")
    page = queries.page(
        access,
        catalog.object_type,
        columns=address.known(catalog, wanted),
        where=query.conjunction([narrowing.where, own]),
        search=here.search,
        sort=here.sort,
        after=here.after,
        limit=CARDS,
        counted=False,
    )
    more = reverse("records:board_cards", args=[catalog.plural, stage.name or NO_STAGE])
    following = replace(here.first_page(), after=page.next)
    drawn = _drawn(access, catalog, stage, page.rows)
    return Cards(drawn, f"{more}?{urlencode(following.parameters())}" if page.next else "")


def _drawn(access: Access, catalog: Catalog, stage: StageView, rows: Sequence[dict[str, Any]]) -> tuple[Card, ...]:
    kind, display, now = KINDS[catalog.object_type], Display(), timezone.now()
    companies = pipelines.companies(access, catalog.object_type, [row["id"] for row in rows])
    stem = reverse("records:index", args=[catalog.plural])
    specs = catalog.properties

    def card(row: dict[str, Any]) -> Card:
        owner_id = row.get("hubspot_owner_id")
        owner = display.person(owner_id) if owner_id else ""
        date = kind.due or "createdate"
        overdue = bool(kind.due and not stage.closed and row.get(kind.due) and row[kind.due] < now)
        return Card(
            id=row["id"],
            name=address.name_of(catalog, row) or f"{catalog.label(display.language)} {row['id']}",
            url=f"{stem}{row['id']}/",
            amount=display.show(specs[kind.amount], row.get(kind.amount), row) if kind.amount in specs else Shown(),
            company=companies.get(row["id"], ""),
            owner=owner,
            initials="".join(word[0] for word in owner.split()[:2]).upper(),
            tone=(owner_id or 0) % TONES,
            due=display.show(specs[date], row.get(date)),
            overdue=overdue,
        )

    return tuple(card(row) for row in rows)
