"""Criteria read the naive way: record by record, in plain Python, from the words of the specification (2.5).

Written without a look at the compiler. It knows nothing of SQL, and is as slow as it is plain.
"""

from __future__ import annotations

import calendar
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from jalon.criteria.tree import Associated, Branch, Count, Criteria, Fact, Filter, How, Node, When
from jalon.records.columns import Catalog
from jalon.warehouse.schema import Kind


@dataclass(frozen=True)
class Change:
    """A line of the history, in canonical text; None is no value."""

    property: str
    old: str | None
    new: str | None
    at: datetime
    source: str = "user"
    detail: str = ""


@dataclass(frozen=True)
class Bond:
    """A link to another record by an association type; `inverse`: the other one stands on its from-side."""

    type: str
    object_type: str
    id: int
    inverse: bool = False

    def fits(self, one: Associated) -> bool:
        return self.object_type == one.object_type and one.label in ("", self.type) and one.side in ("", "from" if self.inverse else "to")


@dataclass(frozen=True)
class Visit:
    """Something that happened to a record: a page that was looked at."""

    page: str
    at: datetime


@dataclass(frozen=True)
class Person:
    """A record of any object type."""

    id: int
    values: Mapping[str, str] = field(default_factory=dict)
    history: tuple[Change, ...] = ()
    bonds: tuple[Bond, ...] = ()
    visits: tuple[Visit, ...] = ()


@dataclass(frozen=True)
class Others:
    """The other object types: their catalogs, and their records by id."""

    catalogs: Mapping[str, Catalog] = field(default_factory=dict)
    records: Mapping[str, Mapping[int, Person]] = field(default_factory=dict)


NOBODY = Others()


