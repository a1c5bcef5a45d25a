"""The demonstration kits: an object of the company's own, its links to whoever has borrowed one, and who buys for a shop."""

from __future__ import annotations

from importlib.resources import files

from django.db import transaction

from jalon.demo.chapters.writing import create, link
from jalon.demo.kits import kits
from jalon.demo.parts import Scene
from jalon.demo.year import SEED
from jalon.records.actions import Row
from jalon.records.models import Association
from jalon.records.object_types import actions as objects
from jalon.records.object_types import files as object_files
from jalon.records.object_types.actions import LinkTypeDefinition

BUYER = LinkTypeDefinition("contact", "company", "Buys for", "Achète pour", "Buyer", "Acheteur", limit_to=1, name="buyer_of_company")


def define(scene: Scene) -> None:
    """Before any contact is written, so that nothing has to be read again."""
    definition, associated = object_files.read((files("jalon.demo") / "kit.toml").read_text(encoding="utf-8"))
    objects.define(definition, associated, actor=scene.actor("alice"))
    objects.define_link_type(BUYER, actor=scene.actor("alice"))


def fill(scene: Scene) -> None:
    companies = scene.ids_of("companies")
    made = list(kits(SEED, scene.year.end, scene.year.contacts, len(companies)))
    with transaction.atomic():
        ids = create(scene, "demo_kit", [Row({**kit.values, **scene.owner(kit.owner)}) for kit in made])
        lent = [(id, companies[kit.borrower]) for id, kit in zip(ids, made, strict=True) if kit.borrower is not None]
        link(scene, "demo_kit_to_company", lent)
        link(scene, BUYER.name, _buyers())
        scene.note(len(made), len(made))


def _buyers() -> list[tuple[int, int]]:
    """The first contact of every third company that has one."""
    first = Association.objects.filter(type__name="contact_to_company").order_by("to_record_id", "from_record_id").distinct("to_record_id")
    return list(first.values_list("from_record_id", "to_record_id"))[::3]
