"""The contacts of the year with their past, their deals, tickets and answers, and what was written down about them."""

from __future__ import annotations

from itertools import islice

from django.db import transaction

from jalon.demo.care import Ticket
from jalon.demo.chapters import desk
from jalon.demo.chapters.writing import create, dated, link, now_only, portions, remember
from jalon.demo.parts import Scene
from jalon.demo.sales import Deal
from jalon.demo.shops import Shop
from jalon.demo.year import Story
from jalon.records.actions import Row

PORTION = 1_000  # contacts; with all that hangs on them a transaction stays under a second
Told = list[tuple[Story, int]]  # a story and the record of its contact


def fill(scene: Scene) -> None:
    total, done = scene.year.contacts, scene.done
    companies = scene.ids_of("companies")
    for part in portions(islice(scene.year.stories(), done, None), PORTION):
        done += len(part)
        with transaction.atomic():
            told = _contacts(scene, part, companies)
            deals = _attached(scene, "deal", [(deal, id, story.person.shop) for story, id in told for deal in story.deals], companies)
            _attached(scene, "ticket", [(ticket, id, story.person.shop) for story, id in told for ticket in story.tickets], companies)
            _answers(scene, told)
            desk.write(scene, told, deals)
            scene.note(done, total)


def _contacts(scene: Scene, part: list[Story], companies: list[int]) -> Told:
    people = [story.person for story in part]
    ids = create(scene, "contact", [Row({**now_only(person.values, person.past), **scene.owner(person.rep)}) for person in people])
    remember(scene, "contact", [past for person, id in zip(people, ids, strict=True) for past in dated(id, person.past)])
    pairs = [(id, companies[person.shop.number]) for person, id in zip(people, ids, strict=True) if person.shop]
    link(scene, "contact_to_company", pairs, primary=True)
    return list(zip(part, ids, strict=True))


def _attached(scene: Scene, object_type: str, told: list[tuple[Deal | Ticket, int, Shop | None]], companies: list[int]) -> list[int]:
    """Deals or tickets, each with its past and its links to the contact and the contact's company; the new records' ids."""
    ids = create(scene, object_type, [Row({**now_only(thing.values, thing.past), **scene.owner(thing.owner)}) for thing, _, _ in told])
    linked = list(zip(ids, told, strict=True))
    remember(scene, object_type, [past for id, (thing, _, _) in linked for past in dated(id, thing.past)])
    link(scene, f"{object_type}_to_contact", [(id, contact) for id, (_, contact, _) in linked])
    link(scene, f"{object_type}_to_company", [(id, companies[shop.number]) for id, (_, _, shop) in linked if shop], primary=True)
    return ids


def _answers(scene: Scene, told: Told) -> None:
    of_contact = [(answer, id) for story, id in told for answer in story.answers]
    ids = create(scene, "feedback_submission", [Row(answer.values) for answer, _ in of_contact])
    link(scene, "feedback_submission_to_contact", [(id, contact) for id, (_, contact) in zip(ids, of_contact, strict=True)])
