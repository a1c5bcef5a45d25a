"""The verbs of an import: take the file, map its columns, try it out, bring it in slice by slice."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext

from jalon.accounts.access import EVERYTHING, Access, Scope
from jalon.accounts.queries import access_of, account
from jalon.imports import mapping as guesses
from jalon.imports import past, queries
from jalon.imports.dates import Order, guess_order
from jalon.imports.models import Import, Note, State
from jalon.imports.numbers import guess_decimal
from jalon.imports.plan import BOTH, CREATE, MATCH_ID, UPDATE, Plan
from jalon.imports.reading import Slice
from jalon.imports.shape import guess_shape
from jalon.imports.trouble import Trouble
from jalon.imports.words import sentence
from jalon.jobs import actions as jobs
from jalon.records import queries as records_queries
from jalon.records.actions import Outcome, PastValue, Row, write, write_history
from jalon.records.columns import Catalog, Origin, Source, Type
from jalon.warehouse.words import N_

KIND = "import"  # of the background job
UNREADABLE = N_("This file is not kept any more. Please upload it again.")
NOT_YOURS = N_("This row names a record that you may not edit.")
DATED = (Type.DATE, Type.DATETIME)


class NotReady(Exception):
    """The import cannot begin; `sentences` say what is missing."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class Settings:
    """How a file is to be brought in. `mapping` is property by heading, or role by heading for a history file."""

    mapping: Mapping[str, str]
    match: str
    mode: str = BOTH
    order: str = Order.DMY
    zone: str = "UTC"
    decimal: str = "."
    clear_blanks: bool = False


def take(
    chunks: Iterable[bytes],
    *,
    name: str,
    object_type: str,
    access: Access,
    is_history: bool = False,
    encoding: str = "",
    delimiter: str = "",
) -> int:
    """Keep an uploaded file and guess everything about it. Raises UnreadableFile, and keeps nothing, where it is no CSV file."""
    records_queries.catalog(object_type)
    row = Import(object_type=object_type, is_history=is_history, file_name=name[-250:], user_id=access.actor.user_id)
    row.language = get_language() or "en"
    row.headings, row.zone = [], account().zone
    row.save()
    try:
        row.file_bytes = _keep(row, chunks)
        shape = guess_shape(row.path, encoding, delimiter)
        row.encoding, row.delimiter, row.headings = shape.encoding, shape.delimiter, list(shape.headings)
        _guess(row)
        row.save()
    except BaseException:
        row.path.unlink(missing_ok=True)
        row.delete()
        raise
    return row.pk


def _keep(row: Import, chunks: Iterable[bytes]) -> int:
    size = 0
    with row.path.open("wb") as out:
        for chunk in chunks:
            size += out.write(chunk)
    row.path.chmod(0o600)
    return size


def _guess(row: Import) -> None:
    """The mapping, the match, the order of dates and the decimal mark, from the first rows."""
    catalog = records_queries.catalog(row.object_type)
    samples = queries.samples(row)
    if row.is_history:
        row.mapping = past.guess_roles(row.headings, samples)
        dates = [cells for heading, cells in zip(row.headings, samples, strict=True) if row.mapping.get(heading) == past.Role.AT]
        numbers: list[tuple[str, ...]] = []
        key = next((cells for heading, cells in zip(row.headings, samples, strict=True) if row.mapping.get(heading) == past.Role.KEY), ())
        row.match = MATCH_ID if all(cell.strip().isdigit() for cell in key) or "email" not in catalog.properties else "email"
    else:
        row.mapping = {guess.heading: guess.property for guess in guesses.guess_mapping(row.headings, samples, catalog) if guess.property}
        dates, numbers = _columns_of(row, samples, catalog, DATED), _columns_of(row, samples, catalog, (Type.NUMBER,))
        row.match = guess_match(row.mapping, catalog)
    french = row.language.startswith("fr")
    row.order = guess_order((cell for cells in dates for cell in cells), _usual_order()).order
    row.decimal = guess_decimal((cell for cells in numbers for cell in cells), "," if french and row.delimiter == ";" else ".")


def _columns_of(row: Import, samples: Sequence[tuple[str, ...]], catalog: Catalog, types: Sequence[Type]) -> list[tuple[str, ...]]:
    pairs = zip(row.headings, samples, strict=True)
    return [cells for heading, cells in pairs if row.mapping.get(heading) and catalog.properties[row.mapping[heading]].type in types]


