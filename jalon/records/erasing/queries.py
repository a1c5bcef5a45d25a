"""Who a person is in all that is kept, what records hold of them, and what is known to remain."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson
from django.conf import settings
from django.db import connection
from django.db.models import Q

from jalon.records import queries
from jalon.records.columns import FieldType
from jalon.records.holdings import Person
from jalon.records.log.queries import families
from jalon.records.models import Erasure, Merge, ObjectType, Property, Record
from jalon.records.plan import ALSO

MOST_NAMES: Final = 50  # of one erasure: first and last names are combined
BACKUPS: Final = "backups"  # below JALON_HOME


def family(ids: Sequence[int]) -> list[int]:
    """These records with all that are one with them."""
    return sorted({*ids, *families(ids)})


def erased_since(instant: datetime) -> set[int]:
    """The records of erasures since, and of those whose background part is not done."""
    rows = Erasure.objects.filter(Q(at__gte=instant) | Q(waiting__isnull=False))
    return {id for ids in rows.values_list("record_ids", flat=True) for id in ids}


def person(object_type: str, ids: Sequence[int]) -> Person:
    """Everything that tells these people from others: what stands in their records now, and what ever stood there."""
    everyone = family(ids)
    names = _telling(object_type)
    wanted = [*names.addresses, *names.phones, *queries.catalog(object_type).primary]
    values: dict[str, set[str]] = {name: set() for name in wanted}
    for name, value in _ever(everyone, wanted):
        values[name].add(value.casefold())
    return Person(
        object_type,
        tuple(everyone),
        frozenset(part for name in names.addresses for value in values[name] for part in value.split(";") if part),
        frozenset(value for name in names.phones for value in values[name]),
        frozenset(_names([sorted(values[name]) for name in queries.catalog(object_type).primary])),
    )


@dataclass(frozen=True, slots=True)
class _Telling:
    addresses: tuple[str, ...]
    phones: tuple[str, ...]


def _telling(object_type: str) -> _Telling:
    """The properties that tell a person from others, archived ones among them."""
    rows = Property.objects.filter(object_type__name=object_type)
    phones = Q(field_type=FieldType.PHONE.value) | Q(hint="phone")
    addresses = Q(unique=True) | Q(hint="email") | Q(name__in=ALSO.values())
    return _Telling(
        tuple(rows.filter(addresses).exclude(phones).values_list("name", flat=True)),
        tuple(rows.filter(phones).values_list("name", flat=True)),
    )


def _ever(ids: Sequence[int], names: Sequence[str]) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.key, p.value FROM records_record r, jsonb_each_text(r.properties) p"
            " WHERE r.id = ANY(%(ids)s) AND p.key = ANY(%(names)s)"
            " UNION SELECT d.key, v.value FROM records_change c, jsonb_each(c.delta) d, jsonb_array_elements_text(d.value) v"
            " WHERE c.record_id = ANY(%(ids)s) AND c.kind IN ('c', 'u') AND d.key = ANY(%(names)s) AND v.value IS NOT NULL",
            {"ids": list(ids), "names": list(names)},
        )
        return [(str(name), str(value)) for name, value in cursor.fetchall()]


def _names(parts: Sequence[Sequence[str]]) -> list[str]:
    found = [""]
    for values in parts:
        found = [f"{name} {value}".strip() for name in found for value in (values or [""])][:MOST_NAMES]
    return [name for name in found if name]


def linked_with(ids: Sequence[int]) -> list[int]:
    """The records at the other end of their links."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_record_id FROM records_association WHERE from_record_id = ANY(%(ids)s)"
            " UNION SELECT from_record_id FROM records_association WHERE to_record_id = ANY(%(ids)s)",
            {"ids": list(ids)},
        )
        return sorted({id for (id,) in cursor.fetchall()} - set(ids))


def only_theirs(ids: Sequence[int]) -> list[int]:
    """The notes, tasks, calls and meetings that are linked with these records and with no other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH near AS (SELECT a.from_record_id AS id FROM records_association a WHERE a.to_record_id = ANY(%(ids)s)"
            " UNION SELECT a.to_record_id FROM records_association a WHERE a.from_record_id = ANY(%(ids)s))"
            " SELECT r.id FROM near JOIN records_record r USING (id) JOIN records_objecttype o ON o.id = r.object_type_id AND o.is_activity"
            " WHERE NOT EXISTS (SELECT FROM records_association a WHERE a.from_record_id = r.id AND a.to_record_id <> ALL(%(ids)s))"
            " AND NOT EXISTS (SELECT FROM records_association a WHERE a.to_record_id = r.id AND a.from_record_id <> ALL(%(ids)s))",
            {"ids": list(ids)},
        )
        return sorted(id for (id,) in cursor.fetchall())


def shared_activities(ids: Sequence[int]) -> int:
    """How many notes, tasks, calls and meetings are about somebody else as well: they stay, and may speak of the person."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM records_record r JOIN records_objecttype o ON o.id = r.object_type_id"
            " WHERE o.is_activity AND r.id = ANY(%s)",
            [linked_with(ids)],
        )
        return int(cursor.fetchone()[0])


