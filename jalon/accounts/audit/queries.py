"""Reading the audit log: filtered, page by page, the newest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from jalon.accounts.audit import Subject, subject_of
from jalon.accounts.models import AuditLine
from jalon.web.formats import DASH

PAGE: Final = 50
BATCH: Final = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines: of a person, about a subject, in a period of the account's days. Empty means all."""

    person: int | None = None
    subject: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def is_narrowed(self) -> bool:
        return self != Wanted()


@dataclass(frozen=True, slots=True)
class Line:
    """One line in the reader's language."""

    id: int
    at: datetime
    who: str
    sentence: str
    subject: Subject
    link: str

    @property
    def shown(self) -> SafeString:
        """The sentence with its actor made plain to see."""
        before, who, after = self.sentence.partition(self.who)
        return format_html("{}<strong>{}</strong>{}", before, who, after) if who else format_html("{}", self.sentence)


@dataclass(frozen=True, slots=True)
class Page:
    """Lines, and the ids from which the neighboring pages go on; None at the ends."""

    lines: tuple[Line, ...]
    total: int
    older: int | None
    newer: int | None


def page(wanted: Wanted, *, before: int | None = None, after: int | None = None, limit: int = PAGE) -> Page:
    """The lines older than `before`, or the ones just newer than `after`, or the newest."""
    rows = _rows(wanted)
    if after is not None:
        found = list(rows.filter(id__gt=after).order_by("id")[: limit + 1])
        more_newer, more_older = len(found) > limit, True
        found = found[:limit][::-1]
    else:
        found = list((rows.filter(id__lt=before) if before is not None else rows).order_by("-id")[: limit + 1])
        more_newer, more_older = before is not None, len(found) > limit
        found = found[:limit]
    older = found[-1].pk if found and more_older else None
    newer = found[0].pk if found and more_newer else None
    return Page(tuple(_line(row) for row in found), rows.count(), older, newer)


def newest(wanted: Wanted) -> tuple[int, int]:
    """The id of the newest line and how many there are up to it: a file holds these, whatever is written meanwhile."""
    top: int = _rows(wanted).aggregate(top=Max("id"))["top"] or 0
    return top, _rows(wanted).filter(id__lte=top).count()


def batches(wanted: Wanted, top: int) -> Iterator[list[Line]]:
    """Every line up to an id, the newest first."""
    below = top + 1
    while found := list(_rows(wanted).filter(id__lt=below).order_by("-id")[:BATCH]):
        yield [_line(row) for row in found]
        below = found[-1].pk


def _rows(wanted: Wanted) -> QuerySet[AuditLine]:
    rows = AuditLine.objects.all()
    if wanted.person is not None:
        rows = rows.filter(actor_id=wanted.person or None)  # 0 stands for Jalon itself and those who were not signed in
    if wanted.subject:
        rows = rows.filter(kind__startswith=f"{wanted.subject}.")
    if wanted.first:
        rows = rows.filter(at__gte=_midnight(wanted.first))
    if wanted.last:
        rows = rows.filter(at__lt=_midnight(wanted.last + timedelta(days=1)))
    return rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _line(row: AuditLine) -> Line:
    """In words; a mark that an older version wrote without its value is a dash, so that no line breaks the page."""
    who = row.actor_name or gettext("Somebody")
    mark = f"_{(get_language() or 'en')[:2]}"  # a thing with a name in each language: label, label_fr
    own = {name.removesuffix(mark): value for name, value in row.params.items() if name.endswith(mark) and value}
    values = defaultdict(lambda: DASH, {**row.params, **own, "who": who})
    return Line(row.pk, row.at, who, gettext(row.sentence) % values, subject_of(row.kind), row.link)
