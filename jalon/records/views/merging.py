"""Merging: the records side by side with a choice per property, and taking a merge back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts.access import Access, needs
from jalon.accounts.actions import Refused
from jalon.records import address, queries
from jalon.records.columns import Catalog, PropertySpec
from jalon.records.display import Display, Shown
from jalon.records.merging import actions, plan
from jalon.records.merging import queries as merges
from jalon.records.merging.queries import Weight
from jalon.records.queries import RecordView
from jalon.records.views.finding import catalog_in_sight, label_of_record, record_in_sight
from jalon.records.views.settling import settle
from jalon.web.numbers import whole
from jalon.web.pages import render

MOST = 5  # columns that a page can show side by side
HITS = 8
CHOICE = "value."  # before a property's name in the form


@dataclass(frozen=True, slots=True)
class Column:
    """One of the records."""

    record: RecordView
    name: str
    weight: Weight
    survives: bool
    url: str
    keep_url: str  # this page, with this record as the survivor


@dataclass(frozen=True, slots=True)
class Cell:
    """One record's value of a property."""

    record_id: int
    shown: Shown
    chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A property with the value of each record."""

    name: str
    label: str
    cells: tuple[Cell, ...]


@needs("merge")
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, plural: str) -> HttpResponse:
    """Two or more records side by side; one alone is shown with a search for the other."""
    access, catalog = catalog_in_sight(request, plural, "edit")
    asked = request.POST if request.method == "POST" else request.GET
    records = merges.candidates(access, catalog.object_type, _ids(asked.get("ids", ""))[:MOST])
    if not records:
        raise Http404
    if len(records) < 2:
        return _find_another(request, access, catalog, records[0])
    survivor = _survivor(catalog, records, asked.get("survivor", ""))
    if request.method == "POST":
        return _merge(request, access, catalog, records, survivor)
    return _side_by_side(request, catalog, records, survivor, ())


def _ids(text: str) -> list[int]:
    return [id for part in text.split(",") if (id := whole(part)) is not None]


def _survivor(catalog: Catalog, records: Sequence[RecordView], asked: str) -> int:
    wanted = whole(asked)
    if wanted in {record.id for record in records} and wanted is not None:
        return wanted
    return plan.proposed(catalog, merges.as_candidates(records)).id


def _merge(request: HttpRequest, access: Access, catalog: Catalog, records: Sequence[RecordView], survivor: int) -> HttpResponse:
    ids = {str(record.id) for record in records}
    sent = {name.removeprefix(CHOICE): str(value) for name, value in request.POST.items() if name.startswith(CHOICE)}
    choices = {name: int(value) for name, value in sent.items() if name in catalog.properties and value in ids}
    losers = [record.id for record in records if record.id != survivor]
    try:
        done = actions.merge(catalog.object_type, survivor, losers, choices, actor=access.actor)
    except Refused as refused:
        return _side_by_side(request, catalog, records, survivor, refused.sentences)
    settle(request, done.position)
    messages.success(request, gettext("Merged. This page can take it back."))
    return HttpResponseRedirect(reverse("records:record", args=[catalog.plural, survivor]))


def _side_by_side(
    request: HttpRequest, catalog: Catalog, records: Sequence[RecordView], survivor: int, problems: Sequence[str]
) -> HttpResponse:
    weights, display = merges.weights([record.id for record in records]), Display()
    rows = list(_rows(catalog, records, survivor, display))
    lost = [weights[record.id] for record in records if record.id != survivor]
    context = _frame(catalog, display) | {
        "columns": [_column(catalog, record, records, survivor, weights) for record in records],
        "differing": [row for row in rows if len({cell.shown.text for cell in row.cells if cell.shown}) > 1],
        "others": [row for row in rows if len({cell.shown.text for cell in row.cells if cell.shown}) <= 1],
        "ids": ",".join(str(record.id) for record in records),
        "survivor": survivor,
        "links": sum(weight.links for weight in lost),
        "lines": sum(weight.lines for weight in lost),
        "problems": problems,
    }
    return render(request, "records/merge.html", context, status=422 if problems else 200)


def _column(catalog: Catalog, record: RecordView, records: Sequence[RecordView], survivor: int, weights: Mapping[int, Weight]) -> Column:
    keep = urlencode({"ids": ",".join(str(one.id) for one in records), "survivor": record.id})
    return Column(
        record,
        label_of_record(record),
        weights[record.id],
        record.id == survivor,
        reverse("records:record", args=[catalog.plural, record.id]),
        f"{reverse('records:merge', args=[catalog.plural])}?{keep}",
    )


def _rows(catalog: Catalog, records: Sequence[RecordView], survivor: int, display: Display) -> Iterator[Row]:
    """Every property that a person may choose and one of the records has; what names a record first."""
    first = dict.fromkeys((*address.name_columns(catalog), *address.usual(catalog)))
    rest = sorted(catalog.properties.values(), key=lambda spec: spec.order)
    specs = [catalog.properties[name] for name in first] + [spec for spec in rest if spec.name not in first]
    for spec in specs:
        if plan.may_choose(spec) and any(record.values.get(spec.name) for record in records):
            yield Row(spec.name, spec.label(display.language), tuple(_cells(spec, records, survivor, display)))


def _cells(spec: PropertySpec, records: Sequence[RecordView], survivor: int, display: Display) -> Iterator[Cell]:
    """The survivor's value is chosen, and where it has none the first one there is."""
    order = sorted(records, key=lambda record: record.id != survivor)
    chosen = next((record.id for record in order if record.values.get(spec.name)), survivor)
    for record in records:
        yield Cell(record.id, display.show(spec, record.values.get(spec.name)), record.id == chosen)