def backups() -> list[str]:
    """What `jalon backup` has made so far: it holds what was erased after it."""
    folder: Path = settings.ENVIRONMENT.home / BACKUPS
    return sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []


# What records hold


def records(person: Person) -> Iterator[Mapping[str, object]]:
    """Each value of each record."""
    for row in Record.objects.filter(pk__in=person.ids).select_related("object_type").order_by("id"):
        catalog = queries.catalog(row.object_type.name)
        for name, value in {"createdate": row.created_at.isoformat(), **row.properties}.items():
            spec = catalog.properties.get(name)
            yield {
                "object_type": row.object_type.name,
                "record": row.pk,
                "property": name,
                "label": spec.label("en") if spec else name,
                "value": value,
            }


def history(person: Person) -> Iterator[Mapping[str, object]]:
    """Each change of each value, by its own instant."""
    after = (datetime(1, 1, 1, tzinfo=UTC), 0)
    sql = (
        "SELECT c.at, c.id, c.record_id, c.kind::text, c.source, c.delta::text FROM records_change c"
        " WHERE c.record_id = ANY(%s) AND c.kind IN ('c', 'u') AND (c.at, c.id) > (%s, %s)"
        " ORDER BY c.at, c.id LIMIT 5000"
    )
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql, [list(person.ids), *after])
            rows = cursor.fetchall()
        for at, _, record_id, _, source, delta in rows:
            for name, (old, new) in orjson.loads(delta).items():
                yield {"at": at.isoformat(), "record": record_id, "property": name, "old": old, "new": new, "source": source}
        if not rows:
            return
        after = rows[-1][:2]


def links(person: Person) -> Iterator[Mapping[str, object]]:
    """Which records they are linked with: by number and kind, since what stands in those is about somebody else."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.name, a.from_record_id, a.to_record_id, a.created_at, o.name FROM records_association a"
            " JOIN records_associationtype l ON l.id = a.type_id"
            " JOIN records_record other"
            " ON other.id = CASE WHEN a.from_record_id = ANY(%(ids)s) THEN a.to_record_id ELSE a.from_record_id END"
            " JOIN records_objecttype o ON o.id = other.object_type_id"
            " WHERE a.from_record_id = ANY(%(ids)s) OR a.to_record_id = ANY(%(ids)s) ORDER BY a.id",
            {"ids": list(person.ids)},
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    own = set(person.ids)
    for name, from_id, to_id, since, other_type in rows:
        record, other = (from_id, to_id) if from_id in own else (to_id, from_id)
        yield {"record": record, "association": name, "with": other, "object_type": other_type, "since": since.isoformat()}


def merges(person: Person) -> Iterator[Mapping[str, object]]:
    """Which of the records became one, and when."""
    for row in Merge.objects.filter(Q(survivor_id__in=person.ids) | Q(loser_id__in=person.ids)).order_by("id"):
        undone = row.undone_at.isoformat() if row.undone_at else None
        yield {"at": row.at.isoformat(), "survivor": row.survivor_id, "merged": row.loser_id, "taken_back": undone}


# Erasures


@dataclass(frozen=True, slots=True)
class ErasureView:
    """The fact of an erasure."""

    id: int
    object_type: str
    record_ids: tuple[int, ...]
    at: datetime
    actor_id: int | None
    counts: Mapping[str, int]
    remaining: Mapping[str, Any]
    done_at: datetime | None


def erasures(object_type: str, limit: int = 50) -> list[ErasureView]:
    """The latest first."""
    rows = Erasure.objects.filter(object_type__name=object_type).select_related("object_type").order_by("-id")[:limit]
    return [erasure_view(row) for row in rows]


def erasure(id: int) -> ErasureView | None:
    row = Erasure.objects.select_related("object_type").filter(pk=id).first()
    return erasure_view(row) if row else None


def erasure_of(object_type: str, record_id: int) -> ErasureView | None:
    """The erasure of a record that is gone for ever; None where it never was, or still is."""
    row = Erasure.objects.filter(object_type__name=object_type, record_ids__contains=[record_id]).select_related("object_type").first()
    return erasure_view(row) if row else None


def erasure_view(row: Erasure) -> ErasureView:
    return ErasureView(
        row.pk, row.object_type.name, tuple(row.record_ids), row.at, row.actor_id, dict(row.counts), dict(row.remaining), row.done_at
    )


# What there is to claim


def tables() -> list[str]:
    """Every table of PostgreSQL; a partition is its parent's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
            " AND NOT c.relispartition ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def files(home: Path) -> list[str]:
    """Every file of a home, as a path below it, but for the thousands of PostgreSQL; a link to elsewhere is not followed."""
    found: list[str] = []
    for folder, folders, names in os.walk(home):
        if Path(folder) == home and "pg" in folders:
            folders.remove("pg")
            found.append("pg")
        found += [str((Path(folder) / name).relative_to(home)) for name in names]
    return sorted(found)


def object_types() -> list[str]:
    return list(ObjectType.objects.values_list("plural", flat=True))
