"""`make prove`: the long form of the crash and load proofs. Resumable, bounded by rounds and by time; figures in proofs.md.

python -m benchmarks.prove [--rounds 20] [--minutes 30] [--only import,history,sync,restore,foreign,bulk,undo,calculated,...]

Each round is one crash in a home that lives on from round to round, and ends with a whole comparison of records, log and
columns (benchmarks/agreement.py). What was proved before a break counts; the next run goes on from there.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks import machine
from benchmarks.crashes import Round, Unproved, history_round, import_round, lifecycle_round, lists_round, sync_round, writers_round
from benchmarks.restoring import foreign_round, restore_round
from benchmarks.server import Home, free_port
from benchmarks.undoing import bulk_round, calculated_round, clickhouse_round, import_undo_round, sequences_round

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "prove"
PROOFS = Path(__file__).parent / "proofs.md"


@dataclass(frozen=True, slots=True)
class Proof:
    """A promise, and the round that puts it to the test."""

    name: str
    promise: str
    attempt: Callable[[Round], dict[str, int]]


ALL = (
    Proof("import", "kill -9 during an import: after the restart every row is in once, the import ends by itself", import_round),
    Proof("history", "kill -9 during a history import: every past value is in the log once", history_round),
    Proof("sync", "kill -9 during the sync: the columns go on and are what PostgreSQL says", sync_round),
    Proof("restore", "kill -9 during a backup and a restore: what is begun again ends with every row of every table", restore_round),
    Proof("foreign", "kill -9 during a restore into the PostgreSQL of a DATABASE_URL: begun again, it ends with every row", foreign_round),
    Proof("lists", "kill -9 while lists are found anew and follow: membership is what a whole evaluation finds", lists_round),
    Proof("lifecycle", "kill -9 while journeys are followed and a stage is deleted: they are those of a naive machine", lifecycle_round),
    Proof("bulk", "kill -9 during a bulk edit and its undo: both end, nothing is done twice, every former value is back", bulk_round),
    Proof("undo", "kill -9 during the undo of an import: what it brought is gone, what was before is back", import_undo_round),
    Proof("calculated", "kill -9 while formulas are computed: rollups are what a naive recount gives", calculated_round),
    Proof("clickhouse", "bulk edit and undo of an import with ClickHouse for the columns, killed in the same ways", clickhouse_round),
    Proof("sequences", "any sequence of writes, links, merges, undos and erasures agrees with a naive model", sequences_round),
    Proof("writers", "eight writers at once, some committing late: no change is lost to the columns", writers_round),
)


@dataclass(slots=True)
class Tally:
    """What was proved so far: rounds, and the sums of what the rounds counted."""

    rounds: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    day: str = ""

    def add(self, counted: dict[str, int]) -> None:
        self.rounds, self.day = self.rounds + 1, time.strftime("%Y-%m-%d")
        for name, count in counted.items():
            self.counts[name] = self.counts.get(name, 0) + count


def main() -> None:
    options = _options()
    wanted = [proof for proof in ALL if not options.only or proof.name in options.only.split(",")]
    until, tallies = time.monotonic() + options.minutes * 60, _read()
    while (left := [proof for proof in wanted if tallies[proof.name].rounds < options.rounds]) and time.monotonic() < until:
        _one(min(left, key=lambda proof: tallies[proof.name].rounds), tallies)
    _write(tallies)


def _one(proof: Proof, tallies: dict[str, Tally]) -> None:
    tally = tallies[proof.name]
    number = tally.rounds + 1
    _tell(f"{proof.name}, round {number}")
    home = Home(WORK / proof.name, free_port())
    try:
        tally.add(proof.attempt(Round(home, number, random.Random(f"{proof.name} {number}"))))
    except (Unproved, subprocess.SubprocessError) as error:
        _write(tallies)
        raise SystemExit(f"NOT PROVED: {proof.promise}. Round {number}: {error} The home stays in {home.folder}.") from error
    _progress().write_text(json.dumps({name: asdict(each) for name, each in tallies.items()}, indent=1))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Put the promises about crashes and load to the test, again and again.")
    parser.add_argument("--rounds", type=int, default=20, help="of each proof, those of earlier runs included")
    parser.add_argument("--minutes", type=float, default=30, help="after which no further round begins")
    parser.add_argument("--only", default="", help=f"of {', '.join(proof.name for proof in ALL)}")
    return parser.parse_args()


def _progress() -> Path:
    WORK.mkdir(parents=True, exist_ok=True)
    return WORK / "progress.json"


def _read() -> dict[str, Tally]:
    stored = json.loads(_progress().read_text()) if _progress().exists() else {}
    return {proof.name: Tally(**stored.get(proof.name, {})) for proof in ALL}


def _write(tallies: dict[str, Tally]) -> None:
    """Rows of proofs that were not tried here stay as they are, with the day on which they were."""
    stood = _rows()
    lines = ["# Proofs", "", *(f"- {line}" for line in machine.describe()), ""]
    lines += ["| promise | rounds held | what was counted | on |", "|---|---:|---|---|"]
    for proof in ALL:
        tally = tallies[proof.name]
        counted = ", ".join(f"{count:,} {name}" for name, count in tally.counts.items())
        row = f"| {proof.promise} | {tally.rounds} | {counted} | {tally.day} |"
        lines.append(row if tally.rounds else stood.get(proof.promise, row))
    text = "\n".join([*lines, ""])
    PROOFS.write_text(text)
    print(text)


def _rows() -> dict[str, str]:
    """The rows of the file by their promise."""
    lines = PROOFS.read_text().splitlines() if PROOFS.exists() else []
    return {line.split("|")[1].strip(): line for line in lines if line.startswith("| ")}


def _tell(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
