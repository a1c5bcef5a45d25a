"""Which records the keys of a file stand for: those of this import, those that have a unique value, those in the columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from jalon.accounts.access import Access
from jalon.imports.mapping import RECORD_ID
from jalon.imports.models import File, Import, RowKey
from jalon.imports.queries import link_types, token
from jalon.imports.targets import Link, beside, links
from jalon.records import queries as records
from jalon.records.models import UniqueValue
from jalon.warehouse import current, query
from jalon.web.numbers import whole

Found = dict[str, list[int]]  # folded key: the records it may mean, the oldest first


def column_space(place: int, heading: str) -> str:
    """The keys of a column of one of the files."""
    return f"{place}:{heading}"[:200]


def object_space(object_type: str, by: str) -> str:
    """The keys by which another object of the rows is found."""
    return f"{object_type}/{by}"


def wanted_columns(row: Import, place: int) -> list[str]:
    """The columns of a file that other files refer to."""
    every = (link for file in row.files.all() for _, link in links(file.mapping))
    return list(dict.fromkeys(link.heading for link in every if not link.by and link.file == place))


def wanted_properties(row: Import, object_type: str) -> list[str]:
    """The properties of an object by which rows of this import name its records: what it writes the columns know too late."""
    named = []
    for file in row.files.all():
        there = {way.token: way.there for way in link_types(file.object_type)}
        named += [link.by for _, link in links(file.mapping) if link.by and there[token(link.type_name, link.inverse)] == object_type]
        named += [file.companions[name]["by"] for name in beside(file.mapping) if name == object_type]
    properties = records.catalog(object_type).properties
    return [name for name in dict.fromkeys(named) if name != RECORD_ID and not properties[name].unique]


def of_import(import_id: int, space: str, keys: Iterable[str]) -> Found:
    """The records that this import has met under these keys."""
    rows = RowKey.objects.filter(of_id=import_id, space=space, key__in=list(keys)).values_list("key", "record_id")
    return {key: [record_id] for key, record_id in rows}


def by_property(access: Access, object_type: str, name: str, keys: Sequence[str]) -> Found:
    """The records, among those that somebody may see, that have these values: folded, the oldest first."""
    if not keys:
        return {}
    if name == RECORD_ID:
        ids = [id for key in keys if (id := whole(key)) is not None]
        return {str(id): [id] for id in records.reachable(access, object_type, ids, "view")}
    spec = records.catalog(object_type).properties[name]
    return _unique(access, object_type, name, keys) if spec.unique else _alike(access, object_type, name, keys)


def _unique(access: Access, object_type: str, name: str, keys: Sequence[str]) -> Found:
    property_id = records.property_ids(object_type)[name]
    holders = dict(UniqueValue.objects.filter(property_id=property_id, value__in=list(keys)).values_list("value", "record_id"))
    seen = set(records.reachable(access, object_type, list(holders.values()), "view"))
    return {key: [id] for key, id in holders.items() if id in seen}


def _alike(access: Access, object_type: str, name: str, keys: Sequence[str]) -> Found:
    value = query.lowered(query.column(name))
    catalog = records.catalog(object_type)
    tree = query.select(query.column("id"), value).from_(query.table(catalog.plural))
    among = query.one_of(value, [query.text(key.lower()) for key in keys])
    found: Found = {}
    for id, text in current.engine().rows(tree.where(records.matching(access, object_type, among))):
        found.setdefault(text.casefold(), []).append(id)
    return {key: sorted(ids) for key, ids in found.items()}


def partners(access: Access, file: File, link: Link, there: str, keys: Sequence[str]) -> Found:
    """The records that the cells of a column mean."""
    if link.by:
        met = of_import(file.of_id, object_space(there, link.by), keys)
        return by_property(access, there, link.by, [key for key in keys if key not in met]) | met
    return of_import(file.of_id, column_space(link.file, link.heading), keys)


def sides(link: Link, id: int, partner: int) -> tuple[int, int]:
    """A pair as its association type reads it."""
    return (partner, id) if link.inverse else (id, partner)


def companions_of(file: File, mapping: Mapping[str, Mapping[str, str]]) -> list[tuple[str, Link]]:
    """The other objects in the rows of a file, and how they are associated with it."""
    chosen = []
    for object_type in mapping:
        name, _, side = file.companions[object_type]["link"].partition(":")
        chosen.append((object_type, Link(name, side == "from", file.companions[object_type]["by"])))
    return chosen
