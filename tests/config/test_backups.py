"""A backup holds everything of one moment, a restore brings exactly that back, and a crash of either leaves nothing that looks whole."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from jalon.config.backups import archive
from tests.config.houses import House
from tests.leftovers import prefix
from tests.waiting import until

PEOPLE = 2_000


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix=prefix("backup"), ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture(scope="module")
def lived_in(folder: Path) -> House:
    """A house with an account, users, contacts with a past, and an uploaded file."""
    house = House(folder / "lived-in")
    people = folder / "people.csv"
    lines = (f"p{n}@example.com,Person {n},+33 6 00 00 {n % 100:02} {n % 90:02}\n" for n in range(PEOPLE))
    people.write_text("email,lastname,phone\n" + "".join(lines))
    assert _python(house, "tests.config.inhabited").returncode == 0
    assert house.jalon("import", str(people)).code == 0
    (house.home / "files" / "signed").mkdir(parents=True)
    (house.home / "files" / "signed" / "contrat é.txt").write_text("signé")
    return house


@pytest.fixture(scope="module")
def backup(lived_in: House, folder: Path) -> Path:
    file = folder / "one.jalon"
    answer = lived_in.jalon("backup", str(file))
    assert answer.code == 0, answer.err
    return file


@pytest.fixture
def empty(folder: Path) -> Iterator[House]:
    house = House(folder / "empty")
    yield house
    _end_postgres(house)
    shutil.rmtree(house.home, ignore_errors=True)


def _python(house: House, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, *arguments]
    environment = {**house.environment(), "DJANGO_SETTINGS_MODULE": "jalon.config.settings"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180)


def _end_postgres(house: House) -> None:
    """A killed command leaves its server to the next one, which a test does not have."""
    if (house.home / "pg" / "postmaster.pid").exists() and house.postgres_runs():
        os.kill(int((house.home / "pg" / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
        until(lambda: not house.postgres_runs())


def test_what_was_backed_up_is_brought_back_and_lives_on(lived_in: House, backup: Path, empty: House, folder: Path) -> None:
    answer = empty.jalon("restore", str(backup))  # which counts the rows of every table itself
    assert (answer.code, answer.err) == (0, "")
    assert f"{PEOPLE} records in the columns" in answer.out
    assert (empty.home / "files" / "signed" / "contrat é.txt").read_text() == "signé"
    assert (empty.home / "secret").read_text() == (lived_in.home / "secret").read_text()
    question = ("query", "contact", "--limit", "5", "--json")
    assert empty.jalon(*question).out == lived_in.jalon(*question).out != ""
    more = folder / "more.csv"
    more.write_text("email,lastname\nnew@example.com,New\np0@example.com,Changed\n")
    assert empty.jalon("import", str(more)).code == 0
    status = json.loads(empty.jalon("warehouse", "status", "--json").out)
    assert (status["tables"]["contacts"], status["waiting"]) == (PEOPLE + 1, 0)  # the log is read on in another cluster
    _replace(empty, backup)


def _replace(house: House, backup: Path) -> None:
    """Only by who types the name of the account; and what is replaced is kept."""
    refused = [house.jalon("restore", str(backup)), house.jalon("restore", str(backup), "--replace", "--confirm", "Other")]
    assert [answer.code for answer in refused] == [1, 1]
    assert "add --replace" in refused[0].err
    assert "Nothing was touched" in refused[1].err
    assert house.jalon("restore", str(backup), "--replace", "--confirm", "Atelier Moreau").code == 0
    (kept,) = house.home.glob("backups/*-before-a-restore.jalon")
    assert archive.read_manifest(kept).rows["records_record"] == PEOPLE + 1
    assert json.loads(house.jalon("warehouse", "status", "--json").out)["tables"]["contacts"] == PEOPLE


@pytest.mark.parametrize("beside", [True, False], ids=["beside a server", "alone"])
def test_backups_are_made_listed_checked_and_the_old_ones_taken_away(lived_in: House, beside: bool) -> None:
    with ExitStack() as stack:
        if beside:
            stack.enter_context(lived_in.serving())
            until(lambda: (lived_in.home / "jalon.sock").exists())
        made = [Path(json.loads(lived_in.jalon("backup", "--keep", "1", "--json").out)["path"]) for _ in range(2)]
        listed = [json.loads(line) for line in lived_in.jalon("backup", "list", "--json").out.splitlines()]
        answer = lived_in.jalon("backup", "check", str(made[-1]))
    assert [line["file"] for line in listed] == [made[-1].name]
    assert {line["records"] for line in listed} == {PEOPLE}
    assert answer.code == 0
    assert "The backup is whole" in answer.out
    assert made[-1].stat().st_mode & 0o077 == 0


def test_a_running_server_is_not_replaced(lived_in: House, backup: Path) -> None:
    with lived_in.serving():
        answer = lived_in.jalon("restore", str(backup), "--replace", "--confirm", "Moreau")
    assert answer.code == 2
    assert "Another Jalon" in answer.err


def test_what_is_no_whole_backup_is_seen_before_anything_is_touched(backup: Path, folder: Path) -> None:
    cut, changed, other = folder / "cut.jalon", folder / "changed.jalon", folder / "other.jalon"
    cut.write_bytes(backup.read_bytes()[:-100])
    _rewritten(backup, changed, {archive.DATABASE: b"-- nothing\n"})
    other.write_text("email,lastname\n")
    for file in (cut, changed, other, folder / "missing.jalon"):
        with pytest.raises(archive.NotABackup):
            archive.verify(file, lambda done, total: None)
    bad = bytearray(backup.read_bytes())
    bad[len(bad) // 3] ^= 0xFF
    cut.write_bytes(bad)
    with pytest.raises(archive.NotABackup, match=r"damaged|no backup"):
        archive.verify(cut, lambda done, total: None)


def test_a_backup_of_a_newer_version_is_refused_in_a_sentence(backup: Path, empty: House, folder: Path) -> None:
    file = folder / "newer.jalon"
    manifest = json.loads(zipfile.ZipFile(backup).read(archive.MANIFEST))
    manifest["migrations"].append("records.9999_of_tomorrow")
    _rewritten(backup, file, {archive.MANIFEST: json.dumps({**manifest, "jalon": "99.0"}).encode()})
    answer = empty.jalon("restore", str(file))
    assert (answer.code, answer.err.count("\n")) == (1, 1), answer.err
    assert "99.0" in answer.err
    assert not (empty.home / "restoring").exists()


def _rewritten(backup: Path, file: Path, changed: dict[str, bytes]) -> None:
    """The same archive with other members, each whole in itself."""
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, changed.get(name) or old.read(name))


def test_a_killed_backup_is_no_backup(lived_in: House) -> None:
    before = set(lived_in.home.glob("backups/*"))
    process = lived_in.start("backup")
    until(lambda: bool(set(lived_in.home.glob("backups/*")) - before))
    process.kill()
    process.communicate()
    part = set(lived_in.home.glob("backups/*")) - before
    assert [path.suffix for path in part] == [archive.PART]
    assert lived_in.jalon("backup", "check", str(part.pop())).code == 1
    listed = lived_in.jalon("backup", "list", "--json").out
    assert archive.PART not in listed
    assert lived_in.jalon("backup").code == 0
    assert not list(lived_in.home.glob(f"backups/*{archive.PART}"))


def test_a_killed_restore_is_told_and_begun_again(backup: Path, empty: House) -> None:
    process = empty.start("restore", str(backup))
    until((empty.home / "restoring").exists)
    process.kill()
    process.communicate()
    answer = empty.jalon("warehouse", "status")
    assert answer.code == 2
    assert "half restored" in answer.err
    assert str(backup) in answer.err
    again = empty.jalon("restore", str(backup))
    assert again.code == 0, again.err
    assert json.loads(empty.jalon("warehouse", "status", "--json").out)["tables"]["contacts"] == PEOPLE


def test_an_older_version_is_brought_to_this_one_after_a_backup_and_so_is_that_backup(empty: House, folder: Path) -> None:
    older = House(folder / "older")
    behind = _python(older, "tests.config.inhabited", "behind")
    assert behind.returncode == 0, behind.stderr
    step = behind.stdout.strip()
    first, second = older.jalon("upgrade"), older.jalon("upgrade")
    assert (first.code, second.code) == (0, 0), first.err
    assert "backed up to" in first.out
    assert step in first.out
    assert "there was nothing to do" in second.out
    (file,) = older.home.glob("backups/*-before-an-upgrade.jalon")
    answer = empty.jalon("restore", str(file))
    assert answer.code == 0, answer.err
    assert step in answer.out
    assert "older@example.com" in empty.jalon("user", "list").out
