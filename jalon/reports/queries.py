"""Read reports and answer them. Every answer is cut to what its reader may see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from jalon.accounts.access import Access
from jalon.accounts.pages import Owned
from jalon.accounts.queries import account
from jalon.criteria import queries as criteria_queries
from jalon.exports.sheet import Sheet
from jalon.figures.results import Result
from jalon.lists import queries as lists
from jalon.records.columns import Catalog
from jalon.records.pages import UsedIn
from jalon.records.queries import catalog, visible
from jalon.records.sheets import sheet
from jalon.reports.kinds import contacts, scan
from jalon.reports.kinds.definition import Definition, named, read
from jalon.reports.kinds.question import Question
from jalon.reports.models import Report
from jalon.warehouse import current, query

OBJECT_TYPE = "contact"


@dataclass(frozen=True, slots=True)
class ReportView:
    """A saved report as pages show it. `title` is "" while it follows the options."""

    id: int
    kind: str
    title: str
    raw: dict[str, Any]
    owner_id: int | None
    owner_name: str
    created_at: datetime
    created_by: str
    edited_at: datetime
    edited_by: str

    def may_be_edited(self, access: Access) -> bool:
        """Everybody's reports by those who may edit them, one's own by those who may create some."""
        own = self.owner_id is not None and self.owner_id == access.actor.user_id
        return access.may("reports.edit") or (own and access.may("reports.create"))

    def definition(self) -> Definition:
        """Raises DefinitionError, with every problem, when a property it names has gone."""
        return read_definition(self.raw)


def reports() -> list[ReportView]:
    """All saved reports, the last edited first."""
    rows = Report.objects.select_related("owner", "created_by", "edited_by").order_by("-edited_at", "-id")
    return [_view(row) for row in rows]


def report(report_id: int) -> ReportView | None:
    row = Report.objects.select_related("owner", "created_by", "edited_by").filter(id=report_id).first()
    return _view(row) if row else None


def _view(row: Report) -> ReportView:
    names = [user.name or user.email if user else "" for user in (row.owner, row.created_by, row.edited_by)]
    return ReportView(
        row.pk, row.kind, row.title, row.definition, row.owner_id, names[0], row.created_at, names[1], row.edited_at, names[2]
    )


def uses(object_type: str, name: str) -> list[UsedIn]:
    """The saved reports that name a property."""
    rows = Report.objects.order_by("title", "id").values_list("id", "title", "definition")
    return [
        UsedIn(gettext("Report"), title or gettext("Report %(id)d") % {"id": id}, reverse("reports:report", args=[id]))
        for id, title, definition in rows
        if (object_type, name) in named(definition, OBJECT_TYPE)
    ]


def uses_of_list(list_id: int) -> list[UsedIn]:
    """The saved reports whose population asks about a list."""
    rows = Report.objects.order_by("title", "id").values_list("id", "title", "definition")
    return [
        UsedIn(gettext("Report"), title or gettext("Report %(id)d") % {"id": id}, reverse("reports:report", args=[id]))
        for id, title, definition in rows
        if str(list_id) in lists.referred(lists.criteria_of(definition.get("criteria") or {}))
    ]


def owned(user_id: int) -> list[Owned]:
    """What somebody who leaves has of reports, for the page that asks who gets it."""
    count = Report.objects.filter(owner_id=user_id).count()
    return [Owned(gettext("Reports"), count)] if count else []


def contacts_catalog() -> Catalog:
    return catalog(OBJECT_TYPE)


def read_definition(raw: Any) -> Definition:
    """The definition that JSON holds; raises DefinitionError with every problem."""
    return read(raw, contacts_catalog(), criteria_queries.known())


def ask(access: Access, definition: Definition, *, now: datetime | None = None) -> Question:
    """The definition as it stands now for this reader: its days, its population, and only the records they may see."""
    settings, instant = account(), now or timezone.now()
    population = criteria_queries.where(definition.criteria, OBJECT_TYPE, now=instant)
    seen = visible(access, OBJECT_TYPE)
    return Question(
        definition=definition,
        catalog=contacts_catalog(),
        period=definition.period.resolve(instant.astimezone(settings.tz).date(), settings.first_weekday),
        where=query.conjunction([population, seen]),
        first_weekday=settings.first_weekday,
    )


def answer(question: Question) -> Result:
    """The figures, from one scan of the columns."""
    return contacts.answer(question, current.engine().rows)


def answer_in_full(question: Question) -> Result:
    """With many more values of the breakdown: what a file holds."""
    return answer(replace(question, keep=10_000))


def contacts_sheet(access: Access, question: Question) -> Sheet:
    """All contacts of the report with the properties that it reads, for a file."""
    definition, known = question.definition, question.catalog
    wanted = (*known.primary, "email", definition.date_property, definition.breakdown, definition.number)
    names = [name for name in dict.fromkeys(wanted) if name in known.properties]
    return sheet(access, known, names, where=scan.records(question), sort="-" + definition.date_property)
