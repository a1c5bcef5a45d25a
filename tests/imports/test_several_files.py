"""Several files joined by a key, two objects in one row, columns that name a record: the associations that come of it."""

from __future__ import annotations

import pytest

from jalon.accounts.access import EVERYTHING
from jalon.imports import actions
from jalon.imports.actions import NotReady, Upload
from jalon.imports.models import RowKey, Waiting
from jalon.records import runner as columns
from jalon.records.models import Association, AssociationType, ObjectType, Record
from tests.imports.conftest import bring_files, bring_in, sentences
from tests.people import People

COMPANIES = "Key,Name,Domain\nC1,Atelier,atelier.fr\nC2,Belvédère,belvedere.fr\n"
CONTACTS = "email,first name,Company key\nann@a.fr,Ann,c1\nbob@b.fr,Bob,C2\ncid@c.fr,Cid,C9\ndan@d.fr,Dan,\n"
DEALS = "deal name,amount,Client,Firm\nRoof,1000,ann@a.fr;bob@b.fr,atelier.fr\nDoor,50,nobody@a.fr,\n"


@pytest.fixture(autouse=True)
def _columns(people: People) -> None:
    """The columns have their tables, as in any house that runs."""
    columns.shape()


def linked(type_name: str) -> set[tuple[str, str]]:
    """The pairs that are associated, by what their records are called."""
    names = {
        row.pk: next(iter(row.properties.get(n) for n in ("email", "dealname", "name") if n in row.properties), "")
        for row in Record.objects.all()
    }
    rows = Association.objects.filter(type__name=type_name)
    return {(names[row.from_record_id], names[row.to_record_id]) for row in rows}


def three_files(order: tuple[int, ...] = (0, 1, 2)):  # type: ignore[no-untyped-def]
    files = [
        Upload("contacts.csv", [CONTACTS.encode()]),
        Upload("companies.csv", [COMPANIES.encode()]),
        Upload("deals.csv", [DEALS.encode()]),
    ]
    at = order.index(1)
    mappings = [
        {"email": "email", "first name": "firstname", "Company key": f"link/contact_to_company/to/file:{at}:Key"},
        {"Name": "name", "Domain": "domain"},
        {"deal name": "dealname", "amount": "amount", "Client": "link/deal_to_contact/to/email", "Firm": "link/deal_to_company/to/domain"},
    ]
    return [files[place] for place in order], [{"mapping": mappings[place]} for place in order]


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 0, 1), (2, 1, 0)])
def test_three_files_are_joined_whatever_their_order(order: tuple[int, ...], people: People) -> None:
    uploads, changes = three_files(order)
    found = bring_files(uploads, changes)
    assert (found.state, found.created, found.refused, found.linked) == ("done", 8, 0, 5)
    assert linked("contact_to_company") == {("ann@a.fr", "Atelier"), ("bob@b.fr", "Belvédère")}
    assert linked("deal_to_contact") == {("Roof", "ann@a.fr"), ("Roof", "bob@b.fr")}
    assert linked("deal_to_company") == {("Roof", "Atelier")}
    assert not Waiting.objects.exists()
    assert not RowKey.objects.exists()


def test_a_missing_partner_is_told_and_the_row_goes_in(people: People) -> None:
    uploads, changes = three_files()
    told = sentences(bring_files(uploads, changes), refusals=False)
    assert told[4] == ("Company key: no record of Companies was found by “c9”, so the row was not associated.",)
    assert told[3] == ("Client: no record of Contacts was found by “nobody@a.fr”, so the row was not associated.",)


def test_a_dry_run_tells_the_missing_partner_too_and_writes_nothing(people: People) -> None:
    uploads, changes = three_files()
    found = bring_files(uploads, changes, dry_run=True)
    assert (found.state, found.tried["created"], Record.objects.count()) == ("tried", 8, 0)
    assert any("“c9”" in sentence for row in found.tried["first_told"] for sentence in row["sentences"])


ROWS = (
    "email,Company,Company domain\nann@a.fr,Atelier,atelier.fr\nbob@a.fr,Atelier Moreau,ATELIER.fr\ncid@c.fr,Belvédère,belvedere.fr\n"
    "dan@d.fr,,\neve@e.fr,Nameless,\n"
)
PAIRS = {("ann@a.fr", "Atelier Moreau"), ("bob@a.fr", "Atelier Moreau"), ("cid@c.fr", "Belvédère")}
BESIDE = {"email": "email", "Company": "company/name", "Company domain": "company/domain"}


def test_a_contact_and_its_company_in_one_row_are_both_there_once_and_associated(people: People) -> None:
    found = bring_in(ROWS, mapping=BESIDE)
    assert (found.created, found.refused, found.linked) == (5, 0, 3)
    assert found.first.beside["company"]["created"] == 2
    assert linked("contact_to_company") == PAIRS
    assert "so that part was left out" in sentences(found, refusals=False)[6][0]


def test_the_same_rows_again_change_nothing(people: People) -> None:
    bring_in(ROWS, mapping=BESIDE)
    columns.catch_up()
    again = bring_in(ROWS, mapping=BESIDE)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 5)
    assert Record.objects.count() == 7
    assert Association.objects.count() == 3


def test_the_label_of_the_association_is_the_one_that_was_chosen(people: People) -> None:
    ends = {kind: ObjectType.objects.get(name=kind) for kind in ("contact", "company")}
    AssociationType.objects.create(name="employer", from_type=ends["company"], to_type=ends["contact"], label_en="Employee")
    bring_in(ROWS, mapping=BESIDE, companions={"company": {"by": "domain", "link": "employer:from"}})
    assert linked("employer") == {(company, contact) for contact, company in PAIRS}
    assert linked("contact_to_company") == set()


def test_a_company_without_a_column_that_tells_it_apart_is_not_accepted(people: People) -> None:
    import_id = actions.take([Upload("a.csv", [b"email,City\na@a.fr,Paris\n"], "contact")], access=EVERYTHING)
    from dataclasses import replace

    settings = replace(actions.settings_of(import_id), mapping={"email": "email", "City": "company/city"})
    settings = replace(settings, companions=actions.companions_of(import_id, settings))
    with pytest.raises(NotReady, match="Companies of a row must be told apart"):
        actions.settle(import_id, settings)


def test_a_record_out_of_reach_is_neither_changed_nor_described(people: People) -> None:
    bring_in(f"email,firstname,hubspot_owner_id\nsecret@a.fr,Hidden,{people.alice.pk}\nmine@a.fr,Mine,{people.charlie.pk}\n")
    access = people.access(people.charlie)
    found = bring_in("email,firstname\nsecret@a.fr,Changed\nmine@a.fr,Changed too\n", access=access)
    told = sentences(found)
    assert (found.updated, found.refused) == (1, 1)
    assert told[2] == ("This row names a record that you may not edit.",)
    assert Record.objects.get(properties__email="secret@a.fr").properties["firstname"] == "Hidden"


def test_an_association_beyond_its_limit_is_told_and_the_others_are_made(people: People) -> None:
    ends = {kind: ObjectType.objects.get(name=kind) for kind in ("contact", "company")}
    AssociationType.objects.create(name="keeper", from_type=ends["contact"], to_type=ends["company"], label_en="Keeper", limit_to=1)
    found = bring_in(ROWS, mapping=BESIDE, companions={"company": {"by": "domain", "link": "keeper:to"}})
    assert (found.state, found.created, found.linked) == ("done", 5, 2)
    assert len(linked("keeper")) == 2
    assert 3 in sentences(found, refusals=False)
