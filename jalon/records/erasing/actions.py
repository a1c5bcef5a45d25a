"""Deleting people for ever (GDPR, article 17): every holding forgets them in one transaction, files and disks follow in the background."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from jalon.accounts.access import Actor
from jalon.accounts.actions import Refused
from jalon.accounts.audit.actions import audit
from jalon.jobs import actions as jobs
from jalon.jobs.models import Job
from jalon.jobs.queries import UNFINISHED
from jalon.records import holdings, queries
from jalon.records.columns import Origin, Position, Source
from jalon.records.erasing import queries as erasing
from jalon.records.erasing.queries import ErasureView
from jalon.records.holdings import Person
from jalon.records.log import actions as log
from jalon.records.models import Association, Change, DuplicatePair, Erasure, Merge, NotDuplicate, ObjectType, Record, UniqueValue
from jalon.warehouse.words import N_

JOB: Final = "erase"
ERASED: Final = N_("%(who)s deleted records for ever: %(count)s (erasure %(erasure)s).")
LABEL: Final = N_("Deleting for ever")
CLEANED: Final = ("records_record", "records_change", "records_uniquevalue", "records_association", "records_merge")


def erase(object_type: str, ids: Sequence[int], *, actor: Actor) -> ErasureView:
    """Forgets these people and all that was merged with them; only the fact remains. There is no undo.

    Raises Refused where none of the records is there. What each holding forgot is counted; the answer names the backups,
    which hold the person until they are deleted. Nothing keeps the person from being entered again.
    """
    with transaction.atomic():
        person = erasing.person(object_type, ids)
        there = Record.objects.select_for_update().filter(pk__in=person.ids, object_type_id=queries.type_id(object_type)).order_by("id")
        found = list(there.values_list("id", flat=True))
        if not found:
            raise Refused(gettext("There is nothing to delete: these records are gone."))
        everyone = _with_their_activities(person)
        shared = erasing.shared_activities(everyone.ids)
        position = _log(everyone, actor)
        counts = {holding.name: holding.erase(everyone) for holding in holdings.all_holdings() if holding.erase is not None}
        row = Erasure.objects.create(
            object_type_id=queries.type_id(object_type),
            record_ids=list(everyone.ids),
            actor_id=actor.user_id,
            counts=counts,
            remaining={"backups": erasing.backups(), "shared_activities": shared},
            waiting=_waiting(everyone, position),
        )
        audit(actor, "record.erased", ERASED, count=len(everyone.ids), erasure=row.pk)
        jobs.start(JOB, LABEL, arguments={"erasure_id": row.pk}, user_id=actor.user_id)
    return erasing.erasure_view(row)


def _with_their_activities(person: Person) -> Person:
    """With the notes, tasks, calls and meetings that are about nobody else."""
    more = erasing.only_theirs(person.ids)
    return Person(person.object_type, tuple(sorted({*person.ids, *more})), person.addresses, person.phones, person.names)


def _log(person: Person, actor: Actor) -> Position:
    """A line for each record, so that the columns forget it too; it names who was linked to it, whose links are told anew."""
    neighbors = erasing.linked_with(person.ids)
    names = {queries.type_id(name): catalog for name, catalog in queries.catalogs().items()}
    now, position = timezone.now(), None
    by_type: dict[int, list[int]] = {}
    for id, type_id in Record.objects.filter(pk__in=person.ids).values_list("id", "object_type_id"):
        by_type.setdefault(type_id, []).append(id)
    for type_id, ids in by_type.items():
        rows = [(id, Change.Kind.ERASED.value, now, Origin(Source.USER), False, {"to": neighbors}) for id in ids]
        position = log.append(names[type_id], rows, actor)
    assert position is not None  # there is a record, its row is locked
    return position


def _waiting(person: Person, position: Position) -> dict[str, Any]:
    return {
        "addresses": sorted(person.addresses),
        "phones": sorted(person.phones),
        "names": sorted(person.names),
        "position": [position.epoch, position.xid, position.id],
    }


# What records hold of a person


def forget_records(person: Person) -> int:
    """The rows themselves. Who points at them is gone before: see the order of the holdings."""
    number, _ = Record.objects.filter(pk__in=person.ids).delete()
    return number


def forget_unique_values(person: Person) -> int:
    number, _ = UniqueValue.objects.filter(record_id__in=person.ids).delete()
    return number


def forget_links(person: Person) -> int:
    number, _ = Association.objects.filter(Q(from_record_id__in=person.ids) | Q(to_record_id__in=person.ids)).delete()
    return number


def forget_values_in_the_log(person: Person) -> int:
    """Lines keep their record's number and lose what was said: readers of the log go on as before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_change SET delta = '{}', source_detail = '' WHERE record_id = ANY(%s) AND kind IN ('c', 'u')",
            [list(person.ids)],
        )
        return int(cursor.rowcount)


