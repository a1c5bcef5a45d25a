"""Who is in a list, and why: what is written becomes membership, and nothing else does."""

from __future__ import annotations

import pytest

from jalon.accounts.access import SYSTEM
from jalon.criteria.tree import Associated, Filter, all_of
from jalon.lists import actions
from jalon.lists.models import List
from jalon.records import actions as records
from jalon.records.columns import Origin, Source
from jalon.records.erasing import actions as erasing
from jalon.records.merging import actions as merging
from tests.lists.steps import active, city, folded, follow, member_of, members, static, story, view
from tests.records.steps import BY_HAND, contact, write

pytestmark = pytest.mark.usefixtures("columns")


def test_an_active_list_has_those_who_meet_its_criteria_and_follows_them() -> None:
    ann, bob = contact(email="ann@example.com", city="Lyon"), contact(email="bob@example.com", city="Paris")
    lyon = active("Lyon", city("Lyon"))
    follow()
    assert (members(lyon), view(lyon).size, view(lyon).is_settled) == ({ann}, 1, True)
    write({"id": bob, "city": "Lyon"}, {"id": ann, "city": "Nice"}, match="id")
    follow()
    assert members(lyon) == folded(lyon) == {bob}
    assert story(lyon) == [("in", "criteria", (ann,)), ("in", "criteria", (bob,)), ("out", "criteria", (ann,))]


def test_other_criteria_begin_anew_and_say_so() -> None:
    ann, bob = contact(email="ann@example.com", city="Lyon"), contact(email="bob@example.com", city="Paris")
    some = active("Some", city("Lyon"))
    follow()
    actions.change(some, criteria=all_of(city("Paris")), actor=SYSTEM)
    assert (members(some), view(some).is_settled) == ({ann}, False)
    follow()
    assert members(some) == folded(some) == {bob}
    assert story(some)[1:] == [("in", "edited", (bob,)), ("out", "edited", (ann,))]


def test_lists_of_lists_follow_in_the_same_turn() -> None:
    ann = contact(email="ann@example.com", city="Lyon")
    lyon = active("Lyon", city("Lyon"))
    within = active("Within", member_of(lyon))
    without = active("Without", member_of(within), Filter("email", "is_known"))
    follow()
    assert [members(each) for each in (lyon, within, without)] == [{ann}, {ann}, {ann}]
    write({"id": ann, "city": "Paris"}, match="id")
    follow()
    assert [members(each) for each in (lyon, within, without)] == [set(), set(), set()]


def test_linked_records_decide_too() -> None:
    ann = contact(email="ann@example.com")
    (firm,) = write({"name": "Cabrelle"}, match="id", object_type="company").created
    with_firm = active("With a firm", Associated("company", (Filter("name", "equal", ("Cabrelle",)),)))
    follow()
    assert members(with_firm) == set()
    records.associate("contact_to_company", [(ann, firm)], actor=SYSTEM, origin=BY_HAND)
    follow()
    assert members(with_firm) == {ann}
    write({"id": firm, "name": "Autre"}, match="id", object_type="company")
    follow()
    assert members(with_firm) == set()


def test_a_static_list_by_criteria_keeps_whom_it_found() -> None:
    ann = contact(email="ann@example.com", city="Lyon")
    list_id = actions.create("Then", "contact", "SNAPSHOT", all_of(city("Lyon")), actor=SYSTEM).id
    follow()
    write({"id": ann, "city": "Paris"}, match="id")
    contact(email="bob@example.com", city="Lyon")
    follow()
    assert (members(list_id), view(list_id).kind) == ({ann}, List.Kind.SNAPSHOT)


def test_hands_and_imports_fill_a_static_list_and_say_who_it_was() -> None:
    ann, bob = contact(email="ann@example.com"), contact(email="bob@example.com")
    some = static("Some")
    assert actions.add(some, [ann, bob, 999_999], actor=SYSTEM) == 2
    follow()
    assert members(some) == {ann, bob}
    actions.add(some, [ann], actor=SYSTEM)
    actions.remove(some, [ann], actor=SYSTEM, origin=Origin(Source.WORKFLOW, "7"))
    follow()
    assert members(some) == folded(some) == {bob}
    assert story(some) == [("in", "user", (ann, bob)), ("out", "workflow", (ann,))]


def test_who_is_archived_leaves_every_list_and_comes_back_to_static_ones() -> None:
    ann = contact(email="ann@example.com", city="Lyon")
    lyon, some = active("Lyon", city("Lyon")), static("Some")
    actions.add(some, [ann], actor=SYSTEM)
    follow()
    records.archive("contact", [ann], actor=SYSTEM, origin=BY_HAND)
    follow()
    assert (members(lyon), members(some)) == (set(), set())
    records.restore("contact", [ann], actor=SYSTEM, origin=BY_HAND)
    follow()
    assert (members(lyon), members(some)) == ({ann}, {ann})
    assert story(some) == [("in", "user", (ann,)), ("out", "archived", (ann,)), ("in", "restored", (ann,))]


def test_a_merge_puts_the_survivor_in_and_taking_it_back_puts_the_other_in_again() -> None:
    ann, bob = contact(email="ann@example.com"), contact(email="bob@example.com")
    some = static("Some")
    actions.add(some, [bob], actor=SYSTEM)
    follow()
    (merge,) = merging.merge("contact", ann, [bob], actor=SYSTEM).merges
    follow()
    assert members(some) == {ann}
    merging.undo_merge(merge, actor=SYSTEM)
    follow()
    assert members(some) == folded(some) == {bob}


def test_who_is_erased_leaves() -> None:
    ann = contact(email="ann@example.com")
    some = static("Some")
    actions.add(some, [ann], actor=SYSTEM)
    follow()
    erasing.erase("contact", [ann], actor=SYSTEM)
    follow()
    assert (members(some), story(some)[1:], view(some).size) == (set(), [("out", "erased", (ann,))], 0)


def test_who_was_taken_out_and_then_archived_does_not_come_back() -> None:
    ann = contact(email="ann@example.com")
    some = static("Some")
    actions.add(some, [ann], actor=SYSTEM)
    follow()
    actions.remove(some, [ann], actor=SYSTEM)
    records.archive("contact", [ann], actor=SYSTEM, origin=BY_HAND)
    follow()
    records.restore("contact", [ann], actor=SYSTEM, origin=BY_HAND)
    follow()
    assert (members(some), view(some).size) == (set(), 0)
