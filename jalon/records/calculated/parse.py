"""The text of a formula, read into its tree. Pure.

    if(amount > 1000, amount * 0.2, 0)
    time_between(createdate, closedate)
    sum of amount over deal where hs_is_closed_won is true

A reader stops at the first thing that it cannot read, so there is one problem of grammar at a time, with its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from jalon.records.calculated.problems import FormulaError, Part, Problem
from jalon.records.calculated.tree import (
    Among,
    Arithmetic,
    Call,
    Comparison,
    Logic,
    Measure,
    Minus,
    Node,
    Not,
    Nothing,
    Number,
    Own,
    Rollup,
    Text,
    Truth,
)
from jalon.warehouse.words import N_

LONGEST: Final = 4_000  # characters
DEEPEST: Final = 40  # parts inside parts
MEASURES: Final = {"average": Measure.AVERAGE, "avg": Measure.AVERAGE, **{measure.value: measure for measure in Measure}}
COMPARISONS: Final = {
    "=": "=",
    "==": "=",
    "!=": "!=",
    "<>": "!=",
    "≠": "!=",
    "<": "<",
    "<=": "<=",
    "≤": "<=",
    ">": ">",
    ">=": ">=",
    "≥": ">=",
}
KEYWORDS: Final = frozenset({"and", "or", "not", "in", "is", "of", "over", "where"})
TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*')|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|\[(?P<bracketed>[^\]]+)\]|(?P<sign><=|>=|<>|!=|==|[-+*/()=<>,≤≥≠×÷−])|(?P<end>$)|(?P<odd>.))",
    re.DOTALL,
)
SIGNS: Final = {"×": "*", "÷": "/", "−": "-"}


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the formula: `kind` is number, text, name, bracketed, sign or end."""

    kind: str
    text: str
    place: int

    @property
    def word(self) -> str:
        """A name in small letters; nothing for anything else, so that it can be compared with keywords."""
        return self.text.lower() if self.kind == "name" else ""


def parse(text: str) -> Node:
    """Raises FormulaError at the first thing that cannot be read."""
    if not text.strip():
        raise _refusal(N_("The formula is empty."), 0)
    if len(text) > LONGEST:
        raise _refusal(N_("The formula is too long: it may have %(most)s characters."), LONGEST, most=str(LONGEST))
    return Reader(tokens(text)).formula()


def tokens(text: str) -> list[Token]:
    found: list[Token] = []
    place = 0
    while not found or found[-1].kind != "end":
        match = TOKEN.match(text, place)
        assert match is not None  # the last alternative takes any character
        kind, start = str(match.lastgroup), match.start(str(match.lastgroup))
        if kind == "odd":
            raise _odd(match["odd"], start)
        found.append(Token(kind, SIGNS.get(match[kind], match[kind]), start))
        place = match.end()
    return found


def _odd(letter: str, place: int) -> FormulaError:
    if letter in "\"'“”«»":
        return _refusal(N_('A text needs a straight quotation mark at both ends: "closedwon".'), place)
    return _refusal(N_("“%(text)s” at character %(place)s means nothing in a formula."), place, text=letter, place=str(place + 1))


def _refusal(message: str, at: int, **params: Part) -> FormulaError:
    return FormulaError((Problem(message, params, at),))