def forget_merges(person: Person) -> int:
    """The values from before a merge, and the pairs that the finder has found."""
    pairs = Q(first_id__in=person.ids) | Q(second_id__in=person.ids)
    merges, _ = Merge.objects.filter(Q(survivor_id__in=person.ids) | Q(loser_id__in=person.ids)).delete()
    found, _ = DuplicatePair.objects.filter(pairs).delete()
    denied, _ = NotDuplicate.objects.filter(pairs).delete()
    return merges + found + denied


Columns = Mapping[str, Sequence[str]]  # the columns of text or JSON by table
UNNAMED: Final = "[…]"


def forget_mentions(columns: Columns) -> Callable[[Person], int]:
    """An eraser for small tables in which people may have typed or read somebody's address, phone number or full name.

    The words are blotted out where they stand, so that the filter of a report stays a filter.
    """

    def forget(person: Person) -> int:
        others = {*person.phones, *(name for name in person.names if " " in name)}
        kinds = ((person.addresses, holdings.ADDRESS_END), (others, holdings.END))
        ways = [f"{_any_of(words)}{end}" for words, end in kinds if words]
        pattern = holdings.BEGIN + "(" + "|".join(ways) + ")"
        return sum(_blot_out(table, names, pattern) for table, names in columns.items()) if ways else 0

    return forget


def _any_of(words: Collection[str]) -> str:
    """The longest first, so that none is cut short by another."""
    return "(" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


def _blot_out(table: str, names: Sequence[str], pattern: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = %s::regclass AND attname = ANY(%s)",
            [table, list(names)],
        )
        kinds = dict(cursor.fetchall())
        blotted = ", ".join(f"{name} = regexp_replace({name}::text, %(pattern)s, %(unnamed)s, 'gi')::{kinds[name]}" for name in names)
        found = " OR ".join(f"{name}::text ~* %(pattern)s" for name in names)
        cursor.execute(f"UPDATE {table} SET {blotted} WHERE {found}", {"pattern": pattern, "unnamed": UNNAMED})
        return int(cursor.rowcount)


# Afterwards, in the background


def waiting_person(row: Erasure) -> tuple[Person, Position]:
    """Who the background part still has to forget."""
    known: Mapping[str, Any] = row.waiting or {}
    object_type = ObjectType.objects.get(pk=row.object_type_id).name
    words = {part: frozenset(known.get(part, ())) for part in ("addresses", "phones", "names")}
    return Person(object_type, tuple(row.record_ids), **words), Position(*known.get("position", (0, 0, 0)))


def take_up_waiting(before: datetime) -> None:
    """Gives erasures whose background part has failed to the workers again."""
    for row in Erasure.objects.filter(waiting__isnull=False, at__lt=before):
        known = Job.objects.filter(kind=JOB, arguments__erasure_id=row.pk)
        if not known.filter(state__in=UNFINISHED).exists() and not known.filter(created_at__gte=before).exists():
            jobs.start(JOB, LABEL, arguments={"erasure_id": row.pk}, user_id=row.actor_id)


def vacuum() -> None:
    """Lets the dead rows leave PostgreSQL's tables. Its write-ahead log holds them until it is written over, minutes to days later."""
    with connection.cursor() as cursor:
        for name in CLEANED:
            cursor.execute(f"VACUUM {name}")


def finish(row: Erasure, counts: Mapping[str, int]) -> None:
    """The background part is done: what it knew the person by goes, too."""
    row.counts = {**row.counts, **{name: row.counts.get(name, 0) + number for name, number in counts.items()}}
    row.waiting, row.done_at = None, timezone.now()
    row.save(update_fields=["counts", "waiting", "done_at"])
