"""Who sees and edits a report: its owner, those whom it was given to, everybody. To others it is not there, whichever way they come."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

import pytest
from django.test import Client

from jalon.accounts import queries as accounts
from jalon.accounts.access import EVERYTHING, SYSTEM, Actor
from jalon.accounts.models import User
from jalon.accounts.rights.actions import team_named
from jalon.criteria.tree import all_of, to_text
from jalon.demo.settling import catch_up
from jalon.reports import actions, queries
from jalon.reports.kinds import cells
from jalon.reports.kinds.definition import Definition
from jalon.reports.queries import Sharing
from jalon.reports.sharing import actions as sharing
from jalon.reports.sharing.queries import ShareView
from jalon.reports.urls import urlpatterns
from tests.people import People, signed_in
from tests.records.steps import contact
from tests.reports.compiling import compiled

OF_ONE_REPORT = [str(each.pattern) for each in urlpatterns if "report_id" in str(each.pattern)]


def made(owner: User, shared: str = Sharing.PRIVATE, *given: ShareView, edits: bool = False, title: str = "Fairs") -> int:
    actor = Actor(owner.pk, owner.name)
    report = actions.create(Definition(), actor=actor, title=title)
    sharing.share(report, shared, edits=edits, chosen=given, actor=actor)
    return report


def sees(user: User, report: int) -> bool:
    return queries.report(report, accounts.access_of(user.pk)) is not None


def edits(user: User, report: int) -> bool:
    access = accounts.access_of(user.pk)
    found = queries.report(report, access)
    return found is not None and found.may_be_edited(access)


def behind(report: int) -> str:
    """The address of the contacts behind a number of it."""
    asked = cells.fact(report, cells.Cell(date(2000, 1, 1), date(2100, 1, 1)))
    return f"/contacts/?criteria={quote(to_text(all_of(asked)))}"


@pytest.fixture
def client(people: People) -> Client:
    return signed_in(people.rita)


def test_a_private_report_is_nowhere_for_others(people: People, client: Client) -> None:
    contact(email="ann@example.com")
    catch_up()
    report = made(people.bob)
    compiled()
    answers = {
        path: (client.get(url).status_code, client.post(url).status_code) for path in OF_ONE_REPORT if (url := _address(path, report))
    }
    assert {path for path, answer in answers.items() if set(answer) - {403, 404, 405}} == set()
    assert {path for path, answer in answers.items() if 404 not in answer and 403 not in answer} == set()
    assert "Fairs" not in client.get("/reports/").text
    page = client.get(behind(report)).text
    assert "ann@example.com" not in page and f"The report {report} does not exist any more." in page and "Fairs" not in page
    assert "Fairs" in signed_in(people.bob).get("/reports/").text


def _address(path: str, report: int) -> str:
    return "/reports/" + path.replace("<int:report_id>", str(report)).replace("<int:schedule_id>", "1")


def test_its_owner_and_super_admins_see_a_private_report_and_edit_it(people: People) -> None:
    report = made(people.bob)
    assert [edits(user, report) for user in (people.bob, people.alice)] == [True, True]
    assert [sees(user, report) for user in (people.bea, people.rita, people.charlie)] == [False, False, False]


def test_chosen_people_and_teams_see_it_and_those_chosen_to_edit_edit_it(people: People) -> None:
    team = team_named("Sales").pk
    to_rita, to_bea = ShareView(people.rita.pk, None, edits=True), ShareView(people.bea.pk, None, edits=True)
    report = made(people.alice, Sharing.CHOSEN, ShareView(None, team, edits=False), to_rita)
    assert [sees(user, report) for user in (people.bob, people.bea, people.rita, people.charlie)] == [True, True, True, False]
    assert [edits(user, report) for user in (people.bob, people.rita)] == [False, False]  # Rita may not make reports at all
    sharing.share(report, Sharing.CHOSEN, edits=False, chosen=(to_bea,), actor=SYSTEM)
    assert [edits(user, report) for user in (people.bea, people.bob)] == [True, False] and not sees(people.bob, report)


def test_shared_with_everybody_it_is_edited_by_those_with_the_right_or_by_all_who_make_reports(people: People) -> None:
    report = made(people.alice, Sharing.EVERYBODY)
    people.bob.permission_set.permissions.remove("reports.edit")  # type: ignore[union-attr]
    people.bob.permission_set.save()  # type: ignore[union-attr]
    assert [sees(user, report) for user in (people.bob, people.rita, people.charlie)] == [True, True, True]
    assert not edits(people.bob, report)
    sharing.share(report, Sharing.EVERYBODY, edits=True, chosen=(), actor=SYSTEM)
    assert edits(people.bob, report) and not edits(people.rita, report)


def test_the_drawer_shares_for_the_owner_alone_and_wants_somebody_to_be_chosen(people: People, client: Client) -> None:
    report = made(people.bob, Sharing.EVERYBODY)
    address = f"/reports/{report}/share/"
    assert f"http://testserver/reports/{report}/" in client.get(address).text
    assert client.post(address, {"sharing": "private"}).status_code == 403
    bob = signed_in(people.bob)
    refused = bob.post(address, {"sharing": "chosen", f"user-{people.bob.pk}": "view"})
    assert refused.status_code == 422 and "Choose at least one person or one team" in refused.text
    assert bob.post(address, {"sharing": "chosen", f"user-{people.bea.pk}": "edit"}).status_code == 302
    assert edits(people.bea, report) and not sees(people.rita, report)
    assert "Bea" in bob.get("/reports/").text


def test_a_copy_of_what_not_everybody_sees_is_private(people: People) -> None:
    report = made(people.alice, Sharing.CHOSEN, ShareView(people.bob.pk, None, edits=False))
    copy = actions.duplicate(report, "Mine", actor=Actor(people.bob.pk, "Bob"))
    assert copy is not None and sees(people.bob, copy) and not sees(people.rita, copy)


def test_the_reports_of_somebody_who_leaves_are_their_heirs_with_who_sees_them(people: People) -> None:
    report = made(people.bob)
    list(actions.hand_over(people.bob.pk, people.bea.pk, SYSTEM, "1"))
    assert edits(people.bea, report) and not sees(people.bob, report) and not sees(people.rita, report)
    list(actions.hand_over(people.bea.pk, None, SYSTEM, "2"))
    assert [sees(user, report) for user in (people.bea, people.alice)] == [False, True]


def test_a_use_of_a_property_names_no_report_that_not_everybody_sees(people: People) -> None:
    made(people.bob)
    made(people.bob, Sharing.EVERYBODY, title="Visitors")
    uses = queries.uses("contact", "createdate")
    assert {(use.name, bool(use.url)) for use in uses} == {("A report that not everybody sees", False), ("Visitors", True)}


def test_nobody_without_the_right_sees_any_report(people: People) -> None:
    report = made(people.charlie, Sharing.EVERYBODY)
    people.charlie.permission_set.permissions.clear()  # type: ignore[union-attr]
    people.charlie.permission_set.save()  # type: ignore[union-attr]
    assert not sees(people.charlie, report) and queries.report(report, EVERYTHING)
