"""Criteria while they are edited: what was typed as criteria, and what is wrong with it, filter by filter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.http import QueryDict
from django.utils.translation import get_language, gettext

from jalon.criteria.findings import findings
from jalon.criteria.forms import asking, controls
from jalon.criteria.forms.entries import ASSOCIATED, BRANCH, FACT, Entry, by_parent, key_of, of_criteria, of_posted
from jalon.criteria.forms.scene import Scene
from jalon.criteria.operators import Operands
from jalon.criteria.problems import Place, Problem
from jalon.criteria.queries import Verdict, known
from jalon.criteria.refining import WHEN
from jalon.criteria.tree import Associated, Branch, Count, Criteria, Fact, Filter, Group, How, Node, When
from jalon.records import queries
from jalon.records.columns import Catalog
from jalon.warehouse.words import N_


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in an editor. `keys` names the entry at each place of the criteria; `unread` is what could not become criteria."""

    catalog: Catalog
    criteria: Criteria
    entries: Sequence[Entry]
    keys: Mapping[Place, str]
    unread: Mapping[str, Problem] = field(default_factory=dict)

    def beside(self) -> dict[str, list[str]]:
        """The sentences about each filter, by its key."""
        language = get_language() or "en"
        found = {key: [problem.sentence(gettext, language)] for key, problem in self.unread.items()}
        for problem in self._problems():
            if problem.place is not None and (key := self.keys.get(problem.place)):
                found.setdefault(key, []).append(replace(problem, place=None).sentence(gettext, language))
        return found

    def general(self) -> list[str]:
        """The sentences about no filter in particular: too many of them, a group without one."""
        language = get_language() or "en"
        return [problem.sentence(gettext, language) for problem in self._problems() if problem.place not in self.keys]

    def problems(self) -> list[str]:
        """Every sentence at once, each with the place of its filter."""
        language = get_language() or "en"
        places = {key: place for place, key in self.keys.items()}
        unread = [replace(problem, place=places[key]).sentence(gettext, language) for key, problem in self.unread.items()]
        return [*unread, *(problem.sentence(gettext, language) for problem in self._problems())]

    def marks(self, verdicts: Mapping[Place, Verdict]) -> list[tuple[str, bool | None]]:
        """What a tested record says to the filters, for criteria/_marks.html: every filter, those without a verdict too."""
        return [(key.replace(".", "-"), verdicts[place].holds if place in verdicts else None) for place, key in self.keys.items()]

    def unfinished(self) -> set[str]:
        """The keys of the filters that somebody is still filling in: what is not there yet is not wrong yet."""
        inside = by_parent(self.entries)
        scene = Scene()
        return {entry.key for entry in self.entries if _is_unfinished(entry, scene, holds=bool(inside.get(entry.key)))}

    def _problems(self) -> Sequence[Problem]:
        return findings(self.criteria, self.catalog, known())


def of_stored(criteria: Criteria, catalog: Catalog) -> Draft:
    """Criteria as they were stored, about to be edited."""
    keys = {place: key_of(place) for place, _node in criteria.walk()}
    return Draft(catalog, criteria, of_criteria(criteria, catalog.object_type), keys)


def read(posted: QueryDict, catalog: Catalog) -> Draft:
    """What the editor sent; groups without a filter are no groups."""
    entries = of_posted(posted, catalog.object_type, queries.catalogs())
    reading = _Reading(Scene(entries), by_parent(entries), {}, {})
    heads = [key for key in reading.inside if "." not in key]
    groups = tuple(Group(reading.nodes(head, (at,))) for at, head in enumerate(heads, 1))
    return Draft(catalog, Criteria(groups), entries, reading.keys, reading.unread)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Entries on their way to be nodes."""

    scene: Scene
    inside: Mapping[str, Sequence[Entry]]
    keys: dict[Place, str]
    unread: dict[str, Problem]

    def nodes(self, key: str, place: Place) -> tuple[Node, ...]:
        return tuple(self._node(entry, (*place, at)) for at, entry in enumerate(self.inside.get(key, ()), 1))

    def _node(self, entry: Entry, place: Place) -> Node:
        self.keys[place] = entry.key
        match entry.form:
            case "fact":
                operator, kind = self.scene.operator(entry), self.scene.kind(entry)
                is_negative = kind is not None and operator in kind.negatives  # such a one has no menu for a refinement
                return Fact(entry.name, operator, self._operands(entry), None if is_negative else self._refine(entry))
            case "associated":
                count = self._refine(entry)
                parts = self.nodes(entry.key, place)
                label, _colon, side = entry.label.partition(":")
                return Associated(entry.name, parts, label, count if isinstance(count, Count) else None, side)
            case "branch":
                return Branch(_joined(entry.operator or entry.name), self.nodes(entry.key, place))
        how = self.scene.how(entry)
        blank = entry.blank and (how is None or how.takes_blank())
        return Filter(entry.name, self.scene.operator(entry), self._operands(entry), blank)

    def _operands(self, entry: Entry) -> tuple[str, ...]:
        how = self.scene.how(entry)
        if how is None:
            return entry.values
        if how.operands is Operands.NONE:
            return ()
        return tuple(dict.fromkeys(entry.values)) if how.operands is Operands.MANY else entry.values

    def _refine(self, entry: Entry) -> When | Count | None:
        what, _colon, name = entry.refine.partition(":")
        if what == "when":
            return When(name, entry.times)
        limit = asking.bound(entry.refine)
        if not limit:
            return None
        numbers = [int(text) for text in entry.times if text.isascii() and text.isdigit()]
        if len(numbers) != len(entry.times) or len(numbers) != (2 if limit == "between" else 1):
            self.unread[entry.key] = Problem(N_("Say how many: whole numbers from 0."))
            return None
        return _count(limit, *numbers)


def _joined(how: str) -> How:
    return How(how) if how in set(How) else How.ALL


def _count(limit: str, first: int, second: int | None = None) -> Count:
    match limit:
        case "at_least":
            return Count(first)
        case "at_most":
            return Count(0, first)
        case "exactly":
            return Count(first, first)
    return Count(first, second)


def _is_unfinished(entry: Entry, scene: Scene, *, holds: bool) -> bool:
    if entry.form == BRANCH and not holds:
        return True
    how = scene.how(entry)
    asked = [(how, entry.values)] if how else []
    what, _colon, name = entry.refine.partition(":")
    if what == "when" and name in WHEN:
        asked.append((WHEN[name], entry.times))
    if asking.bound(entry.refine) and entry.form in (ASSOCIATED, FACT) and not entry.times:
        return True
    return any(not controls.is_complete(one.operands, len(values)) for one, values in asked)
