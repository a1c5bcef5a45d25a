"""Deleting a person for ever leaves the fact and nothing else, wherever something of them stood."""

from __future__ import annotations

import email
import email.policy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from jalon.accounts.access import SYSTEM
from jalon.accounts.actions import Refused
from jalon.accounts.models import Notice, Preference
from jalon.jobs import runner as jobs_runner
from jalon.jobs.models import Job
from jalon.mail import actions as mails
from jalon.mail.letters import Letter
from jalon.records import actions, holdings, runner
from jalon.records.columns import Source
from jalon.records.erasing import actions as erasing
from jalon.records.erasing import queries as erasures
from jalon.records.holdings import Person
from jalon.records.merging import actions as merging
from jalon.records.models import Change, Erasure
from jalon.reports.models import Report
from jalon.warehouse import current
from jalon.warehouse.duckdb_engine import DuckDBEngine
from tests.imports.conftest import bring_in
from tests.people import People
from tests.records.steps import BY_HAND, asked, contact, told, values, write

MAIL, OLD_MAIL, PHONE = "zephyrine.vauquelin@example.com", "zv.old@example.org", "+33 6 98 76 54 32"
TRACES = ("zephyrine", "vauquelin", "zv.old", "98 76 54 32")


@pytest.fixture
def kept_columns(house: None, tmp_path: Path) -> Iterator[Path]:
    """Columns in a file whose bytes the test can read."""
    path = tmp_path / "columns.duckdb"
    current.install(DuckDBEngine(path, "Europe/Paris"))
    yield path
    current.close()


def sync() -> None:
    while runner.sync(datetime.now(UTC)):
        pass


def work_off() -> None:
    for job in Job.objects.filter(state="queued").order_by("id"):
        jobs_runner.run(job.pk)
    assert not Job.objects.filter(state="failed").exists()


def plant(user_id: int) -> int:
    """A person with a past, a merged twin, a link, and mentions in every place where people type."""
    old = write(
        {"email": OLD_MAIL, "firstname": "Zéphyrine", "lastname": "Vauquelin", "phone": PHONE, "city": "Vauquelin-sur-Mer"}
    ).created[0]
    write({"id": old, "email": MAIL}, match="id")
    twin = contact(email="zv.twin@example.com", firstname="Zéphyrine", lastname="Vauquelin")
    firm = write({"name": "Firm"}, match="id", object_type="company").created[0]
    actions.associate("contact_to_company", [(old, firm), (twin, firm)], actor=SYSTEM, origin=BY_HAND)
    past = actions.PastValue(
        old, "jobtitle", "Vauquelin’s successor", datetime(2024, 1, 1, tzinfo=UTC), Source.IMPORT, "zv.old@example.org"
    )
    actions.write_history("contact", [past], actor=SYSTEM)
    merging.merge("contact", old, [twin], actor=SYSTEM)
    Report.objects.create(
        kind="contacts", title=f"Mails of {MAIL}.", definition={"criteria": {"name": "Zéphyrine Vauquelin", "email": MAIL}}
    )
    Preference.remember(user_id, "search", {"last": ["Zéphyrine Vauquelin", PHONE]})
    Notice.objects.create(user_id=user_id, kind="import", sentence="x", params={"name": "Zéphyrine Vauquelin"})
    plant_an_import()
    plant_a_mail()
    return old


def plant_an_import() -> None:
    """A file that names the person, in a row that went in and in one that was refused, with the refusal kept beside it."""
    lines = f"Email;First name;Last name;Lifecycle stage\n{MAIL};Zéphyrine;Vauquelin;\n{MAIL};Zéphyrine;Vauquelin;{PHONE}\n"
    found = bring_in(lines, name="Contacts de Zéphyrine Vauquelin.csv", mode="update")
    assert (found.unchanged, found.refused) == (1, 1)


def plant_a_mail() -> None:
    """A mail to the person that was sent: its row, and its file in the outbox."""
    mails.send(MAIL, Letter("Zéphyrine Vauquelin", (f"Call me back at {PHONE}.",)))
    assert mails.send_next(timezone.now())


def everything_in_files() -> str:
    """Every byte of the home but PostgreSQL's own files, as text, with names."""
    home = settings.ENVIRONMENT.home
    found = [path for folder in ("files", "outbox") for path in (home / folder).rglob("*") if path.is_file()]
    return "\n".join(f"{path.name}\n{text_of(path)}" for path in found).lower()


def text_of(path: Path) -> str:
    """A mail is read as its reader would: its parts without their transfer encoding."""
    if path.suffix != ".eml":
        return path.read_bytes().decode(errors="replace")
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return "\n".join([str(mail["to"]), str(mail["subject"]), *(str(part.get_content()) for part in mail.walk() if not part.is_multipart())])


def everything_in_postgresql() -> str:
    texts = []
    with connection.cursor() as cursor:
        for name in erasures.tables():
            cursor.execute(f"SELECT coalesce(string_agg(t::text, chr(10)), '') FROM public.\"{name}\" t")
            texts.append(f"{name}: {cursor.fetchone()[0]}")
    return "\n".join(texts).lower()


def everything_in_the_columns() -> str:
    names = [*current.engine().tables()]
    return "\n".join(str(asked(f'SELECT * FROM "{name}"')) for name in names).lower()


