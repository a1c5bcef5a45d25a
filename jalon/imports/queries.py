"""What pages and commands read of imports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from jalon.accounts.access import Access
from jalon.accounts.queries import users
from jalon.exports.sheet import Heading, Sheet
from jalon.imports import past, plan, targets
from jalon.imports.converting import Convert, Reading
from jalon.imports.dates import Order, guess_order
from jalon.imports.mapping import RECORD_ID
from jalon.imports.models import File, Import, Note, State
from jalon.imports.plan import BOTH, MATCH_ID
from jalon.imports.reading import records, slices
from jalon.imports.shape import Shape
from jalon.imports.trouble import Trouble
from jalon.jobs import queries as jobs
from jalon.jobs.queries import JobView
from jalon.records import queries as records_queries
from jalon.records.columns import Catalog, PropertySpec, Type
from jalon.records.models import AssociationType
from jalon.records.values import ISO, BadValue, canonicalizer
from jalon.warehouse import query
from jalon.warehouse.folding import fold
from jalon.warehouse.schema import Kind
from jalon.warehouse.words import N_

SAMPLED = 200  # rows that the guesses look at
FIRST = 20  # refused rows that a page shows
PAGE = 50  # imports on a page of the list
NATURAL_KEYS = {"company": ("domain", "name"), "deal": ("dealname",), "ticket": ("subject",), "contact": ()}
STATES = {
    "draft": N_("Columns to be chosen"),
    "trying": N_("Being tried out"),
    "tried": N_("Tried out, not started"),
    "running": N_("Running"),
    "done": N_("Done"),
    "undoing": N_("Being undone"),
    "undone": N_("Undone"),
    "cancelled": N_("Cancelled"),
    "failed": N_("Failed"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What one row was told."""

    line: int
    sentences: tuple[str, ...]
    file: str = ""  # where there are several


