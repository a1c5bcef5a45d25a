"""The verdicts of a dry run on disk: packed blocks with a directory, so that any page of any verdict is one short read.

A million rows take a few megabytes. The file is thrown away with the import's others.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

import orjson

CREATED, UPDATED, UNCHANGED, REFUSED = "created", "updated", "unchanged", "refused"
VERDICTS: Final = (CREATED, UPDATED, UNCHANGED, REFUSED)
TOLD: Final = "told"  # rows that go in and are told something
BLOCK: Final = 500  # rows of one packed block
SHOWN: Final = 6  # values of a new record that are kept

Delta = Mapping[str, Sequence[str | None]]


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """What would become of one row: the record it names (0 for a new one), each value before and after, what it is told."""

    line: int
    verdict: str
    record_id: int
    delta: Delta
    sentences: Sequence[str]

    @property
    def is_told(self) -> bool:
        return self.verdict != REFUSED and bool(self.sentences)


@dataclass(slots=True)
class Writer:
    """Takes the verdicts in the order of the file. Nothing is there to be read before `close`."""

    path: Path
    file: IO[bytes] = field(init=False)
    waiting: list[RowVerdict] = field(default_factory=list)
    blocks: list[tuple[int, dict[str, int]]] = field(default_factory=list)  # (length, rows by verdict)

    def __post_init__(self) -> None:
        self.path.unlink(missing_ok=True)
        self.file = self.path.with_suffix(".new").open("wb")

    def add(self, rows: Iterable[RowVerdict]) -> None:
        self.waiting += rows
        while len(self.waiting) >= BLOCK:
            self._write(self.waiting[:BLOCK])
            self.waiting = self.waiting[BLOCK:]

    def _write(self, rows: Sequence[RowVerdict]) -> None:
        packed = zlib.compress(orjson.dumps([_plain(row) for row in rows]), 1)
        self.blocks.append((self.file.write(packed), _counts(rows)))

    def close(self) -> None:
        """The directory goes behind the blocks and its length last; then the file takes its name."""
        if self.waiting:
            self._write(self.waiting)
        directory = zlib.compress(json.dumps(self.blocks).encode())
        self.file.write(directory + len(directory).to_bytes(8, "big"))
        self.file.close()
        self.path.with_suffix(".new").replace(self.path)


def _plain(row: RowVerdict) -> tuple[object, ...]:
    delta = row.delta
    if row.verdict == CREATED and len(delta) > SHOWN:
        delta = dict(list(delta.items())[:SHOWN])
    return row.line, VERDICTS.index(row.verdict), row.record_id, delta, row.sentences


def _counts(rows: Sequence[RowVerdict]) -> dict[str, int]:
    counts = dict.fromkeys((*VERDICTS, TOLD), 0)
    for row in rows:
        counts[row.verdict] += 1
        counts[TOLD] += row.is_told
    return counts


class Reader:
    """The verdicts of one file, by page."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.blocks: list[tuple[int, dict[str, int]]] = []
        if path.exists():
            with path.open("rb") as file:
                file.seek(-8, os.SEEK_END)
                length = int.from_bytes(file.read(8), "big")
                file.seek(-8 - length, os.SEEK_END)
                self.blocks = [(size, counts) for size, counts in json.loads(zlib.decompress(file.read(length)))]

    def count(self, verdict: str = "") -> int:
        """How many rows have this verdict; "" for all."""
        return sum(_matching(counts, verdict) for _, counts in self.blocks)

    def page(self, verdict: str, start: int, size: int) -> list[RowVerdict]:
        """So many rows of this verdict, from the given one on."""
        found: list[RowVerdict] = []
        at, seen = 0, 0
        for length, counts in self.blocks:
            here = _matching(counts, verdict)
            if seen + here > start and len(found) < size:
                found += list(self._rows(at, length, verdict))[max(0, start - seen) :]
            at, seen = at + length, seen + here
        return found[:size]

    def _rows(self, at: int, length: int, verdict: str) -> Iterator[RowVerdict]:
        with self.path.open("rb") as file:
            file.seek(at)
            rows = orjson.loads(zlib.decompress(file.read(length)))
        for line, number, record_id, delta, sentences in rows:
            row = RowVerdict(line, VERDICTS[number], record_id, delta, sentences)
            if not verdict or row.verdict == verdict or (verdict == TOLD and row.is_told):
                yield row


def _matching(counts: Mapping[str, int], verdict: str) -> int:
    return counts[verdict] if verdict else sum(counts[name] for name in VERDICTS)