def _frame(catalog: Catalog, display: Display) -> dict[str, object]:
    return {
        "catalog": catalog,
        "label": catalog.label(display.language),
        "plural": catalog.plural_label(display.language),
        "index_url": reverse("records:index", args=[catalog.plural]),
    }


def _find_another(request: HttpRequest, access: Access, catalog: Catalog, record: RecordView) -> HttpResponse:
    """Which record is the same as this one: found by any word in it."""
    text, display = request.GET.get("q", "").strip()[:200], Display()
    hits = queries.page(access, catalog.object_type, columns=address.usual(catalog), search=text, limit=HITS + 1).rows if text else []
    context = _frame(catalog, display) | {
        "record": record,
        "name": label_of_record(record),
        "text": text,
        "hits": [_hit(catalog, record, hit) for hit in hits if hit["id"] != record.id][:HITS],
    }
    return render(request, "records/merge_with.html", context)


def _hit(catalog: Catalog, record: RecordView, hit: Mapping[str, Any]) -> tuple[str, str, str]:
    """A record that was found: its name, what tells it from others, and the page that merges it."""
    ids = urlencode({"ids": f"{record.id},{hit['id']}"})
    detail = " · ".join(str(hit[name]) for name in ("email", "domain", "company", "city") if hit.get(name))
    return address.name_of(catalog, hit) or str(hit["id"]), detail, f"{reverse('records:merge', args=[catalog.plural])}?{ids}"


@needs("records.view")
@require_GET
def panel(request: HttpRequest, plural: str, id: int) -> HttpResponse:
    """What was merged into a record, with the way back; nothing where nothing was."""
    access, record = record_in_sight(request, plural, id)
    found, display = merges.merges_of(record.id), Display()
    lines = [
        (merge, merges.name_before(merge, record.catalog), display.person(merge.actor_id), place == 0) for place, merge in enumerate(found)
    ]
    context = {"catalog": record.catalog, "record": record, "lines": lines, "may_merge": access.may("merge")}
    return render(request, "records/_merges.html", context) if lines else HttpResponse("")


@needs("merge")
@require_POST
def undo(request: HttpRequest, plural: str, merge_id: int) -> HttpResponse:
    access, catalog = catalog_in_sight(request, plural, "edit")
    row = merges.merge(merge_id)
    if row is None or row.object_type != catalog.object_type or not queries.reachable(access, row.object_type, [row.survivor_id], "edit"):
        raise Http404
    try:
        done = actions.undo_merge(merge_id, actor=access.actor)
    except Refused as refused:
        messages.error(request, " ".join(refused.sentences))
        return HttpResponseRedirect(reverse("records:record", args=[plural, row.survivor_id]))
    settle(request, done.position)
    messages.success(request, gettext("The merge is taken back: both records are there again."))
    for what, why in done.kept:
        spec = catalog.properties.get(what)
        label = spec.label(Display().language) if spec else gettext("A link")
        messages.warning(request, gettext("Kept as it is: %(what)s. %(why)s") % {"what": label, "why": gettext(why)})
    return HttpResponseRedirect(reverse("records:record", args=[plural, row.survivor_id]))
