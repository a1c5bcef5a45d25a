"""A lifecycle report by e-mail: compiled anew, its cards with their change, the funnel, the tables; once, with its sender's rights."""

from __future__ import annotations

import pytest
from django.utils import timezone

from jalon.accounts.access import Actor
from jalon.figures.periods import Choice, Preset
from jalon.jobs import runner as jobs_runner
from jalon.jobs.models import Job
from jalon.mail import runner as postman
from jalon.mail.models import Mail
from jalon.records.columns import Source
from jalon.reports import actions as reports
from jalon.reports.kinds.lifecycle import Definition
from jalon.reports.models import Schedule, Sending, SendingState
from jalon.reports.schedules import actions, runner
from jalon.reports.schedules.actions import SEND
from jalon.warehouse import current
from jalon.warehouse.duckdb_engine import DuckDBEngine
from tests.lifecycle.steps import follow, past
from tests.lifecycle.test_taken_away import ago, world
from tests.mail_server import mail_server
from tests.people import People, signed_in
from tests.records.steps import contact
from tests.reports.test_mails import FORM, NOW, body, is_free, kill, values, work_off
from tests.waiting import until

PLAIN = str.maketrans("\N{NARROW NO-BREAK SPACE}\N{NO-BREAK SPACE}", "  ")

WORDS = (
    "voici les chiffres.",
    "6 parcours entrés, de 5 contacts (+500,0 %).",
    "par rapport au",
    "Ni gagnés ni perdus : Encore en cours 2",
    "Répartition détaillée",
    "Répartition des étapes perdues",
)


@pytest.fixture
def saved(people: People, columns: None) -> int:
    """Alice's report of the last 14 days, side by side by owner or not."""
    world(people)
    return reports.create(Definition(Choice(Preset.LAST_14_DAYS)), actor=Actor(people.alice.pk, "Alice"), title="Cycle de vie")


def test_it_arrives_compiled_anew_with_cards_funnel_and_tables_in_its_language(people: People, saved: int) -> None:
    late, before = contact(email="late@example.com"), contact(email="before@example.com")
    past((late, "new_lead", ago(1), Source.USER), (before, "new_lead", ago(20), Source.USER), (before, "customer", ago(18), Source.USER))
    follow()  # after the report was asked for
    with mail_server() as server:
        actions.create(saved, values(NOW, "claire@example.com", metrics=()), actor=Actor(people.alice.pk, "Alice"))
        work_off()
        postman.deliver()
    (message,) = server.taken
    (picture,) = [part for part in message.walk() if part.get_content_type() == "image/png"]
    html, text = body(message, "html"), body(message, "plain")
    assert str(picture["Content-ID"]).strip("<>") in html
    assert picture.get_content().startswith(b"\x89PNG")
    for said in (html.translate(PLAIN), text.translate(PLAIN)):
        for words in WORDS:
            assert words in said, words
    for line in (
        "Taux de conversion : 16,7 % · −83,3 % (−83,3 pts) · 1 sur 6 parcours",
        "Taux d’abandon : 50,0 % · n. d. · 3 sur 6 parcours",
    ):
        assert line in text.translate(PLAIN).splitlines()
    rows = [line.split() for line in text.translate(PLAIN).splitlines()]
    assert ["Nouveau", "lead", "5", "60,0", "%", "20,0", "%", "1", "j", "10", "h", "1"] in rows
    assert ["Lead", "froid", "2", "66,7", "%"] in rows


def test_the_figures_are_those_that_its_sender_may_see(people: People, saved: int) -> None:
    actions.create(saved, values(metrics=(), language="en"), actor=Actor(people.charlie.pk, "Charlie"))
    work_off()
    text = Mail.objects.get().text
    assert "1 journey entered, of 1 contact" in text
    assert "The figures are those that Charlie may see." in text


def test_without_a_journey_it_says_so_and_shows_no_empty_chart(people: People, saved: int) -> None:
    nobody = reports.create(Definition(Choice(Preset.TODAY)), actor=Actor(people.alice.pk, "Alice"))
    actions.create(nobody, values(metrics=(), language="en"), actor=Actor(people.alice.pk, "Alice"))
    work_off()
    mail = Mail.objects.get()
    assert "No journey entered on these days." in mail.text
    assert "cid:" not in mail.html


def test_a_process_that_is_killed_behind_the_mails_sends_nothing_twice(people: People, saved: int) -> None:
    actions.create(saved, values(metrics=()), actor=Actor(people.alice.pk, "Alice"))
    jobs_runner.run(Job.objects.get(kind=reports.COMPILE).pk)
    runner.turn(timezone.now())
    job, engine = Job.objects.get(kind=SEND), current.engine()
    assert isinstance(engine, DuckDBEngine)
    path = engine.path
    current.close()
    kill(path, job.pk, "behind the mails")
    until(lambda: is_free(job.pk))
    current.install(DuckDBEngine(path, "Europe/Paris"))
    work_off()
    jobs_runner.run(job.pk)
    assert (Mail.objects.count(), Sending.objects.get().state, Job.objects.get(pk=job.pk).state) == (1, SendingState.SENT, "done")


def test_a_schedule_asks_for_no_figures_and_tells_what_the_mail_shows(people: People, saved: int) -> None:
    jobs_runner.run(Job.objects.get(kind=reports.COMPILE).pk)
    alice, place = signed_in(people.alice), f"/reports/{saved}/mails/"
    asked = {name: value for name, value in FORM.items() if name not in ("metrics", "style")}
    form = alice.get(f"{place}new/").content.decode()
    assert "The four key figures with their change, the funnel" in form
    assert 'name="metrics"' not in form
    assert "data:image/png;base64,iVBOR" in alice.post(f"{place}preview/", asked).content.decode()
    assert alice.post(f"{place}new/", asked).headers["Location"] == place
    row = Schedule.objects.get()
    assert (row.metrics, row.frequency) == ([], "monthly")
    assert "The four key figures with their change, the funnel" in alice.get(place).content.decode()
    assert alice.get(f"{place}{row.pk}/").status_code == 200
