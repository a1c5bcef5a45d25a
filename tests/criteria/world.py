"""A small world to ask: one property of every kind, people with a past, their companies, what they looked at; and the columns filled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from sqlglot import exp

from jalon.criteria import kinds
from jalon.criteria.compile import predicate
from jalon.criteria.kinds import Choice, FilterKind, Refining
from jalon.criteria.known import Known, Link
from jalon.criteria.operators import Operands, Operator
from jalon.criteria.question import Setting
from jalon.criteria.refining import on_record
from jalon.criteria.tree import Criteria, Fact
from jalon.imports import filters as imports_filters
from jalon.records.columns import ASSOCIATIONS, HISTORY, Catalog, FieldType, Option, PropertySpec, Type
from jalon.warehouse import query
from jalon.warehouse.engine import Batch, Engine, Put, Remove
from jalon.warehouse.schema import Column, Kind, Table
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
    _property("company", Type.STRING, FieldType.TEXT, "Company name", "Nom de l’entreprise"),
    _property("revenue", Type.NUMBER, FieldType.NUMBER, "Total revenue", "Chiffre d’affaires total"),
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


_COMPANY_SPECS = (
    _property("name", Type.STRING, FieldType.TEXT, "Name", "Nom"),
    _property("employees", Type.NUMBER, FieldType.NUMBER, "Employees", "Effectif"),
    _property("partner", Type.BOOL, FieldType.BOOL, "Partner", "Partenaire"),
    _property("industry", Type.ENUMERATION, FieldType.SELECT, "Industry", "Secteur", options=INDUSTRIES),
    _property("topics", Type.ENUMERATION, FieldType.CHECKBOX, "Topics", "Sujets", options=TOPICS),
    _property("owner", Type.USER, FieldType.SELECT, "Owner", "Propriétaire"),
    _property("founded", Type.DATE, FieldType.DATE, "Founded on", "Date de création"),
    _property("last_order", Type.DATETIME, FieldType.DATE, "Last order", "Dernière commande"),
)

COMPANIES = Catalog(
    "company",
    "companies",
    "Company",
    "Entreprise",
    "Companies",
    "Entreprises",
    ("name",),
    properties=MappingProxyType({spec.name: spec for spec in _COMPANY_SPECS}),
)

LINKS = (
    Link(1, "contact_to_company", "contact", "company"),
    Link(2, "adviser", "contact", "company", "Advised company", "Entreprise conseillée", "Adviser", "Conseiller"),
    Link(3, "colleague", "contact", "contact", "Colleague", "Collègue", "Colleague", "Collègue"),
    Link(4, "manager", "contact", "contact", "Manager", "Responsable", "Managed person", "Personne encadrée"),
)
KNOWN = Known(MappingProxyType({"contact": CONTACTS, "company": COMPANIES}), LINKS)

VISITS = Table("visits", (Column("page", Kind.STRING), Column("record_id", Kind.ID), Column("at", Kind.DATETIME)), key=("record_id",))

PAGES = {"home": "Home", "prices": "Prices", "jobs": "Jobs"}
IMPORTS = {"7": "leads.csv, May 6, 2024", "8": "shops.csv, May 7, 2024"}


def _saw(fact: Fact, setting: Setting) -> exp.Expression:
    if fact.operator == "saw_not":
        return query.negation(_saw(replace(fact, operator="saw"), setting))
    return on_record(fact, setting, VISITS.name, {"page": [query.text(page) for page in fact.values]})


def _choices(names: Mapping[str, str]) -> dict[str, Any]:
    """The operands of a kind, where they are few and known."""
    return {
        "choices": lambda access, object_type: [Choice(value, label) for value, label in names.items()],
        "find": lambda values: {value: names[value] for value in values if value in names},
    }


VISIT = FilterKind(
    name="visit",
    label="Page view",
    icon="eye",
    operators=(Operator("saw", "looked at", Operands.MANY), Operator("saw_not", "did not look at", Operands.MANY)),
    compile=_saw,
    refines=frozenset(Refining),
    negatives=frozenset({"saw_not"}),
    object_types=frozenset({"contact", "company"}),
    **_choices(PAGES),
)

#: The real kind, but for the table of imports, which it would look them up in.
IMPORT = replace(imports_filters.filter_kind(), check=lambda fact, catalog: (), **_choices(IMPORTS))


@contextmanager
def filter_kinds(*rows: FilterKind) -> Iterator[None]:
    """These kinds of filters in place of the product's own."""
    before = tuple(kinds.kinds().values())
    kinds.install(rows)
    try:
        yield
    finally:
        kinds.install(before)


