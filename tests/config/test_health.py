"""The house says how it is in sentences, to a monitor without anything private, to who runs it with what to do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils.translation import override

from jalon.config import health
from jalon.config.backups import actions as backups
from jalon.config.backups import queries as backups_queries
from jalon.config.backups import runner as backups_runner
from jalon.jobs import actions as job_actions
from jalon.jobs import health as jobs_health
from jalon.jobs.beat import Beat, BeatPart
from jalon.jobs.health import Level
from jalon.jobs.locks import Session
from jalon.jobs.queries import job
from jalon.web.messages import compile_stale
from tests.people import People, signed_in


@pytest.fixture(autouse=True)
def nothing_watched() -> Iterator[None]:
    """No beat of another test."""
    jobs_health.watch(None)
    yield
    jobs_health.watch(None)
    for path in (settings.ENVIRONMENT.home / "backups").glob("*"):
        path.unlink()


def sentences(level: Level) -> list[str]:
    return [finding.sentence for finding in health.report().of(level)]


def test_a_monitor_is_told_that_all_is_well(people: People) -> None:
    answer = Client().get("/health")
    assert (answer.status_code, answer.json()["status"], answer.json()["problems"]) == (200, "ok", [])
    assert str(settings.ENVIRONMENT.home) not in answer.content.decode()


def test_a_part_of_the_beat_that_fails_is_named_with_its_reason(people: People) -> None:
    def fails(now: datetime) -> bool:
        raise OSError(28, "No space left on device")

    beat = Beat([BeatPart("columns", fails), BeatPart("jobs", lambda now: False)])
    with Session() as session:
        beat.round(session)
    jobs_health.watch(beat)
    answer = Client().get("/health")
    assert answer.status_code == 503
    (problem,) = answer.json()["problems"]
    assert "“columns”" in problem
    assert "The disk is full" in problem


def test_a_transaction_that_stays_open_is_told(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_health, "OPEN_LONG", 0)
    monkeypatch.setattr(jobs_health, "OPEN_TOO_LONG", 0)
    parameters = {name: value for name, value in connection.get_connection_params().items() if name not in {"cursor_factory", "context"}}
    with psycopg.connect(**parameters) as other:
        other.execute("SELECT 1")
        assert any("transaction has been open" in sentence for sentence in sentences(Level.BAD))


def test_a_job_that_nobody_takes_up_is_told(people: People) -> None:
    row = job_actions.start("import", "people.csv", arguments={}, user_id=None)
    type(row).objects.filter(pk=row.pk).update(created_at=datetime.now(UTC) - timedelta(hours=1))
    assert any("“people.csv” has waited for 60 minutes" in sentence for sentence in sentences(Level.WARNING))


def test_a_check_that_fails_is_a_finding_and_the_others_are_asked(people: People) -> None:
    def breaks() -> list[jobs_health.Finding]:
        raise RuntimeError

    rows = tuple(health._checks)
    try:
        health.install((jobs_health.HealthCheck("Broken", breaks), *rows))
        report = health.report()
    finally:
        health.install(rows)
    assert report.level is Level.BAD
    assert len(report.sections) == len(rows) + 1
    assert all(section.findings for section in report.sections)


def test_a_missing_backup_is_told_until_there_is_one(people: People) -> None:
    assert "There is no backup in the home." in sentences(Level.WARNING)
    made = job_actions.start(backups_runner.KIND, "Backup", arguments={"kind": "by hand"}, user_id=people.alice.pk)
    view = job(made.pk)
    assert view is not None
    result = backups_runner.run(view)
    assert result["file"] in [one.path.name for one in backups_queries.backups()]
    assert not any("backup" in sentence for sentence in sentences(Level.WARNING))


def test_the_page_says_it_in_both_languages_to_who_may_change_the_account(people: People) -> None:
    compile_stale()
    client = signed_in(people.alice)
    page = client.get("/settings/health/").content.decode()
    assert "No transaction is open for long." in page
    assert "DuckDB" in page
    client.post("/appearance/", {"language": "fr"})
    assert "Aucune transaction n’est ouverte depuis longtemps." in client.get("/settings/health/").content.decode()
    assert signed_in(people.rita).get("/settings/health/").status_code == 403
    assert signed_in(people.rita).post("/settings/health/back-up/").status_code == 403
    assert client.post("/settings/health/back-up/").status_code == 302
    client.post("/settings/health/back-up/")
    assert len([1 for found in health.report().findings if "Sauvegarde" in found.sentence or "Backup" in found.sentence]) <= 1


def test_the_command_answers_scripts(people: People) -> None:
    told = health.report().as_json()
    assert json.loads(json.dumps(told))["versions"]["DuckDB"]
    assert set(told["sizes"]) == {"tables", "columns", "files", "backups"}
    with override("fr"):
        assert health.report().as_json()["findings"] != told["findings"]


@pytest.mark.parametrize(
    ("hour", "last", "due"),
    [(0, None, False), (2, None, True), (23, None, True), (3, timedelta(hours=24), True), (4, timedelta(hours=1), False)],
)
def test_the_nightly_backup_is_due_once_a_night(people: People, hour: int, last: timedelta | None, due: bool) -> None:
    now = datetime(2026, 1, 5, hour, 30, tzinfo=UTC)
    if last is not None:
        made = backups.back_up(kind=backups.NIGHTLY, report=lambda done, total: None)
        now = made.made_at.replace(hour=hour) + timedelta(days=1)
        made_at = now - last
        _dated(made.path, made_at)
    assert backups_runner.is_due(now, "UTC") is due


def _dated(path: Path, made_at: datetime) -> None:
    """The same backup, made at another time."""
    import zipfile

    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    manifest = json.loads(members["manifest.json"]) | {"made_at": made_at.isoformat()}
    with zipfile.ZipFile(path, "w") as file:
        for name, content in {**members, "manifest.json": json.dumps(manifest).encode()}.items():
            file.writestr(name, content)


def test_old_nightly_backups_are_taken_away_and_others_stay(people: People) -> None:
    backups.back_up(report=lambda done, total: None)
    for number in range(3):
        made = backups.back_up(kind=backups.NIGHTLY, keep=2, report=lambda done, total: None)
        _dated(made.path, datetime(2026, 1, 1 + number, tzinfo=UTC))
        made.path.rename(made.path.with_name(f"n{number}.jalon"))
    backups.back_up(kind=backups.NIGHTLY, keep=2, report=lambda done, total: None)
    kinds = [one.manifest.kind for one in backups_queries.backups()]
    assert sorted(kinds) == ["by hand", "nightly", "nightly"]
