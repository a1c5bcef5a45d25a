"""A small world to ask: one property of every kind, people with a past, and the columns filled from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from sqlglot import exp

from jalon.criteria.compile import predicate
from jalon.criteria.tree import Criteria
from jalon.records.columns import HISTORY, Catalog, FieldType, Option, PropertySpec, Type
from jalon.warehouse import query
from jalon.warehouse.engine import Batch, Engine, Put, Remove
from jalon.warehouse.schema import Table
from tests.criteria.naive import Person


def _property(name: str, type: Type, field_type: FieldType, en: str, fr: str, **more: Any) -> PropertySpec:
    return PropertySpec(name, type, field_type, en, fr, **more)


INDUSTRIES = (
    Option("retail", "Retail", "Commerce"),
    Option("tech", "Technology", "Technologie"),
    Option("re", "Real estate", "Immobilier"),
)
TOPICS = (Option("news", "News", "Actualités"), Option("new", "New things", "Nouveautés"), Option("s", "Sales", "Ventes"))

_SPECS = (
    _property("firstname", Type.STRING, FieldType.TEXT, "First name", "Prénom"),
    _property("company", Type.STRING, FieldType.TEXT, "Company name", "Nom de l'entreprise"),
    _property("revenue", Type.NUMBER, FieldType.NUMBER, "Total revenue", "Chiffre d'affaires total"),
    _property("score", Type.NUMBER, FieldType.NUMBER, "Lead score", "Score du lead"),
    _property("subscribed", Type.BOOL, FieldType.BOOL, "Subscribed", "Abonné"),
    _property("member", Type.BOOL, FieldType.BOOL, "Member", "Membre"),
    _property("industry", Type.ENUMERATION, FieldType.SELECT, "Industry", "Secteur", options=INDUSTRIES),
    _property("topics", Type.ENUMERATION, FieldType.CHECKBOX, "Topics", "Sujets", options=TOPICS),
    _property("owner", Type.USER, FieldType.SELECT, "Owner", "Propriétaire"),
    _property("birthday", Type.DATE, FieldType.DATE, "Birthday", "Date de naissance"),
    _property("renewal", Type.DATE, FieldType.DATE, "Renewal date", "Date de renouvellement"),
    _property("last_activity", Type.DATETIME, FieldType.DATE, "Last activity", "Dernière activité"),
    _property("createdate", Type.DATETIME, FieldType.DATE, "Create date", "Date de création"),
)

CONTACTS = Catalog(
    "contact",
    "contacts",
    "contact",
    "contact",
    "contacts",
    "contacts",
    ("firstname",),
    properties=MappingProxyType({spec.name: spec for spec in _SPECS}),
)


def instant(moment: datetime) -> str:
    """The canonical text of an instant."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def fill(engine: Engine, people: Sequence[Person]) -> None:
    """Make the columns hold these people and nobody else."""
    table = CONTACTS.table()
    if not engine.tables():
        engine.ensure([table, HISTORY])
    (held,) = engine.rows(query.select(exp.Max(this=query.column("id"))).from_(query.table(table.name)))
    gone = range(1, (held[0] or 0) + 1)
    rows = [{"id": str(person.id), **person.values} for person in people]
    puts = (Put(table, _arrow(table, rows)), Put(HISTORY, _arrow(HISTORY, _history(people))))
    engine.apply(Batch((Remove(table, gone), Remove(HISTORY, gone), *puts)))


def _history(people: Sequence[Person]) -> list[dict[str, str | None]]:
    lines = [(person, change) for person in people for change in person.history]
    return [
        {
            "change_id": str(place),
            "object_type": "contact",
            "record_id": str(person.id),
            "property": change.property,
            "old": change.old,
            "new": change.new,
            "at": instant(change.at),
            "source": "user",
        }
        for place, (person, change) in enumerate(lines)
    ]


def _arrow(table: Table, rows: Sequence[Mapping[str, str | None]]) -> Any:
    names = [column.name for column in table.columns]
    return pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names})


def selected(engine: Engine, criteria: Criteria, now: datetime, **more: Any) -> set[int]:
    """The ids that the compiled criteria select."""
    condition = predicate(criteria, CONTACTS, now=now, zone=ZoneInfo(engine.zone), **more)
    return {row[0] for row in engine.rows(query.select(query.column("id")).from_(query.table("contacts")).where(condition))}


def answers(engine: Engine, many: Sequence[Criteria], now: datetime, **more: Any) -> dict[int, tuple[bool, ...]]:
    """What each of many criteria says of each record, a dozen of criteria in one scan."""
    asked = [predicate(one, CONTACTS, now=now, zone=ZoneInfo(engine.zone), **more) for one in many]
    told: dict[int, tuple[bool, ...]] = {}
    for first in range(0, len(asked), 12):
        columns = (query.named(condition, f"c{place}") for place, condition in enumerate(asked[first : first + 12]))
        for row in engine.rows(query.select(query.column("id"), *columns).from_(query.table("contacts"))):
            told[row[0]] = told.get(row[0], ()) + row[1:]
    return told
