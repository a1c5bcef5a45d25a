"""A mail is a row, then it is sent once: to a real server, into a file, and never twice."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.conf import settings
from django.db import transaction

from jalon.mail import actions, queries, runner, transport
from jalon.mail.letters import Letter, Part
from jalon.mail.models import Mail, MailPart, State
from tests.mail_server import mail_server, sending_to
from tests.people import People, signed_in
from tests.spawned import PATH
from tests.waiting import until

LETTER = Letter("Bonjour à tous", ("Deux & deux font <quatre>.",), "Ouvrir", "https://crm.example/x/?a=1&b=2", "Parce que.")
CHART = Part("chart.png", "image/png", b"\x89PNG chart", inline=True)
TABLE = Part("Été & cie.csv", "text/csv", "nom\r\nÉlise Durand <elise@example.com>\r\n".encode("utf-8-sig"))


def state() -> str:
    return Mail.objects.get().state


def test_a_letter_arrives_as_text_and_as_html_with_its_own_id(house: None) -> None:
    with mail_server() as server:
        mail = actions.send("claire@example.com", LETTER)
        assert runner.deliver() == 1
    [message] = server.taken
    assert (message["To"], message["Subject"], message["Message-ID"]) == ("claire@example.com", "Bonjour à tous", mail.message_id)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "Deux & deux font <quatre>." in text.get_content()
    assert "https://crm.example/x/?a=1&b=2" in text.get_content()
    assert "Deux &amp; deux font &lt;quatre&gt;." in html.get_content()


def test_what_a_sent_mail_said_is_forgotten(house: None) -> None:
    with mail_server():
        mail = actions.send("claire@example.com", LETTER)
        runner.deliver()
    kept = Mail.objects.get()
    assert (kept.state, kept.text, kept.html) == (State.SENT, "", "")
    assert queries.content(mail.pk) is None


def test_without_a_server_it_lies_in_a_file_and_is_read_from_there(house: None) -> None:
    mail = actions.send("claire@example.com", LETTER)
    runner.deliver()
    found = queries.content(mail.pk)
    assert found is not None
    assert "Deux & deux" in found.text
    assert transport.file_of(mail.message_id).stat().st_mode & 0o077 == 0


def test_a_picture_stands_in_the_html_and_a_file_beside_it(house: None) -> None:
    with mail_server() as server:
        actions.send("claire@example.com", LETTER, parts=[CHART, TABLE])
        runner.deliver()
    [message] = server.taken
    html, [file] = message.get_body(("html",)), message.iter_attachments()
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png", "text/csv",
    ]  # fmt: skip
    assert "Deux &amp; deux" in html.get_content() if html else False
    [picture] = [part for part in message.walk() if part["Content-ID"]]
    assert (picture["Content-ID"], picture.get_content()) == (f"<{CHART.cid}>", CHART.data)
    assert (file.get_filename(), file.get_payload(decode=True)) == (TABLE.name, TABLE.data)
    assert not MailPart.objects.exists()


def test_what_comes_with_a_mail_is_read_in_the_outbox_while_it_waits_and_from_its_file(house: None) -> None:
    mail = actions.send("claire@example.com", LETTER, parts=[CHART, TABLE])
    waiting = queries.content(mail.pk)
    runner.deliver()
    written = queries.content(mail.pk)
    assert not MailPart.objects.exists()
    for content in (waiting, written):
        assert content is not None
        assert content.parts == (CHART, TABLE)
        assert content.files == (TABLE,)


def test_the_outbox_shows_pictures_and_gives_files_to_a_super_admin_alone(people: People) -> None:
    with_chart = Letter("Chart", (f"cid:{CHART.cid}",))
    mail = actions.send("claire@example.com", with_chart, parts=[CHART, TABLE])
    alice, bob = signed_in(people.alice), signed_in(people.bob)
    page, file = f"/settings/outbox/{mail.pk}/", f"/settings/outbox/{mail.pk}/files/0/"
    assert "Été &amp; cie.csv" in alice.get(page).content.decode()
    assert f"data:image/png;base64,{b64encode(CHART.data).decode()}" in unescape(alice.get(f"{page}as-sent/").content.decode())
    found = alice.get(file)
    assert (found.content, found["Content-Disposition"].startswith("attachment")) == (TABLE.data, True)
    assert [alice.get(f"/settings/outbox/{mail.pk}/files/1/").status_code, bob.get(file).status_code] == [404, 403]


def test_what_rolls_back_is_never_sent(house: None) -> None:
    with mail_server() as server:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            actions.send("claire@example.com", LETTER)
            raise ZeroDivisionError
        assert runner.deliver() == 0
    assert server.taken == []


def test_a_server_that_is_away_is_tried_again_later_and_given_up_at_last(house: None) -> None:
    actions.send("claire@example.com", LETTER)
    now = datetime.now(UTC)
    with sending_to(1):  # nobody listens there
        for attempt in range(1, actions.MOST_ATTEMPTS + 1):
            assert actions.send_next(now)
            line = queries.lines()[0]
            assert line.attempts == attempt
            now += timedelta(days=1)
        assert not actions.send_next(now)
    assert (line.state, "cannot be reached" in line.trouble) == (State.FAILED, True)


@pytest.mark.parametrize(("answer", "expected"), [("550 No such person", State.FAILED), ("451 Come again", State.QUEUED)])
def test_a_refusal_ends_it_and_a_delay_does_not(house: None, answer: str, expected: State) -> None:
    with mail_server() as server:
        server.answer = answer
        actions.send("claire@example.com", LETTER)
        runner.deliver()
    line = queries.lines()[0]
    assert line.state == expected
    assert answer.split(" ", 1)[1] in line.trouble or expected == State.QUEUED


def test_a_lost_answer_makes_it_uncertain_and_nothing_sends_it_again_but_a_person(house: None) -> None:
    with mail_server() as server:
        server.hangs_up = True
        mail = actions.send("claire@example.com", LETTER)
        runner.deliver()
        assert (state(), runner.deliver()) == (State.UNCERTAIN, 0)
        server.hangs_up = False
        assert actions.send_again(mail.pk, datetime.now(UTC))
        runner.deliver()
    assert state() == State.SENT
    assert [message["Message-ID"] for message in server.taken] == [mail.message_id, mail.message_id]


def test_what_a_dead_process_was_sending_is_uncertain_with_a_server_and_repeated_in_a_file(house: None) -> None:
    actions.send("claire@example.com", LETTER)
    Mail.objects.update(state=State.SENDING)
    with mail_server() as server:
        runner.deliver()
        assert (state(), server.taken) == (State.UNCERTAIN, [])
    Mail.objects.update(state=State.SENDING)
    runner.deliver()
    assert state() == State.SENT


KILLED = """
import os, sys
from jalon.config import environment
os.environ["MAIL_URL"] = sys.argv[1]
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "jalon.config.settings"
django.setup()
from jalon.mail import actions, runner, transport
real = transport.deliver
def deliver(message):
    real(message)
    os._exit(9)  # as kill -9 between the server's answer and our note of it
