"""What an export is made of: columns with headings, rows that come in batches, and the number of rows announced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias

from jalon.warehouse.schema import Kind
from jalon.warehouse.words import N_

XLSX_ROWS = 64_000  # the most rows of a report in Excel (spec 3.2): one more gives a CSV file
SHEET_ROWS = 1_048_575  # below its heading a sheet takes no more

Rows = Sequence[Sequence[Any]]
Batch: TypeAlias = Rows | Any  # rows of Python's values, or a pyarrow.RecordBatch as the engine gave it


class Format(StrEnum):
    """A kind of file."""

    CSV = "csv"
    XLSX = "xlsx"

    @property
    def content_type(self) -> str:
        return "text/csv; charset=utf-8" if self is Format.CSV else "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of an export. With `labels`, a value is shown as its label: an option, a user's name, yes or no."""

    name: str
    text: str
    kind: Kind = Kind.STRING
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Sheet:
    """An export before it is a file. `batches` can be walked once; `total` is how many rows it must give."""

    name: str
    headings: tuple[Heading, ...]
    batches: Iterable[Batch]
    total: int
    zone: tzinfo = UTC

    def counted(self) -> Iterator[Batch]:
        """The batches; a count other than the one announced ends in an error, never in a short file that looks whole."""
        seen = 0
        for batch in self.batches:
            seen += len(batch)
            yield batch
        if seen != self.total:
            raise WrongCount(seen, self.total)


class ExportError(Exception):
    """An export that must not be taken for a whole one; `message` is an English message id, to be shown with `values`."""

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message % values)
        self.message, self.values = message, values


class WrongCount(ExportError):
    """The rows that came are not the rows that were announced."""

    def __init__(self, seen: int, total: int) -> None:
        message = N_("The export gave %(seen)s rows where %(total)s were announced, so the file is not complete. Please export again.")
        super().__init__(message, seen=seen, total=total)


def choose_format(total: int, wanted: str = "", *, most: int = XLSX_ROWS) -> Format:
    """The format for so many rows: Excel up to 64,000 unless CSV is wanted, CSV for more; Excel asked for by name goes up to `most`."""
    limit = most if wanted == Format.XLSX else XLSX_ROWS
    return Format.CSV if wanted == Format.CSV or total > limit else Format.XLSX
