"""From an address to the list that it names, and what every page of a list says about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from jalon.accounts.access import Access, Denied, Scope, access_of_request
from jalon.accounts.queries import users
from jalon.criteria import narrowing
from jalon.folders.queries import trail
from jalon.lists import queries, table, waiting, wording
from jalon.lists.queries import ListView
from jalon.lists.wording import Standing
from jalon.records import queries as records
from jalon.records.columns import Catalog
from jalon.records.links.queries import link_types


def list_in_sight(request: HttpRequest, list_id: int) -> tuple[Access, ListView]:
    """The list; that of an object type of which somebody may see no record is not for them."""
    access = access_of_request(request)
    found = queries.one(access, list_id)
    if found is None:
        raise Http404
    if access.scope(found.object_type) is Scope.NONE:
        raise Denied(gettext("You do not have the right to see these records, so their lists are not shown to you."))
    return access, found


def list_in_use(request: HttpRequest, list_id: int) -> tuple[Access, ListView, Catalog]:
    """The list for whoever wants to change it, while it is not deleted and its object type is there."""
    access, found = list_in_sight(request, list_id)
    if found.catalog is None or found.deleted_at is not None:
        raise Http404
    return access, found, found.catalog


def frame(access: Access, view: ListView, tab: str) -> dict[str, Any]:
    """What stands around every part of a list's page."""
    return {
        "list": view,
        "list_icon": view.catalog.icon if view.catalog else "cube-off",
        "objects": wording.objects(view),
        "kind": wording.kind(view.kind),
        "tab": tab,
        "size": queries.size(access, view),
        "standing": standing_of(view),
        "converts": wording.conversion(view),
        "trail": trail(view.folder_id, queries.folders()),
        "words": in_words(view),
        "index_url": index_url(view),
        "may_edit": access.may("lists.edit"),
        "may_delete": access.may("lists.delete"),
        "may_export": access.may("export"),
    }


def standing_of(view: ListView, now: datetime | None = None) -> Standing:
    """How far the work on it is, is only asked where there is some."""
    last_id = records.last_id(view.object_type) if view.catalog and view.state != wording.State.DONE else 0
    return wording.standing(view, now or timezone.now(), last_id)


def in_words(view: ListView) -> list[tuple[str, bool]]:
    """The criteria as chips: words, and whether "or" stands before them."""
    if view.catalog is None or not view.criteria.groups:
        return []
    return [(chip.words, chip.starts_group) for chip in narrowing.chips(view.criteria, view.catalog)]


def seen_in_part(access: Access, catalog: Catalog) -> str:
    """The linked records of which this person sees only some: lists look at all of them (docs/decisions/0234)."""
    there = {type.there.object_type: type.there for type in link_types(catalog.object_type)}
    language = get_language() or "en"
    parts = [one for name, one in there.items() if access.scope(name) is not Scope.NONE and records.visible(access, name) is not None]
    return ", ".join(one.plural_label(language) for one in parts)


def index_url(view: ListView) -> str:
    """The index page narrowed to the members."""
    return (
        f"{reverse('records:index', args=[view.catalog.plural])}?{urlencode({'criteria': table.also_in('', list_id=view.id)})}"
        if view.catalog
        else ""
    )


def names_of_people() -> dict[int | None, str]:
    return {None: "Jalon", **{user.id: user.name for user in users()}}


def catalog_in_sight(request: HttpRequest, plural: str) -> tuple[Access, Catalog]:
    """The object type of an address, for somebody who may see records of it."""
    access = access_of_request(request)
    catalog = next((one for one in records.catalogs().values() if one.plural == plural), None)
    if catalog is None or access.scope(catalog.object_type) is Scope.NONE:
        raise Http404
    return access, catalog


def object_choices(access: Access, catalogs: Sequence[Catalog]) -> Iterator[tuple[str, str]]:
    """The object types of which somebody may see records."""
    for catalog in catalogs:
        if access.scope(catalog.object_type) is not Scope.NONE:
            yield catalog.object_type, catalog.plural_label(get_language() or "en")


def settle(request: HttpRequest, list_id: int, *, quietly: bool = False) -> None:
    """Waits a moment until what was asked of the list is done, and says so where it takes longer and the page itself does not."""
    if not waiting.wait(list_id, settings.READ_PATIENCE_MS) and not quietly:
        messages.info(request, gettext("It is being done; the list shows it in a moment."))