@dataclass(frozen=True, slots=True)
class FileView:
    """One file of an import as it stands."""

    id: int
    place: int
    object_type: str
    is_history: bool
    file_name: str
    file_bytes: int
    sheet: str
    sheets: tuple[str, ...]
    shape: Shape
    mapping: Mapping[str, str]
    companions: Mapping[str, Mapping[str, str]]
    match: str
    mode: str
    order: Order
    zone: str
    decimal: str
    clear_blanks: bool
    list_id: int | None
    new_list: str
    rows_total: int
    rows_done: int
    created: int
    updated: int
    unchanged: int
    refused: int
    told: int
    linked: int
    beside: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import as it stands. `state` is draft, trying, tried, running, done, undoing, undone, cancelled or failed."""

    id: int
    files: tuple[FileView, ...]
    language: str
    state: str
    job: JobView | None
    tried: Mapping[str, Any]
    undone: Mapping[str, Any]
    user_id: int | None
    user_name: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    undone_at: datetime | None
    files_gone_at: datetime | None
    rows_total: int
    rows_done: int
    created: int
    updated: int
    unchanged: int
    refused: int
    told: int
    linked: int

    @property
    def name(self) -> str:
        """What it is called: by its files."""
        return " + ".join(file.file_name for file in self.files)

    @property
    def first(self) -> FileView:
        return self.files[0]

    @property
    def was_cut(self) -> bool:
        """Whether it stopped before the end of the files, and can go on from there."""
        return self.state in ("cancelled", "failed") and self.started_at is not None and self.finished_at is None

    @property
    def can_be_undone(self) -> bool:
        """Whether it wrote something that has not been taken back."""
        is_history = any(file.is_history for file in self.files)
        return self.started_at is not None and self.state in ("done", "cancelled", "failed") and not is_history

    def file(self, place: int) -> FileView | None:
        return next((file for file in self.files if file.place == place), None)


def one(access: Access, import_id: int) -> ImportView | None:
    """An import: one's own, or anybody's for administrators."""
    row = reachable(access).filter(pk=import_id).first()
    return view(row) if row else None


def recent(access: Access, before: int | None = None, limit: int = PAGE) -> list[ImportView]:
    """The imports, the latest first."""
    rows = reachable(access) if before is None else reachable(access).filter(pk__lt=before)
    return [view(row) for row in rows[:limit]]


def reachable(access: Access) -> Any:
    rows = Import.objects.select_related("user").prefetch_related("files")
    return rows if access.super_admin else rows.filter(user_id=access.actor.user_id or 0)


def view(row: Import) -> ImportView:
    """The row for pages and commands, with the state its job is in."""
    job = jobs.job(row.job_id) if row.job_id else None
    state: str = row.state
    if row.state in (State.TRYING, State.RUNNING, State.UNDOING) and job is not None and job.state in ("cancelled", "failed"):
        state = job.state
    files = tuple(file_view(file) for file in row.files.all())
    own = ("id", "language", "tried", "undone", "user_id", "created_at", "started_at", "finished_at", "undone_at", "files_gone_at")
    return ImportView(
        files=files,
        state=state,
        job=job,
        user_name=(row.user.name or row.user.email) if row.user else "Jalon",
        **{name: getattr(row, name) for name in own},
        **{name: sum(getattr(file, name) for file in files) for name in SUMMED},
    )


SUMMED = ("rows_total", "rows_done", "created", "updated", "unchanged", "refused", "told", "linked")


def file_view(file: File) -> FileView:
    same = [one.name for one in fields(FileView) if one.name not in ("shape", "order", "sheets", "rows_total")]
    return FileView(
        shape=shape_of(file),
        order=Order(file.order),
        sheets=tuple(file.sheets),
        rows_total=file.rows_total or 0,
        **{name: getattr(file, name) for name in same},
    )


def shape_of(file: File) -> Shape:
    return Shape(file.encoding, file.delimiter, tuple(file.headings), numbered=bool(file.sheet))


def samples(file: File, size: int = SAMPLED) -> list[tuple[str, ...]]:
    """The first cells of each column."""
    first = next(slices(file.path, shape_of(file), size=size), None)
    return list(zip(*first.rows, strict=True)) if first else [() for _ in file.headings]


def samples_of(found: FileView, size: int) -> list[tuple[str, ...]]:
    """The first filled cells of each column, to be shown beside it."""
    columns = samples(File.objects.get(pk=found.id))
    return [tuple(islice((cell for cell in column if cell.strip()), size)) for column in columns]


def findings(found: FileView) -> list[str]:
    """What the dates of the file leave open, in sentences."""
    catalog = records_queries.catalog(found.object_type)
    said = []
    for heading, cells in zip(found.shape.headings, samples(File.objects.get(pk=found.id)), strict=True):
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


def first_notes(found: ImportView, *, refusals: bool) -> list[Told]:
    """The first refused rows with their sentences, or the first that went in and were told something."""
    rows = Note.objects.filter(file__of_id=found.id, is_refusal=refusals).order_by("file_id", "line").select_related("file")[:FIRST]
    return [Told(note.line, tuple(note.sentences), note.file.file_name if len(found.files) > 1 else "") for note in rows]


def first_tried(found: ImportView) -> list[Told]:
    """The first rows that the dry run would refuse."""
    return [Told(one["line"], tuple(one["sentences"]), one.get("file", "")) for one in found.tried.get("first_refused", [])]


def refused_sheet(found: FileView) -> Sheet:
    """The refused rows as a sheet for a file."""
    extra = (Heading("line", gettext("Line of the file"), Kind.INTEGER), Heading("reason", gettext("Reason")))
    headings = (*(Heading(heading, heading) for heading in found.shape.headings), *extra)
    return Sheet(found.file_name, headings, refused_rows(found), found.refused)


def refused_rows(found: FileView, batch: int = 1000) -> Iterator[list[tuple[str, ...]]]:
    """Every refused row as it stood in the file, with its line and its reasons, in batches."""
    notes = Note.objects.filter(file_id=found.id, is_refusal=True).order_by("line", "id").values_list("line", "sentences")
    reasons = notes.iterator(chunk_size=batch)
    rows = records(File.objects.get(pk=found.id).path, found.shape)
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
    settable = [spec for spec in catalog.properties.values() if not spec.is_computed]
    return [spec for spec in settable if not spec.read_only_value or spec.group != "system" or spec.name in extra]


def match_keys(catalog: Catalog) -> list[PropertySpec]:
    """The unique properties that records can be found by."""
    return [spec for spec in catalog.properties.values() if spec.unique and not spec.read_only_value]


def reading_of(file: File) -> Reading:
    """How the cells of this file are read."""
    named = {fold(text): str(user.id) for user in users() for text in (user.name, user.email, str(user.id)) if text}
    return Reading(Order(file.order), ZoneInfo(file.zone), file.decimal, named, file.of.language)


def check_of(spec: PropertySpec) -> Convert:
    """The property's own check of a text."""
    parse = canonicalizer(spec, ISO)

    def check(text: str) -> str | Trouble:
        try:
            return parse(text) or ""
        except BadValue as bad:
            return Trouble(bad.message, bad.params)

    return check


