"""The palette finds records of every object type by parts of words, the best first, and nearly spelled names when few are found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalon.accounts.access import EVERYTHING, Access, Actor, Scope
from jalon.accounts.pages import HitGroup
from jalon.records import matches, needles, queries, runner, search
from jalon.warehouse import current
from jalon.warehouse.engine import Batch, Put
from jalon.warehouse.folding import fold
from tests.engines import ENGINES, open_engine
from tests.people import People
from tests.records.steps import asked, contact, write


@pytest.fixture(params=ENGINES)
def follow(request: pytest.FixtureRequest, house: None, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Lets the columns of an engine catch up, on each engine."""
    queries.forget_catalogs()
    with open_engine(request.param, tmp_path) as engine:
        current.install(engine)
        yield runner.catch_up
        current.close()
    queries.forget_catalogs()


def ids(text: str, access: Access = EVERYTHING, object_type: str = "contact") -> list[int]:
    return [id for each in matches.found(access, [object_type], needles.needle(text), 10).values() for id in each.ids]


def nearly(text: str, access: Access = EVERYTHING) -> list[int]:
    return [id for each in matches.similar(access, ["contact"], needles.needle(text), 10).values() for id in each.ids]


def names(groups: list[HitGroup]) -> list[str]:
    return [hit.label for group in groups for hit in group.hits]


def test_the_best_come_first(follow: Callable[[], None]) -> None:
    inside = contact(email="a@example.com", firstname="Anna", lastname="Kaltmann")
    word = contact(email="b@example.com", firstname="Bea", lastname="Altmann")
    name = contact(email="c@example.com", firstname="Altmann", lastname="Carl")
    mail = contact(email="d@altmann.example", firstname="Dora", lastname="Veil")
    exact = contact(email="e@example.com", firstname="Emil", lastname="Rue", city="ALTMÄNN")
    follow()
    assert ids("altmann") == [exact, name, word, mail, inside]
    assert ids("altma") == [name, exact, mail, word, inside]


def test_words_stand_in_any_order_and_in_any_text(follow: Callable[[], None]) -> None:
    one = contact(email="zoe.lefevre@example.com", firstname="Zoé", lastname="Lefèvre", city="Saint-Étienne", jobtitle="Directrice")
    contact(email="x@example.com", firstname="Zoé", lastname="Martin")
    follow()
    for text in ("lefevre zoe", "ZOÉ direc", "etienne lefe", "zoe.lefevre@exa", "fevre", str(one)):
        assert ids(text)[:1] == [one], text
    assert ids("zoe lefevre durand") == []


TYPED_PHONES = ("06 39 98 57 45", "0639985745", "+33 6 39 98", "0033639985745", "98.57.45", "(06) 39-98", "lemoine 0639")


def test_a_phone_number_is_found_however_it_is_typed(follow: Callable[[], None]) -> None:
    one = contact(email="p@example.com", lastname="Lemoine", phone="+33 6 39-98-57-45")
    contact(email="q@example.com", lastname="Other", phone="+33 6 11 22 33 44")
    follow()
    assert {typed: ids(typed) for typed in TYPED_PHONES} == {typed: [one] for typed in TYPED_PHONES}


def test_what_search_means_nothing_special_to(follow: Callable[[], None]) -> None:
    one = contact(email="odd@example.com", lastname="50% _off_ 'quoted' \\back (paren) [x] a|b")
    contact(email="even@example.com", lastname="Plain")
    follow()
    for text in ("50%", "_off_", "'quoted'", "\\back", "(paren)", "[x]", "a|b", "’quoted’"):
        assert ids(text) == [one], text
    assert list(search.find(EVERYTHING, "   ")) == []


def test_names_spelled_nearly_so_are_found(follow: Callable[[], None]) -> None:
    one = contact(email="s@example.com", firstname="Geneviève", lastname="Delacroix")
    contact(email="t@example.com", firstname="Marc", lastname="Petit")
    follow()
    for text in ("delacriox", "delacroy", "genevive delacroix", "dellacroix geneviev"):
        assert nearly(text) == [one], text
    assert nearly("zzyzx") == []
    assert nearly("xy") == []


