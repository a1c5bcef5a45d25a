"""From active to static, copies, and what becomes of a rebuild that is overtaken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.criteria.tree import all_of
from jalon.lists import actions, flow, queries
from jalon.lists.actions import ListError
from jalon.lists.membership import runner
from jalon.lists.models import List
from jalon.records import actions as records
from jalon.records import runner as columns
from jalon.records.merging import actions as merging
from tests.lists.steps import active, city, folded, follow, members, static, story, view
from tests.records.steps import BY_HAND, contact, write

pytestmark = pytest.mark.usefixtures("columns")
Kind = List.Kind


@pytest.fixture
def ann() -> int:
    return contact(email="ann@example.com", city="Lyon")


@pytest.fixture
def lyon(columns: None, ann: int) -> int:
    list_id = active("Lyon", city("Lyon"))
    follow()
    return list_id


def test_a_static_list_keeps_its_members_and_takes_hands(lyon: int, ann: int) -> None:
    bob = contact(email="bob@example.com")
    actions.convert(lyon, actor=SYSTEM)
    write({"id": ann, "city": "Paris"}, match="id")
    actions.add(lyon, [bob], actor=SYSTEM)
    follow()
    assert (members(lyon), view(lyon).kind) == ({ann, bob}, Kind.SNAPSHOT)
    with pytest.raises(ListError, match="is static already"):
        actions.convert(lyon, actor=SYSTEM)


def test_who_had_left_before_it_became_static_does_not_come_back(lyon: int, ann: int) -> None:
    bob, cleo = contact(email="bob@example.com", city="Lyon"), contact(email="cleo@example.com", city="Lyon")
    follow()
    records.archive("contact", [ann], actor=SYSTEM, origin=BY_HAND)
    actions.convert(lyon, actor=SYSTEM)
    follow()
    records.archive("contact", [bob], actor=SYSTEM, origin=BY_HAND)
    follow()
    records.restore("contact", [ann, bob], actor=SYSTEM, origin=BY_HAND)
    follow()
    assert (members(lyon), folded(lyon)) == ({bob, cleo}, {bob, cleo})
    actions.add(lyon, [ann], actor=SYSTEM)
    follow()
    assert members(lyon) == {ann, bob, cleo}


def test_who_was_merged_into_a_member_stays_one_when_the_merge_is_taken_back(lyon: int, ann: int) -> None:
    twin = contact(email="twin@example.com", city="Lyon")
    follow()
    (merged,) = merging.merge("contact", ann, [twin], actor=SYSTEM).merges
    actions.convert(lyon, actor=SYSTEM)
    follow()
    assert members(lyon) == {ann}
    merging.undo_merge(merged, actor=SYSTEM)
    follow()
    assert members(lyon) == {ann, twin}


def test_what_is_only_noted_of_a_record_that_is_away_is_no_movement_to_a_reader(columns: None, ann: int) -> None:
    some = static("Some")
    actions.add(some, [ann], actor=SYSTEM)
    follow()
    records.archive("contact", [ann], actor=SYSTEM, origin=BY_HAND)
    follow()
    actions.remove(some, [ann], actor=SYSTEM)
    follow()
    assert [(day.joined, day.left, day.size) for day in flow.days(EVERYTHING, view(some))] == [(1, 1, 0)]
    assert flow.moves(EVERYTHING, view(some), flow.Asked()).total == 2


def test_it_happens_at_its_moment_unless_somebody_changes_their_mind(lyon: int) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    actions.convert(lyon, at=now + timedelta(days=1), actor=SYSTEM)
    actions.cancel_conversion(lyon, actor=SYSTEM)
    follow(now + timedelta(days=2))
    assert view(lyon).kind == Kind.DYNAMIC
    actions.convert(lyon, at=now + timedelta(days=1), actor=SYSTEM)
    follow(now + timedelta(hours=23))
    assert view(lyon).kind == Kind.DYNAMIC
    follow(now + timedelta(days=1))
    assert (view(lyon).kind, view(lyon).converts_at) == (Kind.SNAPSHOT, None)


def test_it_happens_once_nobody_has_come_or_gone_for_some_days(lyon: int) -> None:
    now = datetime.now(UTC)
    actions.convert(lyon, after_days=3, actor=SYSTEM)
    later = now + timedelta(days=2)
    contact(email="bob@example.com", city="Lyon")
    follow(later)
    follow(later + timedelta(days=3) - timedelta(minutes=1))
    assert view(lyon).kind == Kind.DYNAMIC
    follow(later + timedelta(days=3))
    assert view(lyon).kind == Kind.SNAPSHOT


def test_a_copy_of_a_static_list_has_its_members_and_one_of_an_active_list_its_criteria(lyon: int, ann: int) -> None:
    some = static("Some")
    actions.add(some, [ann], actor=SYSTEM)
    follow()
    copy, other = actions.clone(some, actor=SYSTEM), actions.clone(lyon, actor=SYSTEM)
    follow()
    assert (copy.name, members(copy.id), members(other.id), other.kind) == ("Copy of Some", {ann}, {ann}, Kind.DYNAMIC)


def test_new_criteria_end_a_rebuild_that_is_under_way(lyon: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "WINDOWS", (2, 2))
    paris = {contact(email=f"{n}@example.com", city="Paris") for n in range(6)}
    nice = {contact(email=f"{n}@example.org", city="Nice") for n in range(6)}
    follow()
    actions.change(lyon, criteria=all_of(city("Paris")), actor=SYSTEM)
    columns.catch_up()
    assert runner.turn(datetime.now(UTC))
    assert (view(lyon).state, members(lyon) < paris) == (List.State.RUNNING, True)
    actions.change(lyon, criteria=all_of(city("Nice")), actor=SYSTEM)
    follow()
    assert members(lyon) == folded(lyon) == nice


def test_growth_is_the_size_at_the_end_of_every_day(lyon: int, ann: int) -> None:
    now = datetime.now(UTC)
    write({"id": ann, "city": "Paris"}, match="id")
    follow(now + timedelta(days=2))
    today = (now + timedelta(days=2)).date()
    sizes = [size for _, size in queries.growth(lyon, today - timedelta(days=4), today)]
    assert (sizes, view(lyon).size) == ([0, 0, 1, 1, 0], 0)


def test_a_record_knows_its_lists_and_when_it_joined_them(lyon: int, ann: int) -> None:
    (membership,) = queries.lists_of(EVERYTHING, "contact", ann)
    assert (membership.list.id, membership.why) == (lyon, "criteria")
    (movement,) = queries.movements_of(ann)
    assert (movement.list_id, movement.entered, movement.at) == (lyon, True, membership.joined_at)
    assert story(lyon) == [("in", "criteria", (ann,))]
