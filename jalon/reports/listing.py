"""The table of saved reports: its lines, what an address asks of them, and their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext

from jalon.accounts.access import Access
from jalon.folders import queries as folders
from jalon.folders.queries import FolderView
from jalon.reports import pages
from jalon.reports.kinds import every
from jalon.reports.pages import Button, Place
from jalon.reports.queries import ReportView, Sharing, title_of
from jalon.reports.sharing import queries as sharing
from jalon.warehouse.folding import fold, fold_each

LOOSE = "none"  # in addresses: the reports in no folder
USUAL = "name"
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Seers:
    """Who sees a report: in short, and all of them by name where they were chosen."""

    icon: str
    label: str
    names: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A report in the table."""

    report: ReportView
    title: str
    kind: str
    folder: str
    seers: Seers
    places: Sequence[Place]
    buttons: Sequence[Button]
    may_edit: bool
    may_share: bool


@dataclass(frozen=True, slots=True)
class Titled:
    """A report with its title in the reader's language, and what it is found and put in order by."""

    report: ReportView
    title: str
    folded_title: str
    folded_owner: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of the table."""

    search: str = ""
    kind: str = ""
    owner: str = ""
    favorite: bool = False
    sort: str = USUAL

    @property
    def is_sorted(self) -> bool:
        return self.sort != USUAL

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.kind or self.owner)

    def takes(self, one: Titled) -> bool:
        report = one.report
        return (
            fold(self.search) in f"{one.folded_title} {one.folded_owner}"
            and self.kind in ("", report.kind)
            and self.owner in ("", str(report.owner_id or ""))
            and (report.is_favorite or not self.favorite)
        )


def read(parameters: Mapping[str, str]) -> Asked:
    """What is not known of an address is passed over."""
    sort = parameters.get("sort", "")
    return Asked(
        search=parameters.get("q", "").strip()[:200],
        kind=parameters.get("kind", "") if parameters.get("kind") in every.labels() else "",
        owner=parameters.get("owner", "") if parameters.get("owner", "").isdecimal() else "",
        favorite=bool(parameters.get("favorite")),
        sort=sort if sort.removeprefix("-") in SORTS else USUAL,
    )


SORTS: Mapping[str, Callable[[Titled], Any]] = {
    "name": lambda one: one.folded_title,
    "owner": lambda one: one.folded_owner,
    "compiled": lambda one: one.report.snapshot.compiled_at if one.report.snapshot else NEVER,
    "edited": lambda one: one.report.edited_at,
}


def titled(reports: Sequence[ReportView]) -> list[Titled]:
    """The reports with their titles in the reader's language."""
    titles = [title_of(report) for report in reports]
    folded = zip(fold_each(titles), fold_each([report.owner_name for report in reports]), strict=True)
    return [Titled(report, title, *plain) for report, title, plain in zip(reports, titles, folded, strict=True)]


def wanted(known: Sequence[Titled], asked: Asked) -> list[Titled]:
    """Those that the address asks for, in its order."""
    found = [one for one in known if asked.takes(one)]
    found.sort(key=SORTS[asked.sort.removeprefix("-")], reverse=asked.sort.startswith("-"))
    return found


def lies_in(report: ReportView, text: str, folder: FolderView | None, known: Sequence[FolderView]) -> bool:
    """A folder holds what lies in the folders inside it."""
    if text == LOOSE:
        return report.folder_id is None
    return folder is None or folders.holds(folder, report.folder_id, known)


def owners(reports: Sequence[ReportView], access: Access) -> list[tuple[str, str]]:
    """Who has reports here, the one who asks first."""
    names = {report.owner_id: report.owner_name for report in reports if report.owner_id is not None}
    mine = access.actor.user_id
    others = sorted((name, id) for id, name in names.items() if id != mine)
    own = [(str(mine), gettext("Mine"))] if mine in names else []
    return own + [(str(id), name) for name, id in others]


def lines(shown: Sequence[Titled], access: Access, known: Sequence[FolderView]) -> Iterator[Line]:
    names, places, buttons = sharing.names([one.report.id for one in shown]), pages.places(access), pages.Buttons(access)
    kinds = every.labels()
    for report, title in ((one.report, one.title) for one in shown):
        yield Line(
            report=report,
            title=title,
            kind=gettext(kinds[report.kind]) if report.kind in kinds else report.kind,
            folder=folders.path(report.folder_id, known),
            seers=seers(report, names.get(report.id, ()), access),
            places=places.get(report.id, ()),
            buttons=buttons.of(report.id),
            may_edit=report.may_be_edited(access),
            may_share=report.may_be_shared(access),
        )


def seers(report: ReportView, names: Sequence[str], access: Access) -> Seers:
    if report.sharing == Sharing.EVERYBODY:
        return Seers("world", gettext("Everybody"))
    if report.sharing == Sharing.PRIVATE or not names:
        return Seers("lock", gettext("Only you") if report.is_owned_by(access) else gettext("Owner only"))
    label = names[0] if len(names) == 1 else gettext("%(name)s and %(count)s more") % {"name": names[0], "count": len(names) - 1}
    return Seers("users", label, ", ".join(names))
