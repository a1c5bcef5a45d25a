"""What somebody wants a contacts report to show: a frozen value, read from JSON with every problem told at once. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from jalon.criteria import dependence
from jalon.criteria.findings import findings
from jalon.criteria.known import NOTHING, Known
from jalon.criteria.problems import CriteriaError, Part, Problem
from jalon.criteria.tree import EMPTY, Associated, Criteria, Fact, from_json, to_json
from jalon.figures.measures import Measure
from jalon.figures.periods import Choice, Preset, Unit
from jalon.records.columns import Catalog
from jalon.warehouse.characters import are_storable
from jalon.warehouse.schema import Kind
from jalon.warehouse.words import N_

VERSION = 1
KIND, LIFECYCLE = "contacts", "lifecycle"
EVERY_KIND = (KIND, LIFECYCLE)
ALL_TIME = Choice()
DATES = (Kind.DATE, Kind.DATETIME)
TOP, MOST_TOP = 8, 15  # values of the breakdown with a color of their own: by default, and at most, since colors are to be told apart
UNSTORABLE = N_("The definition holds characters that cannot be stored (a NUL byte or half a character); remove them.")
KEYS = (
    "kind",
    "version",
    "criteria",
    "date_property",
    "period",
    "grouping",
    "breakdown",
    "top",
    "number",
    "median",
    "measure",
    "style",
    "as_of",
)


class Style(StrEnum):
    """Standard is a bar for each bucket, cumulative a line of running totals."""

    STANDARD = "standard"
    CUMULATIVE = "cumulative"


STYLE_LABELS = {Style.STANDARD: N_("Standard"), Style.CUMULATIVE: N_("Cumulative")}


@dataclass(frozen=True, slots=True)
class Definition:
    """The options of a contacts report. "" is no breakdown, and no number; `top` values of the breakdown are told apart in the chart."""

    criteria: Criteria = EMPTY
    date_property: str = "createdate"
    period: Choice = ALL_TIME
    grouping: Unit = Unit.MONTH
    breakdown: str = ""
    number: str = ""
    measure: Measure = Measure.COUNT
    style: Style = Style.STANDARD
    as_of: date | None = None  # the contacts as they were at the end of this day; none: as they are
    top: int = TOP
    median: bool = False  # of the number, beside its sum and average; it is asked apart, so only where it is wanted

    @property
    def tells_median(self) -> bool:
        return bool(self.number) and (self.median or self.measure is Measure.MEDIAN)


class DefinitionError(ValueError):
    """A definition that cannot be run, with everything that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(" ".join(problem.sentence(str, "en") for problem in problems))
        self.problems = problems


def written(definition: Definition) -> dict[str, Any]:
    """The definition as JSON keeps it."""
    chosen = definition.period
    custom = {"first": chosen.first and chosen.first.isoformat(), "last": chosen.last and chosen.last.isoformat()}
    return {
        "kind": KIND,
        "version": VERSION,
        "criteria": to_json(definition.criteria),
        "date_property": definition.date_property,
        "period": custom if chosen.preset is Preset.CUSTOM else chosen.preset.value,
        "grouping": definition.grouping.value,
        "breakdown": definition.breakdown,
        "number": definition.number,
        "measure": definition.measure.value,
        "style": definition.style.value,
        **({"as_of": definition.as_of.isoformat()} if definition.as_of else {}),
        **({"top": definition.top} if definition.top != TOP else {}),
        **({"median": True} if definition.median else {}),
    }


def read(raw: Any, catalog: Catalog, known: Known = NOTHING) -> Definition:
    """The definition that JSON holds; raises DefinitionError with every problem."""
    reading = Reading(raw, catalog, known)
    definition = reading.definition()
    if reading.problems:
        raise DefinitionError(tuple(reading.problems))
    return definition


def named(raw: Mapping[str, Any], object_type: str) -> set[tuple[str, str]]:
    """The properties that a stored definition names, by their object type, whether they still exist or not."""
    own = {(object_type, raw[key]) for key in ("date_property", "breakdown", "number") if raw.get(key)}
    try:
        criteria = from_json(raw["criteria"]) if raw.get("criteria") else EMPTY
    except CriteriaError:
        return own
    return own | dependence.named(criteria, object_type)


Choosable = TypeVar("Choosable", bound=StrEnum)


