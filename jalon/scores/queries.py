"""Reading scores: the rules as they stand, what they give for records, how far their passes have come."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext
from sqlglot import exp

from jalon.accounts.access import EVERYTHING, Access
from jalon.accounts.queries import account
from jalon.criteria import dependence
from jalon.criteria import queries as criteria
from jalon.criteria.question import Only
from jalon.criteria.tree import Criteria
from jalon.jobs.models import Position as StoredPosition
from jalon.records import circles
from jalon.records import queries as records
from jalon.records.columns import Catalog, Position, Source
from jalon.scores import compile as columns
from jalon.scores import plan
from jalon.scores import rules as language
from jalon.scores.models import Score
from jalon.scores.plan import Book, Scoring, Stored
from jalon.scores.rules import RuleProblem, Rules, RulesError
from jalon.warehouse import current, query

READ: Final = "scores"  # how far the log is read
WRITTEN: Final = "scores.written"  # the last line that scores have written
FRESH_SECONDS: Final = 5.0  # for so long nobody asks whether what a score names beside properties, such as a list, is still there

# The scores there are


@dataclass(frozen=True, slots=True)
class _Read:
    catalogs: Mapping[str, Catalog]
    around: tuple[str, ...]
    at: float
    book: Book


_read: _Read | None = None


def the_book() -> Book:
    """Every score as it stands; read again after a change of definitions or settings, and every few seconds."""
    global _read
    catalogs, around, now = records.catalogs(), _around(), time.monotonic()
    if _read is None or _read.catalogs is not catalogs or _read.around != around or now - _read.at > FRESH_SECONDS:
        _read = _Read(catalogs, around, now, plan.book(_stored(catalogs), criteria.known(), around))
    return _read.book


def _around() -> tuple[str, ...]:
    settings = account()
    return (settings.zone, str(settings.first_weekday), str(settings.fiscal_month))


def _stored(catalogs: Mapping[str, Catalog]) -> list[Stored]:
    """The scores of live properties; that of an archived one rests with it."""
    rows = Score.objects.values_list("property__object_type__name", "property__name", "property_id", "rules")
    return [Stored(*row) for row in rows if row[0] in catalogs and row[1] in catalogs[row[0]].properties]


@dataclass(frozen=True, slots=True)
class ScoreView:
    """One score as its pages show it: the rules, how far it is, and what keeps it from being computed."""

    object_type: str
    name: str
    rules: Rules
    version: int
    is_done: bool
    after_id: int
    updated_at: datetime
    updated_by_id: int | None
    troubles: tuple[str, ...] = ()


def one(object_type: str, name: str) -> ScoreView | None:
    """The score of a property; None for a property that is none."""
    row = Score.objects.filter(property__object_type__name=object_type, property__name=name, property__archived_at=None).first()
    if row is None:
        return None
    try:
        rules, found = language.from_json(row.rules), problems(object_type, language.from_json(row.rules))
    except RulesError as error:
        rules, found = (), sentences(error.problems)
    return ScoreView(object_type, name, rules, row.version, row.is_done, row.after_id, row.updated_at, row.updated_by_id, tuple(found))


def problems(object_type: str, rules: Rules) -> list[str]:
    """All that is wrong with rules on records of this type, in sentences."""
    return sentences(language.problems(rules, object_type, criteria.known()))


def problems_by_rule(object_type: str, rules: Rules) -> dict[int, list[str]]:
    """The same by the rule that each is about, counted from 1; 0 is the whole."""
    found: dict[int, list[str]] = {}
    for one in language.problems(rules, object_type, criteria.known()):
        found.setdefault(one.rule, []).append(one.problem.sentence(gettext, get_language() or "en"))
    return found


def sentences(found: Iterable[RuleProblem]) -> list[str]:
    tongue = get_language() or "en"
    return [problem.sentence(gettext, tongue) for problem in found]


def made() -> dict[circles.Made, frozenset[circles.Made]]:
    """Every score with what it reads: a row of the table of circles."""
    return {circles.a_property(*scoring.key): dependence.reads(scoring.depends) for scoring in the_book().scorings}


def circle(object_type: str, name: str, rules: Rules) -> list[str]:
    """The way on which these rules would in the end read the score itself, in words."""
    reads = dependence.reads(plan.together(object_type, rules, criteria.known()))
    return circles.circle(circles.a_property(object_type, name), reads)


# What they give


def trees(scorings: Sequence[Scoring], now: datetime, only: Only = None) -> dict[str, exp.Expression]:
    """Each score of one object type as an expression over its columns."""
    return {each.name: tree(each.object_type, each.rules, now, only) for each in scorings}


def tree(object_type: str, rules: Rules, now: datetime, only: Only = None) -> exp.Expression:
    return columns.score(rules, _predicate(object_type, now, only))


def _predicate(object_type: str, now: datetime, only: Only) -> columns.Predicate:
    def predicate(asked: Criteria) -> exp.Expression | None:
        return criteria.where(asked, object_type, EVERYTHING, now=now, only=only)  # a number is the same for everybody

    return predicate


Values = list[tuple[int, dict[str, str | None]]]


def computed(object_type: str, scorings: Sequence[Scoring], ids: Sequence[int], now: datetime) -> Values:
    """The scores of these records, as canonical texts."""
    given = trees(scorings, now, tuple(ids))
    return _values(given, columns.scored(records.catalog(object_type), given, columns.among(ids)))


def differing(object_type: str, scorings: Sequence[Scoring], first: int, last: int, limit: int, now: datetime) -> Values:
    """The scores of the records between two ids that have others in the columns; the first ones, so many."""
    catalog, window = records.catalog(object_type), columns.between(first, last)
    given = trees(scorings, now, columns.ids(catalog, window))
    return _values(given, columns.differing(catalog, given, window, limit))


def _values(given: Mapping[str, exp.Expression], question: exp.Select) -> Values:
    return [(id, dict(zip(given, map(_text, told), strict=True))) for id, *told in current.engine().rows(question)]


def _text(value: object) -> str:
    return str(int(str(value).partition(".")[0]))


def next_window(object_type: str, after: int, size: int) -> tuple[int, int] | None:
    """The ids between which the next records of an object type lie."""
    ((first, last, count),) = current.engine().rows(columns.bounds(records.catalog(object_type), after, size))
    return (first, last) if count else None


# How far they are

FOREIGN: Final = tuple(source.value for source in (Source.MERGE, Source.UNDO, Source.SYSTEM))  # who else may carry a score along


def written_by_others(after: Position, until: Position, names: Iterable[str]) -> dict[str, set[int]]:
    """The records, by type, whose scores somebody else wrote between two positions: the rules have the last word."""
    types = {records.type_id(name): name for name in records.catalogs()}
    bounds: list[Any] = [after.epoch, str(after.xid), after.id, until.epoch, str(until.xid), until.id]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT object_type_id, record_id FROM records_change WHERE (epoch, xid, id) > (%s, %s::text::xid8, %s)"
            " AND (epoch, xid, id) <= (%s, %s::text::xid8, %s) AND kind = 'u' AND source = ANY(%s) AND delta ?| %s::text[]",
            [*bounds, list(FOREIGN), list(names)],
        )
        found: dict[str, set[int]] = {}
        for type_id, id in cursor.fetchall():
            if type_id in types:
                found.setdefault(types[type_id], set()).add(id)
        return found


def position(name: str) -> Position | None:
    row = StoredPosition.objects.filter(name=name).values_list("epoch", "xid", "id").first()
    return Position(*row) if row else None


def facts_of(kind: str) -> str:
    """The name of the position in the log of a filter kind: what joined or left lists."""
    return f"{READ}.{kind}"


@dataclass(frozen=True, slots=True)
class Pass:
    """Scores of one object type that are computed for every record, from the same place on."""

    object_type: str
    scorings: tuple[Scoring, ...]
    after: int


def next_pass(book: Book) -> Pass | None:
    """The first unfinished one, scores that others read before those that read them."""
    stands = dict(Score.objects.filter(is_done=False).values_list("property_id", "after_id"))
    waiting = [each for each in book.scorings if each.property_id in stands]
    if not waiting:
        return None
    first = waiting[0]
    level, after = book.levels[first.key], stands[first.property_id]
    together = [each for each in waiting if each.object_type == first.object_type and book.levels[each.key] == level]
    return Pass(first.object_type, tuple(each for each in together if stands[each.property_id] == after), after)


# The clock


def due(book: Book, now: datetime) -> list[tuple[Scoring, datetime]]:
    """The scores for which the clock has to be looked at, and since when it was not."""
    rows = Score.objects.filter(Q(next_at=None) | Q(next_at__lte=now)).values_list("property_id", "checked_at")
    since = {property_id: checked_at or now for property_id, checked_at in rows}
    return [(one, since[one.property_id]) for one in book.scorings if one.depends.on_clock and one.property_id in since]


def flipped(scoring: Scoring, since: datetime, now: datetime, most: int) -> list[int] | None:
    """The records to which the clock alone gave another score meanwhile; None where these are all, or more than `most`."""
    flips = [criteria.flips(rule.criteria, scoring.object_type, since, now) for rule in scoring.rules]
    if any(flip == query.truth(True) for flip in flips):
        return None
    asked = columns.ids(records.catalog(scoring.object_type), query.disjunction(flips)).limit(most + 1)
    ids = sorted(id for (id,) in current.engine().rows(asked))
    return None if len(ids) > most else ids


def next_moment(scoring: Scoring, now: datetime) -> datetime | None:
    """The first instant after `now` at which the clock may give somebody another score."""
    found = (criteria.next_moment(rule.criteria, scoring.object_type, now) for rule in scoring.rules)
    return min((moment for moment in found if moment is not None), default=None)


# For people


@dataclass(frozen=True, slots=True)
class Step:
    """One value of a score: how many records have it, the newest and the oldest of them."""

    score: int
    records: int
    newest: int
    oldest: int


def distribution(access: Access, object_type: str, rules: Rules) -> list[Step]:
    """What these rules would give now, the lowest score first, for the records that somebody may see."""
    among = records.matching(access, object_type)
    rows = current.engine().rows(columns.distribution(records.catalog(object_type), tree(object_type, rules, timezone.now()), among))
    return [Step(int(score), *told) for score, *told in rows]


def verdicts(object_type: str, rules: Rules, ids: Sequence[int]) -> dict[int, tuple[bool, ...]]:
    """Which rules hold for each of a few records, as the columns have them now."""
    predicate = _predicate(object_type, timezone.now(), tuple(ids))
    rows = current.engine().rows(columns.verdicts(records.catalog(object_type), rules, predicate, ids)) if rules and ids else []
    return {id: tuple(map(bool, told)) for id, *told in rows}
