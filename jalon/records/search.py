"""What the palette finds among records: a few of every object type, the best first, and why they were found."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, gettext

from jalon.accounts.access import Access, Scope
from jalon.accounts.pages import Hit, HitGroup
from jalon.records import address, matches, needles, queries
from jalon.records.columns import Catalog
from jalon.records.display import Display
from jalon.records.matches import Found
from jalon.records.needles import Needle
from jalon.records.queries import RecordView
from jalon.warehouse.folding import fold, fold_each

OF_EACH = 5
SIMILAR_OF_EACH = 4
LONGEST_DETAIL = 80
TELLING = ("email", "domain")  # what tells two records of one name apart
ADDRESS = re.compile(r"/(\w+)/(\d{1,18})/")

Look = Callable[[Access, Sequence[str], Needle, int], Mapping[str, Found]]


def find(access: Access, typed: str) -> list[HitGroup]:
    """Records of every object type that hold all the typed words, with the page that shows them all."""
    wanted = needles.needle(typed)
    return [_group(access, catalog, wanted, found, typed) for catalog, found in _look(matches.found, access, wanted, OF_EACH)]


def similar(access: Access, typed: str) -> list[HitGroup]:
    """Records whose name is spelled nearly so, those left out that are just so."""
    wanted = needles.needle(typed)
    return [_group(access, catalog, wanted, found) for catalog, found in _look(matches.similar, access, wanted, SIMILAR_OF_EACH)]


def recall(access: Access, paths: Sequence[str]) -> list[Hit]:
    """The records at these addresses that the person may still see."""
    catalogs = {catalog.plural: catalog for catalog in _in_sight(access)}
    named = [match.groups() for path in paths if (match := ADDRESS.fullmatch(path)) and match[1] in catalogs]
    display = Display()
    return [
        _hit(record, Needle(()), display)
        for plural, catalog in catalogs.items()
        for record in queries.several(access, catalog.object_type, [int(id) for own, id in named if own == plural])
    ]


def _look(look: Look, access: Access, wanted: Needle, limit: int) -> list[tuple[Catalog, Found]]:
    """The object types in which something was found."""
    if not wanted.words:
        return []
    catalogs = {catalog.object_type: catalog for catalog in _in_sight(access)}
    found = look(access, list(catalogs), wanted, limit) if catalogs else {}
    return [(catalogs[name], one) for name, one in found.items()]


def _in_sight(access: Access) -> list[Catalog]:
    return [catalog for catalog in queries.catalogs().values() if access.scope(catalog.object_type) is not Scope.NONE]


def _group(access: Access, catalog: Catalog, wanted: Needle, found: Found, typed: str = "") -> HitGroup:
    display = Display()
    hits = tuple(_hit(record, wanted, display) for record in queries.several(access, catalog.object_type, found.ids))
    url = f"{reverse('records:index', args=[catalog.plural])}?{urlencode({'q': typed})}" if typed else ""
    return HitGroup(catalog.plural_label(display.language), hits, found.total, url)


def _hit(record: RecordView, wanted: Needle, display: Display) -> Hit:
    catalog = record.catalog
    name = address.name_of(catalog, record.values) or f"{catalog.label(get_language() or 'en')} {record.id}"
    url = reverse("records:record", args=[catalog.plural, record.id])
    return Hit(name, _reason(record, name, wanted, display) or _usual_detail(record, name, display), catalog.icon, url)


def _reason(record: RecordView, name: str, wanted: Needle, display: Display) -> str:
    """The value in which a word stands that the name does not hold: without it nobody would know why this was found."""
    values = [(property, value) for property in needles.searched(record.catalog) if (value := record.values.get(property, ""))]
    shown, *folded = fold_each([name, *(value for _, value in values)])
    missing = [form for word in wanted.words if word.text not in shown for form in word.forms()]
    for (property, value), text in zip(values, folded, strict=True):
        if any(form in text or (form.isdigit() and form in _digits(value)) for form in missing):
            spec = record.catalog.properties[property]
            part = _around(value, missing)
            return part if property in TELLING else gettext("%(label)s: %(value)s") % {"label": spec.label(display.language), "value": part}
    return ""


def _around(value: str, missing: Sequence[str]) -> str:
    """The part of a long text in which the word stands."""
    text = " ".join(value.split())
    if len(text) <= LONGEST_DETAIL:
        return text
    place = max(0, min((at for form in missing if (at := fold(text).find(form)) >= 0), default=0) - LONGEST_DETAIL // 3)
    part = text[place : place + LONGEST_DETAIL]
    return f"{'…' if place else ''}{part.strip()}…"


def _usual_detail(record: RecordView, name: str, display: Display) -> str:
    """What tells this record from others of its name."""
    catalog = record.catalog
    for property in address.known(catalog, (*TELLING, *address.usual(catalog))):
        shown = display.show(catalog.properties[property], record.values.get(property)).text
        if shown and shown != name:
            return shown
    return ""


def _digits(value: str) -> str:
    return "".join(character for character in value if character.isdigit())