@dataclass(frozen=True)
class Reader:
    catalog: Catalog
    now: datetime
    zone: ZoneInfo
    first_weekday: int = 0
    fiscal_month: int = 1
    others: Others = NOBODY

    def matches(self, criteria: Criteria, person: Person) -> bool:
        if not criteria.groups:
            return True
        return any(all(self.holds(one, person) for one in group.filters) for group in criteria.groups)

    def holds(self, node: Node, person: Person) -> bool:
        match node:
            case Filter():
                return self._filter(node, person)
            case Fact():
                return self._fact(node, person)
            case Associated():
                return self._associated(node, person)
            case Branch(how=How.ALL):
                return all(self.holds(part, person) for part in node.parts)
            case Branch(how=How.ANY):
                return any(self.holds(part, person) for part in node.parts)
            case Branch(how=How.NOT_ALL):
                return not all(self.holds(part, person) for part in node.parts)
        return not any(self.holds(part, person) for part in node.parts)

    # --- linked records: one and the same record meets all the parts ---

    def _associated(self, one: Associated, person: Person) -> bool:
        wanted = {bond.id for bond in person.bonds if bond.fits(one)}
        there = replace(self, catalog=self.others.catalogs[one.object_type])
        known = self.others.records[one.object_type]
        met = sum(all(there.holds(part, known[id]) for part in one.parts) for id in wanted)
        return met >= 1 if one.count is None else counts(met, one.count)

    # --- facts: what happened, when, how often ---

    def _fact(self, one: Fact, person: Person) -> bool:
        moments = {"import": self._imported, "visit": self._visited}[one.kind](one, person)
        if isinstance(one.refine, When):
            then = Filter("", one.refine.operator, one.refine.values)
            moments = [at for at in moments if self._date(then, person, at.isoformat())]
        happened = counts(len(moments), one.refine) if isinstance(one.refine, Count) else bool(moments)
        return happened if one.operator in ("from", "saw") else not happened

    def _imported(self, one: Fact, person: Person) -> list[datetime]:
        return [change.at for change in person.history if change.source == "import" and change.detail in one.values]

    def _visited(self, one: Fact, person: Person) -> list[datetime]:
        return [visit.at for visit in person.visits if visit.page in one.values]

    # --- properties ---

    def _filter(self, one: Filter, person: Person) -> bool:
        value = person.values.get(one.property)
        if one.operator == "is_known":
            return value is not None
        if one.operator == "is_unknown":
            return value is None
        if "_ever_" in one.operator or "_never_" in one.operator:
            return self._past(one, person)
        if value is None:
            return one.include_blank
        return self._present(one, person, value)

    # --- the past ---

    def _past(self, one: Filter, person: Person) -> bool:
        held = [person.values.get(one.property)]
        for change in self._until_now(person, one.property):
            held += [change.old, change.new]
        known = [value for value in held if value is not None]
        if not known:
            return one.include_blank
        ever = any(self._was(one, value) for value in known)
        return not ever if "_never_" in one.operator else ever

    def _was(self, one: Filter, value: str) -> bool:
        kind = self.catalog.properties[one.property].kind
        last = one.operator.rsplit("_", 1)[1]
        if kind is Kind.STRING:
            return same(value, one.values[0]) if last == "equal" else one.values[0].lower() in value.lower()
        if kind is Kind.NUMBER:
            return Decimal(value) == Decimal(one.values[0])
        if kind is Kind.BOOL:
            return value == one.values[0]
        mine, asked = set(value.split(";")), set(one.values)
        return {"any": bool(mine & asked), "exactly": mine == asked, "all": mine >= asked}[last]

    # --- the present ---

    def _present(self, one: Filter, person: Person, value: str) -> bool:
        kind = self.catalog.properties[one.property].kind
        if kind is Kind.STRING:
            return self._text(one, person, value)
        if kind is Kind.NUMBER:
            return self._number(one, person, Decimal(value))
        if kind is Kind.BOOL:
            other = person.values.get(one.values[0]) if one.operator.endswith("property") else one.values[0]
            return other is not None and (value == other) == one.operator.startswith("equal")
        if kind in (Kind.ENUMERATION, Kind.MULTI, Kind.USER):
            mine, asked = set(value.split(";")), set(one.values)
            return {
                "any_of": bool(mine & asked),
                "none_of": not mine & asked,
                "exactly": mine == asked,
                "not_exactly": mine != asked,
                "all_of": mine >= asked,
                "not_all_of": not mine >= asked,
            }[one.operator]
        return self._date(one, person, value)

    def _text(self, one: Filter, person: Person, value: str) -> bool:
        mine, asked = value.lower(), [operand.lower() for operand in one.values]
        match one.operator:
            case "equal" | "equal_any":
                return mine in asked
            case "not_equal" | "not_equal_any":
                return mine not in asked
            case "contains" | "contains_any":
                return any(part in mine for part in asked)
            case "not_contains" | "not_contains_any":
                return not any(part in mine for part in asked)
            case "starts_with":
                return any(mine.startswith(part) for part in asked)
            case "ends_with":
                return any(mine.endswith(part) for part in asked)
            case "contains_exactly":
                return any(stands_in(part, mine) for part in asked)
            case "not_contains_exactly":
                return not any(stands_in(part, mine) for part in asked)
        other = person.values.get(one.values[0])
        return other is not None and (same(value, other)) == (one.operator == "equal_property")

    def _number(self, one: Filter, person: Person, value: Decimal) -> bool:
        if one.operator.endswith("_property"):
            other = person.values.get(one.values[0])
            if other is None:
                return False
            bounds = [Decimal(other)]
        else:
            bounds = [Decimal(operand) for operand in one.values]
        return {
            "equal": value == bounds[0],
            "not_equal": value != bounds[0],
            "greater": value > bounds[0],
            "greater_equal": value >= bounds[0],
            "less": value < bounds[0],
            "less_equal": value <= bounds[0],
            "between": bounds[0] <= value <= bounds[-1],
            "not_between": not bounds[0] <= value <= bounds[-1],
        }[one.operator.removesuffix("_property")]

    # --- dates: a date is its whole day; an instant is itself, and has a day in the account zone ---

    def _date(self, one: Filter, person: Person, value: str) -> bool:
        if one.operator.endswith("_updated"):
            return self._against_update(one, person, value)
        if one.operator.endswith("_property"):
            return self._against_other(one, person, value)
        if one.operator.endswith("updated_in_last_days"):
            moments = self._updates(one.property, person)
            since = self._starts(self._today() - timedelta(days=int(one.values[0])))
            return any(since <= at <= self.now for at in moments) != one.operator.startswith("not")
        first, last = self._whole_span(value)
        match one.operator, one.values:
            case "on", (day,):
                return self._within(value, self._day(day), self._day(day))
            case "before", (day,):
                return last < self._starts(self._day(day))
            case "after", (day,):
                return first > self._ends(self._day(day))
            case "between", (low, high):
                return self._within(value, self._day(low), self._day(high))
            case "not_between", (low, high):
                return not self._within(value, self._day(low), self._day(high))
            case "between_days", (low, high):
                return int(low) <= (self._local_day(value) - self._today()).days <= int(high)
        return self._relative(one, first, last)

    def _relative(self, one: Filter, first: datetime, last: datetime) -> bool:
        """`first` and `last` instant of the value: the same for an instant, a day apart for a date."""
        today = self._today()
        if one.operator in ("in_this", "in_this_so_far", "in_last", "in_next"):
            begin, end = self._period(one.values[0], {"in_last": -1, "in_next": 1}.get(one.operator, 0))
            latest = min(self._ends(end), self.now) if one.operator == "in_this_so_far" else self._ends(end)
            return self._starts(begin) <= first <= latest
        days = timedelta(days=int(one.values[0]))
        match one.operator:
            case "less_than_days_ago":
                return self._starts(today - days) <= first <= self.now
            case "more_than_days_ago":
                return last < self._starts(today - days)
            case "less_than_days_from_now":
                return last >= self.now and first <= self._ends(today + days)
            case "more_than_days_from_now":
                return first > self._ends(today + days)
        raise AssertionError(one.operator)

    def _against_other(self, one: Filter, person: Person, value: str) -> bool:
        other = person.values.get(one.values[0])
        if other is None:
            return False
        if "T" in value and "T" in other:
            mine, theirs = moment(value), moment(other)
            return mine < theirs if one.operator.startswith("before") else mine > theirs
        mine_day, their_day = self._local_day(value), self._local_day(other)
        return mine_day < their_day if one.operator.startswith("before") else mine_day > their_day

    def _against_update(self, one: Filter, person: Person, value: str) -> bool:
        moments = self._updates(one.values[0], person)
        if not moments:
            return False
        latest = max(moments)
        if "T" in value:
            return moment(value) < latest if one.operator.startswith("before") else moment(value) > latest
        day = latest.astimezone(self.zone).date()
        return date.fromisoformat(value) < day if one.operator.startswith("before") else date.fromisoformat(value) > day

    def _updates(self, name: str, person: Person) -> list[datetime]:
        if name in ("createdate", "lastmodifieddate"):
            return [moment(person.values[name])] if name in person.values else []
        return [change.at for change in self._until_now(person, name)]

    def _until_now(self, person: Person, name: str) -> list[Change]:
        """Asked of a past moment, what changed later is not known."""
        return [change for change in person.history if change.property == name and change.at <= self.now]

    def _within(self, value: str, low: date, high: date) -> bool:
        return low <= self._local_day(value) <= high

    def _local_day(self, value: str) -> date:
        return moment(value).astimezone(self.zone).date() if "T" in value else date.fromisoformat(value)

    def _whole_span(self, value: str) -> tuple[datetime, datetime]:
        if "T" in value:
            return moment(value), moment(value)
        return self._starts(self._day(value)), self._ends(self._day(value))

    def _today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def _day(self, text: str) -> date:
        return date.fromisoformat(text)

    def _starts(self, day: date) -> datetime:
        """The first instant of a day: the earliest whose wall clock in the zone shows that day."""
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)

    def _ends(self, day: date) -> datetime:
        return self._starts(day + timedelta(days=1)) - timedelta(microseconds=1)

    def _period(self, unit: str, shift: int) -> tuple[date, date]:
        return period(unit, shift, self._today(), self.first_weekday, self.fiscal_month)


