"""Everything that changes scores: their rules, the values that follow from them, and how far that has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext

from jalon.accounts.access import SYSTEM, Actor
from jalon.accounts.actions import Refused
from jalon.jobs.actions import save_position
from jalon.records import queries as records
from jalon.records.bulk import actions as bulk
from jalon.records.columns import FieldType, Origin, Position, PropertySpec, Source, Type
from jalon.records.definitions import actions as definitions
from jalon.scores import queries
from jalon.scores import rules as language
from jalon.scores.models import Score
from jalon.scores.plan import Book, Scoring
from jalon.scores.queries import READ, WRITTEN, Pass, Values
from jalon.scores.rules import Rules

SLICE: Final = 5_000  # records in one transaction
WINDOW: Final = 100_000  # records that a pass looks at in one turn; of those that differ, it writes one slice
ORIGIN: Final = Origin(Source.CALCULATED)

# The rules


def create(object_type: str, spec: PropertySpec, rules: Rules, *, actor: Actor) -> PropertySpec:
    """A new property whose values follow from rules. Raises Refused with every problem."""
    wanted = replace(spec, type=Type.NUMBER, field_type=FieldType.SCORE, unique=False, options=())
    _check(object_type, spec.name, rules)
    with transaction.atomic():
        made = definitions.define_property(object_type, wanted, actor=actor)
        _keep(object_type, made.name, rules, actor)
    return made


def takes(spec: PropertySpec) -> bool:
    """Whether a property could become a score: a plain number, which people or imports fill in today."""
    return spec.type is Type.NUMBER and spec.field_type is FieldType.NUMBER and not (spec.read_only_value or spec.unique)


def become(object_type: str, name: str, rules: Rules, *, actor: Actor) -> None:
    """Makes a plain number a score. The values it had stay in its history. Raises Refused."""
    spec = records.catalog(object_type).properties.get(name)
    if spec is None or not takes(spec):
        raise Refused(gettext("Only a plain number can become a score; “%(name)s” is none.") % {"name": name})
    _check(object_type, name, rules)
    with transaction.atomic():
        definitions.change_property(object_type, name, actor=actor, field_type=FieldType.SCORE)
        _keep(object_type, name, rules, actor)


def change(object_type: str, name: str, rules: Rules, *, actor: Actor) -> None:
    """Gives a score other rules; a pass that runs with the old ones begins anew. Raises Refused."""
    row = _row(object_type, name)
    if row.rules == language.to_json(rules):
        return
    _check(object_type, name, rules)
    with transaction.atomic():
        definitions.remember(object_type, name, "rules", row.rules, language.to_json(rules), actor=actor)
        _keep(object_type, name, rules, actor)


def stop(object_type: str, name: str, *, actor: Actor) -> None:
    """Makes a score a plain number again, which keeps its values. Raises Refused."""
    row = _row(object_type, name)
    with transaction.atomic():
        row.delete()
        definitions.change_property(object_type, name, actor=actor, field_type=FieldType.NUMBER)


def _row(object_type: str, name: str) -> Score:
    row = Score.objects.filter(property__object_type__name=object_type, property__name=name, property__archived_at=None).first()
    if row is None:
        raise Refused(gettext("“%(name)s” is no score.") % {"name": name})
    return row


def _check(object_type: str, name: str, rules: Rules) -> None:
    if problems := queries.problems(object_type, rules):
        raise Refused(*problems)
    if way := queries.circle(object_type, name, rules):
        raise Refused(gettext("It would go round in a circle: %(way)s.") % {"way": " → ".join(way)})


def _keep(object_type: str, name: str, rules: Rules, actor: Actor) -> None:
    property_id = records.property_ids(object_type)[name]
    kept = {"rules": language.to_json(rules), "updated_at": timezone.now(), "updated_by_id": actor.user_id}
    Score.objects.update_or_create(property_id=property_id, defaults=kept)
    Score.objects.filter(property_id=property_id).update(version=F("version") + 1)
    definitions.definitions_changed()  # wakes the beat, and makes every process read the scores again


# The values


def begin(book: Book, now: datetime) -> None:
    """Makes a score that is new, changed or usable again start with its first record."""
    stands = dict(Score.objects.values_list("property_id", "fingerprint"))
    for one in book.scorings:
        if stands.get(one.property_id) != one.fingerprint:
            begin_again([one], now)
            Score.objects.filter(property_id=one.property_id).update(fingerprint=one.fingerprint)
    resting = stands.keys() - {one.property_id for one in book.scorings}
    Score.objects.filter(property_id__in=resting).exclude(fingerprint="").update(fingerprint="")


def begin_again(scorings: Sequence[Scoring], now: datetime) -> None:
    """A pass over all records, from the first one on; from here the clock is followed."""
    own = Score.objects.filter(property_id__in=[one.property_id for one in scorings])
    own.update(after_id=0, is_done=False, checked_at=now, next_at=None)


def recompute(scorings: Sequence[Scoring], ids: Sequence[int], now: datetime) -> None:
    """Computes scores of one object type for some records; PostgreSQL writes what differs from its rows."""
    for start in range(0, len(ids), SLICE):
        some = ids[start : start + SLICE]
        _write(scorings[0].object_type, queries.computed(scorings[0].object_type, scorings, some, now))


def read_up_to(position: Position) -> None:
    """The slice of the log is done; computing it again after a crash would change nothing."""
    save_position(READ, position.epoch, position.xid, position.id)


def facts_read_up_to(kind: str, number: int) -> None:
    """The same for facts that stand in a log of their own."""
    save_position(queries.facts_of(kind), 0, 0, number)


def go_on(step: Pass, now: datetime) -> None:
    """The next records of a pass. The columns know the present values, so that only what differs is written, a slice at a time."""
    window = queries.next_window(step.object_type, step.after, WINDOW)
    own = Score.objects.filter(property_id__in=[each.property_id for each in step.scorings])
    if window is None:
        own.update(is_done=True)
        return
    rows = queries.differing(step.object_type, step.scorings, *window, SLICE, now)
    _write(step.object_type, rows)
    own.update(after_id=rows[-1][0] if len(rows) == SLICE else window[1])


def clock_seen(scoring: Scoring, now: datetime, next_at: datetime | None) -> None:
    """The clock was looked at for a score; when it has to be next."""
    Score.objects.filter(property_id=scoring.property_id).update(checked_at=now, next_at=next_at)


def clock_moved(scorings: Sequence[Scoring]) -> None:
    """The instants that these read have changed: when the next one comes has to be asked again."""
    Score.objects.filter(property_id__in=[one.property_id for one in scorings]).update(next_at=None)


def _write(object_type: str, rows: Values) -> None:
    if rows and (position := bulk.set_each(object_type, rows, actor=SYSTEM, origin=ORIGIN).position):
        save_position(WRITTEN, position.epoch, position.xid, position.id)
