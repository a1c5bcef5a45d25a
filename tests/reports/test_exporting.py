"""A report as a file: what is in it, at once or by mail, for whom, and for how long."""

from __future__ import annotations

import csv
import io
import re
import sys
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from jalon.accounts.models import AuditLine, User
from jalon.charts.paper import Grid, Row, sheets
from jalon.exports.reading import lines
from jalon.exports.sheet import Format
from jalon.jobs import actions as jobs
from jalon.jobs import runner
from jalon.jobs.models import Job
from jalon.mail import runner as mail
from jalon.records import queries as records
from jalon.records.holdings import Person
from jalon.reports.exporting import actions, letters, persons
from jalon.reports.models import Export
from tests.mail_server import MailServer, mail_server
from tests.people import signed_in
from tests.reports.test_report_pages import create, table
from tests.world import World


@pytest.fixture
def alice(cabrelle: World) -> Client:
    User.objects.update(language="en")
    return signed_in(cabrelle.user("alice"))


@pytest.fixture
def address(alice: Client) -> str:
    return create(alice, breakdown="lifecyclestage")


def cells(content: bytes, form: Format, folder: Path) -> list[list[str]]:
    file = folder / f"taken.{form}"
    file.write_bytes(content)
    return list(lines(file, form))


def taken(client: Client, address: str, **chosen: Any) -> bytes:
    answer = client.post(f"{address}export/file/", chosen)
    assert answer.status_code == 200
    return bytes(answer.getvalue())


def mailed(client: Client, address: str, **chosen: Any) -> Job:
    """The job that was asked for, done."""
    answer = client.post(f"{address}export/mail/", chosen, follow=True)
    assert "will be sent to alice@cabrelle.example" in answer.content.decode()
    job = Job.objects.filter(kind=actions.KIND).latest("pk")
    runner.run(job.pk)
    return Job.objects.get(pk=job.pk)


def delivered() -> list[EmailMessage]:
    with mail_server() as server:
        _deliver(server)
    return server.taken


def _deliver(server: MailServer) -> None:
    while mail.deliver():
        assert server.taken


def test_contacts_come_as_excel_with_the_chosen_columns(cabrelle: World, alice: Client, address: str, tmp_path: Path) -> None:
    drawer = alice.get(f"{address}export/").content.decode()
    offered = re.findall(r'name="column" value="([^"]+)" checked', drawer)
    assert offered[-3:] == ["frozen:day", "frozen:value", "frozen:number"] and 'value="city"' in drawer
    heading, *rows = cells(taken(alice, address, what="contacts", column=["city", "frozen:value"]), Format.XLSX, tmp_path)
    assert heading == ["Record ID", "City", "Lifecycle stage"]
    assert len(rows) == records.count(cabrelle.access("alice"), "contact")
    stages = {row["Lifecycle stage"]: int(row["Contacts"]) for row in table(alice, address)[:-1]}
    told = [row[2] if len(row) > 2 else "" for row in rows]
    stages[""] = stages.pop("Property not set", 0)
    assert {stage: told.count(stage) for stage in stages} == stages


def test_a_breakdown_by_a_number_keeps_its_numbers(alice: Client, tmp_path: Path) -> None:
    address = create(alice, breakdown="hubspotscore")
    content = taken(alice, address, what="contacts", format="csv", column=["hubspotscore", "frozen:value"])
    _, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert any(row[1] for row in rows) and all(row[1] == row[2] for row in rows)


def test_the_table_comes_as_excel_or_csv_with_the_same_numbers(alice: Client, address: str, tmp_path: Path) -> None:
    excel = cells(taken(alice, address, what="table"), Format.XLSX, tmp_path)
    plain = cells(taken(alice, address, what="table", format="csv"), Format.CSV, tmp_path)
    assert [row[:2] for row in excel] == [row[:2] for row in plain]
    assert plain[0][:2] == ["Lifecycle stage", "Contacts"] and plain[-1][0] == "All contacts"
    assert AuditLine.objects.filter(kind="export.report").count() == 2


def test_a_file_by_mail_is_the_file_of_the_download_and_comes_once(alice: Client, address: str, tmp_path: Path) -> None:
    job = mailed(alice, address, what="contacts")
    assert job.state == "done" and job.done == job.total == job.result["rows"]
    runner.run(Job.objects.create(kind=actions.KIND, label="again", arguments=job.arguments, user_id=job.user_id).pk)
    [message] = delivered()
    [part] = message.iter_attachments()
    assert message["To"] == "alice@cabrelle.example" and str(part.get_filename()).endswith(" (contacts).xlsx")
    content = part.get_content()
    assert cells(content, Format.XLSX, tmp_path) == cells(taken(alice, address, what="contacts"), Format.XLSX, tmp_path)
    text = message.get_body(("plain",))
    assert text is not None and f"holds {job.result['rows']} contacts" in text.get_content()


