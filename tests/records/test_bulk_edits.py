"""Bulk edits: what would happen is told in numbers, what happened is what was told, and it can be taken back."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.accounts.actions import Refused
from jalon.jobs import actions as jobs
from jalon.jobs import runner
from jalon.records import actions, filters, queries, selection
from jalon.records.actions import Row
from jalon.records.bulk_edits import actions as bulk_edits
from jalon.records.bulk_edits import queries as bulk_queries
from jalon.records.bulk_edits.plan import Change, Deed
from jalon.records.bulk_edits.words import AT_ONCE
from jalon.records.models import Association, BulkEdit, Record
from jalon.records.selection import Selection
from tests.people import People, signed_in
from tests.records.steps import BY_IMPORT

CITY = Change(Deed.SET, {"city": "Grenoble"})


@pytest.fixture
def crowd(people: People, sync: Callable[[], None]) -> People:
    """Twelve contacts: Bob's first four, Charlie's next two, nobody's the rest; every third lives in Grenoble already."""
    owners = {**dict.fromkeys(range(4), people.bob.pk), **dict.fromkeys((4, 5), people.charlie.pk)}
    write(12, lambda n: {"city": "Grenoble" if n % 3 == 0 else "Lyon", "hubspot_owner_id": owners.get(n)})
    sync()
    return people


def write(count: int, values: Callable[[int], dict[str, Any]]) -> list[int]:
    rows = [Row({"email": f"p{n:05}@example.com", "firstname": f"P{n}", **values(n)}) for n in range(count)]
    outcome = actions.write("contact", rows, actor=SYSTEM, origin=BY_IMPORT, match="email")
    assert not outcome.refused
    return list(outcome.created)


def every() -> Selection:
    return Selection(queries.catalog("contact"))


def values(name: str) -> list[str | None]:
    return list(Record.objects.filter(object_type__name="contact").order_by("id").values_list(f"properties__{name}", flat=True))


