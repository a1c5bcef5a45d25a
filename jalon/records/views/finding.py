"""From an address to what it names: the object type, the record, or the 404 page."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.utils.translation import get_language, gettext

from jalon.accounts.access import Access, Denied, Scope, access_of_request
from jalon.records import address, queries
from jalon.records.columns import Catalog
from jalon.records.queries import RecordView


def catalog_of(plural: str) -> Catalog:
    for catalog in queries.catalogs().values():
        if catalog.plural == plural:
            return catalog
    raise Http404


def catalog_in_sight(request: HttpRequest, plural: str, verb: str = "view") -> tuple[Access, Catalog]:
    """The object type, for somebody whose scope of the verb is not "none"."""
    catalog = catalog_of(plural)
    access = access_of_request(request)
    if access.scope(catalog.object_type, verb) is Scope.NONE:
        raise Denied(
            gettext("You do not have the right to do this with these records. An administrator can give it to you in Settings, Users.")
        )
    return access, catalog


def record_in_sight(request: HttpRequest, plural: str, id: int) -> tuple[Access, RecordView]:
    """The record; one that this person may not see is not there."""
    access, catalog = catalog_in_sight(request, plural)
    record = queries.record(access, catalog.object_type, id)
    if record is None:
        raise Http404
    return access, record


def record_in_reach(request: HttpRequest, plural: str, id: int, verb: str = "edit") -> tuple[Access, RecordView]:
    """The record, for somebody who may also edit or delete it."""
    access, record = record_in_sight(request, plural, id)
    if not reaches(access, record, verb):
        raise Denied(gettext("This record belongs to somebody else or is archived, so you cannot change it."))
    return access, record


def reaches(access: Access, record: RecordView, verb: str) -> bool:
    """Whether this person may edit or delete the record, as it was read."""
    object_type = record.catalog.object_type
    return (
        not record.archived
        and access.scope(object_type, verb) is not Scope.NONE
        and queries.reaches(access, object_type, record.values, verb)
    )


def label_of_record(record: RecordView) -> str:
    """The record's name, or in the reader's language what it is and its number."""
    return address.name_of(record.catalog, record.values) or f"{record.catalog.label(get_language() or 'en')} {record.id}"