def _usual_order() -> Order:
    """Where the data leave it open: month first in America, day first elsewhere."""
    return Order.MDY if account().zone.startswith(("America/", "US/")) else Order.DMY


def guess_match(mapping: Mapping[str, str], catalog: Catalog) -> str:
    """The record id where a column holds it, else the first unique property that is mapped; "" where nothing tells records apart."""
    mapped = set(mapping.values())
    if guesses.RECORD_ID in mapped:
        return MATCH_ID
    return next((spec.name for spec in queries.match_keys(catalog) if spec.name in mapped), MATCH_ID)


def settings_of(import_id: int) -> Settings:
    """The settings as they are: guessed, or chosen before."""
    row = Import.objects.get(pk=import_id)
    return Settings(row.mapping, row.match, row.mode, row.order, row.zone, row.decimal, row.clear_blanks)


def guessed_match(import_id: int, mapping: Mapping[str, str]) -> str:
    """What records are found by under another mapping than the guessed one."""
    row = Import.objects.get(pk=import_id)
    return row.match if row.is_history else guess_match(mapping, records_queries.catalog(row.object_type))


def settle(import_id: int, settings: Settings) -> None:
    """Take the mapping as the user left it. Raises NotReady with everything that does not fit."""
    with transaction.atomic():
        row = Import.objects.select_for_update().get(pk=import_id)
        if row.state in (State.RUNNING, State.DONE):
            raise NotReady(gettext("This import has begun, so its mapping is fixed."))
        wrong = problems(row, settings)
        if wrong:
            raise NotReady(*wrong)
        row.mapping = {heading: name for heading, name in settings.mapping.items() if name}
        for name in ("match", "mode", "order", "zone", "decimal", "clear_blanks"):
            setattr(row, name, getattr(settings, name))
        row.state, row.tried = State.DRAFT, {}
        row.save()


def problems(row: Import, settings: Settings) -> list[str]:
    """Everything that keeps these settings from being used, in sentences."""
    catalog = records_queries.catalog(row.object_type)
    found = [
        gettext("The file has no column “%(heading)s”.") % {"heading": heading}
        for heading in settings.mapping
        if heading not in row.headings
    ]
    chosen = [name for name in settings.mapping.values() if name]
    found += _history_problems(chosen) if row.is_history else _mapping_problems(chosen, settings, catalog)
    for name in sorted({name for name in chosen if chosen.count(name) > 1}):
        found.append(gettext("Two columns go into “%(name)s”. Choose one of them.") % {"name": _label(name, catalog)})
    if settings.match != MATCH_ID and settings.match not in {spec.name for spec in queries.match_keys(catalog)}:
        found.append(gettext("Records can be found by their id or by a unique property; “%(name)s” is neither.") % {"name": settings.match})
    if settings.zone not in zoneinfo.available_timezones():
        found.append(gettext("There is no time zone “%(zone)s”. Write it like Europe/Paris.") % {"zone": settings.zone})
    if settings.order not in set(Order) or settings.mode not in (BOTH, CREATE, UPDATE) or settings.decimal not in (".", ","):
        found.append(gettext("The date format, the mode or the decimal mark is none of those offered."))
    return found


def _history_problems(chosen: Sequence[str]) -> list[str]:
    missing = [gettext(past.LABELS[role]) for role in past.NEEDED if role not in chosen]
    return [gettext("Choose the column that holds: %(names)s.") % {"names": ", ".join(missing)}] if missing else []


def _mapping_problems(chosen: Sequence[str], settings: Settings, catalog: Catalog) -> list[str]:
    offered = {spec.name for spec in queries.mappable(catalog)}
    found = [
        gettext("There is no property “%(name)s” that an import can fill.") % {"name": name}
        for name in dict.fromkeys(chosen)
        if name not in offered
    ]
    if not chosen:
        found.append(gettext("No column goes into a property yet. Choose a property for at least one column."))
    key = guesses.RECORD_ID if settings.match == MATCH_ID else settings.match
    if chosen and key not in chosen and (settings.match != MATCH_ID or settings.mode == UPDATE):
        message = gettext("Records are to be found by “%(name)s”, so a column must go into it.")
        found.append(message % {"name": _label(key, catalog)})
    return found


