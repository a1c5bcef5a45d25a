"""What becomes of the rows of a file: which go in with which values, which are refused, which are told something. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jalon.imports.converting import Column, Convert, Reading, column
from jalon.imports.mapping import RECORD_ID
from jalon.imports.reading import Slice
from jalon.imports.trouble import Trouble
from jalon.records.columns import Catalog, PropertySpec
from jalon.warehouse.words import N_

MATCH_ID = "id"
BOTH, CREATE, UPDATE = "both", "create", "update"
REMEMBERED = 1_000_000  # keys of a file: further apart than this, a key that comes twice is not told, and memory stays flat


@dataclass(frozen=True, slots=True)
class Mapped:
    """One column of the file that goes into a property."""

    index: int
    heading: str
    spec: PropertySpec


@dataclass(slots=True)
class Prepared:
    """A slice ready to be written. `indexes` say which row of the slice each set of values is; what is refused is not among them."""

    indexes: list[int] = field(default_factory=list)
    values: list[dict[str, str | None]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    refused: dict[int, list[Trouble]] = field(default_factory=dict)
    told: dict[int, Trouble] = field(default_factory=dict)


class Plan:
    """The mapping of one import at work. It remembers the keys it has seen, so slices are handed over in the order of the file."""

    def __init__(
        self,
        mapped: Sequence[Mapped],
        *,
        match: str,
        mode: str,
        reading: Reading,
        checks: Mapping[str, Convert],
        clear_blanks: bool = False,
        notices: bool = True,
    ) -> None:
        self.key = next((one for one in mapped if one.spec.name == (RECORD_ID if match == MATCH_ID else match)), None)
        self.match, self.mode, self.clear_blanks, self.notices = match, mode, clear_blanks, notices
        self.mapped = [one for one in mapped if one.spec.name != RECORD_ID]
        self.columns = [column(one.spec, reading, checks[one.spec.name]) for one in self.mapped]
        self.ids = Column(record_id)
        self.seen: dict[str, int] = {}  # the line of each key
        self.repeated: set[str] = set()  # the keys of the last slice that an earlier slice had too

    def prepare(self, part: Slice) -> Prepared:
        """The slice with its cells converted."""
        cells = list(zip(*part.rows, strict=True))
        prepared = Prepared(refused={index: [trouble] for index, trouble in part.troubles.items()})
        converted = [convert(cells[one.index]) for one, convert in zip(self.mapped, self.columns, strict=True)]
        for one, values in zip(self.mapped, converted, strict=True):
            refuse(prepared, values, one.heading)
        keys = self._keys(cells, converted, prepared)
        self._notice(keys, part, prepared)
        rows = zip(*converted, strict=True) if converted else [()] * len(part)
        self._gather(prepared, list(rows), keys)
        return prepared

    def remember(self, part: Slice) -> None:
        """Note the keys of a slice that was written before a restart."""
        if self.key is not None:
            cells = [row[self.key.index] for row in part.rows]
            convert = self.ids if self.match == MATCH_ID else self.columns[self.mapped.index(self.key)]
            self._notice(convert(cells), part, Prepared())

    def _keys(
        self, cells: Sequence[Sequence[str]], converted: Sequence[Sequence[str | Trouble]], prepared: Prepared
    ) -> Sequence[str | Trouble]:
        if self.key is None:
            return [""] * len(cells[0] if cells else ())
        if self.match == MATCH_ID:
            keys = self.ids(cells[self.key.index])
            refuse(prepared, keys, self.key.heading)
        else:
            keys = list(converted[self.mapped.index(self.key)])
        if self.mode == UPDATE:
            for index in (index for index, key in enumerate(keys) if key == ""):
                message = N_("The cell is empty, so the record to update cannot be found. Fill it, or let the import create records too.")
                prepared.refused.setdefault(index, []).append(Trouble(message, column=self.key.heading))
        return keys

    def _notice(self, keys: Sequence[str | Trouble], part: Slice, prepared: Prepared) -> None:
        """Tell rows whose key came before in the file: the later row wins."""
        if not self.notices:
            return
        if len(self.seen) > REMEMBERED:
            self.seen.clear()
        seen, first_line = self.seen, part.lines[0]
        self.repeated = set()
        heading = self.key.heading if self.key else ""
        for index, key in enumerate(keys):
            if not key or isinstance(key, Trouble) or index in part.troubles:
                continue
            if key in seen and seen[key] < first_line:
                self.repeated.add(key)
            if key in seen and self.mode != CREATE:
                message = N_(
                    "“%(key)s” is on line %(line)s too. Both rows are applied in the order of the file, so the values of this row win."
                )
                prepared.told[index] = Trouble(message, {"key": key, "line": seen[key]}, heading)
            seen[key] = part.lines[index]

    def _gather(self, prepared: Prepared, rows: Sequence[Sequence[str | Trouble]], keys: Sequence[str | Trouble]) -> None:
        names = [one.spec.name for one in self.mapped]
        clear = self.clear_blanks
        for index, (row, key) in enumerate(zip(rows, keys, strict=True)):
            if index in prepared.refused:
                prepared.told.pop(index, None)
                continue
            prepared.indexes.append(index)
            prepared.values.append({name: value or None for name, value in zip(names, row, strict=True) if value or clear})  # type: ignore[misc]
            prepared.keys.append(key or None)  # type: ignore[arg-type]


def refuse(prepared: Prepared, values: Sequence[str | Trouble], heading: str) -> None:
    """Refuse the rows whose cell in this column could not be converted."""
    for index, value in enumerate(values):
        if value.__class__ is Trouble:
            prepared.refused.setdefault(index, []).append(Trouble(value.message, value.values, heading))


def record_id(text: str) -> str | Trouble:
    """The id of a record."""
    if text.isascii() and text.isdigit() and len(text) <= 18:
        return str(int(text))
    return Trouble(N_("“%(cell)s” is not a record id. A record id is a whole number, such as 1204."), {"cell": text[:60]})


def mapped_columns(headings: Sequence[str], mapping: Mapping[str, str], catalog: Catalog) -> list[Mapped]:
    """The mapped columns in the order of the file."""
    return [
        Mapped(index, heading, catalog.properties[name])
        for index, heading in enumerate(headings)
        if (name := mapping.get(heading)) and name in catalog.properties
    ]
