"""Random people over random records: every reader gives exactly what a naive reading of the rights gives."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalon.accounts import actions as accounts
from jalon.accounts import queries as accounts_queries
from jalon.accounts.access import EVERYTHING, SYSTEM, Access, Scope
from jalon.accounts.models import Membership, PermissionSet, User
from jalon.accounts.rights import actions as rights
from jalon.criteria import queries as criteria
from jalon.criteria.tree import Associated, Branch, Count, Criteria, Filter, How, all_of
from jalon.dashboards.cards.card import Asking
from jalon.dashboards.cards.newcomers import card as newcomers
from jalon.records import actions, queries, runner, search, selection
from jalon.records.actions import Row
from jalon.records.bulk.actions import set_each
from jalon.records.bulk_edits.queries import within_reach
from jalon.records.columns import Origin, Source
from jalon.records.links.queries import associated
from jalon.records.models import Record
from jalon.records.selection import Selection
from jalon.reports import actions as reports_actions
from jalon.reports import queries as reports
from jalon.reports.exporting import sheets
from jalon.reports.kinds.definition import Definition
from jalon.reports.kinds.question import Question
from jalon.web.formats import number
from tests.people import PASSWORD, signed_in
from tests.reports.compiling import compiled

WORD = "quilbert"  # every record holds it, so that a search for it asks for all of them
TYPES = ("contact", "company")
VERBS = ("view", "edit", "delete")
MANY = 14
ORIGIN = Origin(Source.USER)
ME, COLLEAGUE, OTHER, STRANGER = range(4)
OWNERS = st.sampled_from((None, ME, COLLEAGUE, OTHER, STRANGER))
SWITCHES = ("export", "reports.view", "bulk", "bulk_delete")


@dataclass(frozen=True)
class World:
    """Four people in two teams, and some records of two types, each contact linked with one company."""

    users: list[User]
    ids: Mapping[str, list[int]]


@pytest.fixture
def world(house: None) -> World:
    from tests.people import move_in

    move_in()
    granted = accounts.Grant(rights.create_set(rights.SetValues("Drawn by lot"), actor=SYSTEM).pk)
    users = [
        accounts.create_user(f"{name}@lot.example", name=name, password=PASSWORD, grant=granted, actor=SYSTEM)
        for name in ("Me", "Colleague", "Other", "Stranger")
    ]
    named = {"contact": "firstname", "company": "name"}
    ids = {
        object_type: list(_written(object_type, [{named[object_type]: f"{WORD} {place}"} for place in range(MANY)]))
        for object_type in TYPES
    }
    pairs = list(zip(ids["contact"], ids["company"], strict=True))
    actions.associate("contact_to_company", pairs, actor=SYSTEM, origin=ORIGIN)
    return World(users, ids)


def _written(object_type: str, rows: list[dict[str, str]]) -> tuple[int, ...]:
    return actions.write(object_type, [Row(values) for values in rows], actor=SYSTEM, origin=ORIGIN).created


@dataclass(frozen=True)
class Lot:
    """What was drawn: whose the records are, who is in which team, and the rights of Me."""

    owners: Mapping[str, list[int | None]]
    teams: list[set[int]]
    scopes: Mapping[str, str]


SCOPES = st.sampled_from([scope.value for scope in Scope])
KEYS = [f"*.{verb}" for verb in VERBS]
OWN_KEYS = [f"{object_type}.{verb}" for object_type in TYPES for verb in VERBS]
LOTS = st.builds(
    Lot,
    owners=st.fixed_dictionaries({object_type: st.lists(OWNERS, min_size=MANY, max_size=MANY) for object_type in TYPES}),
    teams=st.lists(st.sets(st.sampled_from((ME, COLLEAGUE, OTHER, STRANGER))), min_size=2, max_size=2),
    scopes=st.fixed_dictionaries(dict.fromkeys(KEYS, SCOPES), optional=dict.fromkeys(OWN_KEYS, SCOPES)),
)


def naive(lot: Lot, object_type: str, verb: str) -> list[bool]:
    """For each record of a type whether Me may: read off the drawn rights by hand."""

    def reached(owner: int | None, asked: str) -> bool:
        scope = lot.scopes.get(f"{object_type}.{asked}") or lot.scopes[f"*.{asked}"]
        if scope == "all":
            return True
        if owner is None:
            return scope.endswith("+unassigned")
        shared = any(ME in team and owner in team for team in lot.teams)
        return scope != "none" and (owner == ME or (scope.startswith("team") and shared))

    return [reached(owner, "view") and reached(owner, verb) for owner in lot.owners[object_type]]


def arrange(world: World, lot: Lot) -> Access:
    """Brings the drawn lot about, and gives the access of Me as the next request will have it."""
    Membership.objects.all().delete()
    for place, team in enumerate(lot.teams):
        members = [world.users[one].pk for one in team]
        rights.change_team(rights.team_named(f"Team {place}").pk, name=f"Team {place}", user_ids=members, actor=SYSTEM)
    drawn = PermissionSet.objects.get(name="Drawn by lot")
    scopes = {key: Scope(value) for key, value in lot.scopes.items()}
    rights.change_set(drawn.pk, rights.SetValues(drawn.name, "", SWITCHES, scopes), actor=SYSTEM)
    for object_type in TYPES:
        owners = [None if owner is None else str(world.users[owner].pk) for owner in lot.owners[object_type]]
        rows = [(id, {"hubspot_owner_id": owner}) for id, owner in zip(world.ids[object_type], owners, strict=True)]
        set_each(object_type, rows, actor=SYSTEM, origin=ORIGIN)
    while runner.sync(timezone.now()):
        pass
    return accounts_queries.access_of(world.users[ME].pk)


def readings(access: Access, object_type: str, world: World) -> Iterator[tuple[str, set[int]]]:
    """What every reader of sets says that this person sees."""
    ids = world.ids[object_type]
    columns = {"contact": ["firstname"], "company": ["name"]}[object_type]
    yield "page", {row["id"] for row in queries.page(access, object_type, columns=columns, limit=100).rows}
    yield "search", {row["id"] for row in queries.page(access, object_type, columns=columns, search=WORD, limit=100).rows}
    yield "stream", {id for batch in queries.stream(access, object_type, columns=["id"]) for (id,) in batch}
    yield "record", {id for id in ids if queries.record(access, object_type, id)}
    yield "several", {record.id for record in queries.several(access, object_type, ids)}
    yield "reachable", set(queries.reachable(access, object_type, ids, "view"))
    yield "rows", set(Record.objects.filter(queries.in_reach(access, object_type), id__in=ids).values_list("id", flat=True))
    yield "selection", set(selection.resolve(access, Selection(queries.catalog(object_type), ids=tuple(ids))))
    yield "all that match", set(selection.resolve(access, Selection(queries.catalog(object_type), search=WORD)))
    yield "history", {id for id in ids if queries.history(access, object_type, id)}


def reached_for(access: Access, object_type: str, verb: str, ids: list[int]) -> Iterator[tuple[str, set[int]]]:
    """What everything that writes says that this person may change."""
    yield "reachable", set(queries.reachable(access, object_type, ids, verb))
    yield "selection", set(selection.resolve(access, Selection(queries.catalog(object_type), ids=tuple(ids)), verb))
    yield (
        "bulk edit",
        set(within_reach(access, object_type, ids, verb)) & set(selection.resolve(access, Selection(queries.catalog(object_type)))),
    )
    yield "rows", set(Record.objects.filter(queries.in_reach(access, object_type, verb), id__in=ids).values_list("id", flat=True))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lot=LOTS)
def test_every_reader_gives_what_a_naive_reading_gives(world: World, lot: Lot) -> None:
    access = arrange(world, lot)
    for object_type in TYPES:
        ids = world.ids[object_type]
        seen = {id for id, sees in zip(ids, naive(lot, object_type, "view"), strict=True) if sees}
        assert {name: found for name, found in readings(access, object_type, world) if found != seen} == {}
        assert queries.count(access, object_type) == len(seen)
        for verb in VERBS:
            mine = {id for id, may in zip(ids, naive(lot, object_type, verb), strict=True) if may}
            told = dict(reached_for(access, object_type, verb, ids))
            assert {name: found for name, found in told.items() if found != mine} == {}
    _associated(world, access, lot)
    _asked_of_linked(world, access, lot)
    _figures(access, naive(lot, "contact", "view").count(True))


def _associated(world: World, access: Access, lot: Lot) -> None:
    """The panel of a contact's companies shows those that Me sees, whoever owns the contact."""
    sees = dict(zip(world.ids["company"], naive(lot, "company", "view"), strict=True))
    for contact, company in zip(world.ids["contact"], world.ids["company"], strict=True):
        panels = [panel for panel in associated(access, "contact", contact) if panel.type.name == "contact_to_company"]
        shown = [other.id for panel in panels for other, _primary in panel.rows]
        assert (shown, sum(panel.total for panel in panels)) == (([company], 1) if sees[company] else ([], 0))


