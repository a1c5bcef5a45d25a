"""The properties that the company of the demo defined for itself."""

from __future__ import annotations

from django.db import transaction

from jalon.demo.chapters.desk import QUEUES
from jalon.demo.parts import Scene
from jalon.records.columns import FieldType, PropertySpec, Type
from jalon.records.definitions import actions

OWN = (
    PropertySpec("trial_start_date", Type.DATE, FieldType.DATE, "Trial start date", "Date de début d'essai", "contact"),
    PropertySpec("trial_end_date", Type.DATE, FieldType.DATE, "Trial end date", "Date de fin d'essai", "contact"),
    PropertySpec("renewal_date", Type.DATE, FieldType.DATE, "Renewal date", "Date de renouvellement", "contact"),
)


def fill(scene: Scene) -> None:
    with transaction.atomic():
        for spec in OWN:
            actions.define_property("contact", spec, actor=scene.actor("alice"))
        actions.change_property("task", "hs_queue_membership_ids", actor=scene.actor("alice"), options=QUEUES)
        scene.note(len(OWN), len(OWN))
