"""What pages and commands read of imports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext
from sqlglot import exp

from jalon.accounts.access import Access
from jalon.accounts.queries import users
from jalon.exports.sheet import Heading, Sheet
from jalon.imports import past, plan
from jalon.imports.converting import Convert, Reading
from jalon.imports.dates import Order, guess_order
from jalon.imports.models import Import, Note, State
from jalon.imports.reading import records, slices
from jalon.imports.shape import Shape
from jalon.imports.trouble import Trouble
from jalon.jobs import queries as jobs
from jalon.jobs.queries import JobView
from jalon.records import queries as records_queries
from jalon.records.columns import Catalog, PropertySpec, Type
from jalon.records.values import ISO, BadValue, canonicalizer
from jalon.warehouse import query
from jalon.warehouse.folding import fold
from jalon.warehouse.schema import Kind
from jalon.warehouse.words import N_

SAMPLED = 200  # rows that the guesses look at
FIRST = 20  # refused rows that a page shows
PAGE = 50  # imports on a page of the list
STATES = {
    "draft": N_("Columns to be chosen"),
    "trying": N_("Being tried out"),
    "tried": N_("Tried out, not started"),
    "running": N_("Running"),
    "done": N_("Done"),
    "cancelled": N_("Cancelled"),
    "failed": N_("Failed"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What one row was told."""

    line: int
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import as it stands. `state` is draft, trying, tried, running, done, cancelled or failed."""

    id: int
    object_type: str
    is_history: bool
    file_name: str
    file_bytes: int
    shape: Shape
    mapping: Mapping[str, str]
    match: str
    mode: str
    order: Order
    zone: str
    decimal: str
    clear_blanks: bool
    language: str
    state: str
    job: JobView | None
    rows_total: int
    rows_done: int
    created: int
    updated: int
    unchanged: int
    refused: int
    told: int
    tried: Mapping[str, Any]
    user_id: int | None
    user_name: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def was_cut(self) -> bool:
        """Whether it stopped before the end of the file, and can go on from there."""
        return self.state in ("cancelled", "failed") and self.started_at is not None


def one(access: Access, import_id: int) -> ImportView | None:
    """An import: one's own, or anybody's for administrators."""
    row = _reachable(access).filter(pk=import_id).first()
    return view(row) if row else None


def recent(access: Access, before: int | None = None, limit: int = PAGE) -> list[ImportView]:
    """The imports, the latest first."""
    rows = _reachable(access) if before is None else _reachable(access).filter(pk__lt=before)
    return [view(row) for row in rows[:limit]]


def _reachable(access: Access) -> Any:
    rows = Import.objects.select_related("user")
    return rows if access.super_admin else rows.filter(user_id=access.actor.user_id or 0)


def view(row: Import) -> ImportView:
    """The row for pages and commands, with the state its job is in."""
    job = jobs.job(row.job_id) if row.job_id else None
    state: str = row.state
    if row.state in (State.TRYING, State.RUNNING) and job is not None and job.state in ("cancelled", "failed"):
        state = job.state
    own = ("id", "object_type", "is_history", "file_name", "file_bytes", "mapping", "match", "mode", "zone", "decimal", "clear_blanks")
    counts = (
        "language",
        "rows_done",
        "created",
        "updated",
        "unchanged",
        "refused",
        "told",
        "tried",
        "created_at",
        "started_at",
        "finished_at",
    )
    return ImportView(
        **{name: getattr(row, name) for name in (*own, *counts)},
        shape=Shape(row.encoding, row.delimiter, tuple(row.headings)),
        order=Order(row.order),
        state=state,
        job=job,
        rows_total=row.rows_total or 0,
        user_id=row.user_id,
        user_name=(row.user.name or row.user.email) if row.user else "Jalon",
    )


def samples(row: Import, size: int = SAMPLED) -> list[tuple[str, ...]]:
    """The first cells of each column."""
    first = next(slices(row.path, Shape(row.encoding, row.delimiter, tuple(row.headings)), size=size), None)
    return list(zip(*first.rows, strict=True)) if first else [() for _ in row.headings]


def samples_of(found: ImportView, size: int) -> list[tuple[str, ...]]:
    """The first filled cells of each column, to be shown beside it."""
    columns = samples(Import.objects.get(pk=found.id))
    return [tuple(islice((cell for cell in column if cell.strip()), size)) for column in columns]


def findings(found: ImportView) -> list[str]:
    """What the dates of the file leave open, in sentences."""
    catalog = records_queries.catalog(found.object_type)
    said = []
    for heading, cells in zip(found.shape.headings, samples(Import.objects.get(pk=found.id)), strict=True):
        name = found.mapping.get(heading, "")
        spec = catalog.properties.get(name)
        if name != past.Role.AT and (spec is None or spec.type not in (Type.DATE, Type.DATETIME)):
            continue
        guess = guess_order(cells, found.order)
        if guess.mixed:
            said.append(
                gettext("The dates of “%(heading)s” are not all written in one order. Those that do not fit will be refused.")
                % {"heading": heading}
            )
        elif not guess.certain and guess.order is not Order.YMD:
            said.append(
                gettext("The dates of “%(heading)s” can be read day first or month first. Please check the date format.")
                % {"heading": heading}
            )
    return said


def first_refused(found: ImportView) -> list[Told]:
    """The first refused rows with their sentences."""
    return [
        Told(note.line, tuple(note.sentences)) for note in Note.objects.filter(of_id=found.id, is_refusal=True).order_by("line")[:FIRST]
    ]


def first_tried(found: ImportView) -> list[Told]:
    """The first rows that the dry run would refuse."""
    return [Told(one["line"], tuple(one["sentences"])) for one in found.tried.get("first_refused", [])]


def first_told(found: ImportView) -> list[Told]:
    """The first rows that went in and were told something."""
    return [
        Told(note.line, tuple(note.sentences)) for note in Note.objects.filter(of_id=found.id, is_refusal=False).order_by("line")[:FIRST]
    ]


def refused_sheet(found: ImportView) -> Sheet:
    """The refused rows as a sheet for a file."""
    extra = (Heading("line", gettext("Line of the file"), Kind.INTEGER), Heading("reason", gettext("Reason")))
    headings = (*(Heading(heading, heading) for heading in found.shape.headings), *extra)
    return Sheet(found.file_name, headings, refused_rows(found), found.refused)


def refused_rows(found: ImportView, batch: int = 1000) -> Iterator[list[tuple[str, ...]]]:
    """Every refused row as it stood in the file, with its line and its reasons, in batches."""
    notes = Note.objects.filter(of_id=found.id, is_refusal=True).order_by("line", "id").values_list("line", "sentences")
    reasons = notes.iterator(chunk_size=batch)
    rows = records(Import.objects.get(pk=found.id).path, found.shape)
    width = len(found.shape.headings)
    merged = _merged(reasons, rows, width)
    while part := list(islice(merged, batch)):
        yield part


def _merged(
    reasons: Iterator[tuple[int, list[str]]], rows: Iterator[tuple[int, list[str], Trouble | None]], width: int
) -> Iterator[tuple[str, ...]]:
    for line, sentences in reasons:
        for number, cells, _ in rows:
            if number == line:
                cut = [cell.encode("utf-8", "replace").decode().replace("\0", "") for cell in cells[:width]]
                yield (*cut, *[""] * (width - len(cut)), str(line), " ".join(sentences))
                break


def mappable(catalog: Catalog) -> list[PropertySpec]:
    """The properties that a column may go into: also what Jalon computes, so that a company brings its revenue and its dates along."""
    extra = ("createdate", "hs_object_id")
    settable = [spec for spec in catalog.properties.values() if not spec.is_calculated]
    return [spec for spec in settable if not spec.read_only_value or spec.group != "system" or spec.name in extra]


def match_keys(catalog: Catalog) -> list[PropertySpec]:
    """The unique properties that records can be found by."""
    return [spec for spec in catalog.properties.values() if spec.unique and not spec.read_only_value]


def reading_of(row: Import) -> Reading:
    """How the cells of this import are read."""
    named = {fold(text): str(user.id) for user in users() for text in (user.name, user.email, str(user.id)) if text}
    return Reading(Order(row.order), ZoneInfo(row.zone), row.decimal, named, row.language)


def check_of(spec: PropertySpec) -> Convert:
    """The property's own check of a text."""
    parse = canonicalizer(spec, ISO)

    def check(text: str) -> str | Trouble:
        try:
            return parse(text) or ""
        except BadValue as bad:
            return Trouble(bad.message, bad.params)

    return check


