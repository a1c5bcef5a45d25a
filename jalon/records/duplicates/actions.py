"""Keeping the pairs that may be one: found by a run, denied by a person, forgotten where a run does not find them again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import orjson
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from jalon.accounts.access import Actor
from jalon.accounts.actions import Refused
from jalon.jobs import actions as jobs
from jalon.jobs.models import Job
from jalon.records import queries
from jalon.records.duplicates import queries as duplicates
from jalon.records.duplicates import reasons
from jalon.records.models import DuplicatePair, NotDuplicate
from jalon.warehouse.words import N_

JOB: Final = "duplicates"
LABEL: Final = N_("Looking for duplicates")
SLICE: Final = 2_000  # pairs in one transaction
MOST: Final = 100_000  # pairs of one reason: more are not duplicates but a property that everybody shares

NOTE: Final = """
INSERT INTO records_duplicatepair (object_type_id, first_id, second_id, reasons, score, found_at, run_id)
SELECT %(type)s, p.a, p.b, %(reason)s::jsonb, 0, now(), %(run)s FROM unnest(%(first)s::bigint[], %(second)s::bigint[]) AS p(a, b)
WHERE NOT EXISTS (SELECT FROM records_notduplicate n WHERE n.first_id = p.a AND n.second_id = p.b)
ON CONFLICT (first_id, second_id) DO UPDATE SET run_id = excluded.run_id,
  reasons = CASE WHEN records_duplicatepair.run_id = excluded.run_id THEN records_duplicatepair.reasons ELSE '{}' END || excluded.reasons
"""
SCORE: Final = """
UPDATE records_duplicatepair d SET score = s.score FROM (
  SELECT id, round(100 - 100 * exp(sum(ln(1 - r.value::numeric / 100))))::int AS score
  FROM records_duplicatepair, jsonb_each_text(reasons) r WHERE object_type_id = %s AND run_id = %s AND id > %s AND id <= %s GROUP BY id
) s WHERE d.id = s.id
"""


def look_for(object_type: str, *, user_id: int | None) -> Job:
    """Starts the finder in the background. Raises Refused where it looks already, or has no reason to look by."""
    if not reasons.for_type(object_type):
        raise Refused(gettext("Duplicates are looked for among contacts and companies."))
    if duplicates.running(object_type) is not None:
        raise Refused(gettext("Duplicates are being looked for already."))
    return jobs.start(JOB, LABEL, arguments={"object_type": object_type}, user_id=user_id)


def note(object_type: str, reason: reasons.Reason, pairs: Sequence[tuple[int, int]], *, run_id: int) -> None:
    """Enters pairs that one reason has found; a pair found by several has all of them. Safe to repeat."""
    told: dict[str, Any] = {
        "type": queries.type_id(object_type),
        "reason": orjson.dumps({reason.name: reason.weight}).decode(),
        "run": run_id,
    }
    for start in range(0, len(pairs), SLICE):
        part = sorted(set(pairs[start : start + SLICE]))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(NOTE, {**told, "first": [one for one, _ in part], "second": [other for _, other in part]})


def settle(object_type: str, *, run_id: int) -> int:
    """Forgets what this run has not found again and says how sure it is of the rest. Returns how many pairs there are."""
    type_id = queries.type_id(object_type)
    pairs = DuplicatePair.objects.filter(object_type_id=type_id)
    for old in _slices(list(pairs.exclude(run_id=run_id).values_list("id", flat=True))):
        DuplicatePair.objects.filter(pk__in=old).delete()
    for part in _slices(list(pairs.order_by("id").values_list("id", flat=True))):
        with connection.cursor() as cursor:
            cursor.execute(SCORE, [type_id, run_id, part[0] - 1, part[-1]])
    return pairs.count()


def _slices(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + SLICE * 2] for start in range(0, len(ids), SLICE * 2)]


def deny(first: int, second: int, *, actor: Actor) -> None:
    """These two are not one: no run proposes them again."""
    one, other = sorted((first, second))
    with transaction.atomic():
        NotDuplicate.objects.get_or_create(first_id=one, second_id=other, defaults={"actor_id": actor.user_id, "at": timezone.now()})
        DuplicatePair.objects.filter(first_id=one, second_id=other).delete()


def allow(first: int, second: int) -> None:
    """Takes a denial back; the next run may find them again."""
    one, other = sorted((first, second))
    NotDuplicate.objects.filter(first_id=one, second_id=other).delete()
