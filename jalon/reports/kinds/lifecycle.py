"""The lifecycle report: what it is asked, and what journeys answer. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlglot import exp

from jalon.criteria.known import Known
from jalon.criteria.tree import EMPTY, Criteria, to_json
from jalon.figures.periods import Choice, Preset
from jalon.lifecycle.columns import JOURNEYS, Outcome
from jalon.lifecycle.journeys import counts
from jalon.lifecycle.journeys.counts import Figures, Range
from jalon.records.columns import Catalog, PropertySpec
from jalon.reports.kinds.definition import LIFECYCLE, VERSION, DefinitionError, Reading
from jalon.warehouse import query
from jalon.warehouse.schema import Kind
from jalon.warehouse.words import N_

Rows = Callable[[exp.Expression], Sequence[tuple[Any, ...]]]

PRESETS: Final = (
    Preset.TODAY,
    Preset.YESTERDAY,
    Preset.LAST_7_DAYS,
    Preset.LAST_14_DAYS,
    Preset.LAST_30_DAYS,
    Preset.LAST_90_DAYS,
    Preset.LAST_365_DAYS,
    Preset.THIS_MONTH,
    Preset.LAST_MONTH,
    Preset.THIS_QUARTER,
    Preset.LAST_QUARTER,
    Preset.THIS_YEAR,
    Preset.LAST_YEAR,
    Preset.ALL_TIME,
    Preset.CUSTOM,
)
USUAL: Final = Choice(Preset.LAST_14_DAYS)
TOLD_APART: Final = (Kind.ENUMERATION, Kind.USER, Kind.BOOL, Kind.STRING)  # kinds of properties that give a contact one value
MOST: Final = 6  # values side by side

OPTIONS: Final = ("kind", "version", "criteria", "period", "breakdown")

VALUE, OWNER, SPELLED = "told_apart", "told_apart_of", "told_apart_as"  # no column of journeys or visits is called so


@dataclass(frozen=True, slots=True)
class Definition:
    """The days of the entry, the contacts, and the property by which the whole report is told side by side."""

    period: Choice = USUAL
    criteria: Criteria = EMPTY
    breakdown: str = ""

    @property
    def as_of(self) -> date | None:
        """It tells of the past by itself: of journeys that were entered on past days, as they are now."""
        return None


def written(definition: Definition) -> dict[str, Any]:
    """The definition as JSON keeps it."""
    chosen = definition.period
    custom = {"first": chosen.first and chosen.first.isoformat(), "last": chosen.last and chosen.last.isoformat()}
    return {
        "kind": LIFECYCLE,
        "version": VERSION,
        "criteria": to_json(definition.criteria),
        "period": custom if chosen.preset is Preset.CUSTOM else chosen.preset.value,
        "breakdown": definition.breakdown,
    }


def read(raw: Any, catalog: Catalog, known: Known) -> Definition:
    """The definition that JSON holds; raises DefinitionError with every problem."""
    reading = _Reading(raw, catalog, known)
    reading.keys()
    wrong = N_("“%(label)s” does not give a contact one value. Choose a selection, a person, yes or no, or a text.")
    definition = Definition(reading.period(), reading.criteria(), reading.property("breakdown", TOLD_APART, wrong))
    if reading.problems:
        raise DefinitionError(tuple(reading.problems))
    return definition


class _Reading(Reading):
    """A pass over the JSON of a lifecycle report."""

    kind = LIFECYCLE
    options = OPTIONS
    usual_period = USUAL.preset
    no_option = N_("“%(key)s” is not an option of a lifecycle report. The options are: %(keys)s.")


@dataclass(frozen=True, slots=True)
class Lost:
    """Journeys that were lost to one stage, coming from another one of the path; none: they were lost at once."""

    stage: str
    came_from: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Stay:
    """What the journeys that visited a stage tell of their time in it."""

    visited: int
    mean_ms: float | None
    idle: int  # that are in it still
    median_ms: float | None = None


NOT_VISITED: Final = Stay(0, None, 0)


@dataclass(frozen=True, slots=True)
class Told:
    """The figures of the journeys of some contacts."""

    figures: Figures
    lost: tuple[Lost, ...]
    stays: Mapping[str, Stay]

    def stay(self, stage: str) -> Stay:
        return self.stays.get(stage, NOT_VISITED)

    def lost_to(self, stage: str) -> int:
        return sum(one.count for one in self.lost if one.stage == stage)

    def lost_from(self, stage: str) -> int:
        """How many were lost whose last stage on the path was this one."""
        return sum(one.count for one in self.lost if one.came_from == stage)

    def skipped(self, place: int, stage: str) -> int:
        """How many came beyond this place without having been in its stage: who came no farther than a place was there."""
        return self.figures.reached(place) - self.stay(stage).visited

    def destinations(self, stage: str) -> list[tuple[str, int]]:
        """Where those went who were lost from this stage, the most of them first."""
        found = [(one.stage, one.count) for one in self.lost if one.came_from == stage]
        return sorted(found, key=lambda one: (-one[1], one[0]))


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole report: of all, of the period before, and of each value of the breakdown. `values` is how many of these there are."""

    whole: Told
    before: Figures | None
    contacts: int
    apart: tuple[tuple[str | None, Told], ...] = ()
    values: int = 0


