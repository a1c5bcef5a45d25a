"""The background job of an import. Called again after a crash, it passes over the rows that are in and goes on behind them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from jalon.imports import actions
from jalon.imports.actions import Counts, Work
from jalon.imports.models import Import
from jalon.imports.queries import FIRST
from jalon.imports.reading import count_rows, slices
from jalon.imports.shape import Shape
from jalon.jobs.actions import JobFailed, report
from jalon.jobs.queries import JobView


def run(job: JobView) -> dict[str, Any]:
    """Try out or bring in the import that the job names."""
    row = Import.objects.get(pk=job.arguments["import_id"])
    with translation.override(row.language):
        if not row.path.exists():
            raise JobFailed(gettext(actions.UNREADABLE))
        shape = Shape(row.encoding, row.delimiter, tuple(row.headings))
        if row.rows_total is None:
            row.rows_total = count_rows(row.path, shape)
            actions.count(row.pk, row.rows_total)
        work = Work(row)
        return try_out(work, shape, job.id) if job.arguments["dry_run"] else bring_in(work, shape, job.id)


def bring_in(work: Work, shape: Shape, job_id: int) -> dict[str, Any]:
    """Every row that is not in yet, a slice at a time."""
    row, seen = work.row, 0
    already = row.rows_done
    for part in slices(row.path, shape):
        if seen + len(part) <= already:
            work.remember(part)
            going_on = True
        else:
            with undisturbed():
                going_on = actions.write_slice(work, part, seen, job_id)
        seen += len(part)
        if not going_on:
            break
    if seen >= (row.rows_total or 0):
        actions.finish(row.pk)
    return {"import_id": row.pk}


def try_out(work: Work, shape: Shape, job_id: int) -> dict[str, Any]:
    """What would become of every row, and the first that would be refused; nothing is written."""
    row, seen = work.row, 0
    counts = Counts()
    refused: list[dict[str, Any]] = []
    told: list[dict[str, Any]] = []
    for part in slices(row.path, shape):
        with undisturbed():
            verdict = work.write(part, work.prepare(part), dry_run=True)
        counts.add(verdict.counts)
        for first, found in ((refused, verdict.refused), (told, verdict.told)):
            first += [{"line": line, "sentences": found[line]} for line in sorted(found)[: FIRST - len(first)]]
        seen += len(part)
        if not report(job_id, seen, row.rows_total or seen):
            return {"import_id": row.pk}
    actions.tell_verdict(row.pk, {**asdict(counts), "total": seen, "first_refused": refused, "first_told": told})
    return {"import_id": row.pk}


@contextmanager
def undisturbed() -> Iterator[None]:
    """One slice without the collector of cycles: it walks the slice's values again and again and finds none (a seventh of the time)."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
