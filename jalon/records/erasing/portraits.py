"""Everything that is kept of a person, for the person (GDPR, article 15): a ZIP with a JSON and a CSV file per holding, streamed."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any, Final

import orjson
from django.utils import timezone
from django.utils.translation import gettext

from jalon.accounts.access import Actor
from jalon.accounts.audit.actions import audit
from jalon.accounts.queries import account
from jalon.exports.texts import defused
from jalon.records import holdings
from jalon.records.erasing import queries
from jalon.records.holdings import Holding, Person
from jalon.warehouse.words import N_

PORTRAYED: Final = N_("%(who)s downloaded everything that is kept of record %(record)s.")
BLOCK: Final = 64 * 1024


def portray(object_type: str, id: int, *, actor: Actor) -> Iterator[bytes]:
    """The ZIP in pieces. That somebody took it stands in the audit log before the first of them."""
    person = queries.person(object_type, [id])
    audit(actor, "record.portrayed", PORTRAYED, record=id)
    return _zipped(person, [holding for holding in holdings.all_holdings() if holding.portray is not None])


def _zipped(person: Person, found: list[Holding]) -> Iterator[bytes]:
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("about.json", orjson.dumps(_about(person, found), option=orjson.OPT_INDENT_2))
        for holding in found:
            for ending, write in WRITERS.items():
                with archive.open(f"{holding.name}.{ending}", "w") as file:
                    for _ in write(file, _rows(holding, person)):
                        yield from sink.taken(BLOCK)
    yield from sink.taken(0)


def _about(person: Person, found: list[Holding]) -> dict[str, Any]:
    """What the files are, in the language of whoever asked."""
    return {
        "account": account().name,
        "made_at": timezone.now().isoformat(),
        "object_type": person.object_type,
        "records": list(person.ids),
        "files": {holding.name: gettext(holding.label) for holding in found},
    }


def _rows(holding: Holding, person: Person) -> Iterator[Mapping[str, object]]:
    return holding.portray(person) if holding.portray is not None else iter(())


def _json(file: IO[bytes], rows: Iterator[Mapping[str, object]]) -> Iterator[None]:
    """One array, a row a line."""
    file.write(b"[")
    for place, row in enumerate(rows):
        file.write((b",\n" if place else b"\n") + orjson.dumps(dict(row)))
        yield
    file.write(b"\n]\n")


def _csv(file: IO[bytes], rows: Iterator[Mapping[str, object]]) -> Iterator[None]:
    """With a heading; what a spreadsheet would run as a formula is defused."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for place, row in enumerate(rows):
        if place == 0:
            writer.writerow(list(row))
        writer.writerow(["" if value is None else defused(str(value)) for value in row.values()])
        file.write(text.getvalue().encode("utf-8", "replace"))
        text.seek(0)
        text.truncate()
        yield


Writer = Callable[[IO[bytes], Iterator[Mapping[str, object]]], Iterator[None]]
WRITERS: Final[Mapping[str, Writer]] = {"json": _json, "csv": _csv}


class _Sink(io.RawIOBase):
    """Where the ZIP is written to: what has come in is taken out again, so that none of it is kept."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._size = 0

    def writable(self) -> bool:
        return True

    def write(self, block: Any) -> int:
        data = bytes(block)
        self._blocks.append(data)
        self._size += len(data)
        return len(data)

    def taken(self, least: int) -> Iterator[bytes]:
        """What waits, once it is worth sending."""
        if self._size > least:
            yield b"".join(self._blocks)
            self._blocks.clear()
            self._size = 0
