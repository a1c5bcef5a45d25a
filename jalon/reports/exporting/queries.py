"""Reads what a file of a report is to hold, and the files that are kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.utils.translation import gettext

from jalon.accounts.access import Access
from jalon.accounts.models import User
from jalon.exports.sheet import Format, Sheet, choose_format
from jalon.reports import queries
from jalon.reports.exporting import sheets
from jalon.reports.exporting.choice import Choice, What
from jalon.reports.kinds.question import Question
from jalon.reports.models import Export
from jalon.reports.queries import ReportView
from jalon.reports.sheet import Desk
from jalon.warehouse.words import N_

LIVES: Final = timedelta(days=7)
NOTHING_YET: Final = N_("This report was not compiled yet, so there is nothing to take away. Try again in a moment.")


class NothingYet(Exception):
    """The report was never compiled, so there is nothing to take away."""


@dataclass(frozen=True, slots=True)
class ExportView:
    """A file that is kept for the person who asked for it."""

    id: int
    file_name: str
    rows: int
    size: int
    created_at: datetime
    until: datetime
    path: Path

    @property
    def format(self) -> Format:
        return Format(self.file_name.rpartition(".")[2])


def question(access: Access, found: ReportView, choice: Choice) -> Question:
    """The rows of the last compile, cut to this reader, in the view of the choice. Raises NothingYet."""
    if found.snapshot is None:
        raise NothingYet
    frozen = queries.frozen(access, found.id, found.snapshot)
    return replace(frozen, definition=choice.viewed(frozen.definition))


def sheet(access: Access, found: ReportView, choice: Choice) -> Sheet:
    """What the file holds. Raises NothingYet."""
    asked = question(access, found, choice)
    if choice.what is What.CONTACTS:
        return sheets.contacts(asked, choice.columns)
    return sheets.table(Desk(asked, queries.answer_in_full(asked), found.title, found.display).sheet())


def stem(found: ReportView, choice: Choice) -> str:
    """The name of the file without its ending; one that every system takes."""
    title = queries.title_of(found)
    if choice.what is What.CONTACTS:
        title = gettext("%(title)s (contacts)") % {"title": title}
    return "".join("-" if letter in '\\/:*?"<>|' or ord(letter) < 32 else letter for letter in title)[:120].strip(" .")


def format_of(sheet: Sheet, choice: Choice) -> Format:
    return choose_format(sheet.total, choice.format)


def kept(access: Access, report_id: int | None = None) -> list[ExportView]:
    """The files that are there for this person, the newest first; those of one report or of all."""
    rows = Export.objects.filter(user_id=access.actor.user_id or 0, gone_at=None).exclude(ready_at=None).order_by("-pk")
    return [view(row) for row in (rows if report_id is None else rows.filter(report_id=report_id)) if row.path.exists()]


def one(access: Access, export_id: int) -> ExportView | None:
    """A file that is kept for this person, whose report they still may see."""
    row = Export.objects.filter(pk=export_id, user_id=access.actor.user_id or 0, gone_at=None).exclude(ready_at=None).first()
    if row is None or row.report_id is None or not row.path.exists() or queries.report(row.report_id, access) is None:
        return None
    return view(row)


def address_of(access: Access) -> str:
    """Where this person reads mail."""
    return User.objects.filter(pk=access.actor.user_id or 0).values_list("email", flat=True).first() or ""


def view(row: Export) -> ExportView:
    return ExportView(row.pk, row.file_name, row.rows, row.size, row.created_at, row.created_at + LIVES, row.path)