def plan_of(row: Import) -> plan.Plan:
    """The mapping of this import at work."""
    catalog = records_queries.catalog(row.object_type)
    mapped = plan.mapped_columns(row.headings, row.mapping, catalog)
    checks = {one.spec.name: check_of(one.spec) for one in mapped}
    return plan.Plan(mapped, match=row.match, mode=row.mode, reading=reading_of(row), checks=checks, clear_blanks=row.clear_blanks)


def history_plan_of(row: Import) -> past.HistoryPlan:
    """The roles of this history file at work."""
    catalog = records_queries.catalog(row.object_type)
    checks = {spec.name: check_of(spec) for spec in catalog.properties.values()}
    return past.HistoryPlan(row.headings, row.mapping, catalog, match=row.match, reading=reading_of(row), checks=checks)


def touched(found: ImportView, what: str) -> exp.Expression:
    """The predicate of the records that this import created or updated, over the columns."""
    import_id = query.text(str(found.id))
    born = query.conjunction(
        (_equal(query.column("hs_object_source"), query.text("import")), _equal(query.column("hs_object_source_detail_1"), import_id))
    )
    if what == "created":
        return born
    mine = (("object_type", query.text(found.object_type)), ("source", query.text("import")), ("source_detail", import_id))
    changed = query.select(query.column("record_id")).from_(query.table("property_history"))
    changed = changed.where(query.conjunction(_equal(query.column(name), value) for name, value in mine))
    born_elsewhere = query.negation(exp.Coalesce(this=exp.Paren(this=born), expressions=[query.truth(False)]))
    return query.conjunction((query.among(query.column("id"), changed), born_elsewhere))


def _equal(column: exp.Expression, value: exp.Expression) -> exp.Expression:
    return exp.EQ(this=column, expression=value.copy())
