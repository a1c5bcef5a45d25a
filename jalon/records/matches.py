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
from jalon.warehouse.folding import SEARCH_COLUMN

LIKE_ENOUGH: Final = 0.87  # Jaro-Winkler: one wrong letter in six, two letters swapped
SIMILAR_WORDS: Final = 6  # for each typed one: every further one is one more scan of the text
BEYOND: Final = 10**13  # no id is as high
SHORTEST: Final = 4  # letters of a word that is looked for in other spellings


@dataclass(frozen=True, slots=True)
class Found:
    """The best records by id, and how many there are in all."""

    ids: tuple[int, ...]
    total: int


def found(access: Access, object_types: Sequence[str], wanted: Needle, limit: int) -> dict[str, Found]:
    """The records of several object types that hold every word, ranked by where; types that have none are left out."""
    where = needles.holds(wanted)
    return _best(access, object_types, where, needles.rank(wanted), limit) if where is not None else {}


def similar(access: Access, object_types: Sequence[str], wanted: Needle, limit: int) -> dict[str, Found]:
    """Records whose name is spelled nearly so; types where no name is are left out."""
    best: dict[str, Found] = {}
    for object_type in object_types:
        likenesses = _likenesses(access, object_type, wanted)
        if any(each.similar for each in likenesses):
            best |= _best(access, [object_type], needles.holds_similar(likenesses), needles.similar_rank(likenesses), limit)
    return best


def _best(access: Access, object_types: Sequence[str], where: exp.Expression, rank: exp.Expression, limit: int) -> dict[str, Found]:
    """Counts and best of all these types in one question: eight of nine tables are small, and asking costs more than looking.

    Rank and id are one number, so that the best of each type are its lowest: of equal rank the youngest.
    """
    texts = query.all_of([_texts(access, place, object_type) for place, object_type in enumerate(object_types)])
    ranked = exp.Mul(this=exp.Paren(this=rank), expression=query.whole(BEYOND))
    place, key = query.column("place"), exp.Sub(this=ranked, expression=query.column("id"))
    tree = query.select(place, query.count(), query.lowest(key, limit)).from_(texts.subquery("texts", copy=False), copy=False)
    rows = current.engine().rows(tree.where(where, copy=False).group_by(place, copy=False))
    return {object_types[place]: Found(tuple(-key % BEYOND for key in best), total) for place, total, best in sorted(rows)}


def _texts(access: Access, place: int, object_type: str) -> exp.Select:
    """What is looked through of an object type: the records that may be seen."""
    tree = query.select(query.named(query.whole(place), "place"), query.column("id"), query.column(SEARCH_COLUMN)).from_(
        _table(object_type)
    )
    visible = queries.visible(access, object_type)
    return tree if visible is None else tree.where(visible)


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
