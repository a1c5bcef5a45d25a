"""A workbook handed to the process that reads it: its sheets, its rows as text, and a sentence for what cannot be read."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jalon.imports import workbook
from jalon.imports.shape import Shape, headings, read_heading
from jalon.imports.trouble import UnreadableFile
from jalon.warehouse.words import N_

DISK_FULL = N_("The disk of the server is full, so the file could not be kept. Free some space, then upload it again.")
STOPPED = N_("The program that reads workbooks ended before its time. Please upload the file again, or save the sheet as CSV.")
PACKED = b"PK\x03\x04"
Heard = Callable[[int], bool]  # told how many rows are out; False ends it


@dataclass(frozen=True, slots=True)
class Extract:
    """What was taken out of a workbook."""

    sheet: str
    sheets: tuple[str, ...]
    shape: Shape
    rows: int


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook, or something else that a workbook's reader has to explain."""
    with path.open("rb") as file:
        start = file.read(len(PACKED))
    return start in (PACKED, workbook.OLE)


def extract(path: Path, out: Path, sheet: str = "", *, most: int = 0, heard: Heard | None = None) -> Extract | None:
    """The rows of a sheet, written to `out`; None where `heard` ended it. Raises UnreadableFile."""
    command = [sys.executable, "-m", "jalon.imports.workbook", str(path), sheet, str(out), str(most)]
    found: dict[str, Any] = {}
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_source())
    try:
        for said in _lines(child):
            found |= said
            if heard is not None and not heard(int(found.get("rows", 0))):
                return None
    finally:
        child.kill()
        child.communicate()
    if "done" not in found:
        raise _refusal(found)
    out.chmod(0o600)
    numbered = Shape("utf-8", ",", (), numbered=True)
    shape = Shape("utf-8", ",", headings(read_heading(out, numbered)), numbered=True)
    return Extract(found["sheet"], tuple(found["sheets"]), shape, found["done"])


def _lines(child: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    assert child.stdout is not None
    for line in child.stdout:
        yield json.loads(line)


def _refusal(found: dict[str, Any]) -> UnreadableFile:
    if found.get("errno") == errno.ENOSPC:
        return UnreadableFile(DISK_FULL)
    return UnreadableFile(found["trouble"], **found["values"]) if "trouble" in found else UnreadableFile(STOPPED)


def _source() -> Path:
    """The folder that holds the package: a command may be typed anywhere."""
    return Path(__file__).resolve().parents[2]
