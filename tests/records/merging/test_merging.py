"""Two records become one: whose value stays, where the links go, and how all of it is taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.accounts.actions import Refused
from jalon.records import actions, queries, runner
from jalon.records.columns import Origin, Source
from jalon.records.merging import actions as merging
from jalon.records.models import Association, AssociationType, Merge, Record
from tests.records.steps import BY_HAND, asked, contact, told, values, write

Sync = Callable[[], None]
PAST = "SELECT property, old, new, record_id FROM property_history WHERE property = 'city' ORDER BY at, change_id"


def company(name: str) -> int:
    return write({"name": name}, match="id", object_type="company").created[0]


def link(person: int, firm: int, *, primary: bool = False) -> None:
    actions.associate("contact_to_company", [(person, firm)], actor=SYSTEM, origin=BY_HAND, primary=primary)


def firms_of(person: int) -> dict[int, bool]:
    return dict(Association.objects.filter(from_record_id=person).values_list("to_record_id", "is_primary"))


def state(person: int) -> tuple[dict[str, str], dict[int, bool]]:
    """A record's values, but for when it was changed last, and its links."""
    return {name: value for name, value in values(person).items() if name != "lastmodifieddate"}, firms_of(person)


def merge(survivor: int, *losers: int, **choices: int) -> tuple[int, ...]:
    return merging.merge("contact", survivor, losers, choices, actor=SYSTEM).merges


def test_the_survivors_values_stay_and_its_gaps_are_filled(house: None) -> None:
    ann, anna = contact(email="ann@example.com", city="Lyon"), contact(email="anna@example.com", city="Paris", phone="01 02 03 04 05")
    merge(ann, anna)
    found = values(ann)
    assert (found["email"], found["city"], found["phone"]) == ("ann@example.com", "Lyon", "01 02 03 04 05")
    assert found["hs_additional_emails"] == "anna@example.com"
    row = Record.objects.get(pk=anna)
    assert row.merged_into_id == ann and row.archived_at is not None


def test_a_choice_decides_for_a_property_even_for_nothing(house: None) -> None:
    ann, anna = contact(email="ann@example.com", city="Lyon", jobtitle="Buyer"), contact(email="anna@example.com", city="Paris")
    merge(ann, anna, city=anna, email=anna, jobtitle=anna)
    found = values(ann)
    assert (found["email"], found["city"], found.get("jobtitle")) == ("anna@example.com", "Paris", None)
    assert found["hs_additional_emails"] == "ann@example.com"


def test_three_records_become_one_with_a_choice_of_the_last(house: None) -> None:
    ids = [contact(email=f"{place}@example.com", city=city) for place, city in enumerate(("", "Paris", "Brest"))]
    merge(ids[0], ids[1], ids[2], city=ids[2])
    assert values(ids[0])["city"] == "Brest"
    assert values(ids[0])["hs_additional_emails"] == "1@example.com;2@example.com"


def test_the_older_creation_date_stays(house: None) -> None:
    old = write({"email": "old@example.com", "createdate": "2020-01-01T00:00:00Z"}, by=Origin(Source.IMPORT, "1")).created[0]
    new = contact(email="new@example.com")
    merge(new, old)
    assert values(new)["createdate"] == "2020-01-01T00:00:00.000Z"


def test_an_import_by_the_others_address_finds_the_survivor_and_keeps_its_first_address(house: None) -> None:
    ann, anna = contact(email="ann@example.com"), contact(email="Anna@example.com")
    merge(ann, anna)
    outcome = write({"email": "anna@EXAMPLE.com", "city": "Lille"}, by=Origin(Source.IMPORT, "2"))
    assert outcome.updated == (ann,)
    assert (values(ann)["email"], values(ann)["city"]) == ("ann@example.com", "Lille")


def test_nobody_else_takes_an_additional_address(house: None) -> None:
    ann, anna, bob = contact(email="ann@example.com"), contact(email="anna@example.com"), contact(email="bob@example.com")
    merge(ann, anna)
    assert "anna@example.com" in told(write({"id": bob, "email": "anna@example.com"}, match="id"))[0]


def test_an_additional_address_is_found_by_search(sync: Sync) -> None:
    ann, anna = contact(email="ann@example.com"), contact(email="zebulon@example.com")
    merge(ann, anna)
    sync()
    assert [row["id"] for row in queries.page(EVERYTHING, "contact", columns=["email"], search="zebulon").rows] == [ann]


def test_links_move_and_doubles_and_second_primaries_do_not(house: None) -> None:
    ann, anna = contact(email="ann@example.com"), contact(email="anna@example.com")
    both, hers, first = company("Both"), company("Hers"), company("First")
    link(ann, both)
    link(ann, first, primary=True)
    link(anna, both)
    link(anna, hers, primary=True)
    merge(ann, anna)
    assert firms_of(ann) == {both: False, first: True, hers: False}
    assert firms_of(anna) == {}