def lines(id: int) -> int:
    """How many lines of the change log came from a bulk edit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT record_id) FROM records_change WHERE source = 'bulk_edit' AND source_detail = %s", [str(id)]
        )
        total, distinct = cursor.fetchone()
    assert total == distinct, "a record was changed twice"
    return int(total)


def latest() -> int:
    return BulkEdit.objects.latest("pk").pk


# What would happen


def test_the_preview_counts_those_that_change_those_that_have_it_and_those_out_of_reach(crowd: People) -> None:
    sales = crowd.access(crowd.bob)
    found = bulk_queries.preview(sales, every(), CITY)
    reached = len(selection.resolve(sales, every(), "edit"))
    assert (found.chosen, found.same + found.changing, found.out_of_reach) == (12, reached, 12 - reached)
    begun = bulk_edits.begin(EVERYTHING, every(), CITY)
    row = BulkEdit.objects.get(pk=begun.id)
    told = bulk_queries.preview(EVERYTHING, every(), CITY)
    assert (row.changed, row.total, told.chosen) == (8, 12, 12)


def test_what_is_told_beforehand_is_what_happens(crowd: People) -> None:
    for access in (crowd.access(crowd.alice), crowd.access(crowd.bob)):
        change = Change(Deed.SET, {"jobtitle": f"Of {access.actor.name}"})
        told = bulk_queries.preview(access, every(), change)
        bulk_edits.begin(access, every(), change)
        assert BulkEdit.objects.get(pk=latest()).changed == told.changing


def test_the_page_says_it_in_a_sentence(crowd: People) -> None:
    client = signed_in(crowd.alice)
    told = client.post("/contacts/bulk/preview/edit/", {"all": "yes", "property": "city", "property-city": "Grenoble"}).text
    assert "8 records will change." in told
    assert "4 have it so already." in told
    nothing = client.post("/contacts/bulk/preview/edit/", {"all": "yes", "property": "city"}).text
    assert "Type a value, or choose to clear the property." in nothing


# What happens


def test_a_property_is_set_and_cleared_for_all_that_match(crowd: People) -> None:
    client = signed_in(crowd.alice)
    in_lyon = filters.one("city", "equal", "Lyon")
    client.post("/contacts/bulk/edit/", {"all": "yes", "criteria": in_lyon, "property": "jobtitle", "property-jobtitle": "Guide"})
    assert values("jobtitle").count("Guide") == 8
    client.post("/contacts/bulk/edit/", {"all": "yes", "property": "city", "clear": "yes"})
    assert set(values("city")) == {None}


def test_only_ticked_records_change(crowd: People) -> None:
    ids = list(Record.objects.filter(object_type__name="contact").order_by("id").values_list("id", flat=True))
    signed_in(crowd.alice).post("/contacts/bulk/edit/", {"ids": f"{ids[1]},{ids[2]}", "property": "city", "property-city": "Nice"})
    assert [place for place, city in enumerate(values("city")) if city == "Nice"] == [1, 2]


def test_owners_get_the_records_in_turn_across_slices(crowd: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "SLICE", 5)
    owners = [str(crowd.alice.pk), str(crowd.bob.pk)]
    signed_in(crowd.alice).post("/contacts/bulk/assign/", {"all": "yes", "owner": owners})
    assert values("hubspot_owner_id") == owners * 6
    assert lines(latest()) == 12 - 2  # two of Bob's stay his


def test_records_are_linked_with_one_and_counted_once(crowd: People, sync: Callable[[], None]) -> None:
    company = actions.write("company", [Row({"name": "Cairn"})], actor=SYSTEM, origin=BY_IMPORT).created[0]
    first = Record.objects.filter(object_type__name="contact").order_by("id").values_list("id", flat=True)[0]
    actions.associate("contact_to_company", [(first, company)], actor=SYSTEM, origin=BY_IMPORT)
    sync()
    form = {"all": "yes", "side": "contact_to_company:to", "other": str(company)}
    client = signed_in(crowd.alice)
    assert "11 records will be linked." in client.post("/contacts/bulk/preview/link/", form).text
    client.post("/contacts/bulk/link/", form)
    assert BulkEdit.objects.get(pk=latest()).changed == 11
    client.post(f"/contacts/bulk/{latest()}/undo/")
    assert list(Association.objects.values_list("from_record_id", "to_record_id")) == [(first, company)]


def test_archived_records_come_back_by_the_undo(crowd: People) -> None:
    client = signed_in(crowd.alice)
    client.post("/contacts/bulk/archive/", {"all": "yes"})
    assert not Record.objects.filter(object_type__name="contact", archived_at=None).exists()
    client.post(f"/contacts/bulk/{latest()}/undo/")
    assert Record.objects.filter(object_type__name="contact", archived_at=None).count() == 12


# Whose records


def test_somebody_changes_only_what_they_may_edit(crowd: People) -> None:
    client = signed_in(crowd.bob)
    reached = selection.resolve(crowd.access(crowd.bob), every(), "edit")
    client.post("/contacts/bulk/edit/", {"all": "yes", "property": "city", "property-city": "Nice"})
    changed = Record.objects.filter(properties__city="Nice").values_list("id", flat=True)
    assert sorted(changed) == reached


def test_rights_that_are_gone_when_the_turn_comes_leave_the_record_as_it_is(crowd: People) -> None:
    ids = list(Record.objects.filter(object_type__name="contact").order_by("id").values_list("id", flat=True))
    begun = bulk_edits.begin_with(crowd.access(crowd.charlie).actor, queries.catalog("contact"), ids, CITY)
    row = BulkEdit.objects.get(pk=begun.id)
    assert (row.changed, row.refused, row.done) == (2, 10, 12)


def test_nobody_changes_many_without_the_right_to_it(crowd: People) -> None:
    client = signed_in(crowd.rita)
    for how in ("edit", "assign", "link", "archive"):
        assert client.post(f"/contacts/bulk/{how}/", {"all": "yes"}).status_code == 403
    assert "data-bulk-all" in client.get("/contacts/").text
    assert "/contacts/bulk/edit/" not in client.get("/contacts/").text


@pytest.mark.parametrize("name", ["email", "createdate", "hs_object_id"])
def test_what_is_unique_or_kept_by_jalon_is_set_for_nobody(crowd: People, name: str) -> None:
    with pytest.raises(Refused):
        bulk_edits.begin(EVERYTHING, every(), Change(Deed.SET, {name: "x"}))


# Taking back


def test_the_toast_takes_a_change_back_except_what_somebody_changed_since(crowd: People) -> None:
    client = signed_in(crowd.alice)
    before = values("city")
    client.post("/contacts/bulk/edit/", {"all": "yes", "property": "city", "property-city": "Nice"})
    undo = re.search(r'data-undo="([^"]+)"', client.get("/contacts/").text)
    assert undo is not None
    last = Record.objects.filter(object_type__name="contact").order_by("-id")[0]
    actions.write("contact", [Row({"city": "Annecy"}, last.pk)], actor=SYSTEM, origin=BY_IMPORT)
    client.post(undo[1])
    assert values("city") == [*before[:-1], "Annecy"]
    page = client.get(f"/contacts/bulk/{latest()}/").text
    assert "1 value was not taken back" in page
    assert "It was changed since." in page


def test_only_its_author_or_a_super_admin_takes_it_back(crowd: People) -> None:
    signed_in(crowd.bob).post("/contacts/bulk/edit/", {"all": "yes", "property": "city", "property-city": "Nice"})
    assert signed_in(crowd.bea).post(f"/contacts/bulk/{latest()}/undo/").status_code == 404
    assert "Nice" in values("city")
    signed_in(crowd.alice).post(f"/contacts/bulk/{latest()}/undo/")
    assert "Nice" not in values("city")


def test_the_history_tells_what_was_done_and_what_became_of_it(crowd: People) -> None:
    client = signed_in(crowd.alice)
    client.post("/contacts/bulk/edit/", {"all": "yes", "property": "city", "property-city": "Nice"})
    client.post(f"/contacts/bulk/{latest()}/undo/")
    page = client.get("/contacts/bulk/").text
    assert "City: Nice" in page
    assert "Taken back" in page
    assert "City: Nice" not in signed_in(crowd.bea).get("/contacts/bulk/").text


# In the background


def test_many_records_are_a_background_job_and_so_is_taking_them_back(people: People, sync: Callable[[], None]) -> None:
    write(AT_ONCE + 1, lambda n: {"city": "Lyon"})
    sync()
    client = signed_in(people.alice)
    client.post("/contacts/bulk/edit/", {"all": "yes", "property": "city", "property-city": "Nice"})
    assert set(values("city")) == {"Lyon"}
    work(BulkEdit.objects.get(pk=latest()).job_id)
    assert set(values("city")) == {"Nice"}
    client.post(f"/contacts/bulk/{latest()}/undo/")
    work(BulkEdit.objects.get(pk=latest()).undo_job_id)
    assert set(values("city")) == {"Lyon"}
    assert "Taken back" in client.get(f"/contacts/bulk/{latest()}/").text


def test_a_cancelled_change_keeps_what_was_done_and_takes_it_back_too(
    people: People, sync: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "SLICE", 100)
    write(300, lambda n: {"city": "Lyon"})
    sync()
    bulk_edits.begin(people.access(people.alice), every(), Change(Deed.SET, {"city": "Nice"}))
    row = BulkEdit.objects.get(pk=latest())
    bulk_edits.do(row.pk, lambda done, total: done < 200)
    assert values("city").count("Nice") == 200
    bulk_edits.take_back(row.pk)
    assert set(values("city")) == {"Lyon"}


def work(job_id: int | None) -> None:
    """Does a job as the worker does."""
    assert job_id is not None
    runner.run(job_id)


KILLED = """
import os, signal, sys
import django
django.setup()
from jalon.records import actions
from jalon.records.bulk_edits import actions as bulk_edits
actions.SLICE = 50
def die(done, total):
    if done >= 150:
        os.kill(os.getpid(), signal.SIGKILL)
    return True
bulk_edits.do(int(sys.argv[1]), die)
"""


def test_a_change_that_was_killed_goes_on_and_does_nothing_twice(people: People, sync: Callable[[], None]) -> None:
    ids = write(400, lambda n: {"city": "Lyon"})
    sync()
    begun = bulk_edits.begin(people.access(people.alice), every(), Change(Deed.SET, {"city": "Nice"}))
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "jalon.config.settings", "JALON_HOME": os.environ["JALON_HOME"]}
    killed = subprocess.run([sys.executable, "-c", KILLED, str(begun.id)], env=environment, check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()[-2000:]
    row = BulkEdit.objects.get(pk=begun.id)
    assert (row.done, values("city").count("Nice")) == (100, 100)  # the third slice died with its transaction
    jobs.take_up_interrupted()
    work(row.job_id)
    assert (values("city").count("Nice"), lines(begun.id)) == (len(ids), len(ids))
    assert BulkEdit.objects.get(pk=begun.id).changed == len(ids)
