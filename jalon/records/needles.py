"""What somebody types to find records, and the text of a record that it is looked for in. Pure, and one reading for all:
index pages, counts, exports and the palette find the same records.

The text of a record is a line for its name and one for each other value, between line ends, so that questions about
whole values, beginnings and words are questions about parts of one text:

    \\nmarie dupont\\nmarie.dupont@example.com\\n33639985745\\n1001\\n
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from sqlglot import exp

from jalon.records.columns import Catalog, FieldType, Type
from jalon.records.plan import ROW_COLUMNS
from jalon.warehouse import query
from jalon.warehouse.folding import SEARCH_COLUMN, fold

FORMAT: Final = "2"  # of the text; columns that hold another one are made anew
SEARCHED: Final = 60  # properties of text
LONGEST_VALUE, LONGEST_TEXT = 1_000, 4_000  # characters
MOST_WORDS: Final = 8
PHONE: Final = re.compile(r"[+(]?[\d\s().+/-]+")
LEAST_DIGITS: Final = 4
BEGINNINGS: Final = "\n @.-"  # what a word begins after


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it was typed, folded; `digits` is what it is as a part of a phone number, else empty."""

    text: str
    digits: str = ""

    def forms(self) -> tuple[str, ...]:
        return (self.text, self.digits) if self.digits not in {"", self.text} else (self.text,)


@dataclass(frozen=True)
class Needle:
    """All that was typed: its words, and the whole as a phone number where it may be one."""

    words: tuple[Word, ...]
    digits: str = ""

    @cached_property
    def whole(self) -> str:
        return " ".join(word.text for word in self.words)


def needle(typed: str) -> Needle:
    """Reads what was typed; nothing of it has a special meaning."""
    text = fold(typed)
    words = tuple(Word(word, _digits(word)) for word in text.split()[:MOST_WORDS])
    return Needle(words, _digits(text) if len(words) > 1 else "")


def _digits(text: str) -> str:
    """The digits of a phone number as people type it, without the 0, 00 or + that another country writes otherwise."""
    digits = re.sub(r"\D", "", text)
    if len(digits) < LEAST_DIGITS or not PHONE.fullmatch(text.strip()):
        return ""
    return digits.lstrip("0")


def holds(wanted: Needle) -> exp.Expression | None:
    """The predicate: every word occurs in the text, or the whole is a part of a phone number. None where nothing was typed."""
    if not wanted.words:
        return None
    every = query.conjunction([query.disjunction([_has(form) for form in word.forms()]) for word in wanted.words])
    return query.disjunction([every, _has(wanted.digits)]) if wanted.digits else every


def rank(wanted: Needle) -> exp.Expression:
    """0: the name or another value is just that; 1: the name begins so; 2: each word begins a word; 3: inside of words."""
    exact = query.disjunction([_has(f"\n{form}\n") for form in _wholes(wanted)])
    begins = exp.StartsWith(this=_text(), expression=query.text(f"\n{wanted.whole}"))
    at_words = query.conjunction([query.disjunction([_has(mark + word.text) for mark in BEGINNINGS]) for word in wanted.words])
    ranked = exp.case()
    for place, condition in enumerate((exact, begins, at_words)):
        ranked = ranked.when(condition, exp.Literal.number(place), copy=False)
    return ranked.else_(exp.Literal.number(3), copy=False)


def _wholes(wanted: Needle) -> list[str]:
    own = wanted.words[0].digits if len(wanted.words) == 1 else wanted.digits
    return list(dict.fromkeys(form for form in (wanted.whole, own) if form))


def _has(part: str) -> exp.Expression:
    return query.contains(_text(), query.text(part))


def _text() -> exp.Expression:
    return query.column(SEARCH_COLUMN)


# Words that are nearly what was typed


@dataclass(frozen=True, slots=True)
class Likeness:
    """Words of names that are nearly one of the typed words, the nearest first."""

    word: str
    similar: tuple[str, ...]


def name_words() -> exp.Expression:
    """The words of the name line, a row each."""
    line = exp.SplitPart(this=_text(), delimiter=query.text("\n"), part_index=exp.Literal.number(2))
    return exp.Explode(this=exp.Split(this=line, expression=query.text(" ")))


def likeness(word: exp.Expression, typed: str) -> exp.Expression:
    """How near a word is to a typed one, from 0 to 1."""
    return exp.JarowinklerSimilarity(this=word, expression=query.text(typed))


def holds_similar(likenesses: Sequence[Likeness]) -> exp.Expression:
    """Every typed word occurs, or a word that is nearly it."""
    return query.conjunction([query.disjunction([_has(word) for word in (each.word, *each.similar)]) for each in likenesses])


def similar_rank(likenesses: Sequence[Likeness]) -> exp.Expression:
    """The nearer the words, the smaller; a typed word itself is nearest."""
    places = [_place(each) for each in likenesses]
    total = places[0]
    for place in places[1:]:
        total = exp.Add(this=total, expression=place)
    return total


def _place(each: Likeness) -> exp.Expression:
    case = exp.case().when(_has(each.word), "0")
    for place, word in enumerate(each.similar, 1):
        case = case.when(_has(word), str(place))
    return exp.Paren(this=case.else_("99"))


# The text of a record


def text_sql(catalog: Catalog) -> str:
    """PostgreSQL's expression for it. Names of properties are small letters, digits and underscores: they need no escape."""
    name = _joined("' '", [_short(f"properties ->> '{part}'") for part in catalog.primary])
    others = [_value(catalog, part) for part in searched(catalog)]
    lines = _joined(r"E'\n'", ["''", name, *others, "id", "''"])
    return f"left({lines}, {LONGEST_TEXT})"


def searched(catalog: Catalog) -> list[str]:
    """The properties whose values are looked through, in their order; a name of one property is a line already."""
    alone = catalog.primary if len(catalog.primary) == 1 else ()
    texts = [spec.name for spec in catalog.properties.values() if spec.type is Type.STRING and spec.group != "system"]
    return [name for name in texts if name not in ROW_COLUMNS and name not in alone][:SEARCHED]


def _value(catalog: Catalog, name: str) -> str:
    """A phone number is its digits, whatever stands between them; a rich text its words."""
    if catalog.properties[name].field_type is FieldType.PHONE:
        return f"regexp_replace(properties ->> '{name}', '[^0-9]+', '', 'g')"
    if catalog.properties[name].field_type is FieldType.HTML:
        return f"regexp_replace(left(properties ->> '{name}', {LONGEST_VALUE}), '<[^>]*>', ' ', 'g')"
    return _short(f"properties ->> '{name}'")


def _short(value: str) -> str:
    return f"left({value}, {LONGEST_VALUE})"


def _joined(separator: str, parts: Sequence[str]) -> str:
    return f"concat_ws({', '.join([separator, *parts])})" if parts else "''"
