"""Prepares a home for the rows of tests/data/crm_sales, as its administrator would in the settings: account, users, properties.

python -m tests.demo.crm_home prepare | link : run in the home that JALON_HOME names.
"""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path

from jalon.records.columns import Option

DATA = Path(__file__).resolve().parents[1] / "data" / "crm_sales"
STAGES = ("Prospecting", "Engaging", "Won", "Lost")
SECTORS = (
    "employment",
    "entertainment",
    "finance",
    "marketing",
    "medical",
    "retail",
    "services",
    "software",
    "technolgy",
    "telecommunications",
)
PRODUCTS = ("GTX Basic", "GTXPro", "GTX Plus Basic", "GTX Plus Pro", "MG Special", "MG Advanced", "GTK 500")
PASSWORD = "a garden wall 42"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def prepare() -> None:
    """An account in UTC, as the known answers are, the owners as users, and the properties that the files need."""
    from jalon.accounts import actions as accounts
    from jalon.accounts.access import SYSTEM
    from jalon.accounts.actions import AccountSettings, Grant, Owner
    from jalon.lifecycle import actions as lifecycle
    from jalon.lifecycle.actions import StageDraft
    from jalon.lifecycle.columns import StageKind
    from jalon.records.columns import FieldType, PropertySpec, Type
    from jalon.records.definitions import actions as definitions

    settings = AccountSettings(name="CRM Sales", zone="UTC", language="en", currency="USD", first_weekday=0)
    accounts.set_up(settings, stage_preset="sales", owner=Owner("Admin", "admin@crm.example", PASSWORD))
    for agent in rows("sales_teams"):
        address = f"{agent['sales_agent'].replace(' ', '.').lower()}@crm.example"
        grant = Grant.of("sales", agent["regional_office"])
        accounts.create_user(address, name=agent["sales_agent"], password=PASSWORD, grant=grant, actor=SYSTEM)
    text, select = FieldType.TEXT, FieldType.SELECT
    own = (
        PropertySpec("opportunity_id", Type.STRING, text, "Opportunity", "Opportunité", "contact", unique=True),
        PropertySpec("product", Type.ENUMERATION, select, "Product", "Produit", "contact", options=options(PRODUCTS)),
        PropertySpec("sector", Type.ENUMERATION, select, "Sector", "Secteur", "contact", options=options(SECTORS)),
        PropertySpec("close_date", Type.DATETIME, FieldType.DATE, "Close date", "Date de conclusion", "contact"),
        PropertySpec("close_value", Type.NUMBER, FieldType.NUMBER, "Close value", "Valeur", "contact", hint="currency"),
    )
    for spec in own:
        definitions.define_property("contact", spec, actor=SYSTEM)
    spec = PropertySpec("account", Type.STRING, text, "Account", "Compte", "company", unique=True)
    definitions.define_property("company", spec, actor=SYSTEM)
    definitions.change_property("company", "industry", actor=SYSTEM, options=options(SECTORS))
    kinds = (StageKind.PRIMARY, StageKind.PRIMARY, StageKind.WON, StageKind.LOST)
    drafts = [StageDraft(label, label, kind, name=label.lower()) for label, kind in zip(STAGES, kinds, strict=True)]
    lifecycle.lay_out(drafts, actor=SYSTEM)


def options(labels: tuple[str, ...]) -> tuple[Option, ...]:
    return tuple(Option(label.lower().replace(" ", "_"), label, label, order=place) for place, label in enumerate(labels))


def link() -> None:
    """Links each opportunity to its account, which no file can do yet."""
    from jalon.accounts.access import SYSTEM
    from jalon.records import actions
    from jalon.records.columns import Origin, Source
    from jalon.records.models import Record

    contacts = dict(Record.objects.filter(object_type__name="contact").values_list("properties__opportunity_id", "id"))
    companies = dict(Record.objects.filter(object_type__name="company").values_list("properties__account", "id"))
    pairs = [(contacts[row["opportunity_id"]], companies[row["account"]]) for row in rows("sales_pipeline") if row["account"]]
    actions.associate("contact_to_company", pairs, actor=SYSTEM, origin=Origin(Source.IMPORT, "crm_sales"), primary=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jalon.config.settings")
    from jalon.config.opening import house

    with house():
        {"prepare": prepare, "link": link}[sys.argv[1]]()
