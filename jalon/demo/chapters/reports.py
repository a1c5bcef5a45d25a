"""Saved reports, with the names that people of the company gave them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from jalon.accounts.rights import queries as rights
from jalon.criteria.tree import Criteria, Filter, Group
from jalon.dashboards import actions as dashboards
from jalon.demo.company import SALES
from jalon.demo.parts import Scene
from jalon.figures.measures import Measure
from jalon.figures.periods import Choice, Preset, Unit
from jalon.folders import actions as folders
from jalon.reports import actions
from jalon.reports.kinds import lifecycle
from jalon.reports.kinds.definition import Definition, Style
from jalon.reports.kinds.every import Definition as AnyDefinition
from jalon.reports.models import Report
from jalon.reports.schedules import actions as schedules
from jalon.reports.schedules.actions import ScheduleValues
from jalon.reports.schedules.calendar import WEEKLY, Rhythm
from jalon.reports.sharing import actions as sharing
from jalon.reports.sharing.queries import ShareView

SHOPS = Criteria((Group((Filter("hs_persona", "any_of", ("persona_1", "persona_2")),)),))

Sharing = Report.Sharing


@dataclass(frozen=True, slots=True)
class Saved:
    """A report, the folder that it lies in, who has it, and who sees it besides."""

    title: str
    folder: str
    owner: str
    definition: AnyDefinition
    sharing: Sharing = Sharing.EVERYBODY
    team: str = ""  # whom it was given to


SAVED = (
    Saved(
        "Nouveaux contacts de l’année par source",
        "Marketing/Acquisition",
        "bruno",
        Definition(period=Choice(Preset.LAST_365_DAYS), breakdown="hs_analytics_source"),
    ),
    Saved(
        "Chiffre d’affaires généré le mois dernier grâce aux contacts",
        "Direction",
        "alice",
        Definition(
            date_property="closedate",
            period=Choice(Preset.LAST_MONTH),
            grouping=Unit.WEEK,
            breakdown="hs_analytics_source",
            number="total_revenue",
            measure=Measure.SUM,
        ),
    ),
    Saved(
        "Répartition des étapes du cycle de vie",
        "Direction",
        "bruno",
        Definition(period=Choice(Preset.LAST_365_DAYS), breakdown="lifecyclestage"),
    ),
    Saved(
        "Offres les plus propices à la conversion",
        "Marketing/Acquisition",
        "louis",
        Definition(period=Choice(Preset.LAST_90_DAYS), grouping=Unit.WEEK, breakdown="first_conversion_event_name"),
    ),
    Saved(
        "Clients gagnés depuis un an, en cumulé",
        "Commerce",
        "farid",
        Definition(
            date_property="hs_lifecyclestage_customer_date",
            period=Choice(Preset.LAST_365_DAYS),
            breakdown="hs_persona",
            style=Style.CUMULATIVE,
        ),
        sharing=Sharing.CHOSEN,
        team=SALES,
    ),
    Saved(
        "Score moyen des magasins par secteur",
        "Commerce",
        "bruno",
        Definition(
            criteria=SHOPS,
            period=Choice(Preset.LAST_365_DAYS),
            grouping=Unit.QUARTER,
            breakdown="industry",
            number="hubspotscore",
            measure=Measure.AVERAGE,
            median=True,
        ),
        sharing=Sharing.PRIVATE,
    ),
    Saved(
        "Du premier contact au client, par source",
        "Marketing/Cycle de vie",
        "bruno",
        lifecycle.Definition(Choice(Preset.LAST_90_DAYS), breakdown="hs_analytics_source"),
    ),
)

MAILED = "Chiffre d’affaires généré le mois dernier grâce aux contacts"
EVERY_MONDAY = ScheduleValues(
    rhythm=Rhythm(WEEKLY, weekday=0),
    recipients=("alice@cabrelle.example", "chloe@cabrelle.example"),
    message="Bonjour,\nvoici les chiffres de la semaine, pour notre point de 10 h.",
    metrics=(Measure.COUNT, Measure.SUM),
    style=Style.STANDARD,
    language="fr",
)


FAVORITES = {"alice": (0, 1, 4), "bruno": (0, 3, 6), "chloe": (4,)}  # places in SAVED
PINNED = {"alice": (1, 2, 6), "bruno": (0, 6)}


def fill(scene: Scene) -> None:
    with transaction.atomic():
        made = [_made(scene, saved) for saved in reversed(SAVED)][::-1]
        ids = {saved.title: id for saved, id in zip(SAVED, made, strict=True)}
        schedules.create(ids[MAILED], EVERY_MONDAY, actor=scene.actor("bruno"))
        for key, places in FAVORITES.items():
            for place in places:
                sharing.star(made[place], scene.users[key], wanted=True)
        for key, places in PINNED.items():
            for place in places:
                dashboards.pin(made[place], scene.users[key], wanted=True)
        scene.note(len(SAVED), len(SAVED))


def _made(scene: Scene, saved: Saved) -> int:
    actor = scene.actor(saved.owner)
    made = actions.create(saved.definition, actor=actor, title=saved.title)
    sharing.move(made, folders.at("reports", saved.folder, actor=actor))
    if saved.sharing != Sharing.EVERYBODY:
        teams = {team.name: team.id for team in rights.teams()}
        given = [ShareView(None, teams[saved.team], edits=False)] if saved.team else []
        sharing.share(made, saved.sharing, edits=False, chosen=given, actor=actor)
    return made
