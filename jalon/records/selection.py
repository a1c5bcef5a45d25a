"""Which records a person means: those that are ticked, or all that match what the page shows; resolved under their rights.

A selection travels as `ids=1,2,3`, or as `all=yes` beside the page's `criteria` and `q`.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from sqlglot import exp

from jalon.accounts.access import Access
from jalon.records import pages, queries
from jalon.records.columns import Catalog
from jalon.warehouse import query
from jalon.web.numbers import whole

MOST_TICKED = 1_000  # a page has 50; more numbers than this were not ticked by hand


@dataclass(frozen=True, slots=True)
class Selection:
    """The chosen records of an object type."""

    catalog: Catalog
    ids: tuple[int, ...] = ()  # ticked; none: all that match
    criteria: str = ""
    search: str = ""

    @property
    def every(self) -> bool:
        return not self.ids

    def parameters(self) -> dict[str, str]:
        """As an address or a form carries it."""
        if self.ids:
            return {"ids": ",".join(map(str, self.ids))}
        return {name: value for name, value in (("all", "yes"), ("criteria", self.criteria), ("q", self.search)) if value}

    def query_string(self) -> str:
        return urlencode(self.parameters())


def read(parameters: QueryDict, catalog: Catalog) -> Selection | None:
    """The selection of a request; None where it names no record."""
    if parameters.get("all"):
        return Selection(catalog, criteria=parameters.get("criteria", ""), search=parameters.get("q", "").strip()[:200])
    texts = parameters.get("ids", "").split(",")
    ids = tuple(dict.fromkeys(id for text in texts if (id := whole(text)) is not None))
    return Selection(catalog, ids) if 0 < len(ids) <= MOST_TICKED else None


def predicate(access: Access, selection: Selection) -> exp.Expression | None:
    """What the selection asks of the columns for this person. Criteria that cannot be read are nobody's selection."""
    if selection.ids:
        return query.one_of(query.column("id"), [query.whole(id) for id in selection.ids])
    narrowing = pages.narrower().read(selection.criteria, selection.catalog, access)
    return query.truth(False) if narrowing.problems else narrowing.where


def count(access: Access, selection: Selection, verb: str = "view", where: exp.Expression | None = None) -> int:
    """How many of the selection this person may view, edit or delete, and of these, how many `where` holds for."""
    asked = query.conjunction([predicate(access, selection), queries.visible(access, selection.catalog.object_type, verb), where])
    return queries.count(access, selection.catalog.object_type, asked, selection.search)


def resolve(access: Access, selection: Selection, verb: str = "view") -> list[int]:
    """The ids of the chosen records that this person may view, edit or delete, in their order of creation."""
    object_type = selection.catalog.object_type
    asked = query.conjunction([predicate(access, selection), queries.visible(access, object_type, verb)])
    batches = queries.stream(access, object_type, columns=("id",), where=asked, search=selection.search)
    return sorted(id for batch in batches for (id,) in batch)
