"""Somebody leaves: the door closes at once, and what belonged to them goes where the administrator said."""

from __future__ import annotations

import pytest

from jalon.accounts import actions as accounts
from jalon.accounts import queries as accounts_queries
from jalon.accounts import runner
from jalon.accounts.access import SYSTEM, Actor
from jalon.accounts.models import Notice, User
from jalon.accounts.notices.queries import notices
from jalon.jobs.models import Job
from jalon.jobs.queries import view
from jalon.records import actions
from jalon.records.actions import Row
from jalon.records.columns import Origin, Source
from jalon.records.models import Change, Record
from jalon.records.owners import actions as owners
from jalon.reports import actions as reports
from jalon.reports.kinds.definition import Definition
from jalon.reports.models import Report
from tests.people import People, signed_in

BY_HAND = Origin(Source.USER)


def give(object_type: str, owner: User, count: int) -> tuple[int, ...]:
    name = {"contact": "firstname", "deal": "dealname"}[object_type]
    rows = [Row({name: f"Number {place}", "hubspot_owner_id": str(owner.pk)}) for place in range(count)]
    return actions.write(object_type, rows, actor=SYSTEM, origin=BY_HAND).created


def leave(people: People, leaver: User, heir: str) -> str:
    page = signed_in(people.alice).post(f"/settings/users/{leaver.pk}/leaving/", {"heir": heir}, follow=True)
    return page.content.decode()


def work_off() -> None:
    for job in Job.objects.filter(kind=accounts.HAND_OVER, state="queued"):
        runner.hand_over(view(job))


def owners_of(ids: tuple[int, ...]) -> set[str | None]:
    return set(Record.objects.filter(id__in=ids).values_list("properties__hubspot_owner_id", flat=True))


def test_the_page_says_in_numbers_what_belongs_to_them(people: People) -> None:
    give("contact", people.bob, 3)
    give("deal", people.bob, 1)
    page = signed_in(people.alice).get(f"/settings/users/{people.bob.pk}/leaving/").content.decode()
    assert [text for text in ('Contacts <strong class="numeric">3<', 'Deals <strong class="numeric">1<') if text not in page] == []


def test_their_records_go_to_a_colleague_in_slices_with_their_history(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owners, "SLICE", 2)
    contacts, deals = give("contact", people.bob, 5), give("deal", people.bob, 2)
    others = give("contact", people.bea, 2)
    assert "Bob is deactivated and signed out everywhere." in leave(people, people.bob, str(people.bea.pk))
    work_off()
    assert owners_of((*contacts, *deals, *others)) == {str(people.bea.pk)}
    lines = Change.objects.filter(source="bulk_edit", source_detail__startswith="hand-over")
    assert {(line.record_id, line.actor_id) for line in lines} == {(id, people.alice.pk) for id in (*contacts, *deals)}


def test_they_may_go_to_nobody_or_stay(people: People) -> None:
    mine, hers = give("contact", people.bob, 2), give("contact", people.bea, 2)
    leave(people, people.bob, "nobody")
    leave(people, people.bea, "keep")
    work_off()
    assert (owners_of(mine), owners_of(hers)) == ({None}, {str(people.bea.pk)})


def test_a_hand_over_that_was_cut_goes_on_where_it_was(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owners, "SLICE", 2)
    contacts = give("contact", people.bob, 5)
    leave(people, people.bob, str(people.bea.pk))
    moving = owners.hand_over(people.bob.pk, people.bea.pk, SYSTEM, "1")
    next(moving)  # one slice is written, then the process dies
    del moving
    assert owners_of(contacts) == {str(people.bob.pk), str(people.bea.pk)}
    work_off()
    assert owners_of(contacts) == {str(people.bea.pk)}
    assert Change.objects.filter(source="bulk_edit", record_id__in=contacts).count() == 5


@pytest.mark.parametrize("who", ["oneself", "somebody deactivated", "somebody who is not there"])
def test_only_a_colleague_who_can_sign_in_inherits(people: People, who: str) -> None:
    accounts.set_active(people.charlie.pk, False, actor=SYSTEM)
    heirs = {"oneself": people.bob.pk, "somebody deactivated": people.charlie.pk, "somebody who is not there": 999_999}
    with pytest.raises(accounts.Refused, match="Choose a colleague who can sign in"):
        accounts.hand_over(people.bob.pk, heirs[who], actor=SYSTEM)
    assert signed_in(people.alice).post(f"/settings/users/{people.bob.pk}/leaving/", {"heir": str(heirs[who])}).status_code == 422
    assert User.objects.get(pk=people.bob.pk).is_active


def test_nobody_locks_themselves_out(people: People) -> None:
    assert "You cannot deactivate yourself." in leave(people, people.alice, "keep")
    assert User.objects.get(pk=people.alice.pk).is_active


def test_who_left_keeps_a_name_and_can_come_back_with_their_rights(people: People) -> None:
    before = people.access(people.bob)
    leave(people, people.bob, "keep")
    assert [(user.name, user.active) for user in accounts_queries.users() if user.id == people.bob.pk] == [("Bob", False)]
    assert not people.access(people.bob).may("records.view")
    signed_in(people.alice).post(f"/settings/users/{people.bob.pk}/activate/")
    assert people.access(people.bob) == before


def test_reports_and_views_go_along_and_the_heir_is_told_once_what_came(people: People) -> None:
    contacts = give("contact", people.bob, 3)
    report = reports.create(Definition(), actor=Actor(people.bob.pk, "Bob"), title="His own")
    page = signed_in(people.alice).get(f"/settings/users/{people.bob.pk}/leaving/").content.decode()
    assert 'Reports <strong class="numeric">1<' in page
    leave(people, people.bob, str(people.bea.pk))
    work_off()
    work_off()
    assert owners_of(contacts) == {str(people.bea.pk)}
    assert Report.objects.get(pk=report).owner == people.bea
    (told,) = notices(people.bea.pk)
    assert told.sentence == "Alice gave you what belonged to Bob: 4 records, views and reports."


def test_a_hand_over_that_was_cut_after_its_last_step_tells_the_heir_no_second_time(people: People) -> None:
    give("contact", people.bob, 1)
    leave(people, people.bob, str(people.bea.pk))
    work_off()
    work_off()  # the job was not marked as done before the process died
    assert len(notices(people.bea.pk)) == 1


def test_what_goes_to_nobody_is_announced_to_nobody(people: People) -> None:
    give("contact", people.bob, 1)
    leave(people, people.bob, "nobody")
    work_off()
    assert not Notice.objects.filter(kind="hand_over").exists()
