"""`make bench`: measures a Jalon of its own at several sizes, prints the table and writes results.md.

python -m benchmarks.run [--scales 10k,100k,1m] [--only import,compile,lists,lifecycle,memory]: which of them, --help says
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import machine, memory, walking
from benchmarks.contacts_file import contacts_file
from benchmarks.figures import SCALES, Figure, keep, table
from benchmarks.server import Home, free_port

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "bench"
RESULTS = Path(__file__).parent / "results.md"
ASSOCIATIONS = 1_000_000
MOVING = 1_000_000  # contacts, each with ten movements
GIGABYTE = 1_000_000_000
ASKED = ("report", "compile", "index", "record", "search", "export", "freshness", "duplicates", "bulk", "erase", "lists", "scores")


def main() -> None:
    options = _options()
    for scale in options.scales.split(","):
        _tell(f"{scale} contacts")
        _keep(scale, _figures_of(scale, options))
    if _wanted("workbook", options):
        _tell("a workbook in and out")
        _keep("100k", _workbook())
    if _wanted("rollup", options):
        _tell("rollups")
        rollups = _process(Home(WORK / "rollup", free_port()), "benchmarks.rollups", str(ASSOCIATIONS))
        _keep("1m", iter([Figure(**row) for row in rollups]))
    if _wanted("lifecycle", options):
        _tell("journeys")
        _keep("1m", _journeys())
    if _wanted("memory", options):
        _tell("memory of the demo")
        _keep("demo", walking.measure(Home(WORK / "demo", free_port())))
    _write(keep(WORK / "results.json", "demo", ()))


def _keep(scale: str, figures: Iterator[Figure]) -> None:
    """Each as it comes: a run that is broken off keeps what it has measured."""
    for figure in figures:
        keep(WORK / "results.json", scale, [figure])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure Jalon beside its raw engines.")
    parser.add_argument("--scales", default=",".join(SCALES), help="which of 10k, 100k, 1m")
    parser.add_argument("--only", default="", help=f"import, {', '.join(ASKED)}, rollup, lifecycle, memory")
    return parser.parse_args()


def _wanted(name: str, options: argparse.Namespace) -> bool:
    return not options.only or name in options.only.split(",")


def _figures_of(scale: str, options: argparse.Namespace) -> Iterator[Figure]:
    home = Home(WORK / scale, free_port())
    if _wanted("import", options) or not home.folder.exists():
        yield from _import(home, SCALES[scale])
    asked = [name for name in ASKED if _wanted(name, options)]
    for name in asked:
        _tell(name)
        yield from (Figure(**row) for row in _process(home, "benchmarks.asking", name))


def _import(home: Home, contacts: int) -> Iterator[Figure]:
    """A file into an empty home, in a process of its own whose memory is watched."""
    file = contacts_file(WORK, contacts)
    shutil.rmtree(home.folder, ignore_errors=True)
    _tell("import")
    with _running(home, "benchmarks.importing", str(file)) as process, memory.watching(process.pid, home.folder) as peak:
        took = json.loads(_last_line(process))
    if took["rows"] != contacts or took["refused"]:
        raise SystemExit(f"{took['rows']} contacts went in and {took['refused']} were refused; {contacts} should have.")
    bare = contacts / _process(home, "benchmarks.asking", "raw_import", str(file))[0]["value"]
    rate = contacts / took["columns_seconds"]
    yield Figure("import, 12 properties, into records, log and columns", rate, "rows/s", "10,000 rows/s", rate >= 10_000, bare)
    yield Figure("- the first tenth", took["first_rate"], "rows/s")
    yield Figure("- the last tenth", took["last_rate"], "rows/s", "flat")
    yield Figure("- columns behind at its end", took["columns_seconds"] - took["import_seconds"], "s")
    yield Figure("- peak memory of all processes", peak.size / GIGABYTE, "GB", "1.5 GB", peak.size <= 1.5 * GIGABYTE)


def _workbook() -> Iterator[Figure]:
    """200,000 rows x 20 columns out and in, whatever the scale: they stand in the column of 100k."""
    home = Home(WORK / "workbook", free_port())
    shutil.rmtree(home.folder, ignore_errors=True)
    with _running(home, "benchmarks.workbook", "200000", str(WORK)) as process, memory.watching(process.pid, home.folder) as peak:
        took = json.loads(_last_line(process))
    if took["created"] != took["rows"] or took["refused"]:
        raise SystemExit(f"{took['created']} of {took['rows']} rows of the workbook went in.")
    yield Figure("XLSX of 200,000 rows x 20 columns, out", took["out"], "s", "60 s", took["out"] <= 60)
    yield Figure("XLSX of 200,000 rows x 20 columns, in", took["in"], "s", "60 s", took["in"] <= 60)
    yield Figure("- peak memory of all processes", peak.size / GIGABYTE, "GB")


def _journeys() -> Iterator[Figure]:
    """The lifecycle report over a million journeys, and ten million movements made into journeys."""
    home = Home(WORK / "lifecycle", free_port())
    yield from (Figure(**row) for row in _process(home, "benchmarks.lifecycle"))
    _process(home, "benchmarks.movements", str(MOVING), "fill")
    with _running(home, "benchmarks.movements", str(MOVING)) as process, memory.watching(process.pid, home.folder) as peak:
        yield from [Figure(**row) for row in json.loads(_last_line(process))]
    yield Figure("- peak memory of all processes, making journeys", peak.size / GIGABYTE, "GB", "2 GB", peak.size <= 2 * GIGABYTE)


def _running(home: Home, module: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.Popen(command, env=home.environment, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def _last_line(process: subprocess.Popen[str]) -> str:
    said, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"A measurement failed: {said}")
    return said.strip().splitlines()[-1]


def _process(home: Home, module: str, *arguments: str) -> list[dict[str, Any]]:
    """Figures of a process that opens the home alone."""
    found: list[dict[str, Any]] = json.loads(_last_line(_running(home, module, *arguments)))
    return found


def _write(by_scale: dict[str, list[Figure]]) -> None:
    demo = by_scale.pop("demo", [])
    lines = ["# Benchmark results", "", *(f"- {line}" for line in machine.describe())]
    lines += [f"- measured on {time.strftime('%Y-%m-%d')}, load of the machine by other things at the end: {machine.load():.1f}", ""]
    lines += ["Ratios are ours to the raw engine's for the same work in the same run (README.md says how).", "", table(by_scale), ""]
    if demo:
        lines += ["## The demo", "", "| | | aim |", "|---|---:|---|", *(f"| {f.measure} | {f.cell()} | {f.aim} |" for f in demo), ""]
    text = "\n".join(lines)
    RESULTS.write_text(text)
    print(text)


def _tell(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