def plan_of(file: File) -> plan.Plan:
    """The mapping of this file at work."""
    return _plan(file, file.object_type, targets.own(file.mapping), file.match, file.mode)


def beside_plan_of(file: File, object_type: str, mapping: Mapping[str, str]) -> plan.Plan:
    """The columns of another object in the same rows at work. Its key comes again and again, of which nothing is said."""
    by = file.companions[object_type]["by"]
    return _plan(file, object_type, mapping, MATCH_ID if by == RECORD_ID else by, BOTH, notices=False)


def _plan(file: File, object_type: str, mapping: Mapping[str, str], match: str, mode: str, *, notices: bool = True) -> plan.Plan:
    mapped = plan.mapped_columns(file.headings, mapping, records_queries.catalog(object_type))
    checks = {one.spec.name: check_of(one.spec) for one in mapped}
    return plan.Plan(
        mapped, match=match, mode=mode, reading=reading_of(file), checks=checks, clear_blanks=file.clear_blanks, notices=notices
    )


def history_plan_of(file: File) -> past.HistoryPlan:
    """The roles of this history file at work."""
    catalog = records_queries.catalog(file.object_type)
    checks = {spec.name: check_of(spec) for spec in catalog.properties.values()}
    return past.HistoryPlan(file.headings, file.mapping, catalog, match=file.match, reading=reading_of(file), checks=checks)


# What rows are associated with


@dataclass(frozen=True, slots=True)
class LinkType:
    """A way in which rows of an object can be associated: read from their side."""

    name: str
    inverse: bool
    here: str
    there: str
    label_en: str
    label_fr: str

    @property
    def token(self) -> str:
        return token(self.name, self.inverse)

    def label(self, language: str) -> str:
        """The label of the association, else what the others are called."""
        own = (self.label_fr if language.startswith("fr") else self.label_en) or self.label_en
        return own or records_queries.catalog(self.there).label(language)


def token(name: str, inverse: bool) -> str:
    return f"{name}:{'from' if inverse else 'to'}"


def link_types(object_type: str) -> list[LinkType]:
    """Every association of an object, those without a label first."""
    rows = AssociationType.objects.select_related("from_type", "to_type").order_by("id")
    found = []
    for row in rows:
        if row.from_type.name == object_type:
            found.append(LinkType(row.name, False, object_type, row.to_type.name, row.label_en, row.label_fr))
        if row.to_type.name == object_type:
            found.append(LinkType(row.name, True, object_type, row.from_type.name, row.inverse_en, row.inverse_fr))
    return sorted(found, key=lambda link: bool(link.label_en))


def key_names(catalog: Catalog) -> list[str]:
    """What records of another object can be found by: unique properties, what people tell them apart by, the record id."""
    natural = NATURAL_KEYS.get(catalog.object_type, catalog.primary[:1] if len(catalog.primary) == 1 else ())
    names = [*(spec.name for spec in match_keys(catalog)), *natural, RECORD_ID]
    return [name for name in dict.fromkeys(names) if name in catalog.properties]


def names_of(access: Access, object_type: str, ids: Sequence[int]) -> dict[int, str]:
    """What the records are called that somebody may see."""
    catalog = records_queries.catalog(object_type)
    shown = [name for name in dict.fromkeys((*catalog.primary, "email")) if name in catalog.properties]
    found: dict[int, str] = {}
    if not ids:
        return found
    where = query.one_of(query.column("id"), [query.whole(id) for id in set(ids)])
    for batch in records_queries.stream(access, object_type, columns=("id", *shown), where=where):
        rows = ((row[0], dict(zip(shown, row[1:], strict=True))) for row in batch)
        found |= {id: records_queries.name_of(catalog, values, id) for id, values in rows}
    return found
