"""History import: rows of (record key, property, value, instant, source) as dated past values. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from jalon.imports.converting import Column, Convert, Reading, column
from jalon.imports.dates import as_instant, guess_order
from jalon.imports.mapping import words
from jalon.imports.plan import MATCH_ID, record_id
from jalon.imports.reading import Slice
from jalon.imports.trouble import Trouble, shown
from jalon.records.columns import Catalog, Source
from jalon.warehouse.folding import fold
from jalon.warehouse.words import N_


class Role(StrEnum):
    """What a column of a history file holds."""

    KEY = "key"
    PROPERTY = "property"
    VALUE = "value"
    AT = "at"
    SOURCE = "source"
    DETAIL = "source_detail"


LABELS = {
    Role.KEY: N_("Record key"),
    Role.PROPERTY: N_("Property"),
    Role.VALUE: N_("Value"),
    Role.AT: N_("Instant of the change"),
    Role.SOURCE: N_("Source"),
    Role.DETAIL: N_("Detail of the source"),
}
NEEDED = (Role.KEY, Role.PROPERTY, Role.VALUE, Role.AT)
SYNONYMS: Mapping[Role, str] = {
    Role.KEY: "key|record key|record|record id|id|email|e mail|cle|fiche|identifiant|courriel",
    Role.PROPERTY: "property|property name|field|propriete|nom de la propriete|champ",
    Role.VALUE: "value|new value|new|valeur|nouvelle valeur",
    Role.AT: "at|instant|date|timestamp|changed at|change date|time|horodatage|date du changement|quand",
    Role.SOURCE: "source|change source|source type|origine",
    Role.DETAIL: "source detail|source id|source label|detail|detail de la source|auteur",
}


@dataclass(frozen=True, slots=True)
class PastRow:
    """One dated past value, in canonical texts; an empty value says that the property was cleared then."""

    key: str
    property: str
    value: str
    at: datetime
    source: Source
    detail: str


@dataclass(slots=True)
class PreparedPast:
    """A slice of a history file: `indexes` say which row each past value is."""

    indexes: list[int] = field(default_factory=list)
    rows: list[PastRow] = field(default_factory=list)
    refused: dict[int, list[Trouble]] = field(default_factory=dict)


def guess_roles(headings: Sequence[str], samples: Sequence[Sequence[str]]) -> dict[str, str]:
    """Which column has which role, by its heading; the instant also by what the cells hold."""
    roles: dict[str, str] = {}
    for role in Role:
        known = {word.replace(" ", "") for word in SYNONYMS[role].split("|")}
        match = next((heading for heading in headings if words(heading).replace(" ", "") in known and heading not in roles), None)
        if match is None and role is Role.AT:
            dated = (heading for heading, cells in zip(headings, samples, strict=True) if guess_order(cells).is_date)
            match = next((heading for heading in dated if heading not in roles), None)
        if match is not None:
            roles[match] = role
    return roles


class HistoryPlan:
    """The roles of one history file at work."""

    def __init__(
        self,
        headings: Sequence[str],
        roles: Mapping[str, str],
        catalog: Catalog,
        *,
        match: str,
        reading: Reading,
        checks: Mapping[str, Convert],
    ) -> None:
        self.places = {Role(role): index for index, heading in enumerate(headings) if (role := roles.get(heading))}
        self.headings = headings
        self.catalog, self.reading, self.checks = catalog, reading, checks
        self.keys = Column(record_id if match == MATCH_ID else checks.get(match, str))
        self.properties = Column(self._property)
        self.instants = Column(lambda text: as_instant(text, reading.order, reading.zone))
        self.sources = Column(source)
        self.values: dict[str, Column] = {}
        self.known = {
            words(text): spec.name for spec in catalog.properties.values() for text in (spec.label_fr, spec.label_en, spec.name) if text
        }

    def prepare(self, part: Slice) -> PreparedPast:
        """The slice as past values."""
        prepared = PreparedPast(refused={index: [trouble] for index, trouble in part.troubles.items()})
        for index, row in enumerate(part.rows):
            if index not in prepared.refused:
                found = self._row(row)
                if isinstance(found, PastRow):
                    prepared.indexes.append(index)
                    prepared.rows.append(found)
                else:
                    prepared.refused[index] = found
        return prepared

    def _row(self, row: Sequence[str]) -> PastRow | list[Trouble]:
        cells = {role: row[index] for role, index in self.places.items()}
        key = self._filled(Role.KEY, self.keys[cells[Role.KEY]])
        name = self._filled(Role.PROPERTY, self.properties[cells[Role.PROPERTY]])
        at = self._filled(Role.AT, self.instants[cells[Role.AT]])
        where = self.sources[cells.get(Role.SOURCE, "")] or Source.IMPORT.value
        value = "" if isinstance(name, Trouble) else self._column(name)[cells[Role.VALUE]]
        parts = {Role.KEY: key, Role.PROPERTY: name, Role.VALUE: value, Role.AT: at, Role.SOURCE: where}
        troubles = [
            Trouble(one.message, one.values, self.headings[self.places[role]]) for role, one in parts.items() if isinstance(one, Trouble)
        ]
        if troubles:
            return troubles
        return PastRow(
            str(key), str(name), str(value), datetime.fromisoformat(str(at)), Source(str(where)), cells.get(Role.DETAIL, "").strip()
        )

    def _filled(self, role: Role, value: str | Trouble) -> str | Trouble:
        return value or Trouble(N_("The cell is empty. A past value needs its record, its property and its instant."))

    def _column(self, name: str) -> Column:
        if name not in self.values:
            self.values[name] = column(self.catalog.properties[name], self.reading, self.checks[name])
        return self.values[name]

    def _property(self, text: str) -> str | Trouble:
        if text in self.catalog.properties:
            return text
        if name := self.known.get(words(text)):
            return name
        message = N_("There is no property “%(cell)s”. Write the internal name or the label of a property of this object.")
        return Trouble(message, {"cell": shown(text)})


def source(text: str) -> str | Trouble:
    """A word of the list of sources."""
    word = fold(text).replace(" ", "_").replace("-", "_")
    if word in set(Source):
        return word
    message = N_("“%(cell)s” is not a source. The sources are: %(sources)s.")
    return Trouble(message, {"cell": shown(text), "sources": ", ".join(Source)})
