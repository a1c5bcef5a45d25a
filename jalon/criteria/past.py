"""What a property was before, and when it changed: conditions over the column table of the history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlglot import exp

from jalon.criteria import operands
from jalon.criteria.question import Question, Setting
from jalon.records.columns import HISTORY, Catalog, PropertySpec
from jalon.warehouse import query
from jalon.warehouse.schema import Kind

_H, _R = "h", "r"  # the history and the records, inside a query of our own

#: Kept by the row itself, so no change of theirs stands in the history: each says itself when it was last set.
STAMPS = frozenset({"createdate", "lastmodifieddate"})


def ever_known(question: Question) -> exp.Expression:
    """The property has a value, or once had one."""
    return query.disjunction([query.is_known(question.column), _in_history(question, query.is_known)])


def ever(question: Question, now_holds: exp.Expression, held: Callable[[exp.Expression], exp.Expression]) -> exp.Expression:
    """The present value answers, or one in the history does (`held` tests its canonical text)."""
    return query.disjunction([query.conjunction([query.is_known(question.column), now_holds]), _in_history(question, held)])


def updated_in_last_days(question: Question) -> exp.Expression:
    """A change between the start of the day N days ago and now."""
    since = query.day(question.setting.today - timedelta(days=operands.days(question.values[0]) or 0))
    until = query.instant(question.setting.now)
    name, of = ("at", _H) if question.spec.name not in STAMPS else (question.spec.name, question.setting.of)
    recent = query.conjunction(
        [exp.GTE(this=query.day_of(name, of), expression=since), exp.LTE(this=query.column(name, of), expression=until)]
    )
    if question.spec.name in STAMPS:
        return recent
    return query.among(question.setting.id, _changes(question, question.spec).where(recent))


def against_last_update(comparison: type[exp.LT] | type[exp.GT]) -> Callable[[Question], exp.Expression]:
    """The date lies before (LT) or after (GT) the moment in which the other property last changed."""

    def answer(question: Question) -> exp.Expression:
        whole_day = question.spec.kind is Kind.DATE
        part = query.day_of if whole_day else query.column
        if question.other.name in STAMPS:
            updated = part(question.other.name, question.setting.of)
            return comparison(this=question.column, expression=updated)
        own = exp.Max(this=query.column(question.spec.name, _R))
        record = exp.EQ(this=query.column("id", _R), expression=query.column("record_id", _H))
        late = comparison(this=own, expression=exp.Max(this=part("at", _H)))
        changes = _changes(question, question.other).join(query.table(question.setting.catalog.plural, _R), on=record)
        return query.among(question.setting.id, changes.group_by(query.column("record_id", _H)).having(late))

    return answer


def _in_history(question: Question, held: Callable[[exp.Expression], exp.Expression]) -> exp.Expression:
    texts = query.disjunction(held(query.column(name, _H)) for name in ("new", "old"))
    return query.among(question.setting.id, _changes(question, question.spec).where(texts))


def passed(spec: PropertySpec, setting: Setting, since: datetime, until: datetime) -> exp.Expression:
    """The property was changed between two instants, both included."""
    question = Question(spec, (), setting)
    if spec.name in STAMPS:
        return query.between(question.column, query.instant(since), query.instant(until))
    at = query.between(query.column("at", _H), query.instant(since), query.instant(until))
    return query.among(setting.id, _changes(question, spec).where(at))


def least_from(spec: PropertySpec, catalog: Catalog, now: datetime) -> exp.Select:
    """The first instant from now on at which some record has this property changed: the history may know of things to come."""
    at, from_now = query.column("at", _H), exp.GTE(this=query.column("at", _H), expression=query.instant(now))
    return query.select(exp.Min(this=at)).from_(query.table(HISTORY.name, _H)).where(_of_property(catalog, spec), from_now)


def _changes(question: Question, spec: PropertySpec) -> exp.Select:
    """The records whose history has a line of this property; more conditions may follow."""
    record, setting = query.column("record_id", _H), question.setting
    until = exp.LTE(this=query.column("at", _H), expression=query.instant(setting.now))  # asked of the past, what came later is not known
    asked = query.conjunction([_of_property(setting.catalog, spec), setting.within(record), until])
    return query.select(record).from_(query.table(HISTORY.name, _H)).where(asked)


def _of_property(catalog: Catalog, spec: PropertySpec) -> exp.Expression:
    own_type = exp.EQ(this=query.column("object_type", _H), expression=query.text(catalog.object_type))
    return query.conjunction([own_type, exp.EQ(this=query.column("property", _H), expression=query.text(spec.name))])
