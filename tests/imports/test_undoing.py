"""Undoing an import: only what it changed and nobody changed since; the rest is listed. Held against a naive model."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.imports import queries
from jalon.imports.actions import NotReady
from jalon.imports.models import Import
from jalon.imports.queries import ImportView
from jalon.imports.undoing import actions as undoing
from jalon.jobs import runner
from jalon.records import runner as columns
from jalon.records.actions import Row, archive, write
from jalon.records.columns import Origin, Source
from jalon.records.models import Association, Record
from tests.imports.conftest import Bring, bring_in, values
from tests.people import People, signed_in

HAND = Origin(Source.USER)
BEFORE = "email,firstname,city\nann@a.fr,Ann,Paris\nbob@a.fr,Bob,Lyon\n"
AFTER = "email,firstname,city\nann@a.fr,Anna,Nantes\nbob@a.fr,Robert,Nice\nnew@a.fr,New,Brest\n"


def undo(import_id: int) -> ImportView:
    """Begin, and do the worker's part."""
    runner.run(undoing.begin(import_id, access=EVERYTHING))
    found = queries.one(EVERYTHING, import_id)
    assert found is not None
    return found


def edit(email: str, **changes: str | None) -> None:
    """Somebody changes a record by hand."""
    record = Record.objects.get(properties__email=email)
    write("contact", [Row(changes, record.pk)], actor=SYSTEM, origin=HAND)


def test_what_an_import_wrote_is_as_it_was_before(bring: Bring) -> None:
    bring(BEFORE)
    second = bring(AFTER)
    found = undo(second.id)
    assert (found.state, found.undone["records"], found.undone["kept"]) == ("undone", 3, 0)
    assert (values(email="ann@a.fr")["city"], values(email="bob@a.fr")["firstname"]) == ("Paris", "Bob")
    assert Record.objects.get(properties__email="new@a.fr").archived_at is not None


def test_what_somebody_changed_since_stays_and_is_listed_with_its_reason(people: People) -> None:
    bring_in(BEFORE)
    second = bring_in(AFTER)
    edit("ann@a.fr", city="Lille")
    edit("new@a.fr", firstname="Kept")
    found = undo(second.id)
    columns.catch_up()
    assert (values(email="ann@a.fr")["city"], values(email="ann@a.fr")["firstname"]) == ("Lille", "Ann")
    assert Record.objects.get(properties__email="new@a.fr").archived_at is None
    client = signed_in(people.alice)
    page = client.get(f"/import/{found.id}/kept/").content.decode()
    assert "City" in page
    rows = list(csv.reader(io.StringIO(client.get(f"/import/{found.id}/kept.csv").getvalue().decode("utf-8-sig"))))
    assert {(row[1], row[3]) for row in rows[1:]} >= {(str(Record.objects.get(properties__email="ann@a.fr").pk), "City")}
    assert len(rows) == found.undone["kept"] + 1


def test_associations_and_the_other_objects_of_the_rows_go_too(people: People) -> None:
    columns.shape()
    done = bring_in(
        "email,Company,Site\nann@a.fr,Atelier,a.fr\n", mapping={"email": "email", "Company": "company/name", "Site": "company/domain"}
    )
    assert Association.objects.count() == 1
    undo(done.id)
    assert not Association.objects.exists()
    assert not Record.objects.filter(archived_at=None).exists()


def test_an_import_is_undone_once_and_past_values_never(bring: Bring) -> None:
    done = bring(BEFORE)
    undo(done.id)
    with pytest.raises(NotReady):
        undoing.begin(done.id, access=EVERYTHING)
    bring(BEFORE)
    history = bring("email,property,value,date\nann@a.fr,city,Metz,01/02/2020\n", is_history=True)
    with pytest.raises(NotReady, match="past values"):
        undoing.begin(history.id, access=EVERYTHING)


def test_the_page_asks_in_numbers_before_anything_is_taken_back(people: People) -> None:
    client = signed_in(people.alice)
    done = bring_in(AFTER, access=people.access(people.alice))
    page = client.get(f"/import/{done.id}/undo/").content.decode()
    assert "3 records that it created are deleted. They can be restored." in page
    assert Import.objects.get().state == "done"
    client.post(f"/import/{done.id}/undo/")
    job_id = Import.objects.get().job_id
    assert job_id is not None
    runner.run(job_id)
    assert "The import was undone" in client.get(f"/import/{done.id}/").content.decode()


WORDS = ("", "a", "b")
KEYS = ("p1", "p2", "p3")
word = st.sampled_from(WORDS[1:])
rows = st.dictionaries(st.sampled_from(KEYS), st.fixed_dictionaries({"city": word, "company": word}))
one_edit = st.tuples(st.sampled_from(("city", "company")), st.sampled_from(WORDS))
edits = st.lists(st.tuples(st.sampled_from(KEYS), st.one_of(st.just("archive"), one_edit)), max_size=5)


def as_file(people: dict[str, dict[str, str]]) -> str:
    return "email,city,company\n" + "".join(f"{key}@a.fr,{row['city']},{row['company']}\n" for key, row in people.items())


def live() -> dict[str, dict[str, str]]:
    """Who is there now, with the two properties."""
    found = Record.objects.filter(archived_at=None).values_list("properties", flat=True)
    return {row["email"][:2]: {name: row[name] for name in ("city", "company") if name in row} for row in found}


class Model:
    """The naive reading: what each person was, what the import made of them, what somebody did since."""

    def __init__(self, before: dict[str, dict[str, str]], imported: dict[str, dict[str, str]]) -> None:
        self.before = {key: dict(row) for key, row in before.items()}
        self.now = {key: dict(row) for key, row in before.items()}
        self.changed: dict[str, set[str]] = {}
        self.touched: set[str] = set()
        for key, row in imported.items():
            old = self.now.get(key, {})
            self.changed[key] = {name for name, value in row.items() if old.get(name) != value}
            self.now[key] = {**old, **row}

    def edit(self, key: str, name: str, value: str) -> None:
        if self.now[key].get(name, "") != value:
            self.touched.add(key)
            self.changed.get(key, set()).discard(name)
            self.now[key] = {other: text for other, text in {**self.now[key], name: value}.items() if text}

    def undo(self) -> None:
        for key, names in self.changed.items():
            if key not in self.now:
                continue
            if key not in self.before:
                if key not in self.touched:
                    del self.now[key]
                continue
            for name in names:
                self.now[key].pop(name, None)
                self.now[key] |= {name: self.before[key][name]} if name in self.before[key] else {}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=rows.filter(bool), imported=rows.filter(bool), since=edits)
def test_an_undo_equals_a_naive_reading_of_what_happened(
    before: dict[str, dict[str, str]], imported: dict[str, dict[str, str]], since: list[Any], house: None
) -> None:
    archive("contact", list(Record.objects.filter(archived_at=None).values_list("pk", flat=True)), actor=SYSTEM, origin=HAND)
    bring_in(as_file(before))
    done = bring_in(as_file(imported))
    model = Model(before, imported)
    for key, what in since:
        if key not in model.now:
            continue
        record = Record.objects.get(properties__email=f"{key}@a.fr", archived_at=None)
        if what == "archive":
            archive("contact", [record.pk], actor=SYSTEM, origin=HAND)
            del model.now[key]
        else:
            write("contact", [Row({what[0]: what[1]}, record.pk)], actor=SYSTEM, origin=HAND)
            model.edit(key, *what)
    assert live() == model.now
    undo(done.id)
    model.undo()
    assert live() == model.now