def instant(moment: datetime) -> str:
    """The canonical text of an instant."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def fill(engine: Engine, people: Sequence[Person], companies: Sequence[Person] = ()) -> None:
    """Make the columns hold these people and companies and nobody else."""
    everybody = ((CONTACTS, people), (COMPANIES, companies))
    tables = [CONTACTS.table(), COMPANIES.table(), HISTORY, ASSOCIATIONS, VISITS]
    there = engine.tables()
    if missing := [table for table in tables if table.name not in there]:
        engine.ensure(missing)
    empty = [Remove(table, range(1, _highest(engine, table) + 1)) for table in tables]
    puts = [Put(catalog.table(), _arrow(catalog.table(), _rows(records))) for catalog, records in everybody]
    history = [line for catalog, records in everybody for line in _history(catalog, records)]
    links = [line for catalog, records in everybody for line in _links(catalog, records)]
    visits = [line for _, records in everybody for line in _visits(records)]
    beside = [Put(table, _arrow(table, lines)) for table, lines in ((HISTORY, history), (ASSOCIATIONS, links), (VISITS, visits))]
    engine.apply(Batch((*empty, *puts, *beside)))


def _highest(engine: Engine, table: Table) -> int:
    ((held,),) = engine.rows(query.select(exp.Max(this=query.column(table.key[0]))).from_(query.table(table.name)))
    return held or 0


def _rows(records: Sequence[Person]) -> list[dict[str, str | None]]:
    return [{"id": str(one.id), **one.values} for one in records]


def _history(catalog: Catalog, records: Sequence[Person]) -> list[dict[str, str | None]]:
    lines = [(one, change) for one in records for change in one.history]
    return [
        {
            "change_id": str(place),
            "object_type": catalog.object_type,
            "record_id": str(one.id),
            "property": change.property,
            "old": change.old,
            "new": change.new,
            "at": instant(change.at),
            "source": change.source,
            "source_detail": change.detail,
        }
        for place, (one, change) in enumerate(lines)
    ]


def _links(catalog: Catalog, records: Sequence[Person]) -> list[dict[str, str | None]]:
    """Each link from the side that knows of it, as the columns have it: from both sides where both know."""
    ids = {link.name: str(link.id) for link in LINKS}
    return [
        {
            "from_type": catalog.object_type,
            "from_id": str(one.id),
            "to_type": bond.object_type,
            "to_id": str(bond.id),
            "type_id": ids[bond.type],
            "is_primary": "false",
            "inverse": "true" if bond.inverse else "false",
        }
        for one in records
        for bond in one.bonds
    ]


def _visits(records: Sequence[Person]) -> list[dict[str, str | None]]:
    return [{"record_id": str(one.id), "page": visit.page, "at": instant(visit.at)} for one in records for visit in one.visits]


def _arrow(table: Table, rows: Sequence[Mapping[str, str | None]]) -> Any:
    names = [column.name for column in table.columns]
    return pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names})


def selected(engine: Engine, criteria: Criteria, now: datetime, **more: Any) -> set[int]:
    """The ids that the compiled criteria select."""
    condition = predicate(criteria, CONTACTS, now=now, zone=ZoneInfo(engine.zone), known=KNOWN, **more)
    return {row[0] for row in engine.rows(query.select(query.column("id")).from_(query.table("contacts")).where(condition))}


def answers(engine: Engine, many: Sequence[Criteria], now: datetime, **more: Any) -> dict[int, tuple[bool, ...]]:
    """What each of many criteria says of each record, a dozen of criteria in one scan."""
    asked = [predicate(one, CONTACTS, now=now, zone=ZoneInfo(engine.zone), known=KNOWN, **more) for one in many]
    told: dict[int, tuple[bool, ...]] = {}
    for first in range(0, len(asked), 12):
        columns = (query.named(condition, f"c{place}") for place, condition in enumerate(asked[first : first + 12]))
        for row in engine.rows(query.select(query.column("id"), *columns).from_(query.table("contacts"))):
            told[row[0]] = told.get(row[0], ()) + row[1:]
    return told
