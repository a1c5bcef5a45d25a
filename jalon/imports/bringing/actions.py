"""Bringing rows in, slice by slice: the rows, what they were told and how far the file is go into one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from jalon.accounts.actions import notify
from jalon.imports.bringing import queries as keys
from jalon.imports.bringing.links import Wanted
from jalon.imports.bringing.verdict import Verdict, add_beside
from jalon.imports.bringing.work import Work
from jalon.imports.listing import actions as listing
from jalon.imports.models import File, Import, Note, RowKey, State, Waiting
from jalon.imports.reading import Slice
from jalon.imports.targets import Link, read
from jalon.jobs import actions as jobs
from jalon.warehouse.words import N_

PARTNERS = 2_000  # rows that look for their partner in one transaction
DONE = N_("Your import of %(files)s is done: %(created)s created, %(updated)s updated, %(refused)s refused.")
SUMMED = ("created", "updated", "unchanged", "refused", "told", "linked")


def write_slice(work: Work, part: Slice, done: int, before: int, total: int, job_id: int) -> bool:
    """Write one slice. False: somebody wants to cancel.

    `done` are the rows of the file before this slice, `before` those of the files before it. Raises where another
    worker has moved on meanwhile: then this one must stop.
    """
    prepared = work.prepare(part)
    with transaction.atomic():
        file = File.objects.select_for_update().get(pk=work.file.pk)
        if file.rows_done != done:
            raise RuntimeError(f"file {file.pk} stands at row {file.rows_done}, not {done}")
        verdict = work.write(part, prepared, dry_run=False)
        for sentence in listing.put_in(file, verdict.ids, work.access.actor):
            verdict.tell(part.lines[0], sentence)
        _keep(file, verdict)
        file.rows_done = done + len(part)
        for name in SUMMED:
            setattr(file, name, getattr(file, name) + getattr(verdict.counts, name))
        add_beside(file.beside, verdict.counts.beside)
        file.save(update_fields=["rows_done", "beside", *SUMMED])
        return jobs.report(job_id, before + file.rows_done, total)


def _keep(file: File, verdict: Verdict) -> None:
    """What the rows were told, the keys that others will name them by, the partners to be looked for later."""
    Note.objects.bulk_create([*_notes(file, verdict.refused, True), *_notes(file, verdict.told, False)])
    met = {(space, key): record_id for space, key, record_id in verdict.keys}
    RowKey.objects.bulk_create(
        [RowKey(of_id=file.of_id, space=space, key=key, record_id=record_id) for (space, key), record_id in met.items()],
        update_conflicts=True,
        unique_fields=["of", "space", "key"],
        update_fields=["record_id"],
    )
    Waiting.objects.bulk_create(
        [Waiting(file=file, line=line, record_id=id, target=target, key=key) for line, id, target, key in verdict.waiting]
    )


def _notes(file: File, told: Mapping[int, Sequence[str]], is_refusal: bool) -> list[Note]:
    return [Note(file=file, line=line, is_refusal=is_refusal, sentences=list(sentences)) for line, sentences in sorted(told.items())]


def join_waiting(works: Mapping[int, Work], job_id: int, total: int) -> None:
    """Look once more for the partners that were not there when their rows came."""
    while True:
        with transaction.atomic():
            rows = list(Waiting.objects.filter(file_id__in=list(works)).order_by("file_id", "target", "id")[:PARTNERS])
            if not rows:
                return
            for (file_id, target), some in groupby(rows, key=lambda row: (row.file_id, row.target)):
                _join(works[file_id], target, list(some))
            Waiting.objects.filter(pk__in=[row.pk for row in rows]).delete()
            jobs.report(job_id, total, total)


def _join(work: Work, target: str, rows: Sequence[Waiting]) -> None:
    link, file = read(target), work.file
    assert isinstance(link, Link)
    heading = next(heading for heading, text in file.mapping.items() if text == target)
    wanted = [Wanted(0, row.record_id, row.key) for row in rows]
    found = keys.partners(work.access, file, link, work.linking.there[link], list({one.key for one in wanted}))
    verdict, lines = Verdict(), {row.record_id: row.line for row in rows}
    for row in rows:
        if row.key not in found:
            verdict.tell(row.line, work.linking.nobody(heading, link, row.key))
    there = [one for one in wanted if one.key in found]
    made = work.linking.join(heading, link, there, found, lines, verdict, dry_run=False)
    Note.objects.bulk_create(_notes(file, verdict.told, False))
    File.objects.filter(pk=file.pk).update(linked=F("linked") + made, told=F("told") + len(verdict.told))


def finish(import_id: int) -> None:
    """Every row of every file has been dealt with: whoever started it is told."""
    with transaction.atomic():
        row = Import.objects.select_for_update().get(pk=import_id)
        if row.state != State.RUNNING:
            return
        row.state, row.finished_at = State.DONE, timezone.now()
        row.save(update_fields=["state", "finished_at"])
        RowKey.objects.filter(of=row).delete()
        if row.user_id:
            files = list(row.files.all())
            counts: dict[str, Any] = {name: sum(getattr(file, name) for file in files) for name in ("created", "updated", "refused")}
            names = ", ".join(file.file_name for file in files)
            notify([row.user_id], "import", DONE, link=f"/import/{row.pk}/", files=names, **counts)
