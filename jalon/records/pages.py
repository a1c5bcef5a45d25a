"""What higher folders give to the pages of records: filters, buttons, panels. Tables that config's wiring fills."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from sqlglot import exp

from jalon.accounts.access import Access
from jalon.records.columns import Catalog, FieldType, PropertySpec


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in words, and the criteria that are left when it is taken away. `key` names it in the editor."""

    words: str
    rest: str
    starts_group: bool = False  # "or" stands before it
    key: str = ""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Criteria of an address, read: the predicate for the columns, the words for the reader, what is wrong with them."""

    text: str = ""  # the criteria as they stand in the address
    where: exp.Expression | None = None
    chips: tuple[Chip, ...] = ()  # the first of them
    filters: int = 0  # how many there are in all
    problems: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Narrower:
    """The language of filters: reads `?criteria=` for an object type, names its properties, and has an address for its editor.

    `names` are the properties (object type, name) that criteria on an object type ask about, those of linked records among them;
    `options` the values that they ask these for.
    """

    read: Callable[[str, Catalog, Access], Narrowing]
    names: Callable[[str, str], Collection[tuple[str, str]]]
    options: Callable[[str, str], Collection[tuple[str, str, str]]]
    editor: str  # name of an address that takes the plural


@dataclass(frozen=True, slots=True)
class IndexAction:
    """A line in the menu of an index page: "Import". `label` is a message id; `query` names the object type for the page behind it."""

    label: str
    icon: str
    url_name: str
    permission: str
    order: int = 0

    def url(self, catalog: Catalog) -> str:
        return f"{reverse(self.url_name)}?object={catalog.object_type}"


@dataclass(frozen=True, slots=True)
class BulkAction:
    """A button of the bar under a selection. Its address takes the plural; the selection comes as its parameters (records.selection).

    `exactly` is how many records must be ticked for it: two for a merge; 0 is any number. `for_all` names it beside the filters, where it
    takes all that match without a tick; "" keeps it out of there.
    """

    label: str
    icon: str
    url_name: str
    permission: str
    order: int = 0
    exactly: int = 0
    in_drawer: bool = True  # else it is a page of its own
    for_all: str = ""

    def url(self, catalog: Catalog) -> str:
        return reverse(self.url_name, args=[catalog.plural])


@dataclass(frozen=True, slots=True)
class RecordPanel:
    """A panel of the record page that htmx loads; the address takes the plural and the record's id."""

    url_name: str
    permission: str
    object_types: tuple[str, ...] = ()  # none: all
    order: int = 0


@dataclass(frozen=True, slots=True)
class UsedIn:
    """Where a property is used: "Report", its name, the page that shows it ("" where there is none)."""

    kind: str  # in the reader's language
    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """Finds what one capability uses a property (object type, name) for; asked before the property is archived."""

    find: Callable[[str, str], Sequence[UsedIn]]


@dataclass(frozen=True, slots=True)
class OptionUse:
    """Finds where one capability names an option (object type, property, value); asked before the option goes."""

    find: Callable[[str, str, str], Sequence[UsedIn]]


@dataclass(frozen=True, slots=True)
class OptionKeeper:
    """A capability that keeps the options of one property on a page of its own: the stages of the lifecycle. `label` is a message id."""

    object_type: str
    property: str
    label: str
    url_name: str


@dataclass(frozen=True, slots=True)
class PropertyKeeper:
    """A capability that computes the properties of a field type: scores. Labels are message ids, the others names of addresses.

    `create` takes the plural; `page`, where its values are ruled, also the property's name; `explain`, a drawer that says how
    one came about, the plural, the record's id and the name. `takes` says which plain properties it could compute.
    """

    field_type: FieldType
    label: str
    icon: str
    create_label: str
    take_label: str
    page_label: str
    explain_label: str
    create: str
    page: str
    explain: str
    takes: Callable[[PropertySpec], bool]


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One thing that happened to a record. `template` draws it from `content`; `key` tells it from all others."""

    at: datetime
    key: str
    kind: str
    icon: str
    template: str
    content: Any
    actor: str = ""


# The lines strictly before an instant, newest first: at least as many as asked for, if there are, and all of the last one's instant.
TimelineReader = Callable[[Access, str, int, datetime | None, int], Sequence[TimelineLine]]
# The same for kinds that are read together; their names come first.
FamilyReader = Callable[[Collection[str], Access, str, int, datetime | None, int], Sequence[TimelineLine]]


@dataclass(frozen=True, slots=True)
class TimelineKind:
    """A kind of things that happen to records: notes, changes, later lists, mails, forms. `label` is a message id."""

    name: str
    label: str
    icon: str
    read: TimelineReader
    order: int = 0
    family: FamilyReader | None = None  # reads this kind and others at once: each by itself would ask PostgreSQL the same


_narrowers: list[Narrower] = []
_actions: list[IndexAction] = []
_panels: list[RecordPanel] = []
_bulk_actions: list[BulkAction] = []
_timeline_kinds: list[TimelineKind] = []


def install(
    narrower: Narrower,
    actions: Sequence[IndexAction] = (),
    panels: Sequence[RecordPanel] = (),
    bulk_actions: Sequence[BulkAction] = (),
    timeline: Sequence[TimelineKind] = (),
) -> None:
    """Takes the rows of the wiring, in place of those it had."""
    _narrowers[:] = [narrower]
    _actions[:] = sorted(actions, key=lambda action: action.order)
    _panels[:] = sorted(panels, key=lambda panel: panel.order)
    _bulk_actions[:] = sorted(bulk_actions, key=lambda action: action.order)
    _timeline_kinds[:] = sorted(timeline, key=lambda kind: kind.order)


def narrower() -> Narrower:
    return _narrowers[0]


def index_actions(access: Access) -> list[IndexAction]:
    """The lines of the index page's menu for this person."""
    return [action for action in _actions if access.may(action.permission)]