def _label(name: str, catalog: Catalog) -> str:
    if name in set(past.Role):
        return gettext(past.LABELS[past.Role(name)])
    spec = catalog.properties.get(name)
    return spec.label(get_language() or "en") if spec else name


def try_out(import_id: int, *, access: Access) -> int:
    """Start the dry run: what would happen, in numbers, and the first rows that would be refused. Returns the job."""
    return _start(import_id, access, State.TRYING)


def begin(import_id: int, *, access: Access) -> int:
    """Start the import, or go on with one that was cancelled or failed. Returns the job."""
    return _start(import_id, access, State.RUNNING)


def _start(import_id: int, access: Access, state: State) -> int:
    with transaction.atomic():
        row = Import.objects.select_for_update().get(pk=import_id)
        at_work = queries.view(row)
        if at_work.state in ("trying", "running", "done"):
            raise NotReady(gettext("This import is running or done already."))
        if not row.path.exists():
            raise NotReady(gettext(UNREADABLE))
        row.state = state
        if state is State.RUNNING:
            row.started_at = row.started_at or timezone.now()
        job = jobs.start(
            KIND, row.file_name, arguments={"import_id": row.pk, "dry_run": state is State.TRYING}, user_id=access.actor.user_id
        )
        row.job_id = job.pk
        row.save()
    return job.pk


