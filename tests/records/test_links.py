"""Links between records: several labels between two objects, limits told in a sentence, one primary record, pages of a panel."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.accounts.actions import Refused
from jalon.records import actions
from jalon.records.links import queries as links
from jalon.records.models import Association, AssociationType, Change
from tests.people import People, signed_in
from tests.records.steps import BY_HAND, asked, contact

HTMX = {"HX-Request": "true"}
WORK = "contact_to_company"


def company(name: str, **values: str) -> int:
    outcome = actions.write("company", [actions.Row({"name": name, **values})], actor=SYSTEM, origin=BY_HAND)
    return outcome.created[0]


def link(*pairs: tuple[int, int], type_name: str = WORK, primary: bool = False) -> None:
    actions.associate(type_name, pairs, actor=SYSTEM, origin=BY_HAND, primary=primary)


def limited(**limits: int) -> None:
    AssociationType.objects.filter(name=WORK).update(**limits)


def primary_of(id: int) -> list[int]:
    return list(Association.objects.filter(from_record_id=id, is_primary=True).values_list("to_record_id", flat=True))


@pytest.fixture
def ada(people: People, columns: None) -> int:
    return contact(email="ada@example.com", firstname="Ada", hubspot_owner_id=str(people.bob.pk))


def test_the_last_one_made_primary_takes_the_place_of_the_one_before(ada: int) -> None:
    first, second = company("First"), company("Second")
    link((ada, first), primary=True)
    link((ada, second), primary=True)
    assert primary_of(ada) == [second]
    actions.set_primary(WORK, (ada, first), actor=SYSTEM, origin=BY_HAND)
    assert primary_of(ada) == [first]
    actions.clear_primary(WORK, ada, actor=SYSTEM, origin=BY_HAND)
    assert primary_of(ada) == []
    assert Association.objects.filter(from_record_id=ada).count() == 2


def test_the_database_itself_refuses_a_second_primary_link(ada: int) -> None:
    link((ada, company("First")), primary=True)
    link((ada, company("Second")))
    with pytest.raises(IntegrityError), transaction.atomic():
        Association.objects.filter(from_record_id=ada).update(is_primary=True)


def test_a_company_may_be_the_primary_one_of_many(ada: int) -> None:
    grace, works = contact(email="grace@example.com"), company("Works")
    link((ada, works), (grace, works), primary=True)
    assert (primary_of(ada), primary_of(grace)) == ([works], [works])


def test_another_primary_company_reaches_the_columns(ada: int, sync: Callable[[], None]) -> None:
    first, second = company("First"), company("Second")
    link((ada, first), primary=True)
    link((ada, second))
    sync()
    actions.set_primary(WORK, (ada, second), actor=SYSTEM, origin=BY_HAND)
    sync()
    assert asked(f"SELECT to_id FROM associations WHERE is_primary AND from_id = {ada}") == [(second,)]
    assert Change.objects.filter(kind="p", record_id=ada).get().delta["primary"] == [first, second]


def test_a_limit_is_told_in_a_sentence_and_nothing_is_linked(ada: int) -> None:
    limited(limit_from=1)
    first, second = company("First"), company("Second")
    link((ada, first))
    with pytest.raises(Refused, match="“Ada” may be linked with one record only here"):
        link((ada, second))
    assert list(Association.objects.filter(from_record_id=ada).values_list("to_record_id", flat=True)) == [first]
    link((ada, first))  # what is linked already is no further link


def test_a_limit_of_the_other_side_names_the_record_that_has_enough(ada: int) -> None:
    limited(limit_to=2)
    works = company("Works")
    others = [contact(email=f"{name}@example.com") for name in "bcd"]
    link((others[0], works), (others[1], works))
    with pytest.raises(Refused, match="“Works” may be linked with 2 records at most"):
        link((ada, works))


def test_a_link_with_an_archived_record_does_not_count(ada: int) -> None:
    limited(limit_from=1)
    closed = company("Closed")
    link((ada, closed))
    actions.archive("company", [closed], actor=SYSTEM, origin=BY_HAND)
    link((ada, company("Open")))


MOVES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.sampled_from(["link", "main", "unlink", "clear"])), max_size=20)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_links_agree_with_a_naive_model_whatever_the_order(house: None, moves: list[tuple[int, int, str]]) -> None:
    people = [contact(firstname=f"Person {number}") for number in range(3)]
    firms = [company(f"Firm {number}") for number in range(3)]
    linked: dict[tuple[int, int], bool] = {}
    for person, firm, move in moves:
        pair = (people[person], firms[firm])
        if move == "unlink":
            actions.dissociate(WORK, [pair], actor=SYSTEM, origin=BY_HAND)
            linked.pop(pair, None)
        elif move == "clear":
            actions.clear_primary(WORK, pair[0], actor=SYSTEM, origin=BY_HAND)
            linked = {one: is_main and one[0] != pair[0] for one, is_main in linked.items()}
        else:
            link(pair, primary=move == "main")
            if move == "main":
                linked = {one: is_main and one[0] != pair[0] for one, is_main in linked.items()} | {pair: True}
            linked.setdefault(pair, False)
    rows = Association.objects.filter(from_record_id__in=people).values_list("from_record_id", "to_record_id", "is_primary")
    assert {(one, other): is_main for one, other, is_main in rows} == linked


def test_a_panel_shows_twenty_and_the_rest_by_pages_the_primary_one_first(people: People, ada: int) -> None:
    firms = [company(f"Firm {number:02}") for number in range(45)]
    link(*((ada, firm) for firm in firms))
    actions.set_primary(WORK, (ada, firms[-1]), actor=SYSTEM, origin=BY_HAND)
    type = links.link_type("contact", WORK, "to")
    assert type is not None
    pages = [links.panel(EVERYTHING, type, ada, page) for page in (1, 2, 3)]
    assert [len(page.rows) for page in pages] == [20, 20, 5]
    assert {page.total for page in pages} == {45}
    assert pages[0].rows[0][0].id == firms[-1]
    assert len({record.id for page in pages for record, _ in page.rows}) == 45
    client = signed_in(people.bob)
    assert "Firm 18" in client.get(f"/contacts/{ada}/").text
    assert "Firm 30" in client.get(f"/contacts/{ada}/links/{WORK}/to/?page=2", headers=HTMX).text


def test_own_only_sees_and_counts_only_what_it_reaches_in_a_panel(people: People, columns: None) -> None:
    mine = contact(firstname="Mine", hubspot_owner_id=str(people.charlie.pk))
    link((mine, company("Of Bob", hubspot_owner_id=str(people.bob.pk))))
    link((mine, company("Of Charlie", hubspot_owner_id=str(people.charlie.pk))))
    page = signed_in(people.charlie).get(f"/contacts/{mine}/").text
    assert "Of Charlie" in page
    assert "Of Bob" not in page
    (panel,) = [one for one in links.associated(people.access(people.charlie), "contact", mine) if one.type.name == WORK]
    assert panel.total == 1


def test_one_step_creates_a_record_and_links_it(people: People, ada: int) -> None:
    client = signed_in(people.alice)
    url = f"/companies/new/?link={WORK}&side=to&of=contacts&with={ada}"
    assert "It is linked with Ada at once." in client.get(url, headers=HTMX).text
    refused = client.post(url, {"property-domain": ""}, headers=HTMX)
    assert (refused.status_code, refused.headers["HX-Retarget"]) == (422, "#drawer")
    answer = client.post(url, {"property-name": "Engines"}, headers=HTMX)
    assert "Engines" in answer.text
    assert Association.objects.filter(from_record_id=ada).count() == 1


def test_a_record_that_cannot_be_linked_is_not_created_either(people: People, ada: int) -> None:
    limited(limit_from=1)
    link((ada, company("First")))
    url = f"/companies/new/?link={WORK}&side=to&of=contacts&with={ada}"
    answer = signed_in(people.alice).post(url, {"property-name": "Second"}, headers=HTMX)
    assert answer.status_code == 422
    assert "one record only" in answer.text
    assert not Association.objects.filter(from_record_id=ada).exclude(to_record__properties__name="First").exists()


def test_the_pages_set_the_primary_record_and_say_what_a_limit_allows(people: People, ada: int) -> None:
    limited(limit_from=2)
    first, second, third = company("First"), company("Second"), company("Third")
    link((ada, first), (ada, second))
    client, stem = signed_in(people.alice), f"/contacts/{ada}/links/{WORK}/to/"
    assert client.post(f"{stem}primary/", {"other": str(second)}, headers=HTMX).text.count("Primary</span>") == 1
    assert primary_of(ada) == [second]
    assert "2 records at most" in client.post(f"{stem}add/", {"other": str(third)}, headers=HTMX).text
    client.post(f"{stem}primary/", {"other": ""}, headers=HTMX)
    assert primary_of(ada) == []
