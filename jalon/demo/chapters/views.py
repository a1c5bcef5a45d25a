"""The views that people of the company saved, so that tabs, boards and 'used in' have something to show."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from jalon.accounts import queries as accounts
from jalon.criteria.tree import Criteria, Filter, all_of, to_text
from jalon.demo.parts import Scene
from jalon.demo.sales import RENTAL
from jalon.records import address, queries
from jalon.records.address import BOARD, NEWEST, TABLE, Address
from jalon.records.models import SavedView
from jalon.records.saved_views import actions

PRIVATE, TEAM, EVERYBODY = SavedView.Sharing.PRIVATE, SavedView.Sharing.TEAM, SavedView.Sharing.EVERYBODY

EVERY = Criteria()


@dataclass(frozen=True, slots=True)
class Saved:
    """One saved view; without columns it has the usual ones."""

    owner: str
    object_type: str
    name: str
    sharing: SavedView.Sharing
    criteria: Criteria = EVERY
    columns: tuple[str, ...] = ()
    sort: str = NEWEST
    layout: str = TABLE
    pipeline: str = ""


VIEWS = (
    Saved(
        "alice",
        "contact",
        "Prospects chauds à rappeler",
        EVERYBODY,
        all_of(Filter("lifecyclestage", "any_of", ("hot_lead",)), Filter("hs_lead_status", "any_of", ("OPEN", "CONNECTED"))),
        ("email", "company", "phone", "hubspotscore", "hubspot_owner_id", "hs_lead_status"),
        "-hubspotscore",
    ),
    Saved(
        "bruno",
        "contact",
        "Sans source connue",
        TEAM,
        all_of(Filter("hs_analytics_source", "is_unknown", ())),
        ("email", "city", "hs_persona", "createdate"),
    ),
    Saved("alice", "company", "Magasins par chiffre d’affaires", EVERYBODY, EVERY, ("city", "industry", "won_revenue"), "-won_revenue"),
    Saved("alice", "deal", "Location en cours", EVERYBODY, layout=BOARD, pipeline=RENTAL),
    Saved(
        "chloe",
        "deal",
        "À conclure sous 30 jours",
        PRIVATE,
        all_of(Filter("hs_is_closed", "equal", ("false",)), Filter("closedate", "less_than_days_from_now", ("30",))),
        ("dealstage", "amount", "closedate"),
        "closedate",
    ),
    Saved(
        "emilie",
        "ticket",
        "Problèmes de produit",
        EVERYBODY,
        all_of(Filter("hs_ticket_category", "any_of", ("PRODUCT_ISSUE",))),
        ("hs_pipeline_stage", "hs_ticket_priority", "hubspot_owner_id", "createdate"),
        "createdate",
    ),
    Saved("farid", "demo_kit", "Retours en retard", EVERYBODY, all_of(Filter("state", "any_of", ("late",))), sort="back_on"),
)


def fill(scene: Scene) -> None:
    with transaction.atomic():
        for view in VIEWS:
            catalog = queries.catalog(view.object_type)
            here = Address(
                f"/{catalog.plural}/",
                columns=view.columns or address.usual(catalog),
                criteria=to_text(view.criteria) if view.criteria.groups else "",
                sort=view.sort,
                layout=view.layout,
                pipeline=view.pipeline,
            )
            actions.create(accounts.access_of(scene.users[view.owner]), catalog, here, name=view.name, sharing=view.sharing)
        scene.note(len(VIEWS), len(VIEWS))
