"""The table of what is done with saved reports: one row for each kind."""

from __future__ import annotations

from typing import Final

from jalon.reports.by_kind import contacts, lifecycle
from jalon.reports.by_kind.row import Look, SavedKind
from jalon.reports.kinds import every
from jalon.reports.letters import contacts as contacts_letter
from jalon.reports.letters import lifecycle as lifecycle_letter
from jalon.reports.lifecycle import freezing, printed
from jalon.reports.queries import ReportView
from jalon.warehouse.words import N_

KINDS: Final = (
    SavedKind(
        every.CONTACTS,
        freeze=contacts.freeze,
        edit=contacts.edit,
        page=Look("reports/_sheet.html", contacts.page),
        home=Look("reports/_pinned.html", contacts.home),
        files="reports/_files.html",
        tables={},
        exports=True,
        pictures={"png": contacts.png, "svg": contacts.svg, "pdf": contacts.pdf},
        letter=contacts_letter.body,
        mail_choice=contacts.mail_choice,
    ),
    SavedKind(
        every.LIFECYCLE,
        freeze=freezing.found,
        edit=lifecycle.edit,
        page=Look("reports/lifecycle/_saved.html", lifecycle.page),
        home=Look("reports/lifecycle/_pinned.html", lifecycle.home),
        files="reports/lifecycle/_saved_files.html",
        tables=lifecycle.TABLES,
        exports=False,
        pictures=lifecycle.PICTURES,
        figures=lambda found, access: printed.figures(lifecycle.desk(found, access)),
        letter=lambda found, access, *_: lifecycle_letter.body(lifecycle.sheet(found, access, lifecycle_letter.COLUMNS)),
        mail_shows=N_("The four key figures with their change, the funnel, the stages and the lost stages."),
    ),
)
_BY_NAME: Final = {row.kind.name: row for row in KINDS}


def of(report: ReportView) -> SavedKind:
    """The row of a report's kind."""
    return _BY_NAME[report.kind]
