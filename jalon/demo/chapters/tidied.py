"""What was put away during the year: entries made to try a form out, and doubles that somebody merged already.

These records are more than the year's own and none of them is live, so the counts of the year stay what they are.
"""

from __future__ import annotations

from django.db import transaction

from jalon.demo.chapters.writing import ORIGIN, create
from jalon.demo.parts import Scene
from jalon.records import actions
from jalon.records.actions import Row
from jalon.records.merging import actions as merging
from jalon.records.models import Record

TRIALS: dict[str, tuple[dict[str, str], ...]] = {
    "contact": (
        {"firstname": "Test", "lastname": "Formulaire", "email": "test.formulaire@cabrelle.example"},
        {"firstname": "Essai", "lastname": "Jeu-concours", "email": "essai.concours@cabrelle.example"},
        {"firstname": "Stagiaire", "lastname": "Exemple", "email": "stagiaire.exemple@cabrelle.example", "jobtitle": "Vendeur"},
        {"firstname": "azerty", "lastname": "uiop", "email": "azerty@courriel.example"},
    ),
    "company": ({"name": "Magasin de démonstration", "city": "Lyon"}, {"name": "À supprimer", "city": "Grenoble"}),
    "ticket": ({"subject": "Ticket d’essai, à ignorer", "hs_pipeline": "0", "hs_pipeline_stage": "1"},),
}
DOUBLES = 3


def fill(scene: Scene) -> None:
    with transaction.atomic():
        for object_type, trials in TRIALS.items():
            ids = create(scene, object_type, [Row(values) for values in trials])
            actions.archive(object_type, ids, actor=scene.actor("bruno"), origin=ORIGIN)
        for survivor in _some_contacts():
            merging.merge("contact", survivor.pk, create(scene, "contact", [Row(_again(survivor))]), actor=scene.actor("bruno"))
        scene.note(1, 1)


def _some_contacts() -> list[Record]:
    """A few with a mobile number, the latest of the year: their pages show a merge that can be taken back."""
    known = Record.objects.filter(object_type__name="contact", archived_at=None, properties__has_keys=["mobilephone", "email"])
    return list(known.order_by("-created_at", "-id")[:DOUBLES])


def _again(survivor: Record) -> dict[str, str]:
    """How the till wrote the same customer down, without an address."""
    return {name: survivor.properties[name] for name in ("firstname", "lastname", "mobilephone") if name in survivor.properties}
