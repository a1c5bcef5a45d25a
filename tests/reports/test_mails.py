"""Reports by e-mail: at six in the morning of their zone, compiled anew, once for each instant, with their sender's rights."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jalon.accounts import actions as accounts
from jalon.accounts.access import SYSTEM, Actor
from jalon.accounts.models import Account, Notice, User
from jalon.figures.measures import Measure
from jalon.jobs import actions as jobs
from jalon.jobs import runner as jobs_runner
from jalon.jobs.locks import Session
from jalon.jobs.models import Job
from jalon.mail import runner as postman
from jalon.mail.models import Mail
from jalon.records import actions as records
from jalon.records import runner as columns
from jalon.records.actions import Row
from jalon.records.columns import Origin, Source
from jalon.reports import actions as reports
from jalon.reports.kinds.definition import Definition, Style
from jalon.reports.models import Report, Schedule, Sending, SendingState
from jalon.reports.schedules import actions, queries, runner
from jalon.reports.schedules.actions import SEND, ScheduleValues
from jalon.reports.schedules.calendar import DAILY, MONTHLY, ONCE, WEEKLY, Rhythm
from jalon.warehouse import current
from jalon.warehouse.duckdb_engine import DuckDBEngine
from tests.mail_server import mail_server
from tests.people import People, signed_in
from tests.spawned import PATH
from tests.waiting import until

NEW_YORK, PARIS = ZoneInfo("America/New_York"), ZoneInfo("Europe/Paris")
RHYTHMS = st.one_of(
    st.just(Rhythm(DAILY)),
    st.builds(Rhythm, st.just(WEEKLY), weekday=st.integers(0, 6)),
    st.builds(Rhythm, st.just(MONTHLY), day=st.integers(1, 31)),
)
NOW = Rhythm(ONCE)
FROM, UNTIL = datetime(2024, 1, 1), datetime(2028, 12, 31)  # noqa: DTZ001  # Hypothesis gives them their zone
DEFINITION = Definition(breakdown="city", number="hubspotscore")
CITIES = (("Lyon", "100.50"), ("Lyon", "20"), ("Paris", "3"))


def at(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


# When


@pytest.mark.parametrize(
    ("rhythm", "after", "leaves"),
    [
        (Rhythm(DAILY), "2026-03-07T07:00", "2026-03-08T06:00"),  # the clocks of New York go forward on that night
        (Rhythm(DAILY), "2026-10-31T23:00", "2026-11-01T06:00"),  # and back on this one
        (Rhythm(DAILY), "2026-05-04T05:59", "2026-05-04T06:00"),
        (Rhythm(WEEKLY, weekday=0), "2026-05-04T06:00", "2026-05-11T06:00"),
        (Rhythm(MONTHLY, day=31), "2026-01-31T06:00", "2026-02-28T06:00"),
        (Rhythm(MONTHLY, day=30), "2028-02-01T00:00", "2028-02-29T06:00"),
    ],
)
def test_it_leaves_at_six_of_its_own_zone(rhythm: Rhythm, after: str, leaves: str) -> None:
    assert rhythm.after(at(after, NEW_YORK), NEW_YORK) == at(leaves, NEW_YORK)


@given(RHYTHMS, st.datetimes(FROM, UNTIL, timezones=st.just(UTC)), st.sampled_from([NEW_YORK, PARIS]))
def test_no_day_is_left_out_and_none_comes_twice(rhythm: Rhythm, start: datetime, zone: ZoneInfo) -> None:
    """Against a walk through the days, however the clocks are changed meanwhile."""
    walked = [day for number in range(63) if naive(rhythm, day := start.astimezone(zone).date() + timedelta(days=number))]
    expected = [instant for day in walked if (instant := datetime(day.year, day.month, day.day, 6, tzinfo=zone)) > start]
    found, instant = [], start
    for _ in expected:
        leaves = rhythm.after(instant, zone)
        assert leaves is not None
        assert rhythm.last(leaves, zone) == leaves
        found.append(leaves)
        instant = leaves
    assert found == expected


def naive(rhythm: Rhythm, day: date) -> bool:
    if rhythm.frequency == WEEKLY:
        return day.isoweekday() - 1 == rhythm.weekday
    if rhythm.frequency == MONTHLY:
        is_last = (day + timedelta(days=1)).month != day.month
        return day.day == rhythm.day or (is_last and day.day < rhythm.day)
    return True


# What


@pytest.fixture
def saved(people: People) -> int:
    """Alice's report of three contacts, one of which is Charlie's."""
    add(people, CITIES)
    return reports.create(DEFINITION, actor=Actor(people.alice.pk, "Alice"), title="Chiffre d’affaires par ville")


def add(people: People, cities: tuple[tuple[str, str], ...]) -> None:
    owner = {"hubspot_owner_id": str(people.charlie.pk)}
    rows = [Row({"city": city, "hubspotscore": revenue, **(owner if city == "Paris" else {})}) for city, revenue in cities]
    assert not records.write("contact", rows, actor=SYSTEM, origin=Origin(Source.USER)).refused
    columns.catch_up()


def values(rhythm: Rhythm = NOW, *to: str, metrics: tuple[Measure, ...] = (Measure.COUNT,), language: str = "fr") -> ScheduleValues:
    return ScheduleValues(rhythm, to or ("claire@example.com",), "Bonjour,\nvoici les chiffres.", metrics, Style.STANDARD, language)


def work_off(now: datetime | None = None) -> None:
    """What beat and worker do in turn, until nothing is under way."""
    runner.turn(now or timezone.now())
    while queries.under_way():
        for job in Job.objects.filter(kind__in=[reports.COMPILE, SEND], state="queued").order_by("id"):
            jobs_runner.run(job.pk)
        runner.turn(now or timezone.now())


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return unescape(str(part.get_content()))


def test_it_arrives_compiled_anew_with_pictures_table_and_text_in_its_language(people: People, saved: int) -> None:
    add(people, (("Nantes", "1000"),))  # after the report was asked for
    wanted = values(NOW, "claire@example.com", "bob@moreau.example", metrics=(Measure.COUNT, Measure.SUM, Measure.MEDIAN))
    with mail_server() as server:
        actions.create(saved, wanted, actor=Actor(people.alice.pk, "Alice"))
        work_off()
        postman.deliver()
    assert [message["To"] for message in server.taken] == ["claire@example.com", "bob@moreau.example"]
    message = server.taken[0]
    pictures = [part for part in message.walk() if part.get_content_type() == "image/png"]
    html, text = body(message, "html"), body(message, "plain")
    assert message["Subject"] == "Chiffre d’affaires par ville"
    assert [str(part["Content-ID"]).strip("<>") in html for part in pictures] == [True, True, True]
    assert all(part.get_content().startswith(b"\x89PNG") for part in pictures)
    for said in (html, text):
        for words in (
            "voici les chiffres.",
            "Nantes",
            "1 123,5",
            "Médiane",
            "Tous les contacts",
            "Les chiffres sont ceux que Alice a le droit de voir.",
        ):
            assert words in said.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " "), words
    [sending] = queries.sendings(saved)
    assert (sending.state, sending.troubles) == ("sent", ())


def test_the_figures_are_those_that_its_sender_may_see(people: People, saved: int) -> None:
    """Charlie sees his own contact alone, whoever owns the report."""
    actions.create(saved, values(language="en"), actor=Actor(people.charlie.pk, "Charlie"))
    work_off()
    text = Mail.objects.get().text
    assert "Paris" in text
    assert "Lyon" not in text
    assert "The figures are those that Charlie may see." in text


def test_what_was_missed_is_sent_once_and_two_mails_share_a_compile(people: People, saved: int) -> None:
    now = at("2026-05-20T01:00", NEW_YORK)
    compiles = Job.objects.filter(kind=reports.COMPILE).count()
    for address in ("claire@example.com", "bob@moreau.example"):
        actions.create(saved, values(Rhythm(DAILY), address), actor=Actor(people.alice.pk, "Alice"))
    Schedule.objects.update(next_at=at("2026-05-13T06:00", NEW_YORK))
    work_off(now)
    work_off(now + timedelta(minutes=5))
    assert set(Sending.objects.values_list("due_at", "state")) == {(at("2026-05-19T06:00", NEW_YORK), SendingState.SENT)}
    assert set(Schedule.objects.values_list("next_at", flat=True)) == {at("2026-05-20T06:00", NEW_YORK)}
    assert Job.objects.filter(kind=reports.COMPILE).count() == compiles  # the one that waited already
    assert sorted(Mail.objects.values_list("recipient", flat=True)) == ["bob@moreau.example", "claire@example.com"]


def test_another_zone_of_the_account_tells_every_instant_anew(people: People, saved: int) -> None:
    actions.create(saved, values(Rhythm(DAILY)), actor=Actor(people.alice.pk, "Alice"))
    Account.objects.update(report_mail_zone="Asia/Tokyo")
    runner.turn(timezone.now())
    next_at = Schedule.objects.get().next_at
    assert next_at is not None
    assert next_at.astimezone(ZoneInfo("Asia/Tokyo")).hour == 6


# What goes wrong


KILLED = """
import os, pathlib, signal, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "jalon.config.settings"
import django
django.setup()
from jalon.jobs import runner
from jalon.reports.schedules import actions
from jalon.warehouse import current
from jalon.warehouse.duckdb_engine import DuckDBEngine
current.install(DuckDBEngine(pathlib.Path(sys.argv[1]), "Europe/Paris"))
die = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[3] == "between the mails":
    send, sent = actions.mail.send, []
    actions.mail.send = lambda *a, **k: die() if sent else sent.append(1) or send(*a, **k)
