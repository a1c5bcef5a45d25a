"""How the company of the demo tells a promising contact from a stranger: its lead score, and one of its shops."""

from __future__ import annotations

from django.db import transaction

from jalon.criteria.tree import Associated, Branch, Count, Filter, How, Node, all_of
from jalon.demo.parts import Scene
from jalon.demo.people import CATALOGUE, QUOTE, TRIAL
from jalon.records.columns import FieldType, PropertySpec, Type
from jalon.scores import actions
from jalon.scores.rules import Rule, Rules

LOST = ("cold_lead", "no_budget", "not_interested")


def _rule(points: int, *filters: Node) -> Rule:
    return Rule(all_of(*filters), points)


LEADS: Rules = (
    _rule(25, Filter("hs_persona", "any_of", ("persona_1", "persona_2"))),
    _rule(20, Filter("first_conversion_event_name", "equal_any", (QUOTE, TRIAL))),
    _rule(8, Filter("first_conversion_event_name", "equal_any", (CATALOGUE,))),
    _rule(15, Filter("num_conversion_events", "greater_equal", ("2",))),
    _rule(15, Filter("recent_conversion_date", "less_than_days_ago", ("60",))),
    _rule(10, Filter("hs_email_open_rate", "greater_equal", ("0.3",))),
    _rule(20, Associated("deal", (Filter("hs_is_closed", "equal", ("false",)),))),
    _rule(-10, Branch(How.ANY, (Filter("hs_email_optout", "equal", ("true",)), Filter("email", "is_unknown")))),
    _rule(-25, Filter("lifecyclestage", "any_of", LOST)),
)
SHOPS: Rules = (
    _rule(30, Filter("won_revenue", "greater_equal", ("20000",))),
    _rule(15, Associated("contact", (), count=Count(3))),
    _rule(10, Filter("numberofemployees", "greater_equal", ("10",))),
    _rule(-20, Filter("hubspot_owner_id", "is_unknown")),
)
WEIGHT = PropertySpec("shop_weight", Type.NUMBER, FieldType.SCORE, "Weight of the shop", "Poids du magasin")


def fill(scene: Scene) -> None:
    alice = scene.actor("alice")
    with transaction.atomic():
        actions.become("contact", "hubspotscore", LEADS, actor=alice)
        actions.create("company", WEIGHT, SHOPS, actor=alice)
        scene.note(2, 2)