def told(rows: Rows, days: Range, among: exp.Expression | None) -> Told:
    """Three questions: what counts, who was lost where, and the times."""
    figures = Figures.of(rows(counts.by_outcome_and_place(days, among)))
    return _told(figures, rows(counts.lost_stages(days, among)), rows(counts.times_in_stages(days, among)))


def _told(figures: Figures, lost: Sequence[Any], times: Sequence[Any]) -> Told:
    stays = {stage: Stay(int(visited), _float(mean), int(idle), _float(median)) for stage, visited, idle, mean, median in times}
    return Told(figures, tuple(Lost(stage, came_from, int(count)) for stage, came_from, count in lost), stays)


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


# Side by side


def largest(days: Range, values: exp.Select) -> exp.Select:
    """One of the spellings of each value, then the value itself, those with the most journeys first. `values`: see `valued`."""
    counted = query.select(exp.Max(this=query.column(SPELLED))).from_(query.table(JOURNEYS.name)).where(days.holds("entered_at"))
    return _apart(counted, values).order_by(query.descending(query.count()), exp.cast(query.column(VALUE), "TEXT"))


def valued(contacts: exp.Select, spec: PropertySpec) -> exp.Select:
    """The value of each of these contacts beside its id; of texts that differ in case only there is one."""
    parts = {OWNER: query.column("id"), VALUE: value_of(spec), SPELLED: query.column(spec.name)}
    return contacts.select(*(query.named(part, name) for name, part in parts.items()), append=False)


def apart(rows: Rows, days: Range, values: exp.Select, shown: Sequence[Any]) -> list[Told]:
    """The figures of each of the values that are `shown`, from the same three questions."""
    asked = (counts.by_outcome_and_place(days), counts.lost_stages(days), counts.times_in_stages(days))
    found = [by_value(rows, tree, values) for tree in asked]
    parts = ([told.get(value, []) for told in found] for value in shown)
    return [_told(Figures.of(figures), lost, times) for figures, lost, times in parts]


def value_of(spec: PropertySpec) -> exp.Expression:
    """What is told apart: of texts that differ in case only there is one."""
    raw = query.column(spec.name)
    return query.lowered(raw) if spec.kind is Kind.STRING else raw


def by_value(rows: Rows, asked: exp.Select, values: exp.Select) -> dict[Any, list[tuple[Any, ...]]]:
    """The rows of one question for each value; it may be about journeys or about visits."""
    found: dict[Any, list[tuple[Any, ...]]] = {}
    for *row, value in rows(_apart(asked, values)):
        found.setdefault(value, []).append(tuple(row))
    return found


def _apart(asked: exp.Select, values: exp.Select) -> exp.Select:
    """The same figures by value, which stands last in each row."""
    same = exp.EQ(this=query.column("record_id"), expression=query.column(OWNER))
    joined = asked.select(query.column(VALUE)).join(values.subquery("of_contacts"), on=same)
    return joined.group_by(query.column(VALUE))


def canonical(value: Any) -> str | None:
    """A value of the columns as criteria write it."""
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def share(part: int, whole: int) -> float | None:
    """None where there is nothing to divide by."""
    return part / whole if whole else None


def ratio(now: float | None, before: float | None) -> float | None:
    """(now - before) / before; None where there is nothing to compare with."""
    return None if now is None or not before else (now - before) / before


WON, LOST = Outcome.WON, Outcome.LOST
