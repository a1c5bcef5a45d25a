"""Bringing reports in from files: all of them, or with any problem none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext

from jalon.accounts.access import Access
from jalon.folders import actions as folders
from jalon.reports import actions, queries
from jalon.reports.kinds import every
from jalon.reports.kinds.definition import DefinitionError
from jalon.reports.models import Report
from jalon.reports.portable import queries as portable
from jalon.reports.portable import standing
from jalon.reports.portable.queries import Arrival
from jalon.reports.queries import ReportView
from jalon.reports.sharing import actions as sharing
from jalon.reports.wording import problems


class Verdict(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a file; the report is none where the file said what was here already."""

    name: str
    verdict: Verdict
    report_id: int | None = None


class NotBrought(Exception):
    """Nothing was changed: `sentences` say for each file what is wrong with it."""

    def __init__(self, sentences: tuple[str, ...]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


@transaction.atomic
def bring(files: Mapping[str, str], *, access: Access) -> list[Brought]:
    """Creates and changes the reports of these files, by name and content. Raises NotBrought."""
    arrivals, wrong = _understood(files, access)
    if wrong:
        raise NotBrought(tuple(wrong))
    return [_bring(name, arrival, access) for name, arrival in arrivals.items()]


def _understood(files: Mapping[str, str], access: Access) -> tuple[dict[str, Arrival | None], list[str]]:
    arrivals: dict[str, Arrival | None] = {}
    wrong: list[str] = []
    for name, content in files.items():
        try:
            arrivals[name] = found = portable.arrival(content, name)
            refused = _refusal(found, access) if found else ""
            wrong += [gettext("%(file)s: %(problem)s") % {"file": name, "problem": refused}] if refused else []
        except DefinitionError as error:
            wrong += [gettext("%(file)s: %(problem)s") % {"file": name, "problem": problem} for problem in problems(error)]
    keys = [found.file.key for found in arrivals.values() if found]
    wrong += [gettext("Two of the files are the same report.")] if len(set(keys)) < len(keys) else []
    return arrivals, wrong


def _refusal(found: Arrival, access: Access) -> str:
    """Why somebody may not bring this report in."""
    if found.report_id is None:
        return "" if access.may("reports.create") else gettext("You may not create reports.")
    here = queries.report(found.report_id, access)
    if here is not None and here.may_be_edited(access):
        told = found.seen is None or here.may_be_shared(access) or found.seen == standing.seen_of(Report.objects.get(pk=here.id))
        return "" if told else gettext("Who sees this report is for its owner to say.")
    return gettext("This report is here already, and somebody else owns it.")


def _bring(name: str, found: Arrival | None, access: Access) -> Brought:
    if found is None:
        return Brought(name, Verdict.UNCHANGED)
    file, actor = found.file, access.actor
    if found.report_id is None:
        id = actions.bring(found.definition, found.display, key=file.key, title=file.title, actor=actor)
        _put(Report.objects.get(pk=id), found, access)
        return Brought(name, Verdict.CREATED, id)
    here = queries.report(found.report_id, access)
    if here is not None:
        _change(here, found, access)
        _put(Report.objects.get(pk=here.id), found, access)
    return Brought(name, Verdict.CHANGED, found.report_id)


def _put(row: Report, found: Arrival, access: Access) -> None:
    """Into its folder, which is made where it is not there, and before the eyes of those whom the file names."""
    folder, seen = found.file.folder, found.seen
    if folder is not None and folder != standing.folder_of(row):
        sharing.move(row.pk, folders.within(standing.SHELF, folder, actor=access.actor))
    if seen is not None and seen != standing.seen_of(row):
        sharing.share(row.pk, seen.sharing, edits=seen.everybody_edits, chosen=seen.shares, actor=access.actor)


def _change(here: ReportView, found: Arrival, access: Access) -> None:
    """Only what is another: a report is compiled anew for its options alone."""
    if found.file.title != here.title:
        actions.rename(here.id, found.file.title, actor=access.actor)
    if found.display != here.display:
        actions.set_display(here.id, found.display, actor=access.actor)
    if every.written(found.definition) != here.raw:
        actions.change(here.id, found.definition, actor=access.actor)
