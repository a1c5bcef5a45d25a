"""Everything that is wrong with a formula on an object type, found at once, and what the formula gives. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from jalon.records.calculated.functions import FUNCTIONS, SYNONYMS, Is
from jalon.records.calculated.parse import parse
from jalon.records.calculated.problems import FormulaError, Part, Problem, Word
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
    Number,
    Own,
    Rollup,
    Text,
    Truth,
)
from jalon.records.columns import Catalog, PropertySpec, Type
from jalon.warehouse.schema import Kind
from jalon.warehouse.words import N_

KINDS: Final = {
    Kind.ID: Is.NUMBER,
    Kind.NUMBER: Is.NUMBER,
    Kind.INTEGER: Is.NUMBER,
    Kind.STRING: Is.TEXT,
    Kind.ENUMERATION: Is.TEXT,
    Kind.USER: Is.TEXT,
    Kind.MULTI: Is.SET,
    Kind.BOOL: Is.TRUTH,
    Kind.DATE: Is.DAY,
    Kind.DATETIME: Is.INSTANT,
}
RESULTS: Final = {
    Is.NUMBER: Type.NUMBER,
    Is.TEXT: Type.STRING,
    Is.TRUTH: Type.BOOL,
    Is.DAY: Type.DATE,
    Is.INSTANT: Type.DATETIME,
}
WORDS: Final = {
    Is.NUMBER: N_("a number"),
    Is.TEXT: N_("a text"),
    Is.TRUTH: N_("yes or no"),
    Is.DAY: N_("a date"),
    Is.INSTANT: N_("a date and time"),
    Is.SET: N_("several options"),
    Is.NOTHING: N_("null"),
}
LITERALS: Final[dict[type[Node], Is]] = {Number: Is.NUMBER, Text: Is.TEXT, Truth: Is.TRUTH}
MOVING: Final = "lastmodifieddate"  # every calculation would move it
MOST_ROLLUPS: Final = 5


@dataclass(frozen=True, slots=True)
class Link:
    """An association as formulas name it: by its own name, or by the object type at its other end."""

    name: str
    type_id: int
    one: str  # object types
    other: str


@dataclass(frozen=True, slots=True)
class Known:
    """What formulas may name: the object types with their properties, and the associations between them."""

    catalogs: Mapping[str, Catalog]
    links: tuple[Link, ...] = ()

    def over(self, object_type: str, name: str) -> tuple[str, tuple[Link, ...]]:
        """The object type at the other end and the associations that lead there; "" where the name leads nowhere."""
        near = [link for link in self.links if object_type in (link.one, link.other)]
        ends = [(link, link.other if link.one == object_type else link.one) for link in near]
        if name in self.catalogs:
            leading = tuple(link for link, end in ends if end == name)
            return (name, leading) if leading else ("", ())
        return next(((end, (link,)) for link, end in ends if link.name == name), ("", ()))


@dataclass(frozen=True, slots=True)
class Checked:
    """A formula that can be used. `remarks` are doubts that do not hinder it."""

    tree: Node
    gives: Type
    remarks: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Checking:
    """One pass over a tree on one object type; every problem is collected and the pass goes on."""

    known: Known
    object_type: str
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    rollups: int = 0

    @property
    def catalog(self) -> Catalog:
        return self.known.catalogs[self.object_type]

    def tell(self, message: str, node: Node, **params: Part | Word) -> Is:
        """Notes a problem. What is wrong counts as nothing, so that it causes no second problem further up."""
        self.problems.append(Problem(message, params, node.place))
        return Is.NOTHING

    def kind(self, node: Node) -> Is:
        match node:
            case Own():
                return self.own(node)
            case Minus() | Not():
                wanted, sign = (Is.NUMBER, "-") if isinstance(node, Minus) else (Is.TRUTH, "not")
                return self.must(node.of, wanted, sign)
            case Arithmetic() | Logic():
                wanted = Is.NUMBER if isinstance(node, Arithmetic) else Is.TRUTH
                self.must(node.left, wanted, node.operator)
                return self.must(node.right, wanted, node.operator)
            case Comparison():
                return self.comparison(node, node.left, (node.right,), node.operator)
            case Among():
                return self.comparison(node, node.of, node.values, "in")
            case Call():
                return self.call(node)
            case Rollup():
                return self.rollup(node)
        return LITERALS.get(type(node), Is.NOTHING)

    def must(self, node: Node, wanted: Is, operator: str) -> Is:
        got = self.kind(node)
        if got not in (wanted, Is.NOTHING):
            message = N_("“%(operator)s” needs %(wanted)s, and “%(part)s” is %(got)s.")
            self.tell(message, node, operator=operator, wanted=Word(WORDS[wanted]), part=self.words_of(node), got=Word(WORDS[got]))
        return wanted

    def own(self, node: Own) -> Is:
        spec = self.catalog.properties.get(node.name)
        if spec is None:
            return self.no_property(node.name, self.catalog, node)
        if node.name == MOVING:
            return self.tell(N_("“%(property)s” cannot be used: the calculation itself would change it."), node, property=spec)
        return KINDS[spec.kind]

    def no_property(self, name: str, catalog: Catalog, node: Node) -> Is:
        known = catalog.properties
        by_label = {label.casefold(): spec.name for spec in known.values() for label in (spec.label_en, spec.label_fr)}
        near = by_label.get(name.casefold()) or next(iter(difflib.get_close_matches(name, known, n=1)), "")
        if near:
            return self.tell(N_("There is no property “%(name)s”. Did you mean “%(near)s”?"), node, name=name, near=near)
        return self.tell(N_("There is no property “%(name)s”. Properties are named by their internal name."), node, name=name)

    def comparison(self, node: Node, left: Node, others: Iterable[Node], operator: str) -> Is:
        first = self.kind(left)
        for other in others:
            second = self.kind(other)
            if Is.NOTHING in (first, second):
                continue
            if not comparable(first, second) or (operator not in ("=", "!=", "in") and first in (Is.TRUTH, Is.SET)):
                message = N_("“%(left)s” is %(first)s and “%(right)s” is %(second)s: “%(operator)s” cannot compare them.")
                kinds = {"first": Word(WORDS[first]), "second": Word(WORDS[second])}
                self.tell(message, other, left=self.words_of(left), right=self.words_of(other), operator=operator, **kinds)
            self.doubt(left, other)
            self.doubt(other, left)
        return Is.TRUTH

    def doubt(self, one: Node, other: Node) -> None:
        """A word that is not among the options: records may still hold it, so it is no problem, but it is told."""
        if isinstance(one, Own) and isinstance(other, Text):
            spec = self.catalog.properties.get(one.name)
            if spec and spec.options and spec.option(other.value) is None:
                near = next(iter(difflib.get_close_matches(other.value, [option.value for option in spec.options], n=1)), "")
                message = N_("“%(value)s” is not an option of “%(property)s”.")
                if near:
                    message = N_("“%(value)s” is not an option of “%(property)s”. Did you mean “%(near)s”?")
                self.remarks.append(Problem(message, {"value": other.value, "property": spec, "near": near}, other.place))

    def call(self, node: Call) -> Is:
        function = FUNCTIONS.get(SYNONYMS.get(node.name, node.name))
        if function is None:
            near = next(iter(difflib.get_close_matches(node.name, FUNCTIONS, n=1)), "")
            if near:
                return self.tell(N_("There is no function “%(name)s”. Did you mean “%(near)s”?"), node, name=node.name, near=near)
            return self.tell(N_("There is no function “%(name)s”."), node, name=node.name)
        kinds = [self.kind(argument) for argument in node.arguments]
        if not function.fits(len(kinds)) or not kinds:
            return self.tell(N_("“%(name)s” is written like this: %(example)s."), node, name=function.name, example=function.example)
        for place, (got, argument) in enumerate(zip(kinds, node.arguments, strict=True)):
            wanted = function.takes[min(place, len(function.takes) - 1)]
            if got not in (*wanted, Is.NOTHING):
                message = N_("“%(name)s” cannot take “%(part)s”, which is %(got)s. It is written like this: %(example)s.")
                self.tell(
                    message, argument, name=function.name, part=self.words_of(argument), got=Word(WORDS[got]), example=function.example
                )
        if function.name == "date":
            self.written_day(node)
        return function.gives or self.same(node, kinds[1:] if function.name == "if" else kinds)

    def same(self, node: Call, kinds: list[Is]) -> Is:
        """The arguments of which one is the result have to be of one kind."""
        real = list(dict.fromkeys(kind for kind in kinds if kind is not Is.NOTHING))
        if set(real) == {Is.DAY, Is.INSTANT} and node.name in ("min", "max"):
            return Is.INSTANT
        if len(real) > 1:
            message = N_("“%(name)s” would give now %(first)s, now %(second)s; it has to be one of them.")
            return self.tell(message, node, name=node.name, first=Word(WORDS[real[0]]), second=Word(WORDS[real[1]]))
        return real[0] if real else Is.NOTHING

    def written_day(self, node: Call) -> None:
        argument = node.arguments[0]
        try:
            date.fromisoformat(argument.value if isinstance(argument, Text) else "")
        except ValueError:
            self.tell(N_('A day is written out like this: date("2026-01-31").'), node)

    def rollup(self, node: Rollup) -> Is:
        self.rollups += 1
        if self.rollups > MOST_ROLLUPS:
            return self.tell(N_("A formula goes over associated records at most %(most)s times."), node, most=str(MOST_ROLLUPS))
        end, _links = self.known.over(self.object_type, node.over)
        if not end:
            ends = {frozenset((link.one, link.other)) for link in self.known.links if self.object_type in (link.one, link.other)}
            ways = sorted(min(pair - {self.object_type}, default=self.object_type) for pair in ends)
            message = N_("“%(over)s” is neither an associated object type nor an association. Possible: %(ways)s.")
            return self.tell(message, node, over=node.over, ways=", ".join(ways))
        far = Checking(self.known, end)
        got = far.measured(node)
        if node.where is not None:
            far.condition(node.where)
        self.problems += far.problems
        self.remarks += far.remarks
        return got

    def measured(self, node: Rollup) -> Is:
        """What the measure of the associated records gives; `self` is about those."""
        got = self.own(Own(node.property, place=node.place)) if node.property else Is.NOTHING
        if node.measure is Measure.COUNT:
            return Is.NUMBER
        spec = self.catalog.properties.get(node.property)
        if not node.property:
            message = N_("“%(measure)s” needs a property: %(measure)s of amount over deal.")
            return self.tell(message, node, measure=node.measure.value)
        fitting = (Is.NUMBER,) if node.measure in (Measure.SUM, Measure.AVERAGE) else (Is.NUMBER, Is.DAY, Is.INSTANT)
        if got is not Is.NOTHING and got not in fitting:
            message = N_("“%(property)s” is %(got)s, so it has no %(measure)s.")
            return self.tell(message, node, property=spec or node.property, got=Word(WORDS[got]), measure=node.measure.value)
        return got

    def condition(self, node: Node) -> None:
        """What follows `where`: properties against written values, since the columns answer it for all records at once."""
        if not is_plain(node):
            message = N_("After “where”, properties of the associated records are compared with written values, joined by and, or, not. For anything else, make a calculated property there and ask whether it is true.")  # fmt: skip  # noqa: E501
            self.tell(message, node)
            return
        self.must(node, Is.TRUTH, "where")

    def words_of(self, node: Node) -> str:
        """A part in few words, for sentences about it."""
        match node:
            case Own():
                return node.name
            case Text():
                return node.value
            case Number():
                return f"{node.value:f}"
            case Call():
                return f"{node.name}(…)"
            case Rollup():
                return f"{node.measure.value} … over {node.over}"
            case Comparison() | Arithmetic() | Logic():
                return f"{self.words_of(node.left)} {node.operator} {self.words_of(node.right)}"
            case Truth():
                return "true" if node.value else "false"
        return "(…)"


def comparable(first: Is, second: Is) -> bool:
    return first is second or {first, second} == {Is.DAY, Is.INSTANT}


def is_plain(node: Node) -> bool:
    """Whether a condition is one that both the columns and this house answer alike."""
    match node:
        case Logic():
            return is_plain(node.left) and is_plain(node.right)
        case Not():
            return is_plain(node.of)
        case Comparison():
            sides = (node.left, node.right)
            return any(isinstance(side, Own) for side in sides) and any(is_written(side) for side in sides)
        case Among():
            return isinstance(node.of, Own) and all(is_written(value) for value in node.values)
        case Call(name="known"):
            return len(node.arguments) == 1 and isinstance(node.arguments[0], Own)
    return isinstance(node, Own)


def is_written(node: Node) -> bool:
    """A value that stands in the formula itself."""
    if isinstance(node, Minus):
        return isinstance(node.of, Number)
    if isinstance(node, Call):
        return node.name == "date" and len(node.arguments) == 1 and isinstance(node.arguments[0], Text)
    return isinstance(node, Number | Text | Truth)


def check(text: str, object_type: str, known: Known) -> Checked:
    """The formula, ready for use. Raises FormulaError with every problem."""
    tree = parse(text)
    checking = Checking(known, object_type)
    kind = checking.kind(tree)
    if not checking.problems and kind not in RESULTS:
        message = N_("The formula gives %(got)s, which no property can hold.")
        checking.tell(message, tree, got=Word(WORDS[kind]))
    if checking.problems:
        raise FormulaError(tuple(checking.problems))
    return Checked(tree, RESULTS[kind], tuple(checking.remarks))


def spec_words(spec: PropertySpec) -> str:
    """The message id for what a property is to formulas."""
    return WORDS[KINDS[spec.kind]]
