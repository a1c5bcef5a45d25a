"""Reading views: the usual ones and those that people saved, which of them are tabs, and which one opens first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext

from jalon.accounts.access import Access
from jalon.accounts.pages import Owned
from jalon.accounts.queries import preference, users
from jalon.records import address, pages
from jalon.records.address import Base
from jalon.records.columns import Catalog
from jalon.records.models import SavedView
from jalon.records.pages import UsedIn
from jalon.records.saved_views import usual
from jalon.web.numbers import whole

Sharing = SavedView.Sharing


@dataclass(frozen=True, slots=True)
class View:
    """A view as its tab shows it. A usual view has a word as its key, a saved one its number."""

    key: str
    name: str
    base: Base
    widths: Mapping[str, int] = field(default_factory=dict)
    sharing: str = ""
    owner: str = ""
    mine: bool = False
    may_change: bool = False

    @property
    def saved(self) -> bool:
        return whole(self.key) is not None

    @property
    def id(self) -> int:
        return int(self.key)


@dataclass(frozen=True, slots=True)
class Tabs:
    """The views of one person: those that stand as tabs, in their order; the others; and the one that opens first."""

    shown: tuple[View, ...]
    others: tuple[View, ...]
    default: str

    def view(self, key: str) -> View | None:
        return next((view for view in (*self.shown, *self.others) if view.key == key), None)


def tabs(access: Access, catalog: Catalog) -> Tabs:
    """Every view that this person may open."""
    settings = arrangement(access, catalog.object_type)
    found = {view.key: view for view in (*_usual(access, catalog), *_saved(access, catalog))}
    keys = settings.get("keys")
    pinned = keys if isinstance(keys, list) else [key for key, view in found.items() if not view.saved or view.mine]
    shown = tuple(found[key] for key in dict.fromkeys(pinned) if key in found) or (found[usual.ALL],)
    default = settings.get("default")
    return Tabs(
        shown,
        tuple(view for view in found.values() if view not in shown),
        default if isinstance(default, str) and default in found else shown[0].key,
    )


def arrangement(access: Access, object_type: str) -> Mapping[str, Any]:
    """What this person keeps about the tabs: `keys` in their order, `default`."""
    kept = preference(access.actor.user_id, arrangement_key(object_type))
    return kept if isinstance(kept, dict) else {}


def arrangement_key(object_type: str) -> str:
    return f"{object_type}.tabs"


def columns_key(object_type: str) -> str:
    return f"{object_type}.columns"


def widths_key(object_type: str, key: str) -> str:
    return f"{object_type}.widths.{key or usual.ALL}"


def own_columns(access: Access, catalog: Catalog) -> tuple[str, ...]:
    """The columns that this person chose for the usual views, else the usual ones."""
    names = preference(access.actor.user_id, columns_key(catalog.object_type))
    return address.known(catalog, names if isinstance(names, list) else ()) or address.usual(catalog)


def widths(access: Access, catalog: Catalog, view: View) -> dict[str, int]:
    """The columns' widths: those of the view, and where this person drew others, theirs."""
    own = preference(access.actor.user_id, widths_key(catalog.object_type, view.key))
    return {**view.widths, **(own if isinstance(own, dict) else {})}


def saved_view(access: Access, object_type: str, id: int, *, deleted: bool = False) -> SavedView | None:
    """The row of a view that this person may open."""
    rows = SavedView.objects.filter(_visible(access), object_type__name=object_type, id=id, archived_at__isnull=not deleted)
    return rows.first()


def may_change(access: Access, row: SavedView) -> bool:
    """Its owner may; of a shared one also whoever looks after the account."""
    shared = row.sharing != Sharing.PRIVATE
    return row.owner_id == access.actor.user_id or access.super_admin or (shared and access.may("account_settings"))


def _visible(access: Access) -> Q:
    team = Q(sharing=Sharing.TEAM, owner_id__in=access.team_user_ids)
    return Q(owner_id=access.actor.user_id) | Q(sharing=Sharing.EVERYBODY) | team


def _usual(access: Access, catalog: Catalog) -> Iterator[View]:
    columns = own_columns(access, catalog)
    for one in usual.views(access, catalog):
        yield View(one.key, gettext(one.name), Base(one.key, columns, one.criteria, sort=one.sort or address.NEWEST))


def _saved(access: Access, catalog: Catalog) -> Iterator[View]:
    rows = list(SavedView.objects.filter(_visible(access), object_type__name=catalog.object_type, archived_at=None))
    names = {user.id: user.name for user in users()} if rows else {}
    for row in rows:
        yield View(
            str(row.pk),
            row.name,
            _base(catalog, row),
            row.widths,
            row.sharing,
            names.get(row.owner_id, ""),
            row.owner_id == access.actor.user_id,
            may_change(access, row),
        )


def _base(catalog: Catalog, row: SavedView) -> Base:
    """Columns and order that are not there any more give way to the usual ones."""
    columns = address.known(catalog, row.columns) or address.usual(catalog)
    sort = row.sort if row.sort.removeprefix("-") in catalog.properties else address.NEWEST
    return Base(str(row.pk), columns, row.criteria, row.search, sort, row.layout, row.pipeline)


def owned(user_id: int) -> list[Owned]:
    """What somebody who leaves has of views, for the page that asks who gets it."""
    count = SavedView.objects.filter(owner_id=user_id, archived_at=None).count()
    return [Owned(gettext("Saved views"), count)] if count else []


def uses(object_type: str, name: str) -> list[UsedIn]:
    """The saved views that show a property, sort by it or ask about it. Private ones too: their owners would miss it."""
    stands = Q(columns__contains=[name]) | Q(sort__in=[name, f"-{name}"]) | Q(criteria__contains=f'"{name}"')
    rows = SavedView.objects.filter(stands, archived_at=None).select_related("object_type")
    return [used(row) for row in rows if (object_type, name) in _named(row)]


def uses_of_option(object_type: str, name: str, value: str) -> list[UsedIn]:
    """The saved views whose filters name an option."""
    rows = SavedView.objects.filter(criteria__contains=f'"{value}"', archived_at=None).select_related("object_type")
    wanted = (object_type, name, value)
    return [used(row) for row in rows if wanted in pages.narrower().options(row.criteria, row.object_type.name)]


def used(row: SavedView) -> UsedIn:
    """Whoever asks learns that there is a view, but not the name of one that is somebody's own."""
    url = f"{reverse('records:index', args=[row.object_type.plural])}?view={row.pk}"
    name = row.name if row.sharing != Sharing.PRIVATE else gettext("A private view")
    return UsedIn(gettext("View"), name, url if row.sharing == Sharing.EVERYBODY else "")


def _named(row: SavedView) -> set[tuple[str, str]]:
    """The properties of a view, with their object types: criteria may ask about linked records."""
    own = row.object_type.name
    return {(own, each) for each in (*row.columns, row.sort.lstrip("-"))} | set(pages.narrower().names(row.criteria, own))
