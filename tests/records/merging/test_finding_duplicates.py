"""Pairs that may be one: found with their reasons on either engine, denied for good, cut to what a person may see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.accounts.actions import Refused
from jalon.jobs import runner as jobs_runner
from jalon.jobs.models import Job
from jalon.records import queries, runner
from jalon.records.duplicates import actions
from jalon.records.duplicates import queries as duplicates
from jalon.records.merging import actions as merging
from jalon.records.models import DuplicatePair
from jalon.warehouse import current
from tests.engines import ENGINES, open_engine
from tests.people import People
from tests.records.steps import contact, write


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, house: None, tmp_path: Path) -> Iterator[str]:
    with open_engine(request.param, tmp_path) as opened:
        queries.forget_catalogs()
        current.install(opened)
        yield request.param
        current.close()
    queries.forget_catalogs()


def look(object_type: str = "contact") -> None:
    while runner.sync(datetime.now(UTC)):
        pass
    jobs_runner.run(actions.look_for(object_type, user_id=None).pk)


def found() -> dict[tuple[int, int], set[str]]:
    return {(row.first_id, row.second_id): set(row.reasons) for row in DuplicatePair.objects.all()}


def person(number: int, **values: str) -> int:
    return contact(email=f"n{number}@firm{number}.example", **values)


def test_each_reason_finds_its_pair_and_no_other(engine: str) -> None:
    jean = {"firstname": "Jean", "lastname": "Dupont", "city": "Lyon"}
    one, other = person(1, **jean), person(2, firstname="DUPONT", lastname="Jéan", city="lyon")
    third = person(3, firstname="Jean", lastname="Dupond", company="Atelier Moreau", city="Brest")
    fourth = person(4, firstname="Jean", lastname="Dupont", company="ATELIER MOREAU SARL", city="Paris")
    person(5, firstname="Jean", lastname="Dufour", city="Lyon")
    mobile, landline = person(6, mobilephone="+33 6 12 34 56 78"), person(7, phone="0033 612.34.56.78")
    person(8, phone="+41 6 12 34 56 78")
    plus, plain = contact(email="zoe+news@example.com"), contact(email="zoe@example.com")
    local, here = {"firstname": "Inès", "lastname": "Le Goff"}, "ines.legoff"
    first, second = contact(email=f"{here}@one.example", **local), contact(email=f"{here}@two.example", **local)
    look()
    assert found() == {
        (one, other): {"name_city"},
        (third, fourth): {"name_company"},
        (mobile, landline): {"phone"},
        (plus, plain): {"email"},
        (first, second): {"local_part"},
    }


def test_companies_are_found_by_domain_and_by_name_and_city(engine: str) -> None:
    rows = [
        {"name": "Moreau", "domain": "https://www.moreau.example/fr"},
        {"name": "Atelier", "domain": "moreau.example"},
        {"name": "Les Halles du Lac", "city": "Annecy"},
        {"name": "Les Halle du Lac", "city": "annecy"},
    ]
    one, other, third, fourth = write(*rows, match="id", object_type="company").created
    look("company")
    assert found() == {(one, other): {"domain"}, (third, fourth): {"firm_city"}}


def test_a_number_that_everybody_has_is_no_reason(engine: str) -> None:
    for number in range(25):
        person(number, phone="+33 1 40 00 00 00")
    look()
    assert found() == {}


def test_several_reasons_make_surer(engine: str) -> None:
    same = {"firstname": "Jean", "lastname": "Dupont", "city": "Lyon", "phone": "+33 6 12 34 56 78"}
    pair = person(1, **same), person(2, **same)
    look()
    row = DuplicatePair.objects.get()
    assert (row.first_id, row.second_id) == pair and set(row.reasons) == {"phone", "name_city"} and row.score == 94


def test_a_denied_pair_is_not_proposed_again(engine: str) -> None:
    one, other = person(1, phone="+33 6 12 34 56 78"), person(2, phone="+33 6 12 34 56 78")
    look()
    actions.deny(other, one, actor=SYSTEM)
    assert found() == {}
    look()
    assert found() == {}
    actions.allow(one, other)
    look()
    assert found() == {(one, other): {"phone"}}


def test_what_is_no_longer_alike_or_merged_is_forgotten(engine: str) -> None:
    ids = [person(number, phone=f"+33 6 12 34 56 7{number // 2}") for number in range(4)]
    look()
    assert set(found()) == {(ids[0], ids[1]), (ids[2], ids[3])}
    merging.merge("contact", ids[0], [ids[1]], actor=SYSTEM)
    write({"id": ids[2], "phone": ""}, match="id")
    look()
    assert found() == {}


def test_the_finder_goes_on_where_it_was_interrupted(engine: str) -> None:
    one, other = person(1, phone="+33 6 12 34 56 78"), person(2, phone="+33 6 12 34 56 78")
    look()
    job = Job.objects.get()
    Job.objects.filter(pk=job.pk).update(state="queued", done=0)
    jobs_runner.run(job.pk)
    assert found() == {(one, other): {"phone"}} and Job.objects.get().state == "done"


def test_the_finder_runs_once_at_a_time_and_only_where_it_knows_reasons(engine: str) -> None:
    actions.look_for("contact", user_id=None)
    for object_type in ("contact", "deal"):
        with pytest.raises(Refused):
            actions.look_for(object_type, user_id=None)


def test_a_pair_is_there_only_for_who_may_see_both(engine: str, people: People) -> None:
    charlie = str(people.charlie.pk)
    phone = "+33 6 12 34 56 78"
    ids = [person(number, phone=phone, hubspot_owner_id=owner) for number, owner in enumerate((charlie, charlie, str(people.bob.pk)))]
    look()
    assert duplicates.pairs(EVERYTHING, "contact").total == 3
    page = duplicates.pairs(people.access(people.charlie), "contact")
    assert [(pair.first_id, pair.second_id) for pair in page.pairs] == [(ids[0], ids[1])] and page.by_reason == {"phone": 1}
