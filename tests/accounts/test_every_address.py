"""Walks every address of the product as everybody, by GET and by POST, with other people's records in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import pytest
from django.test import Client
from django.utils import timezone

from jalon.accounts import actions as accounts
from jalon.accounts.access import SYSTEM, Actor, Scope
from jalon.accounts.invitations import actions as invitations
from jalon.accounts.models import Invitation, Membership, PermissionSet, Team, User
from jalon.accounts.rights import actions as rights
from jalon.accounts.tokens import actions as tokens
from jalon.folders import actions as folders
from jalon.imports import actions as imports
from jalon.jobs import actions as jobs
from jalon.lists import actions as lists
from jalon.lists.membership import runner as membership
from jalon.lists.models import List
from jalon.records import actions, runner
from jalon.records.actions import Row
from jalon.records.columns import Origin, Source
from jalon.records.models import Record
from jalon.reports import actions as reports
from jalon.reports.kinds import starting
from jalon.reports.queries import contacts_catalog
from tests.accounts.addresses import ANSWERS, PUBLIC, Address, walk
from tests.people import People, granted, signed_in
from tests.reports.compiling import compiled

ADDRESSES = walk()
GUARDED = [address for address in ADDRESSES if not address.is_public and not address.is_for_programs]
FOR_PROGRAMS = [address for address in ADDRESSES if address.is_for_programs]
SECRET = "Zebulon"  # the first name of Bob's contact: nobody else of the walkers may read it
TEAM_ONLY = {"*.view": Scope.TEAM, "*.edit": Scope.TEAM, "*.delete": Scope.TEAM}
BY_HAND = Origin(Source.USER)


@dataclass(frozen=True)
class Scene:
    """The house with Bob's things in it, and who walks through it."""

    people: People
    olga: User
    contact: int
    values: Mapping[str, object]  # what stands for a parameter of that name


@pytest.fixture
def scene(people: People) -> Scene:
    olga = _olga()
    wanted = {"firstname": SECRET, "lastname": "Foreign", "email": "zebulon@elsewhere.example", "hubspot_owner_id": str(people.bob.pk)}
    bob = people.access(people.bob).actor
    (contact,) = actions.write("contact", [Row(wanted)], actor=bob, origin=BY_HAND).created
    while runner.sync(timezone.now()):
        pass
    values = {
        "plural": "contacts",
        "id": contact,
        "name": "firstname",
        "type_name": "contact_to_company",
        "side": "to",
        "user_id": people.bob.pk,
        "set_id": people.bob.permission_set_id,
        "team_id": rights.team_named("Sales").pk,
        "invitation_id": _invitation(),
        "import_id": _import(people),
        "place": 0,
        "template_id": 1,
        "job_id": jobs.start("import", "Bob's file", arguments={}, user_id=people.bob.pk).pk,
        "list_id": (list_id := _list(bob, contact)),
        "folder_id": List.objects.get(pk=list_id).folder_id,
        "record_id": contact,
        "report_id": _report(bob),
    }
    return Scene(people, olga, contact, values)


def _olga() -> User:
    grant = granted("Own team", ("reports.view", "import", "export"), TEAM_ONLY, team="Support")
    return accounts.create_user("olga@moreau.example", name="Olga", password="a garden wall 42", grant=grant, actor=SYSTEM)


def _invitation() -> int:
    invitations.invite("dora@moreau.example", grant=accounts.Grant.of("reader"), actor=SYSTEM)
    return Invitation.objects.get().pk


def _list(bob: Actor, contact: int) -> int:
    """A list by hand of Bob's, in a folder, with his contact in it."""
    id = lists.create("Bob's", "contact", List.Kind.MANUAL, folder=folders.create("lists", "Bob", actor=bob), actor=bob).id
    lists.add(id, [contact], actor=bob)
    membership.catch_up()
    return id


def _report(bob: Actor) -> int:
    """A compiled report of Bob's."""
    id = reports.create(starting.beginning("", contacts_catalog()), actor=bob)
    compiled()
    return id


def _import(people: People) -> int:
    file = [b"email,firstname\nzebulon@elsewhere.example,Zebulon\n"]
    return imports.take([imports.Upload("bob.csv", file, "contact")], access=people.access(people.bob))


def test_every_view_names_its_permission_or_is_one_of_the_few_public_ones() -> None:
    silent = [address.name for address in ADDRESSES if not address.is_public and address.permission is None]
    assert silent == [], "decorate the view with accounts.access.needs or public"
    assert {address.name for address in ADDRESSES if address.is_public} == PUBLIC


def test_every_address_says_what_it_answers_to_whom() -> None:
    missing = sorted({address.name for address in GUARDED} - set(ANSWERS))
    gone = sorted(set(ANSWERS) - {address.name for address in GUARDED})
    assert (missing, gone) == ([], []), "declare new addresses in tests/accounts/addresses.py, and take gone ones out"