class Reading:
    """One pass over a definition's JSON; problems are collected, and each wrong part reads as its default meanwhile."""

    kind: str = KIND
    options: tuple[str, ...] = KEYS
    usual_period = Preset.ALL_TIME
    no_option = N_("“%(key)s” is not an option of a contacts report. The options are: %(keys)s.")

    def __init__(self, raw: Any, catalog: Catalog, known: Known) -> None:
        self.catalog, self.known = catalog, known
        self.problems: list[Problem] = []
        self.raw: Mapping[str, Any] = {}
        if not are_storable(raw):
            self.tell(UNSTORABLE)
        elif isinstance(raw, Mapping):
            self.raw = raw
        else:
            self.tell(
                N_("A report definition is a JSON object such as %(example)s."), example='{"kind": "contacts", "period": "this_year"}'
            )

    def tell(self, message: str, **values: Part | tuple[Part, ...]) -> None:
        self.problems.append(Problem(message, values))

    def definition(self) -> Definition:
        self.keys()
        definition = Definition(
            criteria=self.criteria(),
            date_property=self.property("date_property", DATES, N_("“%(label)s” is not a date. Choose a date property.")) or "createdate",
            period=self.period(),
            grouping=self.choice("grouping", Unit, Unit.MONTH),
            breakdown=self.property("breakdown", tuple(Kind), ""),
            number=self.property("number", (Kind.NUMBER,), N_("“%(label)s” is not a number, so it has no sum and no average.")),
            measure=self.choice("measure", Measure, Measure.COUNT),
            style=self.choice("style", Style, Style.STANDARD),
            as_of=self.as_of(),
            top=self.top(),
            median=self.raw.get("median") in (True, "true", "on"),
        )
        if definition.as_of:
            self.past(definition)
        if (definition.measure is not Measure.COUNT or definition.median) and not self.raw.get("number"):
            self.tell(N_("A sum, an average or a median needs a number: choose the number property, or count the contacts."))
        if definition.measure is Measure.MEDIAN and definition.style is Style.CUMULATIVE:
            self.tell(N_("A median does not add up from one group to the next. Choose the standard chart, or another number for it."))
        return definition

    def top(self) -> int:
        raw = self.raw.get("top")
        if raw is None or raw == "":
            return TOP
        if str(raw).isdecimal() and 1 <= int(raw) <= MOST_TOP:
            return int(raw)
        self.tell(
            N_("“%(top)s” is not how many values a chart can tell apart. Choose a number from 1 to %(most)s."),
            top=str(raw),
            most=str(MOST_TOP),
        )
        return TOP

    def past(self, definition: Definition) -> None:
        """What the history cannot tell of a past date."""
        names = (definition.date_property, definition.breakdown, definition.number, *definition.criteria.properties())
        if "lastmodifieddate" in names:
            message = N_("“%(label)s” is always today’s. Choose another property, or ask about the contacts as they are.")
            self.tell(message, label=self.catalog.properties["lastmodifieddate"])
        if any(isinstance(node, Fact | Associated) for _, node in definition.criteria.walk()):
            self.tell(N_("As of a past date, filters can ask about properties of the contact, not about lists, imports or linked records."))

    def keys(self) -> None:
        for key in self.raw:
            if key not in self.options:
                self.tell(self.no_option, key=str(key), keys=", ".join(self.options))
        if (kind := self.raw.get("kind", self.kind)) != self.kind:
            self.tell(N_("“%(kind)s” is not a kind of report. The kinds are: %(kinds)s."), kind=str(kind), kinds=", ".join(EVERY_KIND))
        if (version := self.raw.get("version", VERSION)) != VERSION:
            self.tell(
                N_("This Jalon reads version %(known)s of a definition, not version %(version)s."), known=str(VERSION), version=str(version)
            )

    def criteria(self) -> Criteria:
        raw = self.raw.get("criteria")
        if raw is None:
            return EMPTY
        try:
            criteria = from_json(raw)
        except CriteriaError as error:
            self.problems += error.problems
            return EMPTY
        wrong = findings(criteria, self.catalog, self.known)
        nodes = [node for _, node in criteria.walk()]
        if len(nodes) == 1 and isinstance(nodes[0], Fact):  # a list that was chosen, not a filter that somebody put into a group
            wrong = tuple(replace(problem, place=None) for problem in wrong)
        self.problems += wrong
        return criteria

    def property(self, key: str, kinds: tuple[Kind, ...], wrong: str) -> str:
        """The name of a property of one of these kinds, "" when none is given."""
        name = self.raw.get(key) or ""
        if not name:
            return ""
        spec = self.catalog.properties.get(name) if isinstance(name, str) else None
        if spec is None:
            self.no_property(str(name))
            return ""
        if spec.kind not in kinds:
            self.tell(wrong, label=spec)
        return spec.name

    def no_property(self, name: str) -> None:
        if close := difflib.get_close_matches(name, self.catalog.properties, n=1):
            self.tell(N_("There is no property “%(name)s”. Did you mean “%(near)s”?"), name=name, near=close[0])
        else:
            self.tell(N_("There is no property “%(name)s”."), name=name)

    def choice(self, key: str, kind: type[Choosable], default: Choosable) -> Choosable:
        value = self.raw.get(key)
        if value is None or value == "":
            return default
        try:
            return kind(value)
        except ValueError:
            wrong = N_("“%(value)s” is not a possible value of “%(option)s”. Choose one of: %(known)s.")
            self.tell(wrong, value=str(value), option=key, known=tuple(each.value for each in kind))
            return default

    def period(self) -> Choice:
        raw = self.raw.get("period")
        if not isinstance(raw, Mapping):
            preset = self.choice("period", Preset, self.usual_period)
            if preset is Preset.CUSTOM:
                self.tell(N_("A custom period needs its first and its last day."))
            return Choice(preset)
        first, last = self.day(raw.get("first")), self.day(raw.get("last"))
        if first and last and first > last:
            self.tell(N_("The period ends on %(last)s, before it begins on %(first)s."), first=str(first), last=str(last))
        return Choice(Preset.CUSTOM, first, last)

    def as_of(self) -> date | None:
        raw = self.raw.get("as_of")
        return self.written_day(raw) if raw else None

    def day(self, raw: Any) -> date | None:
        if not raw:
            self.tell(N_("A custom period needs its first and its last day."))
            return None
        return self.written_day(raw)

    def written_day(self, raw: Any) -> date | None:
        try:
            return date.fromisoformat(raw)
        except (TypeError, ValueError):
            self.tell(N_("“%(value)s” is not a day. Write it as in 2026-03-31."), value=str(raw))
            return None
