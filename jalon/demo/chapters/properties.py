"""What the company of the demo defined for itself: properties, a pipeline, an object; and what a franc is worth to it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.db import transaction

from jalon.accounts.money import actions as money
from jalon.demo.chapters import kits
from jalon.demo.chapters.desk import QUEUES
from jalon.demo.parts import Scene
from jalon.demo.sales import SWISS
from jalon.records.columns import FieldType, PropertySpec, Type
from jalon.records.definitions import actions
from jalon.records.pipelines import actions as pipelines
from jalon.records.pipelines.actions import StageDraft

OWN = (
    PropertySpec("trial_start_date", Type.DATE, FieldType.DATE, "Trial start date", "Date de début d’essai", "contact"),
    PropertySpec("trial_end_date", Type.DATE, FieldType.DATE, "Trial end date", "Date de fin d’essai", "contact"),
    PropertySpec("renewal_date", Type.DATE, FieldType.DATE, "Renewal date", "Date de renouvellement", "contact"),
)
WON = "sum of amount_in_home_currency over deal where hs_is_closed_won is true"
OF_SHOPS = (
    ("won_revenue", "Revenue", "Chiffre d’affaires réalisé", WON, "currency"),
    ("revenue_per_employee", "Revenue per employee", "Chiffre d’affaires par employé", "won_revenue / numberofemployees", "currency"),
)
RENTAL = (
    StageDraft("", "Rental requested", "Location demandée", "open", Decimal("0.3")),
    StageDraft("", "Quote sent", "Devis envoyé", "open", Decimal("0.5")),
    StageDraft("", "Equipment reserved", "Matériel réservé", "open", Decimal("0.9")),
    StageDraft("", "Returned and paid", "Rendu et réglé", "won"),
    StageDraft("", "Rental cancelled", "Location annulée", "lost"),
)
RATES = ((400, "1.0310"), (250, "1.0485"), (90, "1.0620"))  # days before the year's end, euros for a franc


def fill(scene: Scene) -> None:
    alice = scene.actor("alice")
    with transaction.atomic():
        for days, rate in RATES:
            money.set_rate(SWISS, scene.year.end - timedelta(days=days), Decimal(rate), actor=alice)
        for spec in OWN:
            actions.define_property("contact", spec, actor=alice)
        for name, en, fr, formula, hint in OF_SHOPS:
            spec = PropertySpec(name, Type.NUMBER, FieldType.CALCULATION, en, fr, "company", formula=formula, hint=hint)
            actions.define_property("company", spec, actor=alice)
        actions.change_property("task", "hs_queue_membership_ids", actor=alice, options=QUEUES)
        pipelines.add("deal", "Rental", "Location", stages=RENTAL, actor=alice)
        kits.define(scene)
        scene.note(len(OWN), len(OWN))
