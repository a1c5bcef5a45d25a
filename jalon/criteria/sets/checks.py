"""Compiled criteria with fewer words: the checks for a value that a comparison beside them makes anyhow. Pure.

A predicate is TRUE or FALSE for every record, so that it may be negated. Where only TRUE counts, as at the top of criteria
and wherever AND and OR lead there, NULL is as good as FALSE, and a comparison is never TRUE without a value. A third of all
words goes, and with it a third of the time that an engine takes to read and plan a question of many criteria.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from jalon.warehouse import query
from jalon.warehouse.schema import day_column, hour_column


def without_checks(predicate: exp.Expression) -> exp.Expression:
    """The same where it is TRUE; where it was FALSE it may be NULL."""
    bare = predicate.unnest()
    if isinstance(bare, exp.Or):
        return query.disjunction(without_checks(part) for part in _parts(bare, exp.Or))
    if not isinstance(bare, exp.And):
        return predicate
    parts = [without_checks(part) for part in conjuncts(bare)]
    return query.conjunction(part for part in parts if not _is_made_anyhow(part, parts))


def conjuncts(condition: exp.Expr) -> Iterator[exp.Expression]:
    """What has to hold together."""
    return _parts(condition, exp.And)


def disjuncts(condition: exp.Expr) -> Iterator[exp.Expression]:
    """Of which one has to hold."""
    return _parts(condition, exp.Or)


def _parts(condition: exp.Expr, joined: type[exp.And] | type[exp.Or]) -> Iterator[exp.Expression]:
    bare = condition.unnest()
    if isinstance(bare, joined):
        yield from _parts(bare.left, joined)
        yield from _parts(bare.right, joined)
    elif isinstance(bare, exp.Expression):
        yield bare


def _is_made_anyhow(part: exp.Expression, parts: list[exp.Expression]) -> bool:
    column = _checked(part)
    return column is not None and any(_fails_without(column, other) for other in parts)


def _checked(part: exp.Expression) -> exp.Column | None:
    """The column of a check that it has a value."""
    test = part.this if isinstance(part, exp.Not) else None
    known = isinstance(test, exp.Is) and isinstance(test.this, exp.Column) and isinstance(test.expression, exp.Null)
    return test.this if known and isinstance(test, exp.Is) else None


_COMPARING = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.Contains, exp.StartsWith, exp.EndsWith)


def _fails_without(column: exp.Column, part: exp.Expr) -> bool:
    """The condition is NULL wherever the column is."""
    bare = part.unnest()
    match bare:
        case exp.And() | exp.Or():
            return _fails_without(column, bare.left) and _fails_without(column, bare.right)
        case exp.Not():
            return _fails_without(column, bare.this)
        case _ if isinstance(bare, _COMPARING) and not bare.args.get("query"):
            return any(_reads(column, side) for side in (bare.this, bare.args.get("expression")))
    return False


def _reads(column: exp.Column, side: exp.Expr | None) -> bool:
    """The column itself, in lower case perhaps, or the day or the hour of its instant."""
    bare = side.this if isinstance(side, exp.Lower) else side
    own = (column.name, day_column(column.name), hour_column(column.name))
    return isinstance(bare, exp.Column) and bare.table == column.table and bare.name in own