@cache
def period(unit: str, shift: int, today: date, first_weekday: int, fiscal_month: int) -> tuple[date, date]:
    """Walk day by day from today to the edges of the period, then on to the one before or after it."""

    def key(day: date) -> tuple[int, ...]:
        return period_key(unit, day, first_weekday, fiscal_month)

    first = last = today
    for _ in range(abs(shift) + 1):
        while key(first - timedelta(days=1)) == key(first):
            first -= timedelta(days=1)
        while key(last + timedelta(days=1)) == key(last):
            last += timedelta(days=1)
        edges = first, last
        first = last = first - timedelta(days=1) if shift < 0 else last + timedelta(days=1)
    return edges


def period_key(unit: str, day: date, first_weekday: int, fiscal_month: int) -> tuple[int, ...]:
    """What two days of one period have in common."""
    fiscal_year = day.year if day.month >= fiscal_month else day.year - 1
    fiscal_quarter = (day.month - fiscal_month) % 12 // 3
    if unit == "week":
        names = list(calendar.Calendar(first_weekday).iterweekdays())
        return ((day - timedelta(days=names.index(day.weekday()))).toordinal(),)
    return {
        "day": (day.toordinal(),),
        "month": (day.year, day.month),
        "quarter": (day.year, (day.month - 1) // 3),
        "year": (day.year,),
        "fiscal_quarter": (fiscal_year, fiscal_quarter),
        "fiscal_year": (fiscal_year,),
    }[unit]


def counts(times: int, count: Count) -> bool:
    return times >= count.least and (count.most is None or times <= count.most)


def same(one: str, other: str) -> bool:
    return one.lower() == other.lower()


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def stands_in(part: str, whole: str) -> bool:
    """The part occurs with nothing of a word touching it on either side."""
    for start in range(len(whole) - len(part) + 1):
        if whole[start : start + len(part)] == part:
            before, after = whole[:start][-1:], whole[start + len(part) :][:1]
            if not in_word(before) and not in_word(after):
                return True
    return False


def in_word(character: str) -> bool:
    return character == "_" or (character != "" and unicodedata.category(character)[0] in "LMN")
