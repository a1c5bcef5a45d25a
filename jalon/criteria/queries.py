"""Criteria as the rest of Jalon asks them: in the account's zone, with every object and association that there is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language
from sqlglot import exp

from jalon.accounts.queries import account, users
from jalon.criteria import validate
from jalon.criteria.compile import predicate
from jalon.criteria.dependence import Asked, everything_asked
from jalon.criteria.known import Known, Link
from jalon.criteria.question import Only
from jalon.criteria.tree import Criteria, Filter, Node, all_of
from jalon.criteria.words import Speaker
from jalon.records import queries
from jalon.records.columns import Catalog
from jalon.records.models import AssociationType
from jalon.warehouse.schema import Kind

_known: tuple[Mapping[str, Catalog], Known] | None = None  # with the catalogs that it was made of


def known() -> Known:
    """Every object type and association type; read again only after a change of definitions."""
    global _known
    catalogs = queries.catalogs()
    if _known is None or _known[0] is not catalogs:
        labels = ("label_en", "label_fr", "inverse_en", "inverse_fr")
        rows = AssociationType.objects.order_by("id").values_list("id", "name", "from_type__name", "to_type__name", *labels)
        _known = (catalogs, Known(catalogs, tuple(Link(*row) for row in rows)))
    return _known[1]


def where(
    criteria: Criteria, object_type: str, *, now: datetime | None = None, only: Only = None, of: str | None = None
) -> exp.Expression | None:
    """The predicate as of an instant (now) in the account's zone; None where nothing is asked. Raises CriteriaError.

    `only` are the few records that will be asked about, so that history, links and facts are read for these alone.
    """
    if not criteria.groups:
        return None
    settings, around = account(), known()
    return predicate(
        criteria,
        around.catalogs[object_type],
        now=now or timezone.now(),
        zone=settings.tz,
        first_weekday=settings.first_weekday,
        of=of,
        known=around,
        only=only,
    )


def problems(criteria: Criteria, object_type: str) -> list[str]:
    """Everything that is wrong with criteria, in the current language; none for criteria that can be used."""
    around = known()
    return validate.problems(criteria, around.catalogs[object_type], around)


def speaker(object_type: str, *nodes: Node) -> Speaker:
    """Who says filters on records of an object type in the current language; users by their names, where the filters name any."""
    around = known()
    asks_users = any(_is_about_users(one, around) for one in everything_asked(all_of(*nodes), object_type))
    names = {user.id: user.name for user in users()} if asks_users else {}
    return Speaker(around.catalogs[object_type], get_language() or "en", names, around)


def _is_about_users(one: Asked, around: Known) -> bool:
    catalog = around.catalogs.get(one.object_type)
    spec = catalog.properties.get(one.node.property) if catalog and isinstance(one.node, Filter) else None
    return spec is not None and spec.kind is Kind.USER