class Reader:
    """One pass over the words of a formula. Each method reads what its name says and leaves the next word to be read."""

    def __init__(self, words: list[Token]) -> None:
        self.words = words
        self.at = 0
        self.depth = 0

    @property
    def now(self) -> Token:
        return self.words[self.at]

    def formula(self) -> Node:
        tree = self.whole()
        if self.now.kind != "end":
            raise self.unexpected()
        return tree

    def whole(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise _refusal(N_("The formula nests its parts too deeply; make a calculated property of a part of it."), self.now.place)
        tree = self.chain(("or",), lambda: self.chain(("and",), self.negation))
        self.depth -= 1
        return tree

    def chain(self, operators: tuple[str, ...], side: Callable[[], Node]) -> Node:
        """Sides joined by operators, read from left to right."""
        tree = side()
        while (operator := self.now.word or self.now.text) in operators and self.now.kind in ("name", "sign"):
            place = self.take().place
            node = Logic if operator in ("and", "or") else Arithmetic
            tree = node(operator, tree, side(), place=place)
        return tree

    def negation(self) -> Node:
        if self.now.word == "not":
            place = self.take().place
            return self.nested(lambda: Not(self.negation(), place=place))
        return self.comparison()

    def nested(self, read: Callable[[], Node]) -> Node:
        """Signs before signs nest too."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise _refusal(N_("The formula nests its parts too deeply; make a calculated property of a part of it."), self.now.place)
        tree = read()
        self.depth -= 1
        return tree

    def comparison(self) -> Node:
        left, token = self.total(), self.now
        if token.kind == "sign" and token.text in COMPARISONS:
            self.take()
            return Comparison(COMPARISONS[token.text], left, self.total(), place=token.place)
        if token.word == "is":
            return self.state(left)
        if token.word == "in" or (token.word == "not" and self.words[self.at + 1].word == "in"):
            negative = self.take().word == "not" and bool(self.take())
            among = Among(left, self.arguments(), place=token.place)
            return Not(among, place=token.place) if negative else among
        return left

    def state(self, left: Node) -> Node:
        """`is true`, `is not known` ..."""
        place = self.take().place
        negative = self.now.word == "not" and bool(self.take())
        said = self.take()
        if said.word in ("true", "false"):
            tree: Node = Comparison("=", left, Truth(said.word == "true", place=said.place), place=place)
        elif said.word in ("known", "unknown"):
            tree = Call("known", (left,), place=place)
            negative ^= said.word == "unknown"
        else:
            raise _refusal(N_("After “is” comes true, false, known or unknown; to compare values, write =."), said.place)
        return Not(tree, place=place) if negative else tree

    def total(self) -> Node:
        return self.chain(("+", "-"), lambda: self.chain(("*", "/"), self.factor))

    def factor(self) -> Node:
        if self.now.kind == "sign" and self.now.text == "-":
            place = self.take().place
            return self.nested(lambda: Minus(self.factor(), place=place))
        return self.atom()

    def atom(self) -> Node:
        token = self.now
        following = self.words[min(self.at + 1, len(self.words) - 1)]
        if token.word in MEASURES and following.word in ("of", "over"):
            return self.rollup()
        if token.word and token.word not in KEYWORDS and following.kind == "sign" and following.text == "(":
            self.take()
            return Call(token.word, self.arguments(), place=token.place)
        if token.kind == "sign" and token.text == "(":
            self.take()
            tree = self.whole()
            self.closing()
            return tree
        return self.leaf()

    def leaf(self) -> Node:
        token = self.now
        match token.kind:
            case "number":
                node: Node = Number(Decimal(token.text), place=token.place)
            case "text":
                quote = token.text[0]
                node = Text(token.text[1:-1].replace(quote * 2, quote), place=token.place)
            case "bracketed":
                node = Own(token.text.strip(), place=token.place)
            case "name" if token.word not in KEYWORDS:
                node = _word(token)
            case _:
                raise self.unexpected()
        self.take()
        return node

    def arguments(self) -> tuple[Node, ...]:
        """What stands in parentheses, separated by commas."""
        if self.now.text != "(":
            raise self.unexpected()
        self.take()
        found: list[Node] = []
        while self.now.text != ")" or self.now.kind != "sign":
            found.append(self.whole())
            if self.now.kind == "sign" and self.now.text == ",":
                self.take()
            else:
                break
        self.closing()
        return tuple(found)

    def closing(self) -> None:
        if self.now.kind == "sign" and self.now.text == ")":
            self.take()
        elif self.now.kind == "end":
            raise _refusal(N_("A parenthesis is opened and never closed."), self.now.place)
        else:
            raise self.unexpected()

    def rollup(self) -> Node:
        token = self.take()
        property = ""
        if self.now.word == "of":
            self.take()
            property = self.name(N_("After “of” comes the internal name of a property of the associated records."))
        if self.now.word != "over":
            raise _refusal(
                N_("A rollup says over what it goes: %(example)s."),
                self.now.place,
                example=f"{token.word} of {property or 'amount'} over deal",
            )
        self.take()
        over = self.name(N_("After “over” comes an object type, such as deal, or the name of an association."))
        where = None
        if self.now.word == "where":
            self.take()
            where = self.whole()
        return Rollup(MEASURES[token.word], property, over, where, place=token.place)

    def name(self, otherwise: str) -> str:
        token = self.take()
        if token.kind == "bracketed":
            return token.text.strip()
        if token.kind != "name" or token.word in KEYWORDS:
            raise _refusal(otherwise, token.place)
        return token.text

    def take(self) -> Token:
        token = self.now
        self.at = min(self.at + 1, len(self.words) - 1)
        return token

    def unexpected(self) -> FormulaError:
        token = self.now
        if token.kind == "end":
            return _refusal(N_("The formula ends too early: something is missing behind its last word."), token.place)
        return _refusal(
            N_("“%(text)s” at character %(place)s does not fit there."), token.place, text=token.text, place=str(token.place + 1)
        )


def _word(token: Token) -> Node:
    if token.word in ("true", "false"):
        return Truth(token.word == "true", place=token.place)
    return Nothing(place=token.place) if token.word == "null" else Own(token.text, place=token.place)
