"""Reading the pairs that may be one, each cut to what a person may see: both records, or the pair is not there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jalon.accounts.access import Access
from jalon.jobs.models import Job
from jalon.jobs.queries import UNFINISHED, JobView, job
from jalon.records import queries
from jalon.records.duplicates import reasons
from jalon.records.models import DuplicatePair, Record

PAGE: Final = 25
KIND: Final = "duplicates"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one. `reasons` are names, the strongest first."""

    first_id: int
    second_id: int
    reasons: tuple[str, ...]
    score: int
    first: Mapping[str, str]
    second: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PairPage:
    """Pairs, the surest first, how many there are by reason, and in all."""

    pairs: list[Pair]
    total: int
    by_reason: dict[str, int]


def pairs(access: Access, object_type: str, *, reason: str = "", offset: int = 0) -> PairPage:
    """Pairs of records of which this person may view both."""
    rows = DuplicatePair.objects.filter(
        queries.in_reach(access, object_type, path="first__"),
        queries.in_reach(access, object_type, path="second__"),
        object_type_id=queries.type_id(object_type),
        first__archived_at=None,
        second__archived_at=None,
    )
    by_reason = {one.name: rows.filter(reasons__has_key=one.name).count() for one in reasons.for_type(object_type)}
    narrowed = rows.filter(reasons__has_key=reason) if reason else rows
    page = narrowed.select_related("first", "second").order_by("-score", "id")[offset : offset + PAGE]
    return PairPage([_pair(row) for row in page], narrowed.count(), {name: number for name, number in by_reason.items() if number})


def _pair(row: DuplicatePair) -> Pair:
    names = tuple(sorted(row.reasons, key=lambda name: -row.reasons[name]))
    return Pair(row.first_id, row.second_id, names, row.score, row.first.properties, row.second.properties)


def running(object_type: str) -> JobView | None:
    """The finder's job that has not ended."""
    row = Job.objects.filter(kind=KIND, arguments__object_type=object_type, state__in=UNFINISHED).order_by("-id").first()
    return job(row.pk) if row else None


def last_run(object_type: str) -> JobView | None:
    """The finder's latest job, whatever became of it."""
    row = Job.objects.filter(kind=KIND, arguments__object_type=object_type).order_by("-id").first()
    return job(row.pk) if row else None


def ran_since(object_type: str, since: datetime) -> bool:
    return Job.objects.filter(kind=KIND, arguments__object_type=object_type, created_at__gte=since).exists()


def population(object_type: str) -> int:
    """How many live records there are to compare."""
    return Record.objects.filter(object_type_id=queries.type_id(object_type), archived_at=None).count()