transport.deliver = deliver
runner.deliver()
"""


def _nobody_sends() -> bool:
    """PostgreSQL has seen that the dead process is gone, and lets its lock go."""
    with actions.alone() as mine:
        return mine


def test_a_killed_process_sends_nothing_twice(house: None) -> None:
    with mail_server() as server:
        for number in range(3):
            actions.send(f"person{number}@example.com", LETTER)
        kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        variables = {**kept, "JALON_HOME": str(settings.ENVIRONMENT.home), "PYTHONPATH": PATH}
        for _ in range(2):
            until(_nobody_sends)
            died = subprocess.run([sys.executable, "-c", KILLED, f"smtp://127.0.0.1:{server.port}?tls=none"], env=variables, check=False)
            assert died.returncode == 9
        until(_nobody_sends)
        runner.deliver()
    assert sorted(message["To"] for message in server.taken) == [f"person{number}@example.com" for number in range(3)]
    assert sorted(Mail.objects.values_list("state", flat=True)) == [State.SENT, State.UNCERTAIN, State.UNCERTAIN]


@pytest.mark.parametrize("bad", ["mail.example.com", "http://mail.example.com", "smtp://host?tls=perhaps"])
def test_a_mail_address_that_cannot_be_used_is_told_at_the_start(bad: str) -> None:
    from jalon.config import environment

    with pytest.raises(environment.BadMailAddress, match="smtp://user:password@host:587"):
        environment.mail(environment.read({"MAIL_URL": bad}))


def test_mails_in_files_forget_whom_they_mention(house: None) -> None:
    for who in ("Claire Dupont", "Zoé Martin"):
        actions.send("alice@example.com", Letter("A task is due", (f"Call {who}.",)))
    runner.deliver()
    actions.send("alice@example.com", LETTER, parts=[Part("all.csv", "text/csv", b"lea@example.com")])
    runner.deliver()
    assert actions.forget_files(lambda text: "lea@example.com" in text) == 1
    assert actions.forget_files(lambda text: "Claire Dupont" in text) == 1
    assert [("Zoé" in queries.words_of(file)) for file in transport.folder().glob("*.eml") if "Call" in queries.words_of(file)] == [True]


def test_a_waiting_file_that_names_somebody_who_is_erased_is_not_sent(house: None) -> None:
    named, other = (actions.send("alice@example.com", LETTER, parts=[part]) for part in (TABLE, CHART))
    assert actions.forget_parts(lambda text: "elise@example.com" in text) == 1
    assert not actions.send_again(named.pk, datetime.now(UTC))
    runner.deliver()
    states = dict(Mail.objects.values_list("pk", "state"))
    assert states == {named.pk: State.FAILED, other.pk: State.SENT}
    line = queries.line(named.pk)
    assert line is not None
    assert (line.may_be_sent_again, "erased" in line.trouble) == (False, True)


def test_the_words_of_a_workbook_are_read(house: None) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as workbook:
        workbook.writestr("xl/sharedStrings.xml", "<si>elise@example.com</si>")
    assert "elise@example.com" in queries.words_in(Part("a.xlsx", "application/vnd.ms-excel", packed.getvalue()))
