"""How contacts move through the lifecycle: entry, next stages, the lost ones, and how long each step takes. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from jalon.demo.chance import Chance, Weighted
from jalon.demo.rhythm import DAY, at_work

SECOND_THOUGHTS = 0.06  # of the lost contacts come back to the path later
LOST_AFTER = 34.0  # days, median, until somebody writes a contact off


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of the path: how likely the next one is, and after how many days (median)."""

    stage: str
    next: float
    days: float
    source: str  # who moves contacts there


@dataclass(frozen=True, slots=True)
class Move:
    stage: str
    at: int
    source: str


PATH = (
    Step("new_lead", 0.4, 9.0, "form"),
    Step("hot_lead", 0.42, 16.0, "workflow"),
    Step("payment", 0.66, 21.0, "user"),
    Step("customer", 0.0, 0.0, "user"),
)
WON = PATH[-1].stage
ORDER = {step.stage: place for place, step in enumerate(PATH)}
LOST = Weighted({"cold_lead": 55, "no_budget": 27, "not_interested": 18})
ENTRY = Weighted({0: 78, 1: 19, 2: 3})
STAYS_OPEN = 0.3  # of those who do not move on, nobody closes the file


def moves(chance: Chance, entered: int, end: int, quality: float) -> list[Move]:
    """The dated movements of one contact up to `end`; `quality` above 1 converts more often and faster."""
    place, at, made = chance.draw(ENTRY), entered, []
    while at < end:
        step = PATH[place]
        made.append(Move(step.stage, at, step.source))
        if step.stage == WON:
            break
        if chance.share() < step.next * quality:
            at = at_work(at + int(chance.after(step.days / quality) * DAY), chance)
            place += 2 if place == 0 and chance.happens(0.12) else 1
        elif chance.happens(STAYS_OPEN):
            break
        else:
            at = at_work(at + int(chance.after(LOST_AFTER) * DAY), chance)
            if at < end:
                made.append(Move(chance.draw(LOST), at, "user" if chance.happens(0.6) else "workflow"))
            if not chance.happens(SECOND_THOUGHTS):
                break
            at = at_work(at + int(chance.after(60.0) * DAY), chance)
            place = min(place, 1)
    return made