@dataclass(slots=True)
class Counts:
    """What became of rows."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    told: int = 0

    def add(self, other: Counts) -> None:
        for name in ("created", "updated", "unchanged", "refused", "told"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class Verdict:
    """What a slice did, or would do."""

    counts: Counts = field(default_factory=Counts)
    refused: dict[int, list[str]] = field(default_factory=dict)  # sentences by line
    told: dict[int, list[str]] = field(default_factory=dict)


class Work:
    """One import at work: its plan, whose rights it has, where its values come from."""

    def __init__(self, row: Import) -> None:
        self.row = row
        self.access = access_of(row.user_id) if row.user_id else EVERYTHING
        self.origin = Origin(Source.IMPORT, str(row.pk))
        self.plan: Plan | None = None if row.is_history else queries.plan_of(row)
        self.history = queries.history_plan_of(row) if row.is_history else None

    def remember(self, part: Slice) -> None:
        """Pass over a slice that was written before a restart."""
        if self.plan is not None:
            self.plan.remember(part)

    def write(self, part: Slice, prepared: Any, *, dry_run: bool) -> Verdict:
        """Write a prepared slice, or find out what writing it would do."""
        return self._write_history(part, prepared, dry_run) if self.history else self._write_rows(part, prepared, dry_run)

    def prepare(self, part: Slice) -> Any:
        """The slice with its cells converted: most of the work that needs no transaction."""
        if self.history is not None:
            return self.history.prepare(part)
        assert self.plan is not None
        return self.plan.prepare(part)

    def _write_rows(self, part: Slice, prepared: Any, dry_run: bool) -> Verdict:
        refused, told = _told(part, prepared)
        rows = [Row(values, key) for values, key in zip(prepared.values, prepared.keys, strict=True)]
        indexes = prepared.indexes
        if self.access.scope(self.row.object_type, "edit") is not Scope.ALL:
            rows, indexes = self._only_mine(rows, indexes, part, refused)
        outcome = write(
            self.row.object_type,
            rows,
            actor=self.access.actor,
            origin=self.origin,
            match=self.row.match,
            mode=self.row.mode,
            dry_run=dry_run,
            is_canonical=True,
        )
        _add_refusals(outcome, indexes, part, refused, told)
        created = len(outcome.created) - (self._seen_before(rows, outcome) if dry_run else 0)
        updated = len(rows) - created - outcome.unchanged - len(outcome.refused)
        return Verdict(Counts(created, updated, outcome.unchanged, len(refused), len(told)), refused, told)

    def _seen_before(self, rows: Sequence[Row], outcome: Outcome) -> int:
        """How many records a dry run would create that an earlier slice of the file would have created already."""
        assert self.plan is not None
        before = self.plan.repeated
        refused = {refusal.index for refusal in outcome.refused}
        return len({row.key for index, row in enumerate(rows) if outcome.ids[index] is None and index not in refused and row.key in before})

    def _only_mine(self, rows: list[Row], indexes: list[int], part: Slice, refused: dict[int, list[str]]) -> tuple[list[Row], list[int]]:
        """Rows of a user who may not edit every record: those that name a record out of reach are refused."""
        found = write(
            self.row.object_type,
            rows,
            actor=self.access.actor,
            origin=self.origin,
            match=self.row.match,
            mode=self.row.mode,
            dry_run=True,
            is_canonical=True,
        )
        named = {id for id in found.ids if id}
        mine = set(records_queries.reachable(self.access, self.row.object_type, sorted(named), "edit"))
        kept = [place for place, id in enumerate(found.ids) if not id or id in mine]
        for place in set(range(len(rows))).difference(kept):
            refused[part.lines[indexes[place]]] = [gettext(NOT_YOURS)]
        return [rows[place] for place in kept], [indexes[place] for place in kept]

    def _write_history(self, part: Slice, prepared: Any, dry_run: bool) -> Verdict:
        refused, told = _told(part, prepared)
        detail = str(self.row.pk)
        values = [PastValue(row.key, row.property, row.value, row.at, row.source, row.detail or detail) for row in prepared.rows]
        outcome = write_history(self.row.object_type, values, actor=self.access.actor, match=self.row.match, dry_run=dry_run)
        _add_refusals(outcome, prepared.indexes, part, refused, told)
        updated = len(values) - outcome.unchanged - len(outcome.refused)
        return Verdict(Counts(0, updated, outcome.unchanged, len(refused), len(told)), refused, told)


def _told(part: Slice, prepared: Any) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    refused = {part.lines[index]: [sentence(trouble) for trouble in troubles] for index, troubles in prepared.refused.items()}
    told: Mapping[int, Trouble] = getattr(prepared, "told", {})
    return refused, {part.lines[index]: [sentence(trouble)] for index, trouble in told.items()}


def _add_refusals(outcome: Outcome, indexes: Sequence[int], part: Slice, refused: dict[int, list[str]], told: dict[int, list[str]]) -> None:
    for refusal in outcome.refused:
        line = part.lines[indexes[refusal.index]]
        refused[line] = list(refusal.sentences)
        told.pop(line, None)


def write_slice(work: Work, part: Slice, done: int, job_id: int) -> bool:
    """Write one slice, what its rows were told, and how far the import is, in one transaction. False: somebody wants to cancel.

    `done` are the rows before this slice. Raises where another worker has moved on meanwhile: then this one must stop.
    """
    prepared = work.prepare(part)
    with transaction.atomic():
        row = Import.objects.select_for_update().get(pk=work.row.pk)
        if row.rows_done != done:
            raise RuntimeError(f"import {row.pk} stands at row {row.rows_done}, not {done}")
        verdict = work.write(part, prepared, dry_run=False)
        Note.objects.bulk_create([*_notes(row, verdict.refused, True), *_notes(row, verdict.told, False)])
        row.rows_done = done + len(part)
        for name in ("created", "updated", "unchanged", "refused", "told"):
            setattr(row, name, getattr(row, name) + getattr(verdict.counts, name))
        row.save(update_fields=["rows_done", "created", "updated", "unchanged", "refused", "told"])
        return jobs.report(job_id, row.rows_done, row.rows_total or row.rows_done)


def _notes(row: Import, told: Mapping[int, Sequence[str]], is_refusal: bool) -> list[Note]:
    return [Note(of_id=row.pk, line=line, is_refusal=is_refusal, sentences=list(sentences)) for line, sentences in sorted(told.items())]


def count(import_id: int, rows: int) -> None:
    """Note how many rows the file has."""
    Import.objects.filter(pk=import_id).update(rows_total=rows)


def tell_verdict(import_id: int, tried: Mapping[str, Any]) -> None:
    """Keep what the dry run found."""
    Import.objects.filter(pk=import_id, state=State.TRYING).update(state=State.TRIED, tried=dict(tried))


def finish(import_id: int) -> None:
    """Every row of the file has been dealt with."""
    Import.objects.filter(pk=import_id).update(state=State.DONE, finished_at=timezone.now())


def cancel(import_id: int) -> None:
    """Stop after the slice that is being written. What went in stays, and the import can go on later."""
    row = Import.objects.get(pk=import_id)
    if row.job_id:
        jobs.cancel(row.job_id)
