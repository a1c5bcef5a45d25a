"""The file of a backup: a zip whose last member, the manifest, says what the others must be. Knows no Django.

It is written under another name and renamed when it is whole and on the disk, so a crash leaves a part and never a
backup that looks whole.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Final

from jalon.warehouse.words import N_

FORMAT: Final = 1
SUFFIX: Final = ".jalon"
PART: Final = ".part"
MANIFEST: Final = "manifest.json"
DATABASE: Final = "database.sql"
SECRET: Final = "settings/secret"  # noqa: S105  # the name of a member
FILES: Final = "files/"
BLOCK: Final = 1 << 20

Report = Callable[[int, int], None]  # bytes done, bytes in all


class NotABackup(Exception):
    """The file cannot be used; `message` is an English message id, `params` fill it."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message % params)
        self.message, self.params = message, params


NO_FILE = N_("There is no file %(path)s.")
NO_BACKUP = N_("%(path)s is no backup of Jalon, or its end is missing.")
NEWER_FORMAT = N_("%(path)s was written by Jalon %(version)s, which is newer than this one: install that version and restore there.")
DAMAGED = N_("%(path)s is damaged: %(member)s is not what was backed up.")


@dataclass(frozen=True, slots=True)
class Member:
    """One member of the archive as it must be."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds, and of which house."""

    format: int
    jalon: str
    postgresql: int
    made_at: str  # an instant, ISO 8601, UTC
    account: str
    kind: str  # "by hand", "nightly", "before an upgrade", "before a restore"
    migrations: tuple[str, ...]
    rows: Mapping[str, int]  # of every table
    members: Mapping[str, Member] = field(default_factory=dict)

    def text(self) -> str:
        return json.dumps(asdict(self), indent=1, ensure_ascii=False)


class Writer:
    """Writes members one after the other and learns what they were."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self.members: dict[str, Member] = {}

    def add(self, name: str, blocks: Iterable[bytes]) -> None:
        digest, size = hashlib.sha256(), 0
        with self._file.open(name, "w", force_zip64=True) as member:
            for block in blocks:
                digest.update(block)
                size += len(block)
                member.write(block)
        self.members[name] = Member(size, digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        self._file.writestr(MANIFEST, manifest.text())


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """A new archive, which has its name only once it is whole; an error takes it away."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(path.name + PART)
    discard_parts(path.parent)
    with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as raw:
        fcntl.flock(raw, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
                yield Writer(file)
            raw.flush()
            os.fsync(raw.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    _settle(path.parent)


def discard_parts(folder: Path) -> None:
    """Takes away what a crash left behind; a part that somebody writes right now is locked."""
    for part in folder.glob(f"*{PART}"):
        with part.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            part.unlink(missing_ok=True)


def read_manifest(path: Path) -> Manifest:
    """What the backup says of itself. Raises NotABackup."""
    if not path.is_file():
        raise NotABackup(NO_FILE, path=path)
    try:
        with zipfile.ZipFile(path) as file:
            raw = json.loads(file.read(MANIFEST))
        if raw["format"] > FORMAT:
            raise NotABackup(NEWER_FORMAT, path=path, version=raw["jalon"])
        members = {name: Member(**member) for name, member in raw.pop("members").items()}
        return Manifest(**{**raw, "migrations": tuple(raw["migrations"])}, members=members)
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, OSError) as error:
        raise NotABackup(NO_BACKUP, path=path) from error


def verify(path: Path, report: Report) -> Manifest:
    """Reads the whole archive and holds every member against the manifest. Raises NotABackup."""
    manifest, done = read_manifest(path), 0
    total = sum(member.bytes for member in manifest.members.values())
    with zipfile.ZipFile(path) as file:
        for name, expected in manifest.members.items():
            digest, size = hashlib.sha256(), 0
            try:
                for block in blocks_of(file, name):
                    digest.update(block)
                    size += len(block)
                    done += len(block)
                    report(done, total)
            except (KeyError, zipfile.BadZipFile, OSError, EOFError, ValueError) as error:
                raise NotABackup(DAMAGED, path=path, member=name) from error
            if Member(size, digest.hexdigest()) != expected:
                raise NotABackup(DAMAGED, path=path, member=name)
    return manifest


def blocks_of(file: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with file.open(name) as member:
        yield from blocks(member)


def blocks(file: IO[bytes]) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block


def extract(path: Path, folder: Path) -> int:
    """The files that people uploaded, into an empty folder; how many there were."""
    count = 0
    with zipfile.ZipFile(path) as file:
        for name in file.namelist():
            target = folder / name.removeprefix(FILES)
            if not name.startswith(FILES) or not target.resolve().is_relative_to(folder.resolve()):
                continue
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with target.open("wb") as out:
                out.writelines(blocks_of(file, name))
            count += 1
    return count


def _settle(folder: Path) -> None:
    """The new name is on the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
