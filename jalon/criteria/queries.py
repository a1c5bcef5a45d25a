"""Criteria as the rest of Jalon asks them: in the account's zone, with every object and association that there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext
from sqlglot import exp

from jalon.accounts.access import Access
from jalon.accounts.queries import account, users
from jalon.criteria import dependence, moments, validate
from jalon.criteria.compile import compiled, each
from jalon.criteria.dependence import Asked, Dependence, everything_asked
from jalon.criteria.findings import findings
from jalon.criteria.findings_in_facts import unfollowed
from jalon.criteria.known import Known, Link
from jalon.criteria.problems import Place
from jalon.criteria.question import Only, Setting
from jalon.criteria.tree import Criteria, Filter, Node, all_of
from jalon.criteria.words import Speaker
from jalon.records import queries
from jalon.records.columns import Catalog
from jalon.records.models import AssociationType
from jalon.warehouse import current, query
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


def setting(catalog: Catalog, access: Access, *, now: datetime | None = None, only: Only = None, of: str | None = None) -> Setting:
    """What questions about the records of an object type are asked in: an instant (now), the account's calendar, the reader's reach."""
    settings, around = account(), known()
    limits = ((name, queries.visible(access, name)) for name in around.catalogs)
    reach = {name: limit for name, limit in limits if limit is not None}
    calendar = (settings.tz, settings.first_weekday, settings.fiscal_month)
    return Setting(catalog, now or timezone.now(), *calendar, of, around, only, reach)


def where(
    criteria: Criteria,
    object_type: str,
    access: Access,
    *,
    now: datetime | None = None,
    only: Only = None,
    of: str | None = None,
    catalog: Catalog | None = None,
) -> exp.Expression | None:
    """The predicate as of an instant (now) in the account's zone; None where nothing is asked. Raises CriteriaError.

    Linked records are those that `access` reaches; who may see the records themselves is for the caller to ask. `only` are the few
    records that will be asked about, so that history, links and facts are read for these alone. `catalog` is another table of the
    same records: these as they were.
    """
    if not criteria.groups:
        return None
    return compiled(criteria, setting(catalog or known().catalogs[object_type], access, now=now, only=only, of=of))


def problems(criteria: Criteria, object_type: str) -> list[str]:
    """Everything that is wrong with criteria, in the current language; none for criteria that can be used."""
    around = known()
    return validate.problems(criteria, around.catalogs[object_type], around)


def problems_of_one(node: Node, object_type: str) -> list[str]:
    """What is wrong with a filter that was chosen by itself, as a list that has been deleted since."""
    around = known()
    return validate.problems_of_one(node, around.catalogs[object_type], around)


def depends(criteria: Criteria, object_type: str) -> Dependence:
    """What these criteria read."""
    around = known()
    return dependence.of(criteria, around.catalogs[object_type], around)


# The clock


def flips(criteria: Criteria, object_type: str, since: datetime, until: datetime) -> exp.Expression:
    """The records that may answer otherwise at `until` than at `since` though nothing about them changed."""
    around = known()
    return moments.flips(criteria, around.catalogs[object_type], around, since, until, zone=account().tz)


def next_moment(criteria: Criteria, object_type: str, now: datetime) -> datetime | None:
    """The first instant after `now` at which somebody may answer otherwise; None where the clock means nothing."""
    around = known()
    ahead = moments.ahead(criteria, around.catalogs[object_type], around, now, zone=account().tz)
    least = [current.engine().rows(tree)[0][0] for tree in ahead.least]
    found = [at + moments.STEP for at in least if at is not None]
    return min([*found, *([ahead.midnight] if ahead.midnight else [])], default=None)


# One record


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one filter says of a record; None where its problems, told in sentences, keep it from saying anything."""

    holds: bool | None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tested:
    """A record held against criteria: whether it meets them, and the verdict of each filter by its place."""

    holds: bool | None
    filters: Mapping[Place, Verdict]
    problems: tuple[str, ...] = ()  # of the criteria as a whole


def verdicts(criteria: Criteria, object_type: str, id: int, access: Access, *, now: datetime | None = None) -> Tested | None:
    """Tests a record; None where the columns have no such record. Whether the reader may see it is for the caller to ask.

    A filter inside of one on linked records says whether any linked record meets it, so that it shows which one fails.
    """
    around = known()
    told: defaultdict[Place | None, list[str]] = defaultdict(list)
    for problem in findings(criteria, around.catalogs[object_type], around):
        told[problem.place].append(replace(problem, place=None).sentence(gettext, get_language() or "en"))
    asking = setting(around.catalogs[object_type], access, now=now, only=(id,))
    conditions = each(criteria, asking)
    row = _row(asking.catalog, id, [*conditions.values(), *([] if told else [compiled(criteria, asking)])])
    if row is None:
        return None
    answers = dict(zip(conditions, row, strict=False))
    filters = {place: Verdict(answers.get(place), tuple(told.get(place, ()))) for place, _ in criteria.walk()}
    return Tested(None if told else row[-1], filters, tuple(told.get(None, ())))


def _row(catalog: Catalog, id: int, conditions: Sequence[exp.Expression]) -> tuple[Any, ...] | None:
    columns = [query.named(condition, f"c{at}") for at, condition in enumerate(conditions)]
    here = exp.EQ(this=query.column("id"), expression=query.whole(id))
    tree = query.select(query.column("id"), *columns).from_(query.table(catalog.plural)).where(here)
    return next((row[1:] for row in current.engine().rows(tree)), None)


# In words


def not_followed(criteria: Criteria) -> list[str]:
    """Why these criteria can be asked once but not followed from change to change, in the current language; none where they can."""
    language = get_language() or "en"
    return [problem.sentence(gettext, language) for problem in unfollowed(criteria)]


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
