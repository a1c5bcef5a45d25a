"""Of many criteria, only those that read what changed are looked at, and only for the records that it touches."""

from __future__ import annotations

import pytest
from django.db import transaction

from jalon.accounts.access import SYSTEM
from jalon.criteria.dependence import Dependence
from jalon.criteria.following import queries as following
from jalon.criteria.following.plan import Event, Followed, Watched, What
from jalon.records import actions
from jalon.records.columns import Position
from jalon.records.erasing import actions as erasing
from jalon.records.log import queries as log
from jalon.records.merging import actions as merging
from tests.records.steps import BY_HAND, BY_IMPORT, contact, write

CITY = Watched("city", Dependence("contact", frozenset({"city"})))
STAMP = Watched("stamp", Dependence("contact", frozenset({"lastmodifieddate"})))
IMPORTED = Watched("imported", Dependence("contact", facts=frozenset({("import", "1")})))
FIRMS = Watched("firms", Dependence("contact", associated={"company": frozenset({"name"})}))
ALL = (CITY, STAMP, IMPORTED, FIRMS)

pytestmark = pytest.mark.usefixtures("house")


class Follower:
    """Reads on from where it was."""

    def __init__(self) -> None:
        self.position = log.last_settled()

    def read(self, limit: int = 1_000) -> Followed:
        followed = following.follow(self.position, log.last_settled(), ALL, limit)
        self.position = followed.position
        return followed


@pytest.fixture
def ann() -> int:
    return contact(email="ann@example.com", city="Lyon")


@pytest.fixture
def follower(ann: int) -> Follower:
    return Follower()


def firm(follower: Follower, person: int) -> int:
    (id,) = write({"name": "Cabrelle"}, match="id", object_type="company").created
    follower.read()
    actions.associate("contact_to_company", [(person, id)], actor=SYSTEM, origin=BY_HAND)
    return id


def test_nothing_new_touches_nothing(follower: Follower) -> None:
    assert follower.read() == Followed(follower.position, {}, {}, (), False)


def test_a_new_record_touches_all_criteria_of_its_type(follower: Follower) -> None:
    bob = contact(email="bob@example.com")
    assert follower.read().touched == {key: {bob} for key in ("city", "stamp", "imported", "firms")}


def test_a_change_touches_only_criteria_that_read_it(follower: Follower, ann: int) -> None:
    write({"id": ann, "city": "Paris"}, match="id")
    assert follower.read().touched == {"city": {ann}, "stamp": {ann}}
    write({"id": ann, "firstname": "Ann"}, match="id")
    assert follower.read().touched == {"stamp": {ann}}


def test_what_an_import_writes_is_a_fact(follower: Follower, ann: int) -> None:
    write({"id": ann, "firstname": "Ann"}, match="id", by=BY_IMPORT)
    assert follower.read().touched == {"stamp": {ann}, "imported": {ann}}


def test_linked_records_touch_those_that_look_at_them(follower: Follower, ann: int) -> None:
    company = firm(follower, ann)
    assert follower.read().touched == {"firms": {ann}}
    write({"id": company, "name": "Cabrelle & Cie"}, match="id", object_type="company")
    assert follower.read().touched == {"firms": {ann}}
    write({"id": company, "city": "Lyon"}, match="id", object_type="company")
    assert follower.read().touched == {}
    actions.archive("company", [company], actor=SYSTEM, origin=BY_HAND)
    assert follower.read().touched == {"firms": {ann}}
    actions.restore("company", [company], actor=SYSTEM, origin=BY_HAND)
    assert follower.read().touched == {"firms": {ann}}
    erasing.erase("company", [company], actor=SYSTEM)
    followed = follower.read()
    assert (followed.touched, followed.gone) == ({"firms": {ann}}, {"company": {company}})


def test_who_is_gone_has_no_answer_and_who_is_back_has_one(follower: Follower, ann: int) -> None:
    write({"id": ann, "city": "Paris"}, match="id")
    actions.archive("contact", [ann], actor=SYSTEM, origin=BY_HAND)
    assert follower.read() == Followed(follower.position, {}, {"contact": {ann}}, (Event(What.ARCHIVED, "contact", ann),), False)
    actions.restore("contact", [ann], actor=SYSTEM, origin=BY_HAND)
    followed = follower.read()
    assert (followed.touched["city"], followed.gone) == ({ann}, {})


def test_a_merge_touches_both_ends(follower: Follower, ann: int) -> None:
    bob = contact(email="bob@example.com", city="Nice")
    follower.read()
    (merge,) = merging.merge("contact", ann, [bob], actor=SYSTEM).merges
    followed = follower.read()
    assert (followed.touched["city"], followed.gone) == ({ann}, {"contact": {bob}})
    assert Event(What.MERGED, "contact", bob, ann) in followed.events
    merging.undo_merge(merge, actor=SYSTEM)
    followed = follower.read()
    assert (followed.touched["city"], followed.gone) == ({ann, bob}, {})


def test_a_slice_ends_with_a_transaction(follower: Follower) -> None:
    with transaction.atomic():
        together = {contact(email=f"{n}@example.com") for n in range(5)}
    later = contact(email="later@example.com")
    first = follower.read(limit=2)
    assert (first.touched["city"], first.more) == (together, True)
    second = follower.read(limit=2)
    assert (second.touched["city"], second.more) == ({later}, False)


def test_a_position_is_never_beyond_what_was_asked_for(follower: Follower, ann: int) -> None:
    before = log.last_settled()
    write({"id": ann, "city": "Paris"}, match="id")
    assert following.follow(before, before, ALL, 10) == Followed(before, {}, {}, (), False)
    assert isinstance(before, Position)
