"""What is wrong with a row, as a message id and its values: told in the reader's language where it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

SHOWN = 60  # characters of a bad cell that a sentence repeats


@dataclass(frozen=True, slots=True)
class Trouble:
    """One reason: an English message id, its values, and the column of the file it is about ("" for the whole row)."""

    message: str
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    column: str = ""


class UnreadableFile(Exception):
    """The file as a whole cannot be taken; `trouble` says why and what would be right."""

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message % values)
        self.trouble = Trouble(message, values)


def shown(cell: str) -> str:
    """A cell as a sentence repeats it: short, on one line."""
    flat = " ".join(cell.split())
    return flat if len(flat) <= SHOWN else f"{flat[:SHOWN]}…"