def test_each_object_type_has_its_group_and_its_count(people: People) -> None:
    write(*({"email": f"n{n}@norde.example", "lastname": f"Nordé {n}"} for n in range(8)))
    write({"name": "Nordé & fils", "domain": "norde.example"}, object_type="company", match="id")
    runner.catch_up()
    contacts, companies = search.find(people.access(people.alice), "norde")
    assert (contacts.label, contacts.total, len(contacts.hits), contacts.more) == ("Contacts", 8, search.OF_EACH, True)
    assert contacts.url == "/contacts/?q=norde"
    assert queries.count(EVERYTHING, "contact", search="norde") == contacts.total
    assert (companies.label, companies.total, companies.more) == ("Companies", 1, False)


def test_a_hit_says_why_it_was_found(people: People) -> None:
    contact(email="w@example.com", firstname="Will", lastname="Why", jobtitle="Head gardener", phone="+33639985745")
    runner.catch_up()
    access = people.access(people.alice)
    assert [hit.detail for group in search.find(access, "why") for hit in group.hits] == ["w@example.com"]
    assert [hit.detail for group in search.find(access, "gardener") for hit in group.hits] == ["Job title: Head gardener"]
    assert [hit.detail for group in search.find(access, "0639985745") for hit in group.hits] == ["Phone: +33639985745"]


def test_nobody_finds_what_they_may_not_see(people: People) -> None:
    write(
        {"email": "mine@example.com", "lastname": "Secrett", "hubspot_owner_id": str(people.charlie.pk)},
        {"email": "bobs@example.com", "lastname": "Secretan", "hubspot_owner_id": str(people.bob.pk)},
    )
    runner.catch_up()
    own = people.access(people.charlie)
    assert names(search.find(own, "secret")) == ["Secrett"]
    assert [group.total for group in search.find(own, "secret")] == [1]
    assert names(search.similar(own, "secretin")) == ["Secrett"]
    hidden = Access(Actor(people.rita.pk, "Rita"), permissions=frozenset({"records.view"}), scopes={"*.view": Scope.NONE})
    assert search.find(hidden, "secret") == [] == search.similar(hidden, "secretin")


def test_what_was_opened_lately_is_named_only_to_who_may_see_it(people: People) -> None:
    bobs = contact(email="bobs@example.com", lastname="Bobs", hubspot_owner_id=str(people.bob.pk))
    mine = contact(email="mine@example.com", lastname="Mine", hubspot_owner_id=str(people.charlie.pk))
    paths = [f"/contacts/{bobs}/", f"/contacts/{mine}/", "/contacts/99999999/", "/reports/1/", "/contacts/x/", f"/contacts/{'9' * 30}/"]
    assert [hit.label for hit in search.recall(people.access(people.charlie), paths)] == ["Mine"]
    assert {hit.label for hit in search.recall(people.access(people.alice), paths)} == {"Bobs", "Mine"}


def test_columns_of_an_older_version_are_made_anew(sync: Callable[[], None]) -> None:
    one = contact(email="old@example.com", lastname="Older")
    sync()
    outdated = pa.table({"id": [str(one)], "search_text": ["laid out otherwise"]})
    current.engine().apply(Batch((Put(queries.catalog("contact").table(), outdated),), {runner.SEARCH: "1"}))
    assert ids("older") == []
    sync()
    assert ids("older") == [one]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.text(alphabet="abÉœ'@.-+0123 ", min_size=1, max_size=6), min_size=1, max_size=3))
def test_found_is_what_a_naive_reading_finds(several_people: dict[int, str], words: list[str]) -> None:
    """Digits apart, a record is found exactly if its text holds every word."""
    wanted = needles.needle(" ".join(words))
    plain = needles.Needle(tuple(needles.Word(word.text) for word in wanted.words))
    expected = {id for id, text in several_people.items() if plain.words and all(word.text in text for word in plain.words)}
    where = queries.matching(EVERYTHING, "contact", needles.holds(plain))
    assert queries.count(EVERYTHING, "contact", where) == (len(expected) if plain.words else len(several_people))
    if plain.words:
        assert {id for each in matches.found(EVERYTHING, ["contact"], plain, 100).values() for id in each.ids} == expected


@pytest.fixture
def several_people(sync: Callable[[], None]) -> dict[int, str]:
    """Their searched texts by id, read back from the columns; the words are folded as they are typed."""
    write(
        *(
            {"email": f"{a}{b}{n}@b-a.example", "firstname": a, "lastname": f"{b}-É'{n}", "city": "œ01 ba"}
            for n, (a, b) in enumerate([("a", "b"), ("ab", "ÉÉ"), ("bœ", "a0"), ("É a", "b.b"), ("+0", "12")])
        )
    )
    sync()
    return {int(id): fold(text) for id, text in asked("SELECT id, search_text FROM contacts")}
