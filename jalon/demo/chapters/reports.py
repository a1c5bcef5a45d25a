"""Saved contacts reports, with the names that people of the company gave them."""

from __future__ import annotations

from django.db import transaction

from jalon.criteria.tree import Criteria, Filter, Group
from jalon.demo.parts import Scene
from jalon.figures.measures import Measure
from jalon.figures.periods import Choice, Preset, Unit
from jalon.reports import actions
from jalon.reports.kinds.definition import Definition, Style
from jalon.reports.schedules import actions as schedules
from jalon.reports.schedules.actions import ScheduleValues
from jalon.reports.schedules.calendar import WEEKLY, Rhythm

SHOPS = Criteria((Group((Filter("hs_persona", "any_of", ("persona_1", "persona_2")),)),))

SAVED = (
    (
        "Nouveaux contacts de l'année par source",
        Definition(period=Choice(Preset.LAST_365_DAYS), breakdown="hs_analytics_source"),
    ),
    (
        "Chiffre d'affaires généré le mois dernier grâce aux contacts",
        Definition(
            date_property="closedate",
            period=Choice(Preset.LAST_MONTH),
            grouping=Unit.WEEK,
            breakdown="hs_analytics_source",
            number="total_revenue",
            measure=Measure.SUM,
        ),
    ),
    (
        "Répartition des étapes du cycle de vie",
        Definition(period=Choice(Preset.LAST_365_DAYS), breakdown="lifecyclestage"),
    ),
    (
        "Offres les plus propices à la conversion",
        Definition(period=Choice(Preset.LAST_90_DAYS), grouping=Unit.WEEK, breakdown="first_conversion_event_name"),
    ),
    (
        "Clients gagnés depuis un an, en cumulé",
        Definition(
            date_property="hs_lifecyclestage_customer_date",
            period=Choice(Preset.LAST_365_DAYS),
            breakdown="hs_persona",
            style=Style.CUMULATIVE,
        ),
    ),
    (
        "Score moyen des magasins par secteur",
        Definition(
            criteria=SHOPS,
            period=Choice(Preset.LAST_365_DAYS),
            grouping=Unit.QUARTER,
            breakdown="industry",
            number="hubspotscore",
            measure=Measure.AVERAGE,
            median=True,
        ),
    ),
)

MAILED = "Chiffre d'affaires généré le mois dernier grâce aux contacts"
EVERY_MONDAY = ScheduleValues(
    rhythm=Rhythm(WEEKLY, weekday=0),
    recipients=("alice@cabrelle.example", "chloe@cabrelle.example"),
    message="Bonjour,\nvoici les chiffres de la semaine, pour notre point de 10 h.",
    metrics=(Measure.COUNT, Measure.SUM),
    style=Style.STANDARD,
    language="fr",
)


def fill(scene: Scene) -> None:
    with transaction.atomic():
        for title, definition in reversed(SAVED):  # the last one saved stands first
            saved = actions.create(definition, actor=scene.actor("bruno"), title=title)
            if title == MAILED:
                schedules.create(saved, EVERY_MONDAY, actor=scene.actor("bruno"))
        scene.note(len(SAVED), len(SAVED))