def _asked_of_linked(world: World, access: Access, lot: Lot) -> None:
    """A filter on companies knows those alone that Me sees: no count of contacts tells that another one exists."""
    sees = zip(world.ids["contact"], naive(lot, "contact", "view"), naive(lot, "company", "view"), strict=True)
    named = Filter("name", "contains", (WORD,))
    linked, alone = set[int](), set[int]()
    for contact, shown, company in sees:
        (linked if company else alone).update({contact} if shown else ())
    for asked, expected in (
        (Associated("company", (named,)), linked),
        (Associated("company", ()), linked),
        (Associated("company", (), count=Count(least=2)), set()),
        (Associated("company", (named,), count=Count(most=0)), alone),
        (Branch(How.NOT_ANY, (Associated("company", ()),)), alone),
    ):
        where = criteria.where(all_of(asked), "contact", access)
        assert {id for batch in queries.stream(access, "contact", columns=["id"], where=where) for (id,) in batch} == expected
        assert all(_holds(all_of(asked), id, access) is (id in expected) for id in sorted(linked | alone)[:1])


def _holds(asked: Criteria, id: int, access: Access) -> bool:
    tested = criteria.verdicts(asked, "contact", id, access)
    return tested is not None and tested.holds is True


def _compiled_once(access: Access) -> Question:
    """A report that was compiled before the owners changed hands: it is cut to what its reader may see now."""
    if not reports.reports(EVERYTHING):
        reports_actions.create(Definition(), actor=SYSTEM)
        compiled()
    (report,) = reports.reports(EVERYTHING)
    assert report.snapshot is not None
    return reports.frozen(access, report.id, report.snapshot)


