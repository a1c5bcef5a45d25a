"""What differs from kind to kind of saved reports: the type of a row of the table. Whoever compiles, shows, draws
or sends a report asks for its row, and knows no kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jalon.accounts.access import Access
from jalon.exports.sheet import Sheet
from jalon.figures.measures import Measure
from jalon.reports.kinds.definition import Style
from jalon.reports.kinds.every import ReportKind
from jalon.reports.letters.parts import Body
from jalon.reports.queries import ReportView
from jalon.reports.snapshots.rows import Found

Context = dict[str, Any]
Asked = Mapping[str, str]  # what an address says of the view
Show = Callable[[ReportView, Access, Asked], Context]  # of a report that was compiled, for one reader; raises Denied
Draw = Callable[[ReportView, Access, Asked], bytes]
Take = Callable[[ReportView, Access], Sheet]


@dataclass(frozen=True, slots=True)
class Look:
    """A part of a page: its template, and what this takes."""

    template: str
    context: Show


@dataclass(frozen=True, slots=True)
class MailChoice:
    """What somebody chooses of a report for a mail: figures, each with its chart, and how it is drawn. `usual` is chosen at first."""

    offered: tuple[Measure, ...]
    usual: tuple[Measure, ...]
    style: Style


@dataclass(frozen=True, slots=True)
class SavedKind:
    """One kind of saved reports.

    `freeze` asks all of a definition at an instant, for everybody; a snapshot is made of it. `edit` is the address where the options
    are changed. `page` stands in the frame of the report's page and `home` on somebody's Home.

    What can be taken away: `files` is the template of its entries in the page's menu; `exports` says whether a drawer asks what is to be
    in a file; `tables` stand by their name, `pictures` by the ending of their file, `figures` are as JSON tells them.

    `letter` is what a mail tells, with the figures and the style that a schedule chose out of `mail_choice`; a kind without one says in
    `mail_shows` what is always there.
    """

    kind: ReportKind
    freeze: Callable[[Any, datetime], Found]
    edit: Callable[[ReportView], str]
    page: Look
    home: Look
    files: str
    tables: Mapping[str, Take]
    exports: bool
    pictures: Mapping[str, Draw]
    letter: Callable[[ReportView, Access, Sequence[Measure], Style], Body]
    figures: Callable[[ReportView, Access], dict[str, Any]] | None = None
    mail_choice: Callable[[ReportView], MailChoice] | None = None
    mail_shows: str = ""
