"""What can be known of a file before anybody says anything: what its rows are, where its columns go, how it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jalon.accounts.access import Access, Scope
from jalon.accounts.queries import account
from jalon.imports import mapping as guesses
from jalon.imports import past, queries, targets
from jalon.imports.dates import Order, guess_order
from jalon.imports.models import File
from jalon.imports.numbers import guess_decimal
from jalon.imports.plan import MATCH_ID
from jalon.records import queries as records
from jalon.records.columns import Catalog, Type
from jalon.warehouse.folding import fold
from jalon.web.numbers import whole

DATED = (Type.DATE, Type.DATETIME)
Columns = Sequence[tuple[str, ...]]


def guess(file: File) -> None:
    """The mapping, the match, the order of dates and the decimal mark, from the first rows."""
    catalog = records.catalog(file.object_type)
    samples = queries.samples(file)
    file.companions = {}
    if file.is_history:
        dates, numbers = _guess_history(file, samples, catalog), []
    else:
        file.mapping = {one.heading: one.property for one in guesses.guess_mapping(file.headings, samples, catalog) if one.property}
        dates, numbers = columns_of(file, samples, catalog, DATED), columns_of(file, samples, catalog, (Type.NUMBER,))
        file.match = guess_match(file.mapping, catalog)
    file.order = guess_order((cell for cells in dates for cell in cells), _usual_order()).order
    french = file.of.language.startswith("fr")
    usual = "," if french and file.delimiter == ";" else "."
    file.decimal = "." if file.sheet else guess_decimal((cell for cells in numbers for cell in cells), usual)


def _guess_history(file: File, samples: Columns, catalog: Catalog) -> list[tuple[str, ...]]:
    file.mapping = past.guess_roles(file.headings, samples)
    columns = dict(zip(file.headings, samples, strict=True))
    key = next((columns[heading] for heading, role in file.mapping.items() if role == past.Role.KEY), ())
    file.match = MATCH_ID if all(whole(cell.strip()) is not None for cell in key) or "email" not in catalog.properties else "email"
    return [columns[heading] for heading, role in file.mapping.items() if role == past.Role.AT]


def columns_of(file: File, samples: Columns, catalog: Catalog, types: Sequence[Type]) -> list[tuple[str, ...]]:
    """The first cells of the columns that go into properties of these types."""
    pairs = zip(file.headings, samples, strict=True)
    return [cells for heading, cells in pairs if (spec := catalog.properties.get(file.mapping.get(heading, ""))) and spec.type in types]


def _usual_order() -> Order:
    """Where the data leave it open: month first in America, day first elsewhere."""
    return Order.MDY if account().zone.startswith(("America/", "US/")) else Order.DMY


def guess_match(mapping: Mapping[str, str], catalog: Catalog) -> str:
    """The record id where a column holds it, else the first unique property that is mapped; the id where nothing tells records apart."""
    mapped = set(mapping.values())
    if guesses.RECORD_ID in mapped:
        return MATCH_ID
    return next((spec.name for spec in queries.match_keys(catalog) if spec.name in mapped), MATCH_ID)


def guess_object_type(name: str, headings: Sequence[str], access: Access) -> str:
    """What the rows are: by the name of the file, else the object that knows most of the headings."""
    offered = offered_types(access)
    said = set(fold(name).replace("_", " ").replace("-", " ").replace(".", " ").split())
    for catalog in offered:
        labels = (catalog.plural_en, catalog.plural_fr, catalog.label_en, catalog.label_fr, catalog.plural, catalog.object_type)
        if said & set(map(fold, labels)):
            return catalog.object_type
    known = {catalog.object_type: _known(headings, catalog) for catalog in offered}
    return max(known, key=lambda object_type: known[object_type], default="contact")


def _known(headings: Sequence[str], catalog: Catalog) -> int:
    nothing: list[tuple[str, ...]] = [() for _ in headings]
    return sum(bool(one.property) for one in guesses.guess_mapping(headings, nothing, catalog))


def offered_types(access: Access) -> list[Catalog]:
    """The objects whose records somebody may write."""
    return [catalog for catalog in records.catalogs().values() if access.scope(catalog.object_type, "edit") is not Scope.NONE]


def companions(file: File, mapping: Mapping[str, str], chosen: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """For each other object in the rows: what it is found by and how it is associated, where nobody said."""
    found = {}
    ways = queries.link_types(file.object_type)
    for name, columns in targets.beside(mapping).items():
        catalog = records.catalogs().get(name)
        own = chosen.get(name, {})
        by = next((key for key in queries.key_names(catalog) if key in columns.values()), "") if catalog else ""
        link = next((way.token for way in ways if way.there == name), "")
        found[name] = {"by": own.get("by") or by, "link": own.get("link") or link}
    return found