def test_nothing_of_an_erased_person_is_left_anywhere(kept_columns: Path, people: People) -> None:
    person = plant(people.alice.pk)
    sync()
    folded = (everything_in_postgresql() + everything_in_the_columns()).replace("é", "e")
    assert all(trace in folded for trace in TRACES)  # so that finding none afterwards says something
    files = everything_in_files().replace("é", "e")
    assert files.count("zephyrine;vauquelin") >= 2 and f"{MAIL}\nzephyrine vauquelin" in files
    done = erasing.erase("contact", [person], actor=SYSTEM)
    sync()
    work_off()
    left = (everything_in_postgresql() + everything_in_the_columns() + everything_in_files()).replace("é", "e")
    assert [line for line in left.splitlines() if any(trace in line for trace in TRACES)] == []
    columns = b"".join(path.read_bytes() for path in kept_columns.parent.iterdir()).lower()
    assert [trace for trace in TRACES if trace.encode() in columns] == []
    fact = Erasure.objects.get(pk=done.id)
    assert fact.waiting is None and fact.done_at is not None and len(fact.record_ids) == 2
    assert fact.counts["records"] == 2 and fact.counts["history"] >= 3 and fact.counts["reports"] == 1


def test_the_log_keeps_its_lines_and_their_numbers(house: None) -> None:
    ann = contact(email="ann@example.com", city="Lyon")
    write({"id": ann, "city": "Paris"}, match="id")
    erasing.erase("contact", [ann], actor=SYSTEM)
    lines = Change.objects.filter(record_id=ann).order_by("id")
    assert [(line.kind, line.delta) for line in lines] == [("c", {}), ("u", {}), ("e", {"to": []})]


def test_asking_for_a_merged_record_erases_the_whole_person(house: None) -> None:
    ann, anna = contact(email="ann@example.com"), contact(email="anna@example.com")
    merging.merge("contact", ann, [anna], actor=SYSTEM)
    assert erasing.erase("contact", [anna], actor=SYSTEM).record_ids == (ann, anna)


def test_incremental_columns_are_those_of_a_rebuild_after_an_erasure(kept_columns: Path, people: People) -> None:
    person = plant(people.alice.pk)
    sync()
    erasing.erase("contact", [person], actor=SYSTEM)
    sync()
    before = everything_in_the_columns()
    runner.rebuild()
    marks = {name for name in current.engine().tables() if name == "jalon_marks"}
    assert not marks and everything_in_the_columns() == before


def test_others_with_a_longer_address_or_the_same_first_name_stay_whole(house: None) -> None:
    ann, joann = contact(email="ann@example.com", firstname="Ann"), contact(email="joann@example.com", firstname="Ann")
    report = Report.objects.create(kind="contacts", title="joann@example.com and ann@example.com.au", definition={})
    erasing.erase("contact", [ann], actor=SYSTEM)
    assert values(joann)["email"] == "joann@example.com"
    report.refresh_from_db()
    assert report.title == "joann@example.com and ann@example.com.au"


def test_the_answer_names_the_backups_that_hold_the_person_still(house: None, home: Path) -> None:
    folder = home / "backups"
    folder.mkdir(exist_ok=True)
    (folder / "jalon-2026-01-01.zip").write_text("")
    try:
        done = erasing.erase("contact", [contact(email="ann@example.com")], actor=SYSTEM)
    finally:
        (folder / "jalon-2026-01-01.zip").unlink()
        folder.rmdir()
    assert done.remaining["backups"] == ["jalon-2026-01-01.zip"]


def test_the_person_may_come_again(house: None) -> None:
    ann = contact(email="ann@example.com")
    erasing.erase("contact", [ann], actor=SYSTEM)
    assert contact(email="ann@example.com") != ann
    assert told(write({"id": ann, "city": "Lyon"}, match="id"))


def test_what_is_gone_cannot_be_erased_again(house: None) -> None:
    ann = contact(email="ann@example.com")
    erasing.erase("contact", [ann], actor=SYSTEM)
    with pytest.raises(Refused):
        erasing.erase("contact", [ann], actor=SYSTEM)


def test_a_crash_between_the_erasure_and_its_background_part_is_made_up_for(kept_columns: Path) -> None:
    ann = contact(email="ann@example.com")
    sync()
    done = erasing.erase("contact", [ann], actor=SYSTEM)
    sync()
    work_off()
    Job.objects.update(state="queued")
    work_off()
    assert Erasure.objects.get(pk=done.id).counts["records"] == 1


@pytest.mark.parametrize(
    ("text", "mentioned"),
    [
        ("Mail to ann@example.com.", True),
        ("<ANN@example.com>", True),
        ("joann@example.com", False),
        ("ann@example.com.au", False),
        ("ann@example.company", False),
        ("call 06 12 34 56 78 today", True),
        ("0033612345678", True),
        ("order 612345678901", False),
    ],
)
def test_an_address_is_known_as_a_word_and_a_phone_number_however_it_is_typed(text: str, mentioned: bool) -> None:
    person = Person("contact", (1,), frozenset({"ann@example.com"}), frozenset({"+33 6 12 34 56 78"}))
    assert person.is_mentioned(text) is mentioned


def test_every_table_column_table_and_folder_is_declared(kept_columns: Path, people: People) -> None:
    plant(people.alice.pk)
    sync()
    home: Path = settings.ENVIRONMENT.home
    found = [path for path in erasures.files(home) if not path.endswith((".duckdb", ".duckdb.wal"))]
    left = holdings.unclaimed(erasures.tables(), current.engine().tables(), found, erasures.object_types())
    assert left == holdings.Unclaimed(), json.dumps([left.tables, left.column_tables, left.folders])
