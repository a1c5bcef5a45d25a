"""Lifecycle as the columns see it: movements, the journeys that they make, and the visits of each. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from jalon.records.columns import Source
from jalon.warehouse.schema import Column, Kind, Table
from jalon.warehouse.words import N_

CONTACT: Final = "contact"
PROPERTY: Final = "lifecyclestage"  # its options are the stages

#: Whose changes of stage are movements (spec 4.4). The others change the stage and write no movement.
ACTIVE: Final = (Source.USER, Source.FORM, Source.CONVERSATION, Source.BOT, Source.WORKFLOW, Source.INTEGRATION, Source.API)


class StageKind(StrEnum):
    """What a stage is on the path."""

    PRIMARY = "primary"
    WON = "won"  # the last stage of the path, of which there is one
    LOST = "lost"  # a reason to leave the path
    OUTSIDE = "outside"  # no place on the path: what comes after Won, or beside it


class Outcome(StrEnum):
    """How a journey ended, or that it has not."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    CLEARED = "cleared"  # the stage was taken away, or became one outside the path
    UNLOGGED = "unlogged"  # it had been ended by an import or a bulk edit, as the next movement shows


OUTCOMES: Final = {
    Outcome.OPEN: N_("Still on the path"),
    Outcome.WON: N_("Won"),
    Outcome.LOST: N_("Lost"),
    Outcome.CLEARED: N_("Cleared"),
    Outcome.UNLOGGED: N_("Ended without a movement"),
}

MOVEMENTS: Final = Table(
    "stage_movements",
    (
        Column("movement_id", Kind.ID),  # of the line in the change log
        Column("record_id", Kind.ID),
        Column("from_stage", Kind.ENUMERATION),
        Column("to_stage", Kind.ENUMERATION),
        Column("at", Kind.DATETIME),
        Column("source", Kind.ENUMERATION),
        Column("source_detail", Kind.STRING),
        Column("actor_id", Kind.USER),
    ),
    key=("record_id",),
)

JOURNEYS: Final = Table(
    "journeys",
    (
        Column("record_id", Kind.ID),
        Column("number", Kind.INTEGER),  # the first journey of a contact is 1
        Column("entered_at", Kind.DATETIME),
        Column("entry_stage", Kind.ENUMERATION),
        Column("entry_from", Kind.ENUMERATION),  # where the contact was then, by an import perhaps
        Column("outcome", Kind.ENUMERATION),
        Column("ended_at", Kind.DATETIME),  # of an unlogged end nobody knows the moment
        Column("end_stage", Kind.ENUMERATION),
        Column("last_stage", Kind.ENUMERATION),  # the last stage of the path that it visited; none: won or lost at once
        Column("furthest", Kind.INTEGER),  # the place on the path, from 1, that it reached; 0: none of them
        Column("lowest", Kind.INTEGER),  # and the one nearest to the beginning
        Column("at_once", Kind.BOOL),  # opened and closed by one move: no time
        Column("length_ms", Kind.INTEGER),  # from the entry to the end, where it has a time
        Column("moves", Kind.INTEGER),
    ),
    key=("record_id", "number"),
)

VISITS: Final = Table(
    "stage_visits",
    (
        Column("record_id", Kind.ID),
        Column("movement_id", Kind.ID),  # the one that began it
        Column("number", Kind.INTEGER),  # of the journey
        Column("journey_entered_at", Kind.DATETIME),
        Column("stage", Kind.ENUMERATION),
        Column("place", Kind.INTEGER),
        Column("came_from", Kind.ENUMERATION),
        Column("entered_at", Kind.DATETIME),
        Column("left_at", Kind.DATETIME),
        Column("next_stage", Kind.ENUMERATION),
        Column("still_in", Kind.BOOL),
        Column("length_ms", Kind.INTEGER),  # where both ends are logged
        Column("stage_ms", Kind.INTEGER),  # all lengths of this journey in this stage, on the last of these visits
        Column("last_of_stage", Kind.BOOL),
    ),
    key=("record_id", "movement_id"),
)

TABLES: Final = (MOVEMENTS, JOURNEYS, VISITS)
