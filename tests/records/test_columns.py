"""The columns after any sequence of writes: what PostgreSQL says, what a rebuild gives, what a naive reading finds."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.accounts.models import Account
from jalon.records import actions, queries, runner
from jalon.records.actions import Row
from jalon.records.columns import FieldType, PropertySpec, Source, Type
from jalon.records.definitions import actions as definitions
from jalon.records.models import Change, Record
from jalon.warehouse import current
from tests.records.steps import BY_HAND, BY_IMPORT, asked, contact, write

CITIES = ["Lyon", "Paris", "Brest", ""]
STEPS = ["write", "import", "archive", "restore", "link", "unlink", "past", "sync"]


class World:
    """Does random things to records through the product's verbs."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.run = chance.getrandbits(48)
        self.people: list[int] = []
        self.firms: list[int] = []

    def step(self, name: str) -> None:
        getattr(self, name)()

    def write(self) -> None:
        rows = [self._person() for _ in range(self.chance.randint(1, 5))]
        self.people += write(*rows, by=BY_HAND).created

    def _person(self) -> dict[str, Any]:
        number = self.chance.randint(1, 12)
        score = self.chance.choice(["", "0", "12.5", "-3.000001"])
        return {
            "email": f"p{number}.{self.run}@example.com",
            "city": self.chance.choice(CITIES),
            "hubspotscore": score,
            "interests": "events;products",
        }

    def import_(self) -> None:
        day = datetime(2024, 3, 31, 0, 30, tzinfo=UTC) + timedelta(hours=self.chance.randint(0, 24))
        rows = [{**self._person(), "createdate": day} for _ in range(3)]
        self.people += write(*rows, by=BY_IMPORT).created
        self.firms += write({"name": "Firm"}, match="id", object_type="company").created

    def archive(self) -> None:
        some = self.chance.sample(self.people, min(2, len(self.people)))
        actions.archive("contact", some, actor=SYSTEM, origin=BY_HAND)

    def restore(self) -> None:
        actions.restore("contact", self.people, actor=SYSTEM, origin=BY_HAND)

    def link(self) -> None:
        actions.associate("contact_to_company", self._pairs(), actor=SYSTEM, origin=BY_HAND)

    def unlink(self) -> None:
        actions.dissociate("contact_to_company", self._pairs(), actor=SYSTEM, origin=BY_HAND)

    def _pairs(self) -> list[tuple[int, int]]:
        return [(person, firm) for person in self.people for firm in self.firms if self.chance.random() < 0.4]

    def past(self) -> None:
        now = datetime.now(UTC)
        some = [
            actions.PastValue(
                id, "city", self.chance.choice(CITIES), now - timedelta(days=self.chance.randint(0, 5), seconds=1), Source.API
            )
            for id in self.people
        ]
        actions.write_history("contact", some, actor=SYSTEM)

    def sync(self) -> None:
        runner.sync(datetime.now(UTC))


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All that the columns hold, in an order of its own."""
    engine = current.engine()
    return {name: sorted(asked(f'SELECT * FROM "{name}"'), key=repr) for name in sorted(engine.tables())}


def naive_history() -> list[tuple[int, str, str | None, str | None]]:
    """The log read line by line in Python: each record's values by (at, id), what changes nothing left out."""
    found: list[tuple[int, str, str | None, str | None]] = []
    present: dict[tuple[int, str], str | None] = {}
    for line in sorted(Change.objects.filter(kind__in=["c", "u"]), key=lambda line: (line.at, line.id)):
        for name, (said, new) in line.delta.items():
            old = present.get((line.record_id, name), None if line.backdated else said)
            if old != new:
                found.append((line.record_id, name, old, new))
            present[line.record_id, name] = new
    return sorted(found, key=repr)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False), st.lists(st.sampled_from(STEPS), min_size=3, max_size=14))
@pytest.mark.slow
def test_incremental_rebuild_and_naive_reading_agree(sync: Callable[[], None], chance: random.Random, steps: list[str]) -> None:
    world = World(chance)
    for step in ["write", "import", *steps]:
        world.step("import_" if step == "import" else step)
    sync()
    incremental = everything()
    rows = asked("SELECT record_id, property, old, new FROM property_history")
    assert sorted(rows, key=repr) == naive_history()
    live = Record.objects.filter(archived_at=None, object_type_id=queries.type_id("contact"))
    cities = asked("SELECT id, city FROM contacts ORDER BY id")
    assert cities == [(record.pk, record.properties.get("city")) for record in live.order_by("id")]
    runner.rebuild()
    assert everything() == incremental


def test_days_are_those_of_the_account_also_over_a_change_of_clocks(sync: Callable[[], None]) -> None:
    for number, instant in enumerate(("2024-03-30T22:59:59Z", "2024-03-30T23:00:00Z", "2024-03-31T21:59:59Z", "2024-03-31T22:00:00Z")):
        write({"email": f"{number}@example.com", "createdate": instant}, by=BY_IMPORT)
    sync()
    rows = asked('SELECT "createdate__day", "createdate__hour" FROM contacts ORDER BY email')
    assert [(day.isoformat(), hour) for day, hour in rows] == [("2024-03-30", 23), ("2024-03-31", 0), ("2024-03-31", 23), ("2024-04-01", 0)]


