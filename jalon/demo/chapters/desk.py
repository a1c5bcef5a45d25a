"""The notes, tasks, calls and meetings of the year, on contacts and their deals; and the queues that tasks wait in."""

from __future__ import annotations

from collections.abc import Sequence

from jalon.demo import desk
from jalon.demo.chance import Chance
from jalon.demo.chapters.writing import create, link
from jalon.demo.desk import Activity
from jalon.demo.parts import Scene
from jalon.demo.year import SEED, Story
from jalon.records.actions import Row
from jalon.records.columns import Option

QUEUES = (Option("relances", "Follow-ups", "Relances", order=0), Option("devis", "Quotes", "Devis", order=1))


def write(scene: Scene, told: Sequence[tuple[Story, int]], deals: Sequence[int]) -> None:
    """Writes down what hangs on these contacts; `deals` are the records of all their deals, in order."""
    hung: dict[str, list[tuple[Activity, int, int]]] = {}
    remaining = iter(deals)
    for story, contact in told:
        own = [next(remaining) for _ in story.deals]
        chance = Chance(SEED, "desk", story.person.number)
        for activity in desk.activities(story.person, story.deals, chance, scene.year.rhythm.last_instant):
            hung.setdefault(activity.kind, []).append((activity, contact, own[activity.deal]))
    for kind, lines in hung.items():
        ids = create(scene, kind, [Row({**activity.values, **scene.owner(activity.owner)}) for activity, _, _ in lines])
        link(scene, f"{kind}_to_contact", [(id, contact) for id, (_, contact, _) in zip(ids, lines, strict=True)])
        link(scene, f"{kind}_to_deal", [(id, deal) for id, (_, _, deal) in zip(ids, lines, strict=True)])
