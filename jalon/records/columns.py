"""Records as the columns see them: types of properties, the catalog of an object type, the tables beside it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from jalon.warehouse.schema import Column, Kind, Table


class Type(StrEnum):
    """The data type of a property (spec 1.3)."""

    STRING = "string"
    NUMBER = "number"
    BOOL = "bool"
    ENUMERATION = "enumeration"
    DATE = "date"
    DATETIME = "datetime"
    USER = "user"


class FieldType(StrEnum):
    """How a property is typed in."""

    TEXT = "text"
    TEXTAREA = "textarea"
    PHONE = "phonenumber"
    HTML = "html"
    FILE = "file"
    NUMBER = "number"
    BOOL = "booleancheckbox"
    SELECT = "select"
    RADIO = "radio"
    CHECKBOX = "checkbox"  # several values
    DATE = "date"
    CALCULATION = "calculation_equation"
    SCORE = "calculation_score"


class Source(StrEnum):
    """Where a change came from. The first seven write lifecycle movements, the others do not (spec 4.4)."""

    USER = "user"
    FORM = "form"
    CONVERSATION = "conversation"
    BOT = "bot"
    WORKFLOW = "workflow"
    INTEGRATION = "integration"
    API = "api"
    BULK_EDIT = "bulk_edit"
    IMPORT = "import"
    UNDO = "undo"
    MERGE = "merge"
    CALCULATED = "calculated"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Origin:
    """The source of a write and what it was there: ("import", "12")."""

    source: Source
    detail: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in the change log, ordered as it is read: (epoch, transaction id, change id)."""

    epoch: int
    xid: int
    id: int


CURRENCY: Final = "deal_currency_code"  # what says in which currency the amounts of a record are


@dataclass(frozen=True, slots=True)
class Option:
    """One value of an enumeration: `value` is stored, the labels are shown."""

    value: str
    label_en: str
    label_fr: str
    description: str = ""
    order: int = -1
    hidden: bool = False
    color: str = ""  # the name of one of the palette's colors; none: by its place
    emoji: str = ""
    state: str = ""  # "won" or "lost", where it is an end of that kind

    def label(self, language: str) -> str:
        return (self.label_fr if language.startswith("fr") else self.label_en) or self.label_en or self.value


@dataclass(frozen=True, slots=True)
class PropertySpec:
    """A property as everything above the tables reads it: index pages, criteria, reports, imports."""

    name: str
    type: Type
    field_type: FieldType
    label_en: str
    label_fr: str
    group: str = ""
    description: str = ""
    options: tuple[Option, ...] = ()
    hint: str = ""  # currency, percentage, duration, multi_line, email, ... (spec 1.2)
    unique: bool = False
    hidden: bool = False
    read_only_value: bool = False
    order: int = 0
    removed: frozenset[str] = frozenset()  # options taken away, which records may still hold: filters may name them
    formula: str = ""  # of a calculated property: records.calculated computes it, nobody else writes it

    @property
    def kind(self) -> Kind:
        if self.type is Type.ENUMERATION and self.field_type is FieldType.CHECKBOX:
            return Kind.MULTI
        return Kind(self.type.value)

    @property
    def is_calculated(self) -> bool:
        return self.field_type is FieldType.CALCULATION

    @property
    def is_computed(self) -> bool:
        """Whether Jalon makes its values from other values: a calculated property or a score. Nobody else writes them."""
        return self.field_type in (FieldType.CALCULATION, FieldType.SCORE)

    def label(self, language: str) -> str:
        return (self.label_fr if language.startswith("fr") else self.label_en) or self.label_en or self.name

    def option(self, value: str) -> Option | None:
        return next((option for option in self.options if option.value == value), None)


@dataclass(frozen=True, slots=True)
class Catalog:
    """An object type with its live (not archived) properties by name."""

    object_type: str  # contact
    plural: str  # contacts; also the name of its column table
    label_en: str
    label_fr: str
    plural_en: str
    plural_fr: str
    primary: tuple[str, ...]  # the properties that name a record: firstname, lastname
    first: tuple[str, ...] = ()  # those that tables and forms show first; none: chosen by their order
    icon: str = "cube"
    is_activity: bool = False  # hangs on other records: a note, a task, a call, a meeting
    properties: Mapping[str, PropertySpec] = field(default_factory=lambda: MappingProxyType({}))

    def label(self, language: str) -> str:
        return self.label_fr if language.startswith("fr") else self.label_en

    def plural_label(self, language: str) -> str:
        return self.plural_fr if language.startswith("fr") else self.plural_en

    def table(self) -> Table:
        """The column table: the id, a column per property, and the folded text that search reads."""
        own = tuple(Column(spec.name, spec.kind) for spec in self.properties.values())
        return Table(self.plural, (Column("id", Kind.ID), *own, Column("search_text", Kind.STRING)))


HISTORY = Table(
    "property_history",
    (
        Column("change_id", Kind.ID),
        Column("object_type", Kind.STRING),
        Column("record_id", Kind.ID),
        Column("property", Kind.STRING),
        Column("old", Kind.STRING),
        Column("new", Kind.STRING),
        Column("at", Kind.DATETIME),
        Column("source", Kind.STRING),
        Column("source_detail", Kind.STRING),
        Column("actor_id", Kind.USER),
    ),
    key=("record_id",),
)

ASSOCIATIONS = Table(
    "associations",
    (
        Column("from_type", Kind.STRING),
        Column("from_id", Kind.ID),
        Column("to_type", Kind.STRING),
        Column("to_id", Kind.ID),
        Column("type_id", Kind.ID),
        Column("is_primary", Kind.BOOL),
        Column("inverse", Kind.BOOL),  # seen from its to-side
    ),
    key=("from_id",),
)