def test_another_zone_of_the_account_moves_the_days_of_all_records(sync: Callable[[], None]) -> None:
    write({"email": "a@example.com", "createdate": "2024-03-30T23:30:00Z"}, by=BY_IMPORT)
    sync()
    question = 'SELECT "createdate__day", "createdate__hour" FROM contacts'
    assert [(day.isoformat(), hour) for day, hour in asked(question)] == [("2024-03-31", 0)]
    Account.objects.create(pk=1, name="A", zone="America/New_York", language="en", currency="USD", first_weekday=6, stage_preset="sales")
    sync()
    assert [(day.isoformat(), hour) for day, hour in asked(question)] == [("2024-03-30", 19)]


def test_a_new_property_is_a_new_column_and_an_archived_one_comes_back_with_its_values(sync: Callable[[], None]) -> None:
    sync()
    spec = PropertySpec("shoe_size", Type.NUMBER, FieldType.NUMBER, "Shoe size", "Pointure", "contact")
    definitions.define_property("contact", spec, actor=SYSTEM)
    contact(email="a@example.com", shoe_size="42")
    sync()
    assert asked("SELECT shoe_size FROM contacts") == [(42,)]
    assert queries.page(EVERYTHING, "contact", columns=["shoe_size"]).rows[0]["shoe_size"] == 42
    definitions.archive_property("contact", "shoe_size", actor=SYSTEM)
    sync()
    (id,) = (id for (id,) in asked("SELECT id FROM contacts"))
    actions.write("contact", [Row({"city": "Lyon"}, id)], actor=SYSTEM, origin=BY_HAND, match="id", mode="update")  # anew, without it
    sync()
    definitions.restore_property("contact", "shoe_size", actor=SYSTEM)
    sync()
    assert asked("SELECT shoe_size FROM contacts") == [(42,)]


def test_search_finds_the_words_of_a_text_property_only_while_it_is_there(sync: Callable[[], None]) -> None:
    spec = PropertySpec("nickname", Type.STRING, FieldType.TEXT, "Nickname", "Surnom", "contact")
    definitions.define_property("contact", spec, actor=SYSTEM)
    contact(email="a@example.com", nickname="Bouquetin")
    contact(email="b@example.com")
    sync()
    found = [queries.count(EVERYTHING, "contact", search="bouquetin")]
    definitions.archive_property("contact", "nickname", actor=SYSTEM)
    sync()
    found.append(queries.count(EVERYTHING, "contact", search="bouquetin"))
    definitions.restore_property("contact", "nickname", actor=SYSTEM)
    sync()
    found.append(queries.count(EVERYTHING, "contact", search="bouquetin"))
    assert found == [1, 0, 1]


def test_pages_go_forward_and_back_through_every_record_once(sync: Callable[[], None]) -> None:
    write(*({"email": f"{number:03}@example.com", "city": random.Random(number).choice(CITIES)} for number in range(57)))
    sync()
    for sort in ("city", "-city", "email", "-createdate", "hubspotscore", "-lastmodifieddate", "hs_object_id"):
        page = queries.page(EVERYTHING, "contact", columns=["city"], sort=sort, limit=10)
        pages = [page]
        while page.next:
            page = queries.page(EVERYTHING, "contact", columns=["city"], sort=sort, limit=10, after=page.next)
            pages.append(page)
        seen = [row["id"] for one in pages for row in one.rows]
        assert len(seen) == len(set(seen)) == page.total == 57
        for earlier in reversed(pages[:-1]):
            page = queries.page(EVERYTHING, "contact", columns=["city"], sort=sort, limit=10, after=page.previous)
            assert page.rows == earlier.rows


def test_blanks_come_last_whichever_way(sync: Callable[[], None]) -> None:
    write({"email": "a@example.com", "city": "Lyon"}, {"email": "b@example.com"}, {"email": "c@example.com", "city": "Paris"})
    sync()
    for sort, cities in (("city", ["Lyon", "Paris", None]), ("-city", ["Paris", "Lyon", None])):
        assert [row["city"] for row in queries.page(EVERYTHING, "contact", columns=["city"], sort=sort).rows] == cities


def test_search_finds_part_of_a_word_without_case_or_accents(sync: Callable[[], None]) -> None:
    write({"email": "a@example.com", "lastname": "Lefèvre", "city": "Orléans"}, {"email": "b@example.com", "lastname": "Martin"})
    sync()
    for words, found in (("lefev", 1), ("ORLÉ lef", 1), ("lef martin", 0), ("100%", 0), ("", 2)):
        assert queries.count(EVERYTHING, "contact", search=words) == found
