"""What drawing needs to know besides the entries, asked for once for all boxes of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from django.utils.translation import get_language

from jalon.accounts.queries import users
from jalon.criteria.forms.entries import FACT, PROPERTY, Entry
from jalon.criteria.kinds import FilterKind, kinds
from jalon.criteria.operators import OPERATORS, Operator
from jalon.criteria.queries import known
from jalon.records import queries
from jalon.records.columns import Catalog, PropertySpec


class Scene:
    """The words for some entries, in the reader's language."""

    def __init__(self, entries: Sequence[Entry] = ()) -> None:
        self.language = get_language() or "en"
        self.catalogs: Mapping[str, Catalog] = queries.catalogs()
        self._entries = entries
        self._names: dict[str, Mapping[str, str]] = {}

    def spec(self, entry: Entry) -> PropertySpec | None:
        """The property that an entry asks about."""
        catalog = self.catalogs.get(entry.of)
        return catalog.properties.get(entry.name) if catalog and entry.form == PROPERTY else None

    def kind(self, entry: Entry) -> FilterKind | None:
        return kinds().get(entry.name) if entry.form == FACT else None

    def operators(self, entry: Entry) -> Sequence[Operator]:
        """What can be asked of its subject; nothing where that is gone."""
        spec, kind = self.spec(entry), self.kind(entry)
        return OPERATORS[spec.kind] if spec else kind.operators if kind else ()

    def operator(self, entry: Entry) -> str:
        """The name of the operator that was chosen, else of the first one that compares."""
        operators = self.operators(entry)
        first = next((one.name for one in operators if one.takes_blank()), "")
        return entry.operator or first

    def how(self, entry: Entry) -> Operator | None:
        """The operator; None where it does not fit."""
        name = self.operator(entry)
        return next((one for one in self.operators(entry) if one.name == name), None)

    @cached_property
    def users(self) -> Mapping[str, str]:
        return {str(user.id): user.in_pickers for user in sorted(users(), key=lambda user: not user.active)}

    def names(self, kind: FilterKind) -> Mapping[str, str]:
        """What the operands of all entries of one kind are called."""
        if kind.name not in self._names:
            values = {value for entry in self._entries if entry.about == f"{FACT}:{kind.name}" for value in entry.values}
            self._names[kind.name] = kind.find(sorted(values)) if values else {}
        return self._names[kind.name]

    def ways(self, own: str, other: str) -> tuple[tuple[str, str], ...]:
        """The association types between two object types, each as `own` reads it; "name:to" where it matters who stands on which side."""
        links = known().ways(own, other)
        ways = [(link, f"{link.name}:{side}", side) for link in links if link.has_sides for side in ("to", "from")]
        ways += [(link, link.name, "") for link in links if not link.has_sides]
        return tuple((value, link.label(own, self.language, side)) for link, value, side in ways)
