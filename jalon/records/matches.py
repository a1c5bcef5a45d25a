"""Which records of an object type hold what was typed, the best first, and which nearly do: one scan of the searched text each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlglot import exp

from jalon.accounts.access import Access
from jalon.records import needles, queries
from jalon.records.needles import Likeness, Needle
from jalon.warehouse import current, query

LIKE_ENOUGH: Final = 0.87  # Jaro-Winkler: one wrong letter in six, two letters swapped
SIMILAR_WORDS: Final = 6  # for each typed one: every further one is one more scan of the text
SHORTEST: Final = 4  # letters of a word that is looked for in other spellings


@dataclass(frozen=True, slots=True)
class Found:
    """The best records by id, and how many there are in all."""

    ids: tuple[int, ...]
    total: int


def found(access: Access, object_type: str, wanted: Needle, limit: int) -> Found:
    """The records that hold every word, ranked by where."""
    return _ranked(object_type, queries.matching(access, object_type, needles.holds(wanted)), needles.rank(wanted), limit)


def similar(access: Access, object_type: str, wanted: Needle, limit: int) -> Found:
    """Records whose name is spelled nearly so; none where no name is."""
    likenesses = _likenesses(access, object_type, wanted)
    if not any(each.similar for each in likenesses):
        return Found((), 0)
    where = queries.matching(access, object_type, needles.holds_similar(likenesses))
    return _ranked(object_type, where, needles.similar_rank(likenesses), limit)


def _ranked(object_type: str, where: exp.Expression, rank: exp.Expression, limit: int) -> Found:
    """The count and the best of one scan: the matches are kept as pairs of numbers and sorted then."""
    matches = query.select(query.column("id"), query.named(rank, "rank")).from_(_table(object_type)).where(where)
    total = exp.Subquery(this=query.select(query.count()).from_("found"))
    best = query.select(query.column("id"), query.column("rank"), query.named(total, "total")).from_("found")
    tree = best.order_by(query.ascending(query.column("rank")), query.descending(query.column("id"))).limit(limit)
    rows = current.engine().rows(tree.with_("found", as_=matches, materialized=True))
    return Found(tuple(int(row[0]) for row in rows), int(rows[0][2]) if rows else 0)


def _likenesses(access: Access, object_type: str, wanted: Needle) -> list[Likeness]:
    """For each typed word the words of names that are nearly it, out of the names that may be seen."""
    long = [word.text for word in wanted.words if len(word.text) >= SHORTEST and not word.digits]
    near = _near(access, object_type, long) if long else {}
    return [Likeness(word.text, near.get(word.text, ())) for word in wanted.words]


def _near(access: Access, object_type: str, typed: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """One scan for all the typed words: every word of a name that is near to one of them."""
    word = query.column("word")
    each = query.select(query.named(needles.name_words(), "word")).distinct().from_(_table(object_type))
    words = each.where(queries.matching(access, object_type)).subquery("words")
    likenesses = [needles.likeness(word, one) for one in typed]
    enough = query.disjunction([exp.GTE(this=like, expression=exp.Literal.number(str(LIKE_ENOUGH))) for like in likenesses])
    rows: Sequence[Any] = current.engine().rows(query.select(word, *likenesses).from_(words).where(enough))
    return {one: _nearest(one, place, rows) for place, one in enumerate(typed, 1)}


def _nearest(typed: str, place: int, rows: Sequence[Any]) -> tuple[str, ...]:
    near = sorted((-row[place], row[0]) for row in rows if LIKE_ENOUGH <= row[place] < 1 and _as_long(typed, row[0]))
    return tuple(word for _, word in near[:SIMILAR_WORDS])


def _as_long(one: str, other: str) -> bool:
    """Jaro-Winkler thinks much of a common beginning: "delai" is no other spelling of "delacroix"."""
    return min(len(one), len(other)) * 3 >= max(len(one), len(other)) * 2


def _table(object_type: str) -> exp.Table:
    return query.table(queries.catalog(object_type).plural)
