"""Everything that keeps the settings of files from being used, in sentences."""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence

from django.utils.translation import get_language, gettext

from jalon.accounts.access import Access, Scope
from jalon.imports import mapping as guesses
from jalon.imports import past, queries, targets
from jalon.imports.dates import Order
from jalon.imports.models import File
from jalon.imports.plan import BOTH, CREATE, MATCH_ID, UPDATE
from jalon.imports.settings import Settings
from jalon.records import queries as records
from jalon.records.columns import Catalog


def problems(files: Sequence[File], chosen: Sequence[Settings], access: Access | None = None) -> list[str]:
    """What is wrong with the settings of each file; with several files each sentence names its own."""
    found = []
    for file, settings in zip(files, chosen, strict=True):
        own = [*_rights(file, settings, access), *_problems(file, settings, files)]
        named = gettext("%(file)s: %(sentence)s")
        found += [named % {"file": file.file_name, "sentence": one} for one in own] if len(files) > 1 else own
    return found


def _rights(file: File, settings: Settings, access: Access | None) -> list[str]:
    if access is None:
        return []
    types = [file.object_type, *targets.beside(settings.mapping)]
    message = gettext("You may not edit %(objects)s, so a file cannot bring them in for you.")
    catalogs = records.catalogs()
    return [
        message % {"objects": catalogs[name].plural_label(get_language() or "en")}
        for name in types
        if name in catalogs and access.scope(name, "edit") is Scope.NONE
    ]


def _problems(file: File, settings: Settings, files: Sequence[File]) -> list[str]:
    catalog = records.catalog(file.object_type)
    missing = gettext("The file has no column “%(heading)s”.")
    found = [missing % {"heading": heading} for heading in settings.mapping if heading not in file.headings]
    own = targets.own({heading: name for heading, name in settings.mapping.items() if name})
    chosen = [name for name in own.values() if name != targets.NEW]
    if file.is_history:
        found += _history_problems(chosen)
    else:
        found += _mapping_problems(chosen, settings, catalog)
        found += _beside_problems(settings, file)
        found += _link_problems(settings, file, files)
    for name in sorted({name for name in chosen if chosen.count(name) > 1}):
        found.append(gettext("Two columns go into “%(name)s”. Choose one of them.") % {"name": _label(name, catalog)})
    if settings.match != MATCH_ID and settings.match not in {spec.name for spec in queries.match_keys(catalog)}:
        found.append(gettext("Records can be found by their id or by a unique property; “%(name)s” is neither.") % {"name": settings.match})
    if settings.zone not in zoneinfo.available_timezones():
        found.append(gettext("There is no time zone “%(zone)s”. Write it like Europe/Paris.") % {"zone": settings.zone})
    if settings.order not in set(Order) or settings.mode not in (BOTH, CREATE, UPDATE) or settings.decimal not in (".", ","):
        found.append(gettext("The date format, the mode or the decimal mark is none of those offered."))
    return found


def _history_problems(chosen: Sequence[str]) -> list[str]:
    missing = [gettext(past.LABELS[role]) for role in past.NEEDED if role not in chosen]
    return [gettext("Choose the column that holds: %(names)s.") % {"names": ", ".join(missing)}] if missing else []


def _mapping_problems(chosen: Sequence[str], settings: Settings, catalog: Catalog) -> list[str]:
    offered = {spec.name for spec in queries.mappable(catalog)}
    message = gettext("There is no property “%(name)s” that an import can fill.")
    found = [message % {"name": name} for name in dict.fromkeys(chosen) if name not in offered]
    if not chosen:
        found.append(gettext("No column goes into a property yet. Choose a property for at least one column."))
    key = guesses.RECORD_ID if settings.match == MATCH_ID else settings.match
    if chosen and key not in chosen and (settings.match != MATCH_ID or settings.mode == UPDATE):
        message = gettext("Records are to be found by “%(name)s”, so a column must go into it.")
        found.append(message % {"name": _label(key, catalog)})
    return found


def _beside_problems(settings: Settings, file: File) -> list[str]:
    """Another object in the same row needs a column that tells it apart, and a way in which the two are associated."""
    found, language = [], get_language() or "en"
    for object_type, mapping in targets.beside(settings.mapping).items():
        catalog = records.catalogs().get(object_type)
        ways = [link for link in queries.link_types(file.object_type) if link.there == object_type]
        if catalog is None or not ways:
            found.append(gettext("There is no object “%(name)s” that these rows can be associated with.") % {"name": object_type})
            continue
        offered = {spec.name for spec in queries.mappable(catalog)}
        unknown = gettext("There is no property “%(name)s” that an import can fill.")
        found += [unknown % {"name": f"{object_type}/{name}"} for name in mapping.values() if name not in offered]
        twice = gettext("Two columns go into “%(name)s”. Choose one of them.")
        names = list(mapping.values())
        found += [twice % {"name": _label(name, catalog)} for name in sorted({name for name in names if names.count(name) > 1})]
        chosen = settings.companions.get(object_type, {})
        if chosen.get("by") not in queries.key_names(catalog) or chosen.get("by") not in names:
            keys = ", ".join(_label(name, catalog) for name in queries.key_names(catalog))
            message = gettext("%(objects)s of a row must be told apart: let a column go into one of %(keys)s.")
            found.append(message % {"objects": catalog.plural_label(language), "keys": keys})
        if chosen.get("link") not in {link.token for link in ways}:
            found.append(gettext("Choose how %(objects)s are associated with the rows.") % {"objects": catalog.plural_label(language)})
    return found


def _link_problems(settings: Settings, file: File, files: Sequence[File]) -> list[str]:
    found = []
    known = {link.token: link for link in queries.link_types(file.object_type)}
    for heading, link in targets.links(settings.mapping):
        way = known.get(queries.token(link.type_name, link.inverse))
        if way is None:
            found.append(gettext("Column “%(heading)s”: there is no such association of these rows.") % {"heading": heading})
        elif link.by and link.by not in queries.key_names(records.catalog(way.there)):
            message = gettext("Column “%(heading)s”: records cannot be found by “%(name)s”.")
            found.append(message % {"heading": heading, "name": link.by})
        elif not link.by:
            other = next((one for one in files if one.place == link.file), None)
            if other is None or link.heading not in other.headings or other.object_type != way.there:
                message = gettext("Column “%(heading)s”: the file that it refers to has no such column of keys.")
                found.append(message % {"heading": heading})
    return found


def _label(name: str, catalog: Catalog) -> str:
    if name in set(past.Role):
        return gettext(past.LABELS[past.Role(name)])
    spec = catalog.properties.get(name)
    return spec.label(get_language() or "en") if spec else name