def test_whoever_had_the_loser_as_primary_has_the_survivor(house: None) -> None:
    ann, anna = contact(email="ann@example.com"), contact(email="anna@example.com")
    deal = write({"dealname": "Big"}, match="id", object_type="deal").created[0]
    for person, primary in ((ann, False), (anna, True)):
        actions.associate("deal_to_contact", [(deal, person)], actor=SYSTEM, origin=BY_HAND, primary=primary)
    (row,) = merge(ann, anna)
    assert dict(Association.objects.filter(from_record_id=deal).values_list("to_record_id", "is_primary")) == {ann: True}
    merging.undo_merge(row, actor=SYSTEM)
    assert dict(Association.objects.filter(from_record_id=deal).values_list("to_record_id", "is_primary")) == {ann: False, anna: True}


def test_a_limit_of_links_holds_for_the_merged_record(house: None) -> None:
    AssociationType.objects.filter(name="contact_to_company").update(limit_from=1)
    ann, anna = contact(email="ann@example.com"), contact(email="anna@example.com")
    hers, other = company("Hers"), company("Other")
    link(ann, hers)
    link(anna, other)
    (row,) = merge(ann, anna)
    assert set(firms_of(ann)) == {hers}
    merging.undo_merge(row, actor=SYSTEM)
    assert (set(firms_of(ann)), set(firms_of(anna))) == ({hers}, {other})


def test_undo_brings_both_back_exactly(sync: Sync) -> None:
    ann, anna = contact(email="ann@example.com", city="Lyon"), contact(email="anna@example.com", city="Paris", phone="01")
    firm, other = company("Both"), company("Other")
    link(ann, firm)
    link(anna, firm, primary=True)
    link(anna, other)
    before = [state(ann), state(anna)]
    (row,) = merge(ann, anna, email=anna)
    assert merging.undo_merge(row, actor=SYSTEM).kept == ()
    assert [state(ann), state(anna)] == before
    assert told(write({"id": ann, "email": "anna@example.com"}, match="id"))


def test_undo_keeps_what_somebody_changed_since_and_says_so(house: None) -> None:
    ann, anna = contact(email="ann@example.com"), contact(email="anna@example.com", city="Paris", phone="01")
    firm = company("Theirs")
    link(anna, firm)
    (row,) = merge(ann, anna)
    write({"id": ann, "city": "Nice"}, match="id")
    actions.dissociate("contact_to_company", [(ann, firm)], actor=SYSTEM, origin=BY_HAND)
    kept = merging.undo_merge(row, actor=SYSTEM).kept
    assert kept[0][0] == "city" and len(kept) == 2
    assert (values(ann)["city"], values(ann).get("phone"), values(anna)["city"]) == ("Nice", None, "Paris")


def test_merges_are_taken_back_from_the_latest_on(house: None) -> None:
    a, b, c = (contact(email=f"{name}@example.com") for name in "abc")
    (first,) = merge(b, c)
    (second,) = merge(a, b)
    with pytest.raises(Refused, match="later merge"):
        merging.undo_merge(first, actor=SYSTEM)
    merging.undo_merge(second, actor=SYSTEM)
    merging.undo_merge(first, actor=SYSTEM)
    assert set(Record.objects.filter(pk__in=[a, b, c]).values_list("archived_at", "merged_into_id")) == {(None, None)}
    assert "hs_additional_emails" not in values(b)


def test_a_merged_record_is_not_simply_restored(house: None) -> None:
    ann, anna = contact(email="ann@example.com"), contact(email="anna@example.com")
    merge(ann, anna)
    assert "merged" in told(actions.restore("contact", [anna], actor=SYSTEM, origin=BY_HAND))[0]


def test_an_archived_record_cannot_be_merged(house: None) -> None:
    ann, anna = contact(email="ann@example.com"), contact(email="anna@example.com")
    actions.archive("contact", [anna], actor=SYSTEM, origin=BY_HAND)
    with pytest.raises(Refused):
        merge(ann, anna)
    with pytest.raises(Refused):
        merge(ann, ann)
    assert not Merge.objects.exists()


def test_both_pasts_are_told_as_one_in_the_columns_and_on_the_page(sync: Sync) -> None:
    ann = contact(email="ann@example.com", city="Lyon")
    anna = contact(email="anna@example.com", city="Paris")
    sync()
    (row,) = merge(ann, anna)
    sync()
    assert asked(PAST) == [("city", None, "Lyon", ann), ("city", "Lyon", "Paris", ann), ("city", "Paris", "Lyon", ann)]
    assert [(line.old, line.new) for line in queries.history(EVERYTHING, "contact", ann, "city")][::-1] == [
        (None, "Lyon"),
        ("Lyon", "Paris"),
        ("Paris", "Lyon"),
    ]
    merging.undo_merge(row, actor=SYSTEM)
    sync()
    assert asked(PAST) == [("city", None, "Lyon", ann), ("city", None, "Paris", anna)]
    before = asked("SELECT * FROM property_history ORDER BY change_id, property")
    runner.rebuild()
    assert asked("SELECT * FROM property_history ORDER BY change_id, property") == before