else:  # after them, before the job is told to have ended
    runner.actions.finish = die
runner.run(int(sys.argv[2]))
"""


def test_a_process_that_is_killed_while_it_sends_loses_nothing_and_sends_nothing_twice(people: People, saved: int) -> None:
    actions.create(saved, values(NOW, "claire@example.com", "bob@moreau.example"), actor=Actor(people.alice.pk, "Alice"))
    jobs_runner.run(Job.objects.get(kind=reports.COMPILE).pk)
    runner.turn(timezone.now())
    job = Job.objects.get(kind=SEND)
    engine = current.engine()
    assert isinstance(engine, DuckDBEngine)
    path = engine.path
    current.close()
    for place, mails, state in (("between the mails", 0, SendingState.WRITING), ("behind the mails", 2, SendingState.SENT)):
        kill(path, job.pk, place)
        until(lambda: is_free(job.pk))
        assert (Mail.objects.count(), Sending.objects.get().state) == (mails, state)
    current.install(DuckDBEngine(path, "Europe/Paris"))
    work_off()
    jobs_runner.run(job.pk)
    assert (Mail.objects.count(), Job.objects.get(pk=job.pk).state) == (2, "done")


def is_free(job_id: int) -> bool:
    """PostgreSQL has seen that the dead process is gone, and lets its lock go."""
    with Session() as session:
        return session.try_lock(jobs.lock_key(job_id))


def kill(path: Path, job_id: int, place: str) -> None:
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    variables = {**kept, "JALON_HOME": str(settings.ENVIRONMENT.home), "PYTHONPATH": PATH}
    died = subprocess.run([sys.executable, "-c", KILLED, str(path), str(job_id), place], env=variables, check=False)
    assert died.returncode == -signal.SIGKILL


def deactivated(people: People) -> str:
    accounts.set_active(people.bob.pk, False, actor=SYSTEM)
    return "Bob, in whose name it is sent, was deactivated."


def without_rights(people: People) -> str:
    User.objects.filter(pk=people.bob.pk).update(permission_set=None)
    return "Bob, in whose name it is sent, may not see this report any more."


def gone(people: People) -> str:
    Schedule.objects.update(owner=None)
    return "Nobody owns this e-mail any more."


def uncompilable(people: People) -> str:
    Report.objects.update(definition={"kind": "contacts", "breakdown": "no_such_property"})
    return "no_such_property"


@pytest.mark.parametrize("wrong", [deactivated, without_rights, gone, uncompilable])
def test_what_cannot_be_sent_says_why_on_the_report(people: People, saved: int, wrong: object) -> None:
    assert callable(wrong)
    actions.create(saved, values(language="en"), actor=Actor(people.bob.pk, "Bob"))
    reason = wrong(people)
    work_off()
    [sending] = queries.sendings(saved)
    assert (sending.state, Mail.objects.filter(recipient="claire@example.com").exists()) == ("failed", False)
    assert reason in sending.troubles[0]
    pages = [unescape(signed_in(people.alice).get(f"/reports/{saved}/{page}").content.decode()) for page in ("", "mails/")]
    assert [reason in page for page in pages] == [True, True]


def test_its_sender_hears_of_a_failure_and_a_refused_mail_stands_on_the_report(people: People, saved: int) -> None:
    Report.objects.update(definition={"kind": "contacts", "breakdown": "no_such_property"})
    actions.create(saved, values(), actor=Actor(people.alice.pk, "Alice"))
    work_off()
    assert "no_such_property" in Notice.objects.get(user=people.alice).params["reason"]
    Mail.objects.all().delete()
    Report.objects.update(definition=Report.objects.get().definition | {"breakdown": "city"})
    with mail_server() as server:
        server.answer = "550 No such person"
        actions.create(saved, values(), actor=Actor(people.alice.pk, "Alice"))
        work_off()
        postman.deliver()
    last = queries.sendings(saved)[0]
    assert last.state == "failed"
    assert last.troubles[0].startswith("claire@example.com")
    assert "No such person" in last.troubles[0]


def test_erased_addresses_get_nothing_more_and_an_heir_goes_on(people: People, saved: int) -> None:
    one, both = (
        actions.create(saved, values(Rhythm(DAILY), *to), actor=Actor(people.bob.pk, "Bob"))
        for to in (("Claire@example.com",), ("Claire@example.com", "zoe@example.com"))
    )
    assert actions.forget({"claire@example.com"}) == 2
    list(actions.hand_over(people.bob.pk, people.alice.pk, SYSTEM, ""))
    Schedule.objects.update(next_at=timezone.now())
    work_off()
    kept = {row.pk: (row.recipients, row.active, row.owner_id) for row in Schedule.objects.all()}
    assert kept == {one: ([], False, people.alice.pk), both: (["zoe@example.com"], True, people.alice.pk)}
    assert Mail.objects.get().recipient == "zoe@example.com"


# The pages


FORM = {
    "recipients": "claire@example.com; bob@moreau.example\nCLAIRE@example.com",
    "message": "",
    "frequency": "monthly",
    "weekday": "0",
    "day": "31",
    "metrics": ["count", "average"],
    "style": "cumulative",
    "language": "fr",
}


def test_a_schedule_is_made_changed_paused_resumed_sent_and_deleted_on_its_pages(people: People, saved: int) -> None:
    alice, bob = signed_in(people.alice), signed_in(people.bob)
    place = f"/reports/{saved}/mails/"
    assert alice.post(f"{place}new/", FORM).headers["Location"] == place
    row = Schedule.objects.get()
    assert (row.recipients, row.metrics, row.day) == (["claire@example.com", "bob@moreau.example"], ["count", "average"], 31)
    assert "On the last day of each month" in alice.get(place).content.decode()
    assert "claire@example.com" in alice.get(f"{place}{row.pk}/").content.decode()
    for step, active in (("pause", False), ("resume", True)):
        alice.post(f"{place}{row.pk}/{step}/")
        row.refresh_from_db()
        assert (row.active, row.next_at is not None) == (active, active)
    Report.objects.update(owner=people.bob)
    assert bob.post(f"{place}{row.pk}/", FORM | {"frequency": "daily"}).status_code == 302
    row.refresh_from_db()
    assert (row.frequency, row.owner_id) == (DAILY, people.bob.pk)
    alice.post(f"{place}{row.pk}/send/")
    assert len(queries.under_way()) == 1
    assert "Delete this e-mail?" in alice.get(place).content.decode()
    alice.post(f"{place}{row.pk}/delete/")
    assert not Schedule.objects.exists()


def test_every_problem_of_the_form_is_told_and_nothing_is_lost(people: People, saved: int) -> None:
    wrong = FORM | {"recipients": "claire@, bob", "day": "32", "metrics": [], "frequency": "yearly"}
    answer = signed_in(people.alice).post(f"/reports/{saved}/mails/new/", wrong)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    for words in ("These are not e-mail addresses: claire@, bob.", "less than or equal to 31", "claire@, bob</textarea>", "yearly"):
        assert words in page, words
    assert not Schedule.objects.exists()


def test_the_mail_is_seen_before_it_leaves_and_only_by_who_may_edit_the_report(people: People, saved: int) -> None:
    work = Job.objects.get(kind=reports.COMPILE).pk
    jobs_runner.run(work)
    place = f"/reports/{saved}/mails/preview/"
    seen = signed_in(people.alice).post(place, FORM | {"metrics": ["count"]})
    assert "data:image/png;base64,iVBOR" in seen.content.decode()
    assert "default-src 'none'" in seen.headers["Content-Security-Policy"]
    assert signed_in(people.rita).post(place, FORM).status_code == 403
    assert not Mail.objects.exists()
