"""Lists that the people of the company look into: some active, some kept by hand, the older ones with their growth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction

from jalon.accounts.queries import account
from jalon.criteria.tree import EMPTY, Criteria, Fact, Filter, all_of
from jalon.demo.parts import Scene
from jalon.folders import actions as folders
from jalon.jobs.locks import Session
from jalon.lists import actions
from jalon.lists.membership import actions as membership
from jalon.lists.membership.runner import LISTS as BEAT
from jalon.lists.models import List
from jalon.records import queries as records
from jalon.records.models import Record
from jalon.records.values import instant_text, parse_instant

Kind = List.Kind
Values = Mapping[str, str]
Came = Callable[[Values], str]  # the instant at which a contact with these values came into a list; "" for one that never did

FOLDERS = (("Marketing", ""), ("Salons et événements", "Marketing"), ("Commerce", ""), ("Service client", ""))
CUSTOMERS, LYON, PARIS = "Clients", "Salon de Lyon : visiteurs du stand", "Portes ouvertes de Paris : invités"
FAIRS = ((LYON, 7, 110), (PARIS, 11, 40))  # every so-manieth contact that was there so many days before the year's end


@dataclass(frozen=True, slots=True)
class Told:
    """A list as somebody of the company made it."""

    name: str
    folder: str
    by: str
    criteria: Criteria = EMPTY
    object_type: str = "contact"
    kind: str = Kind.DYNAMIC
    description: str = ""
    came: Came | None = None


def _customer(values: Values) -> str:
    return values.get("hs_lifecyclestage_customer_date", "") if values.get("lifecyclestage") == "customer" else ""


def _of_shops(values: Values) -> str:
    return values["createdate"] if values.get("hs_persona") in ("persona_1", "persona_2") else ""


TOLD = (
    Told(
        CUSTOMERS,
        "Commerce",
        "chloe",
        all_of(Filter("lifecyclestage", "any_of", ("customer",))),
        description="Tous ceux qui ont déjà acheté.",
        came=_customer,
    ),
    Told(
        "Magasins partenaires",
        "Marketing",
        "bruno",
        all_of(Filter("hs_persona", "any_of", ("persona_1", "persona_2"))),
        description="Acheteurs et gérants de magasins, pour la lettre des nouveautés.",
        came=_of_shops,
    ),
    Told("Nouveaux contacts des 30 derniers jours", "Marketing", "bruno", all_of(Filter("createdate", "less_than_days_ago", ("30",)))),
    Told(
        "Leads chauds à rappeler",
        "Commerce",
        "chloe",
        all_of(
            Filter("lifecyclestage", "any_of", ("hot_lead",)),
            Filter("hubspotscore", "greater_equal", ("25",)),
        ),
        description="Les plus engagés d’abord : un score d’au moins 25.",
    ),
    Told("Enseignes de plus de 50 salariés", "Commerce", "chloe", all_of(Filter("numberofemployees", "greater", ("50",))), "company"),
    Told(
        "Tickets urgents encore ouverts",
        "Service client",
        "emilie",
        all_of(Filter("hs_ticket_priority", "any_of", ("HIGH",)), Filter("closed_date", "is_unknown")),
        "ticket",
    ),
    Told(
        "Shops abroad: newsletter in English",
        "Marketing",
        "bruno",
        all_of(Filter("hs_persona", "any_of", ("persona_1", "persona_2")), Filter("country", "not_equal", ("France",))),
        description="Buyers and managers of shops outside France.",
    ),
    Told(
        "Deals to close around month’s end",
        "Commerce",
        "chloe",
        all_of(Filter("hs_is_closed", "equal", ("false",)), Filter("closedate", "between_days", ("-7", "30"))),
        "deal",
        description="Open, and due between last week and a month from now.",
    ),
    Told(LYON, "Salons et événements", "bruno", kind=Kind.MANUAL, description="Cartes de visite recueillies sur le stand."),
    Told(PARIS, "Salons et événements", "bruno", kind=Kind.MANUAL),
)


def fill(scene: Scene) -> None:
    """Where a server runs, its beat is kept from the lists while their past is told."""
    if scene.done:
        return
    with Session() as session:
        session.lock(BEAT.lock)
        with transaction.atomic():
            places = _folders(scene)
            made = {told.name: _made(scene, told, places) for told in TOLD}
            _of_lists(scene, made, places)
            _remember(scene, made)
            scene.note(1, 1)


def _folders(scene: Scene) -> dict[str, int]:
    places: dict[str, int] = {}
    for name, parent in FOLDERS:
        places[name] = folders.create("lists", name, places.get(parent), actor=scene.actor("bruno"))
    return places


def _made(scene: Scene, told: Told, places: Mapping[str, int]) -> int:
    folder = places[told.folder]
    return actions.create(told.name, told.object_type, told.kind, told.criteria, folder, told.description, actor=scene.actor(told.by)).id


def _of_lists(scene: Scene, made: Mapping[str, int], places: Mapping[str, int]) -> None:
    """A list that asks for others."""
    asked = all_of(Fact("list", "in", (str(made[LYON]), str(made[PARIS]))), Fact("list", "not_in", (str(made[CUSTOMERS]),)))
    told = Told("Rencontrés en salon, pas encore clients", "Salons et événements", "bruno", asked)
    _made(scene, told, places)


def _remember(scene: Scene, made: Mapping[str, int]) -> None:
    """Who came when: into the active lists with the dates of their properties, into those of fairs on the days after."""
    people = [_values(row) for row in Record.objects.filter(object_type_id=records.type_id("contact")).order_by("pk").iterator()]
    for told in TOLD:
        if told.came is not None:
            arrivals = _by_day((at, int(values["hs_object_id"])) for values in people if (at := told.came(values)))
            membership.begin_with(made[told.name], arrivals, why="criteria")
    for name, step, days in FAIRS:
        fair = scene.year.end - timedelta(days=days)
        there = [values for values in people if values["createdate"][:10] < fair.isoformat()][::step]
        ids = [int(values["hs_object_id"]) for values in there]
        arrivals = {_evening(fair, at): ids[at::4] for at in range(4) if ids[at::4]}
        membership.begin_with(made[name], arrivals, why="user", actor_id=scene.users["bruno"])


def _values(row: Record) -> dict[str, str]:
    return {**row.properties, "createdate": instant_text(row.created_at), "hs_object_id": str(row.pk)}


def _by_day(came: Iterable[tuple[str, int]]) -> dict[datetime, list[int]]:
    """Those who came on one day came together, when the last of them did."""
    days: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for at, id in came:
        days[at[:10]].append((at, id))
    return {parse_instant(max(together)[0]): sorted(id for _, id in together) for together in days.values()}


def _evening(fair: date, days: int) -> datetime:
    """When the cards of a day were typed in."""
    return datetime.combine(fair + timedelta(days=days), time(18, 30), account().tz)