@pytest.mark.parametrize(("place", "who"), [(0, "rita"), (1, "charlie"), (2, "olga")])
def test_the_answers_are_the_declared_ones_and_nothing_is_told_or_changed(scene: Scene, place: int, who: str) -> None:
    """Rita sees the record and may change nothing; for Charlie and Olga it does not exist."""
    client = signed_in(scene.olga if who == "olga" else getattr(scene.people, who))
    wrong: dict[str, Any] = {}
    before, told = _rows(), []
    for address in GUARDED:
        answers = dict(_answers(client, address, scene))
        found = tuple(str(status) for status, _ in answers.values())
        declared = tuple(of_all.split()[place] for of_all in ANSWERS[address.name])
        wrong |= {address.name: (found, declared)} if found != declared else {}
        told += [f"{verb} {address}" for verb, (_, text) in answers.items() if SECRET.lower() in text.lower()]
    assert wrong == {}
    assert told == [] or who == "rita"
    assert _rows() == before


def _answers(client: Client, address: Address, scene: Scene) -> Iterator[tuple[str, tuple[int, str]]]:
    path = address.path(scene.values)
    opened = client.get(path)
    posted = client.post(path, {"firstname": "Mine", "other": scene.contact})
    for verb, answer in (("get", opened), ("post", posted)):
        body = b"".join(cast(Any, answer).streaming_content) if answer.streaming else answer.content
        yield verb, (answer.status_code, body.decode(errors="replace"))


def _rows() -> list[Any]:
    """Every record, user, right, team and report as it is: what no walker may change."""
    tables: tuple[Any, ...] = (Record, User, PermissionSet, Team, Membership, Invitation)
    default: tuple[str, ...] = ()
    fields: dict[Any, tuple[str, ...]] = {User: ("id", "is_active", "permission_set_id", "super_admin", "password", "name")}
    return [list(table.objects.order_by("pk").values(*fields.get(table, default))) for table in tables]


def _nobody(scene: Scene) -> Client:
    return Client()


def _deactivated(scene: Scene) -> Client:
    client = signed_in(scene.people.bob)
    accounts.set_active(scene.people.bob.pk, False, actor=SYSTEM)
    return client


@pytest.mark.parametrize("stranger", [_nobody, _deactivated], ids=lambda make: make.__name__.strip("_"))
def test_strangers_are_led_to_sign_in_from_every_address(scene: Scene, stranger: Any) -> None:
    before, client = Record.objects.count(), stranger(scene)
    paths = [(address.name, address.path(scene.values)) for address in GUARDED]
    strays = [f"{verb} {name}" for name, path in paths for verb in ("get", "post") if not _to_sign_in(getattr(client, verb)(path))]
    assert strays == []
    assert Record.objects.count() == before


def _to_sign_in(answer: Any) -> bool:
    return answer.status_code == 302 and str(answer.headers["Location"]).startswith("/sign-in/")


def _program(scene: Scene, days: int) -> Client:
    """A program with a token of Alice, who may do everything."""
    ends = timezone.now() + timedelta(days=days)
    access = scene.people.access(scene.people.alice)
    token = tokens.create(access, "Walker", permissions=("records.view",), scopes={}, expires_at=ends)
    return Client(headers={"Authorization": f"Bearer {token}"})


def test_an_expired_token_opens_nothing(scene: Scene) -> None:
    client, before = _program(scene, days=-1), _rows()
    answers = {(verb, address.name): _asked(client, verb, address, scene) for address in ADDRESSES for verb in ("get", "post")}
    assert {name: status for name, status in answers.items() if status not in (401, 429)} == {}  # 429: it has tried too often
    assert _rows() == before


def test_a_good_token_opens_no_page_for_people(scene: Scene) -> None:
    client, before = _program(scene, days=1), _rows()
    answers = {(verb, address.name): _asked(client, verb, address, scene) for address in GUARDED for verb in ("get", "post")}
    assert {name: status for name, status in answers.items() if status != 403} == {}
    assert _rows() == before


def test_an_address_for_programs_asks_for_a_token_even_of_people(scene: Scene) -> None:
    assert FOR_PROGRAMS
    for client in (Client(), signed_in(scene.people.alice)):
        assert {_asked(client, "get", address, scene) for address in FOR_PROGRAMS} == {401}


def _asked(client: Client, verb: str, address: Address, scene: Scene) -> int:
    status: int = getattr(client, verb)(address.path(scene.values)).status_code
    return status


def test_a_fragment_tells_htmx_to_leave_for_sign_in(people: People) -> None:
    answer = Client().get("/jobs/running/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/sign-in/")


@contextmanager
def _last_session(client: Client) -> Iterator[None]:
    yield
    assert _to_sign_in(client.get("/settings/profile/"))


def test_a_deactivated_user_is_nobody_at_once_and_stays_so_when_activated_again(people: People) -> None:
    bob = signed_in(people.bob)
    with _last_session(bob):
        accounts.set_active(people.bob.pk, False, actor=SYSTEM)
    with _last_session(bob):
        accounts.set_active(people.bob.pk, True, actor=SYSTEM)
    assert signed_in(User.objects.get(pk=people.bob.pk)).get("/settings/profile/").status_code == 200
