"""The pages of merging, duplicates, the archive and erasure: what they say, whom they refuse, what their buttons do."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from jalon.accounts.access import SYSTEM
from jalon.accounts.models import AuditLine
from jalon.jobs import runner as jobs_runner
from jalon.jobs.models import Job
from jalon.records import actions, runner
from jalon.records.models import Association, DuplicatePair, Erasure, Merge, Record
from jalon.warehouse import current
from jalon.warehouse.duckdb_engine import DuckDBEngine
from tests.people import People, signed_in
from tests.records.steps import BY_HAND, contact, values, write

Sync = Callable[[], None]


@pytest.fixture
def sync(people: People, tmp_path: Path) -> Iterator[Sync]:
    current.install(DuckDBEngine(tmp_path / "columns.duckdb", "Europe/Paris"))

    def catch_up() -> None:
        while runner.sync(datetime.now(UTC)):
            pass

    yield catch_up
    current.close()


def pair() -> tuple[int, int]:
    ann = contact(email="ann@example.com", firstname="Ann", city="Lyon", phone="+33 6 12 34 56 78")
    anna = contact(email="anna@example.com", firstname="Anna", city="Paris", phone="06 12 34 56 78", jobtitle="Buyer")
    return ann, anna


def said(client: Client, path: str) -> str:
    return client.get(path, follow=True).content.decode()


def test_the_merge_page_shows_the_records_side_by_side_and_merges_as_chosen(people: People) -> None:
    ann, anna = pair()
    client = signed_in(people.alice)
    page = said(client, f"/contacts/merge/?ids={ann},{anna}")
    assert all(word in page for word in ("ann@example.com", "anna@example.com", "Lyon", "Paris", "Buyer"))
    sent = {"ids": f"{ann},{anna}", "survivor": str(ann), "value.city": str(anna), "value.email": str(ann), "value.phone": str(ann)}
    answer = client.post("/contacts/merge/", sent)
    assert answer.status_code == 302 and answer.headers["Location"] == f"/contacts/{ann}/"
    assert (values(ann)["city"], values(ann)["jobtitle"], values(ann)["hs_additional_emails"]) == ("Paris", "Buyer", "anna@example.com")


def test_the_old_address_leads_to_the_survivor_however_often_it_was_merged(people: People) -> None:
    a, b, c = (contact(email=f"{name}@example.com") for name in "abc")
    client = signed_in(people.alice)
    client.post("/contacts/merge/", {"ids": f"{b},{c}", "survivor": str(b)})
    client.post("/contacts/merge/", {"ids": f"{a},{b}", "survivor": str(a)})
    assert client.get(f"/contacts/{c}/").headers["Location"] == f"/contacts/{a}/"


def test_the_record_with_an_address_is_proposed_as_the_one_that_stays(people: People) -> None:
    nameless = write({"firstname": "Ann", "lastname": "Lee", "city": "Lyon", "phone": "1", "jobtitle": "Buyer"}, match="id").created[0]
    known = contact(email="ann@example.com")
    signed_in(people.alice).post("/contacts/merge/", {"ids": f"{nameless},{known}"})
    assert Merge.objects.get().survivor_id == known and values(known)["jobtitle"] == "Buyer"


def test_the_record_page_takes_a_merge_back(people: People) -> None:
    ann, anna = pair()
    client = signed_in(people.alice)
    client.post("/contacts/merge/", {"ids": f"{ann},{anna}", "survivor": str(ann)})
    assert "anna@example.com" in said(client, f"/contacts/{ann}/merges/")
    client.post(f"/contacts/merges/{Merge.objects.get().pk}/undo/")
    assert Record.objects.get(pk=anna).archived_at is None
    assert [line.kind for line in AuditLine.objects.filter(kind__startswith="record.").order_by("id")] == [
        "record.merged",
        "record.separated",
    ]


def test_nobody_merges_what_they_may_not_edit(people: People) -> None:
    ann, anna = pair()
    for user in (people.charlie, people.rita):
        answer = signed_in(user).post("/contacts/merge/", {"ids": f"{ann},{anna}", "survivor": str(ann)})
        assert answer.status_code in (403, 404)
    assert not Merge.objects.exists()


def test_the_duplicates_page_looks_shows_denies_and_filters(sync: Sync, people: People) -> None:
    ann, anna = pair()
    sync()
    client = signed_in(people.alice)
    assert "Nobody has looked" in said(client, "/contacts/duplicates/")
    client.post("/contacts/duplicates/look/")
    assert "% done" in said(client, "/contacts/duplicates/")
    jobs_runner.run(Job.objects.get().pk)
    page = said(client, "/contacts/duplicates/?reason=phone")
    assert "Same phone number" in page and "ann@example.com" in page and f"ids={ann}%2C{anna}" in page
    assert "ann@example.com" not in said(client, "/contacts/duplicates/?reason=email")
    client.post("/contacts/duplicates/deny/", {"first": ann, "second": anna})
    assert not DuplicatePair.objects.exists()
    assert client.get("/deals/duplicates/").status_code == 404
    assert client.get("/duplicates/?object=company").headers["Location"] == "/companies/duplicates/"


def test_the_archive_says_who_and_when_finds_and_brings_back(people: People) -> None:
    ann, anna = pair()
    actions.archive("contact", [ann, anna], actor=people.access(people.bob).actor, origin=BY_HAND)
    client = signed_in(people.alice)
    page = said(client, "/contacts/archived/")
    assert "Bob" in page and "ann@example.com" in page and "anna@example.com" in page
    assert "anna@example.com" not in said(client, "/contacts/archived/?q=Lyon")
    client.post("/contacts/archived/restore/", {"id": [ann, anna]})
    assert Record.objects.filter(archived_at=None, pk__in=[ann, anna]).count() == 2


def test_erasing_wants_the_name_typed_and_tells_what_it_did(people: People) -> None:
    ann, _ = pair()
    client = signed_in(people.alice)
    assert "Type “Ann” to confirm" in said(client, f"/contacts/erase/?ids={ann}")
    assert client.post("/contacts/erase/", {"ids": str(ann), "word": "Bob"}).status_code == 422
    assert Record.objects.filter(pk=ann).exists()
    answer = client.post("/contacts/erase/", {"ids": str(ann), "word": "ann"})
    assert not Record.objects.filter(pk=ann).exists()
    assert "History of the properties" in said(client, answer.headers["Location"])
    assert str(Erasure.objects.get().pk) in said(client, "/contacts/erasures/")
    assert client.get(f"/contacts/{ann}/").status_code == 404


def test_only_who_may_erase_erases(people: People) -> None:
    ann, _ = pair()
    for user in (people.bob, people.charlie, people.rita):
        assert signed_in(user).post("/contacts/erase/", {"ids": str(ann), "word": "Ann"}).status_code == 403
    assert Record.objects.filter(pk=ann).exists()


def test_a_portrait_holds_all_that_is_kept_and_nothing_of_others(people: People) -> None:
    ann, anna = pair()
    firm = write({"name": "=cmd()"}, match="id", object_type="company").created[0]
    actions.associate("contact_to_company", [(anna, firm)], actor=SYSTEM, origin=BY_HAND)
    write({"id": ann, "jobtitle": "=2+3"}, match="id")
    client = signed_in(people.alice)
    client.post("/contacts/merge/", {"ids": f"{ann},{anna}", "survivor": str(ann)})
    answer = client.get(f"/contacts/{ann}/portrait/")
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        names = set(archive.namelist())
        history = json.loads(archive.read("history.json"))
        records = list(csv.DictReader(io.StringIO(archive.read("records.csv").decode())))
        links = json.loads(archive.read("links.json"))
    assert {"about.json", "records.json", "history.csv", "merges.json"} <= names
    assert {line["new"] for line in history} >= {"ann@example.com", "anna@example.com", "Paris", "=2+3"}
    assert {line["value"] for line in records if line["property"] == "jobtitle"} == {"'=2+3", "Buyer"}
    assert [line["with"] for line in links] == [firm]
    assert AuditLine.objects.filter(kind="record.portrayed").count() == 1
    assert signed_in(people.rita).get(f"/contacts/{ann}/portrait/").status_code == 403


def test_what_is_only_about_an_erased_person_goes_with_them(people: People) -> None:
    ann, anna = pair()
    notes = write({"hs_note_body": "Ann only"}, {"hs_note_body": "Both"}, match="id", object_type="note").created
    actions.associate("note_to_contact", [(notes[0], ann), (notes[1], ann), (notes[1], anna)], actor=SYSTEM, origin=BY_HAND)
    answer = signed_in(people.alice).post("/contacts/erase/", {"ids": str(ann), "word": "Ann"})
    assert list(Record.objects.filter(pk__in=notes).values_list("id", flat=True)) == [notes[1]]
    assert "stays and may speak of the person" in said(signed_in(people.alice), answer.headers["Location"])
    assert Association.objects.filter(from_record_id=notes[1]).count() == 1
