"""Everything that changes saved views, and what one person keeps about them: tabs, their order, the first one, widths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from jalon.accounts.access import Access, Actor
from jalon.accounts.actions import Refused
from jalon.accounts.models import Preference
from jalon.records.address import Address
from jalon.records.columns import Catalog
from jalon.records.models import ObjectType, SavedView
from jalon.records.saved_views import queries

LEAST_WIDTH, MOST_WIDTH = 60, 1_200
MOST_NAME = 80


def create(access: Access, catalog: Catalog, here: Address, *, name: str, sharing: str) -> int:
    """Keeps what a page shows under a name, as a tab of this person."""
    row = SavedView(object_type=ObjectType.objects.get(name=catalog.object_type), owner_id=access.actor.user_id or 0)
    row.widths = dict(_widths(access, catalog, here))
    _take_over(row, here)
    with transaction.atomic():
        _describe(row, name, sharing)
        row.save()
        _pin(access, catalog, str(row.pk))
    return row.pk


def keep(access: Access, catalog: Catalog, id: int, here: Address) -> None:
    """What the page shows now is the view from now on."""
    row = _changeable(access, catalog, id)
    row.widths = dict(_widths(access, catalog, here))
    _take_over(row, here)
    row.updated_at = timezone.now()
    row.save()


def describe(access: Access, catalog: Catalog, id: int, *, name: str, sharing: str) -> None:
    """Gives a view another name, or shows it to others."""
    row = _changeable(access, catalog, id)
    _describe(row, name, sharing)
    row.updated_at = timezone.now()
    row.save()


def duplicate(access: Access, catalog: Catalog, id: int) -> int:
    """A private copy, whoever made the view."""
    row = _open(access, catalog, id)
    row.pk, row.owner_id, row.sharing = None, access.actor.user_id or 0, SavedView.Sharing.PRIVATE
    row.name = (gettext("Copy of %(name)s") % {"name": row.name})[:MOST_NAME]
    row.created_at = row.updated_at = timezone.now()
    with transaction.atomic():
        row.save()
        _pin(access, catalog, str(row.pk))
    return row.pk


def delete(access: Access, catalog: Catalog, id: int) -> None:
    """Takes a view away for everybody; `restore` brings it back."""
    row = _changeable(access, catalog, id)
    SavedView.objects.filter(pk=row.pk).update(archived_at=timezone.now())


def restore(access: Access, catalog: Catalog, id: int) -> None:
    row = queries.saved_view(access, catalog.object_type, id, deleted=True)
    if row is None or not queries.may_change(access, row):
        raise Refused(gettext("This view is not there any more."))
    SavedView.objects.filter(pk=row.pk).update(archived_at=None)


def hand_over(leaver: int, heir: int | None, actor: Actor, mark: str) -> Iterator[int]:
    """The views of somebody who leaves are the heir's, private ones too; without one, they stay with whoever they are shared with."""
    if heir is not None:
        yield SavedView.objects.filter(owner_id=leaver).update(owner_id=heir)


# What one person keeps


def arrange(access: Access, catalog: Catalog, keys: Sequence[str]) -> None:
    """The tabs in this order. Views that this person may not open are passed over."""
    known = queries.tabs(access, catalog)
    _keep(access, catalog, keys=[key for key in dict.fromkeys(keys) if known.view(key)])


def pin(access: Access, catalog: Catalog, key: str) -> None:
    if queries.tabs(access, catalog).view(key):
        _pin(access, catalog, key)


def unpin(access: Access, catalog: Catalog, key: str) -> None:
    """The last tab stays: a page needs one."""
    _keep(access, catalog, keys=[view.key for view in queries.tabs(access, catalog).shown if view.key != key])


def open_first(access: Access, catalog: Catalog, key: str) -> None:
    """The view that a bare address opens from now on."""
    if queries.tabs(access, catalog).view(key):
        _keep(access, catalog, default=key)


def choose_columns(access: Access, catalog: Catalog, columns: Sequence[str]) -> None:
    """The columns of the usual views, for this person."""
    Preference.remember(access.actor.user_id, queries.columns_key(catalog.object_type), list(columns))


def draw_width(access: Access, catalog: Catalog, key: str, column: str, width: int) -> None:
    """The width of a column in one view, for this person."""
    view = queries.tabs(access, catalog).view(key)
    if view is None or (column not in catalog.properties and column != "name"):
        return
    own = {**queries.widths(access, catalog, view), column: max(LEAST_WIDTH, min(MOST_WIDTH, width))}
    Preference.remember(access.actor.user_id, queries.widths_key(catalog.object_type, key), own)


def _keep(access: Access, catalog: Catalog, **changes: Any) -> None:
    kept = {**queries.arrangement(access, catalog.object_type), **changes}
    Preference.remember(access.actor.user_id, queries.arrangement_key(catalog.object_type), kept)


def _pin(access: Access, catalog: Catalog, key: str) -> None:
    shown = [view.key for view in queries.tabs(access, catalog).shown]
    _keep(access, catalog, keys=[*(other for other in shown if other != key), key])


def _open(access: Access, catalog: Catalog, id: int) -> SavedView:
    row = queries.saved_view(access, catalog.object_type, id)
    if row is None:
        raise Refused(gettext("This view is not there any more."))
    return row


def _changeable(access: Access, catalog: Catalog, id: int) -> SavedView:
    row = _open(access, catalog, id)
    if not queries.may_change(access, row):
        raise Refused(gettext("This view belongs to somebody else. Save your changes as a view of your own."))
    return row


def _describe(row: SavedView, name: str, sharing: str) -> None:
    if not name.strip():
        raise Refused(gettext("Give the view a name."))
    row.name = name.strip()[:MOST_NAME]
    row.sharing = sharing if sharing in SavedView.Sharing.values else SavedView.Sharing.PRIVATE


def _take_over(row: SavedView, here: Address) -> None:
    row.criteria, row.search, row.sort = here.criteria, here.search, here.sort
    row.columns, row.layout, row.pipeline = list(here.columns), here.layout, here.pipeline


def _widths(access: Access, catalog: Catalog, here: Address) -> Mapping[str, int]:
    view = queries.tabs(access, catalog).view(here.base.key)
    return queries.widths(access, catalog, view) if view else {}