def bulk_actions(access: Access) -> list[BulkAction]:
    """The buttons under a selection for this person."""
    return [action for action in _bulk_actions if access.may(action.permission)]


def record_panels(access: Access, object_type: str) -> list[RecordPanel]:
    """The panels of a record page for this person."""
    return [panel for panel in _panels if access.may(panel.permission) and (not panel.object_types or object_type in panel.object_types)]


_uses: list[Use] = []


def install_uses(uses: Sequence[Use]) -> None:
    """Takes the rows of the wiring that know where properties are used."""
    _uses[:] = uses


def used_in(object_type: str, name: str) -> list[UsedIn]:
    """Everything that uses a property, whatever capability it belongs to."""
    return [found for use in _uses for found in use.find(object_type, name)]


_option_uses: list[OptionUse] = []


def install_option_uses(uses: Sequence[OptionUse]) -> None:
    """Takes the rows of the wiring that know where options are named."""
    _option_uses[:] = uses


def option_named_in(object_type: str, name: str, value: str) -> list[UsedIn]:
    """Everything that names an option, whatever capability it belongs to."""
    return [found for use in _option_uses for found in use.find(object_type, name, value)]


_keepers: list[PropertyKeeper] = []


def install_keepers(keepers: Sequence[PropertyKeeper]) -> None:
    """Takes the rows of the wiring that compute properties."""
    _keepers[:] = keepers


def keepers() -> list[PropertyKeeper]:
    return list(_keepers)


def keeper_of(spec: PropertySpec) -> PropertyKeeper | None:
    """Who computes a property, beside the formulas of records itself."""
    return next((keeper for keeper in _keepers if keeper.field_type is spec.field_type), None)


_option_keepers: list[OptionKeeper] = []


def install_option_keepers(keepers: Sequence[OptionKeeper]) -> None:
    """Takes the rows of the wiring that keep the options of a property."""
    _option_keepers[:] = keepers


def option_keeper(object_type: str, name: str) -> OptionKeeper | None:
    """Who keeps the options of a property, other than the pipelines of records itself."""
    return next((one for one in _option_keepers if (one.object_type, one.property) == (object_type, name)), None)


def timeline_kinds() -> list[TimelineKind]:
    """What the timeline of a record is made of, in the order of its filters."""
    return list(_timeline_kinds)


def timeline_page(
    access: Access, object_type: str, id: int, *, kinds: Collection[str], before: datetime | None, limit: int
) -> tuple[list[TimelineLine], datetime | None]:
    """The newest lines of these kinds before an instant (none: of all kinds), and the instant before which there are more.

    A page never ends within an instant, so that the instant alone is the place to go on from.
    """
    wanted = [kind for kind in _timeline_kinds if not kinds or kind.name in kinds]
    lines = _read(wanted, access, object_type, id, before, limit)
    lines.sort(key=lambda line: (line.at, line.key), reverse=True)
    if len(lines) < limit:
        return lines, None
    last = lines[limit - 1].at
    shown = [line for line in lines if line.at >= last]
    goes_on = len(shown) < len(lines) or bool(_read(wanted, access, object_type, id, last, 1))
    return shown, last if goes_on else None


def _read(
    kinds: Sequence[TimelineKind], access: Access, object_type: str, id: int, before: datetime | None, limit: int
) -> list[TimelineLine]:
    families: dict[FamilyReader, list[str]] = {}
    lines: list[TimelineLine] = []
    for kind in kinds:
        if kind.family is not None:
            families.setdefault(kind.family, []).append(kind.name)
        else:
            lines += kind.read(access, object_type, id, before, limit)
    for read, names in families.items():
        lines += read(names, access, object_type, id, before, limit)
    return lines