def test_a_large_file_lies_behind_sign_in_for_seven_days(
    cabrelle: World, alice: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "ATTACHED", 100)
    job = mailed(alice, address, what="contacts", format="csv")
    [message] = delivered()
    assert not list(message.iter_attachments())
    kept = f"/reports/exports/{job.result['export_id']}/"
    assert kept in alice.get(f"{address}export/").content.decode()
    assert alice.get(kept).getvalue().count(b"\n") == job.result["rows"] + 1
    assert signed_in(cabrelle.user("bruno")).get(kept).status_code == 404
    assert Client().get(kept).status_code == 302
    actions.delete_old(timezone.now() + timedelta(days=8))
    assert alice.get(kept).status_code == 404
    assert list((settings.ENVIRONMENT.home / "files" / "exports").iterdir()) == []


def test_who_lost_the_right_meanwhile_gets_no_file(cabrelle: World, address: str) -> None:
    bruno = cabrelle.user("bruno")
    signed_in(bruno).post(f"{address}export/mail/", {"what": "table"})
    User.objects.filter(pk=bruno.pk).update(is_active=False)
    job = Job.objects.filter(kind=actions.KIND).latest("pk")
    runner.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed" and job.message
    assert delivered() == []


def test_a_cancelled_export_leaves_nothing(alice: Client, address: str) -> None:
    alice.post(f"{address}export/mail/", {"what": "contacts"})
    job = Job.objects.filter(kind=actions.KIND).latest("pk")
    Job.objects.filter(pk=job.pk).update(cancel_wanted=True)
    runner.run(job.pk)
    assert delivered() == []
    assert not Export.objects.get().path.exists()


def test_an_erased_person_takes_the_files_that_name_them_along(cabrelle: World, alice: Client, address: str) -> None:
    named = mailed(alice, address, what="contacts").result["export_id"]
    figures = mailed(alice, address, what="table").result["export_id"]
    contact = records.page(cabrelle.access("alice"), "contact", columns=["email"], limit=1).rows[0]
    person = Person("contact", (int(contact["id"]),))
    [line] = list(persons.portray(person))
    assert line["export"] == named and contact["email"] in str(line["text"])
    assert persons.clean(person) == 1
    assert (alice.get(f"/reports/exports/{named}/").status_code, alice.get(f"/reports/exports/{figures}/").status_code) == (404, 200)


def test_a_file_that_was_being_written_at_an_erasure_is_not_handed_over(cabrelle: World, alice: Client, address: str) -> None:
    alice.post(f"{address}export/mail/", {"what": "table"})
    row = Export.objects.get()
    actions.begin(row)
    row.path.write_bytes(b"somebody")
    persons.clean(Person("contact", (1,)))
    assert not actions.finish(row, "table.csv", 1, access=cabrelle.access("alice"), tell=lambda: pytest.fail("it was sent"))
    row.refresh_from_db()
    assert row.ready_at is None


def test_an_interrupted_export_is_written_anew(alice: Client, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    alice.post(f"{address}export/mail/", {"what": "contacts"})
    job = Job.objects.filter(kind=actions.KIND).latest("pk")
    jobs.stopping.set()
    try:
        runner.run(job.pk)
    finally:
        jobs.stopping.clear()
    assert delivered() == []
    runner.run(job.pk)
    assert len(delivered()) == 1


def test_a_sheet_of_paper_has_the_chart_and_the_table(alice: Client, address: str) -> None:
    answer = alice.get(f"{address}chart.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_a_picture_that_cannot_be_drawn_is_told_on_the_page_of_the_report(
    alice: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    for picture in (f"{address}chart.png", f"{address}chart.pdf"):
        assert "The picture could not be drawn." in alice.get(picture, follow=True).content.decode()


def test_a_long_table_goes_on_for_as_many_sheets_as_it_needs() -> None:
    rows = tuple(Row(f"Value {number} <&>", ("1",), "#123456") for number in range(100))
    chart, heading, total = '<svg width="1000" height="500"></svg>', Row("Source", ("Contacts",)), Row("All", ("100",))
    grid = Grid(heading, rows, total, "Contacts & co", "Page {page} of {pages}")
    drawn = sheets(chart, grid)
    assert len(drawn) == 3
    together = "".join(drawn)
    assert [together.count(f">Value {number} &lt;&amp;&gt;<") for number in range(100)] == [1] * 100
    assert [sheet.count(">Source<") for sheet in drawn] == [1, 1, 1]
    assert [f"Page {place} of 3" in sheet for place, sheet in enumerate(drawn, 1)] == [True] * 3
    assert "Contacts &amp; co" in drawn[1] and drawn[2].index(">Value 99") < drawn[2].index(">All<")
    (alone,) = sheets(chart, Grid(heading, rows[:5], total))
    assert ">All<" in alone and "1/1" not in alone


def test_a_total_is_never_alone_on_its_sheet() -> None:
    chart, heading, total = '<svg width="1000" height="500"></svg>', Row("Source", ("Contacts",)), Row("All", ("100",))
    for number in range(20, 90):
        last = sheets(chart, Grid(heading, (Row("Value", ("1",)),) * number, total))[-1]
        assert ">Value<" in last and ">All<" in last
