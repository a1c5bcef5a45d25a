"""The background job of an import. Called again after a crash, it passes over the rows that are in and goes on behind them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from jalon.imports import actions
from jalon.imports.bringing import actions as bringing
from jalon.imports.bringing.links import Met
from jalon.imports.bringing.verdict import Counts
from jalon.imports.bringing.work import Work
from jalon.imports.models import File, Import
from jalon.imports.queries import FIRST, shape_of
from jalon.imports.reading import count_rows, slices
from jalon.imports.targets import links
from jalon.imports.trouble import UnreadableFile
from jalon.imports.verdicts.store import Writer
from jalon.imports.words import sentence
from jalon.jobs.actions import JobFailed, report
from jalon.jobs.queries import JobView


def run(job: JobView) -> dict[str, Any]:
    """Try out or bring in the import that the job names."""
    row = Import.objects.get(pk=job.arguments["import_id"])
    with translation.override(row.language):
        files = sorted(row.files.all(), key=lambda file: len(links(file.mapping)))  # those that others refer to come first
        for file in files:
            file.of = row
            if not file.original.exists():
                raise JobFailed(gettext(actions.GONE))
            if not _read(file, job.id):
                return {"import_id": row.pk}
        return try_out(row, files, job.id) if job.arguments["dry_run"] else bring_in(row, files, job.id)


def _read(file: File, job_id: int) -> bool:
    """The rows of a workbook are taken out, and the rows are counted. False: somebody wants to cancel."""
    try:
        if not actions.take_out(file, lambda rows: report(job_id, 0, 0)):
            return False
    except UnreadableFile as unreadable:
        raise JobFailed(sentence(unreadable.trouble)) from unreadable
    if file.rows_total is None:
        file.rows_total = count_rows(file.path, shape_of(file))
        actions.count(file.pk, file.rows_total)
    return True


def bring_in(row: Import, files: list[File], job_id: int) -> dict[str, Any]:
    """Every row that is not in yet, a slice at a time, then the associations that had to wait."""
    works = {file.pk: Work(file) for file in files}
    total = sum(file.rows_total or 0 for file in files)
    before = 0
    for work in works.values():
        if not _bring_in(work, before, total, job_id):
            return {"import_id": row.pk}
        before += work.file.rows_total or 0
    bringing.join_waiting(works, job_id, total)
    bringing.finish(row.pk)
    return {"import_id": row.pk}


def _bring_in(work: Work, before: int, total: int, job_id: int) -> bool:
    file, seen = work.file, 0
    for part in slices(file.path, shape_of(file)):
        if seen + len(part) <= file.rows_done:
            work.remember(part)
        elif not bringing.write_slice(work, part, seen, before, total, job_id):
            return seen + len(part) >= (file.rows_total or 0) and before + (file.rows_total or 0) >= total
        seen += len(part)
    return True


def try_out(row: Import, files: list[File], job_id: int) -> dict[str, Any]:
    """What would become of every row; nothing is written but the verdicts."""
    total = sum(file.rows_total or 0 for file in files)
    tried: dict[str, Any] = {**asdict(Counts()), "total": 0, "first_refused": [], "first_told": []}
    counts, met = Counts(), Met()
    for file in files:
        if not _try_out(file, counts, met, tried, total, job_id):
            return {"import_id": row.pk}
    actions.tell_verdict(row.pk, {**tried, **asdict(counts)})
    return {"import_id": row.pk}


def _try_out(file: File, counts: Counts, met: Met, tried: dict[str, Any], total: int, job_id: int) -> bool:
    work, writer = Work(file, met), Writer(file.verdicts)
    for part in slices(file.path, shape_of(file)):
        verdict = work.write(part, work.prepare(part), dry_run=True)
        counts.add(verdict.counts)
        writer.add(verdict.rows)
        for name, found in (("first_refused", verdict.refused), ("first_told", verdict.told)):
            some = sorted(found)[: FIRST - len(tried[name])]
            tried[name] += [{"line": line, "sentences": found[line], "file": file.file_name} for line in some]
        tried["total"] += len(part)
        if not report(job_id, tried["total"], max(total, tried["total"])):
            return False
    writer.close()
    return True