def _figures(access: Access, seen: int) -> None:
    """Counts that are shown and not opened: the palette, a report with its file, the first card of Home."""
    groups = {hit.url.split("/")[1]: group for group in search.find(access, WORD) for hit in group.hits}
    assert (groups["contacts"].total if "contacts" in groups else 0) == seen
    assert reports.answer(reports.ask(access, Definition())).whole.total.count == seen
    frozen = _compiled_once(access)
    assert reports.answer(frozen).whole.total.count == seen
    assert sum(len(batch) for batch in sheets.contacts(frozen).batches) == seen
    shown = newcomers(Asking(access, timezone.localdate(), timezone.now()))
    assert (shown.value if shown else number(0)) == number(seen)


PAGES = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@PAGES
@given(lot=LOTS)
def test_every_page_shows_what_a_naive_reading_gives(world: World, lot: Lot) -> None:
    access = arrange(world, lot)
    client, ids = signed_in(User.objects.get(pk=world.users[ME].pk)), world.ids["contact"]
    seen = {id for id, sees in zip(ids, naive(lot, "contact", "view"), strict=True) if sees}
    opened = {id for id in ids if client.get(f"/contacts/{id}/").status_code == 200}
    assert opened == seen
    if access.scope("contact") is Scope.NONE:
        assert {client.get(path).status_code for path in ("/contacts/", "/contacts/export/")} == {403}
        return
    assert _linked(client.get("/contacts/")) == seen
    assert _linked(client.get("/contacts/", {"q": WORD})) == seen
    assert _exported(client) == len(seen)
    assert _linked(client.get("/search/", {"q": WORD})) <= seen


def _linked(answer: Any) -> set[int]:
    """The contacts that a page leads to."""
    return {int(id) for id in re.findall(r'href="/contacts/(\d+)/', answer.content.decode())}


def _exported(client: Client) -> int:
    answer = client.get("/contacts/export/", {"format": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return sum(WORD in ",".join(row) for row in csv.reader(text.splitlines()))
