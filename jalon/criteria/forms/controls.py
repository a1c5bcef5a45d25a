"""The inputs that the operands of an operator are typed into, and what can be picked there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from jalon.accounts.access import Access
from jalon.criteria.forms.entries import Entry, written
from jalon.criteria.forms.scene import Scene
from jalon.criteria.kinds import FilterKind
from jalon.criteria.operators import PERIODS, Operands, Operator
from jalon.records.columns import Catalog, PropertySpec
from jalon.warehouse.schema import Kind

PICKED = frozenset({Kind.ENUMERATION, Kind.MULTI, Kind.USER})
DATES = frozenset({Kind.DATE, Kind.DATETIME})
NEEDED = {Operands.NONE: 0, Operands.TWO: 2, Operands.OFFSETS: 2}  # operands; otherwise one at least

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Token:
    """A value that was picked. `gone`: it is not on offer any more."""

    value: str
    label: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """The inputs of some operands, all of the same name.

    shape  one, two, offsets (days from today), lines (a value on each), select, picker (tokens, and a list to pick from),
           kept (nothing to be seen)
    """

    name: str
    shape: str
    type: str = "text"
    decimal: bool = False
    unit: str = ""
    values: tuple[str, ...] = ()
    options: Options = ()
    tokens: tuple[Token, ...] = ()
    single: bool = False

    @property
    def first(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def second(self) -> str:
        return self.values[1] if len(self.values) > 1 else ""

    @property
    def offsets(self) -> tuple[tuple[str, str, bool], ...]:
        """For each of two days from today its name to a screen reader, the number, and whether it lies behind."""
        shown = ((gettext("From"), self.first, True), (gettext("To"), self.second, False))
        return tuple((label, days.lstrip("-"), days.startswith("-") or (behind and not days)) for label, days, behind in shown)


def is_complete(operands: Operands, given: int) -> bool:
    """Whether there are as many operands as it takes, be they right or wrong."""
    return given >= NEEDED.get(operands, 1)


def of_property(entry: Entry, spec: PropertySpec, how: Operator, scene: Scene) -> Control | None:
    """The inputs of a filter on a property."""
    name, values = f"value:{entry.key}", entry.values
    match how.operands:
        case Operands.NONE:
            return None
        case Operands.PROPERTY:
            return _select(name, values, _comparable(spec, how, scene.catalogs[entry.of], scene.language))
        case Operands.ONE if spec.kind is Kind.BOOL:
            return _select(name, values, (("true", gettext("Yes")), ("false", gettext("No"))))
        case Operands.ONE | Operands.MANY if spec.kind in PICKED:
            tokens = tuple(_token_of(value, spec, scene) for value in values)
            return Control(name, "picker", tokens=tokens, single=how.operands is Operands.ONE)
        case Operands.MANY:
            return Control(name, "lines", values=tuple(written(value, spec) for value in values))
        case Operands.ONE | Operands.TWO if spec.kind not in DATES:
            shown = tuple(written(value, spec) for value in values)
            return Control(name, how.operands.value, decimal=spec.kind is Kind.NUMBER, values=shown)
    return of_moment(name, how, values)


def of_moment(name: str, how: Operator, values: tuple[str, ...]) -> Control:
    """The inputs of an operator that a date or a moment is asked with."""
    match how.operands:
        case Operands.DAYS:
            return Control(name, "one", type="number", unit=gettext("days"), values=values)
        case Operands.OFFSETS:
            return Control(name, "offsets", values=values)
        case Operands.PERIOD:
            return _select(name, values, tuple((period, gettext(label)) for period, label in PERIODS.items()))
        case Operands.TWO:
            return Control(name, "two", type="date", values=values)
    return Control(name, "one", type="date", values=values)


def of_fact(entry: Entry, kind: FilterKind, how: Operator, scene: Scene) -> Control | None:
    """The inputs of a filter of another kind: its operands are picked."""
    if how.operands is Operands.NONE:
        return None
    known = scene.names(kind)
    tokens = tuple(Token(value, known.get(value, value), gone=value not in known) for value in entry.values)
    return Control(f"value:{entry.key}", "picker", tokens=tokens, single=how.operands is Operands.ONE)


def of_count(name: str, bound: str, values: tuple[str, ...]) -> Control:
    return Control(name, "two" if bound == "between" else "one", type="number", values=values)


def _select(name: str, values: Sequence[str], offered: Options) -> Control:
    """A value that is no longer on offer stays, as it is written, as long as the filter names it."""
    known = {value for value, _label in offered}
    return Control(name, "select", values=tuple(values), options=offered + tuple((one, one) for one in values if one not in known))


def _comparable(spec: PropertySpec, how: Operator, catalog: Catalog, language: str) -> Options:
    others = [other for other in catalog.properties.values() if other.kind in how.other_kinds and other.name != spec.name]
    return tuple(sorted(((other.name, other.label(language)) for other in others), key=lambda pair: pair[1].casefold()))


def _token_of(value: str, spec: PropertySpec, scene: Scene) -> Token:
    if spec.kind is Kind.USER:
        return Token(value, scene.users.get(value, value), gone=value not in scene.users)
    option = spec.option(value)
    return Token(value, option.label(scene.language) if option else value, gone=option is None)


# What a picker lists


def offered_by_property(spec: PropertySpec, scene: Scene) -> Options:
    if spec.kind is Kind.USER:
        return tuple(scene.users.items())
    return tuple((option.value, option.label(scene.language)) for option in spec.options)


def offered_by_kind(access: Access, kind: FilterKind, object_type: str) -> Options:
    return tuple((choice.value, choice.label) for choice in kind.choices(access, object_type))
