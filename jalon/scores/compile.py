"""Scores as questions to the columns: one number each, as many of them as wanted in one scan. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlglot import exp

from jalon.criteria.tree import Criteria
from jalon.records.columns import Catalog
from jalon.scores.rules import Rules
from jalon.warehouse import query

Predicate = Callable[[Criteria], exp.Expression | None]  # TRUE or FALSE for every record; None for criteria that ask nothing
SCORE = "score"


def score(rules: Rules, predicate: Predicate) -> exp.Expression:
    """The sum of the points of the rules that hold; 0 where none does."""
    given = [_given(rule.points, predicate(rule.criteria)) for rule in rules]
    while len(given) > 1:  # a balanced tree, so that many rules do not nest deep
        odd = given[-1:] if len(given) % 2 else []
        pairs = zip(given[::2], given[1::2], strict=False)
        given = [*(exp.Add(this=left, expression=right) for left, right in pairs), *odd]
    return exp.Paren(this=given[0]) if given else _whole(0)


def _given(points: int, holds: exp.Expression | None) -> exp.Expression:
    return _whole(points) if holds is None else exp.case().when(holds, _whole(points)).else_(_whole(0))


def _whole(number: int) -> exp.Expression:
    return query.number(number)


def scored(catalog: Catalog, scores: Mapping[str, exp.Expression], among: exp.Expression) -> exp.Select:
    """The id and each score of these records."""
    columns = (query.named(tree, name) for name, tree in scores.items())
    return query.select(query.column("id"), *columns).from_(query.table(catalog.plural)).where(among)


def differing(catalog: Catalog, scores: Mapping[str, exp.Expression], among: exp.Expression, limit: int) -> exp.Select:
    """The first of these records, by id, whose value in the columns is another than the score, with the scores."""
    inner = scored(
        catalog, {f"new {name}": tree for name, tree in scores.items()} | {f"old {name}": query.column(name) for name in scores}, among
    )
    new = {name: query.column(f"new {name}") for name in scores}
    others = [_differs(query.column(f"old {name}"), column) for name, column in new.items()]
    tree = query.select(query.column("id"), *new.values()).from_(_under(inner))
    return tree.where(query.disjunction(others)).order_by(query.ascending(query.column("id"))).limit(limit)


def _differs(present: exp.Expression, wanted: exp.Expression) -> exp.Expression:
    """`wanted` is never NULL."""
    return query.disjunction([query.is_null(present), exp.NEQ(this=present.copy(), expression=wanted.copy())])


def ids(catalog: Catalog, among: exp.Expression) -> exp.Select:
    """A question for these ids, by which rules narrow what they read of other tables."""
    return query.select(query.column("id")).from_(query.table(catalog.plural)).where(among)


def bounds(catalog: Catalog, after: int, size: int) -> exp.Select:
    """The first and the last id of the next records, and how many these are."""
    id = query.column("id")
    beyond = exp.GT(this=id, expression=exp.Literal.number(after))
    inner = query.select(id).from_(query.table(catalog.plural)).where(beyond).order_by(query.ascending(id)).limit(size)
    return query.select(exp.Min(this=id.copy()), exp.Max(this=id.copy()), query.count()).from_(_under(inner))


def distribution(catalog: Catalog, tree: exp.Expression, among: exp.Expression) -> exp.Select:
    """How many of these records have each score, the newest and the oldest of them; the lowest score first."""
    inner = scored(catalog, {SCORE: tree}, among)
    value = query.column(SCORE)
    columns = (value, query.count(), exp.Max(this=query.column("id")), exp.Min(this=query.column("id")))
    return query.select(*columns).from_(_under(inner)).group_by(value.copy()).order_by(query.ascending(value.copy()))


def verdicts(catalog: Catalog, rules: Rules, predicate: Predicate, ids: Sequence[int]) -> exp.Select:
    """For each of a few records, which rules hold."""
    holding = {f"rule {place}": predicate(rule.criteria) or query.truth(True) for place, rule in enumerate(rules)}
    return scored(catalog, holding, among(ids))


def among(ids: Sequence[int]) -> exp.Expression:
    return query.among_ids(query.column("id"), ids)


def between(first: int, last: int) -> exp.Expression:
    return query.between(query.column("id"), exp.Literal.number(first), exp.Literal.number(last))


def _under(inner: exp.Select) -> exp.Subquery:
    return exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier("scored", quoted=True)))
