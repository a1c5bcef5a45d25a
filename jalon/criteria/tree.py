"""Criteria as a value: an OR of groups, each an AND of filters; and its one form as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jalon.criteria.problems import CriteriaError, Problem
from jalon.warehouse.words import N_

VERSION = 1
MOST_FILTERS = 250

#: Other words for the same operators, understood when read and never written.
_SYNONYMS = {"is_blank": "is_unknown", "is_not_blank": "is_known"}


@dataclass(frozen=True, slots=True)
class Filter:
    """One question about one property. `include_blank` also takes the records that have no value."""

    property: str
    operator: str
    values: tuple[str, ...] = ()
    include_blank: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Filters that must all hold."""

    filters: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Criteria:
    """Groups of which one must hold. No group at all asks nothing: every record meets it."""

    groups: tuple[Group, ...] = field(default=())

    def filters(self) -> tuple[Filter, ...]:
        return tuple(one for group in self.groups for one in group.filters)

    def properties(self) -> frozenset[str]:
        """The names of the properties that the filters ask about (not those they compare with)."""
        return frozenset(one.property for one in self.filters())


EMPTY = Criteria()


def all_of(*filters: Filter) -> Criteria:
    """Criteria of a single group."""
    return Criteria((Group(filters),))


def to_json(criteria: Criteria) -> dict[str, Any]:
    """The stored form; `from_json` gives the same value back."""
    groups = [{"filters": [_filter_json(one) for one in group.filters]} for group in criteria.groups]
    return {"version": VERSION, "groups": groups}


def to_text(criteria: Criteria) -> str:
    """The compact text that travels in addresses; nothing for criteria that ask nothing."""
    return json.dumps(to_json(criteria), ensure_ascii=False, separators=(",", ":")) if criteria.groups else ""


def from_text(text: str) -> Criteria:
    """Read `to_text`'s form. Raises CriteriaError."""
    if not text.strip():
        return EMPTY
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CriteriaError((Problem(N_("The criteria are not valid JSON.")),)) from error
    return from_json(parsed)


def from_json(parsed: Any) -> Criteria:
    """Read the stored form. Raises CriteriaError with everything that is wrong with its shape, not only the first."""
    if not isinstance(parsed, Mapping) or not isinstance(parsed.get("groups"), list):
        raise CriteriaError((Problem(N_("Criteria are an object with a list of “groups”.")),))
    if parsed.get("version", VERSION) != VERSION:
        raise CriteriaError((Problem(N_("These criteria were written by another version of Jalon.")),))
    problems: list[Problem] = []
    groups = tuple(_group(group, place, problems) for place, group in enumerate(parsed["groups"], 1))
    if problems:
        raise CriteriaError(tuple(problems))
    return Criteria(groups)


def _filter_json(one: Filter) -> dict[str, Any]:
    written: dict[str, Any] = {"property": one.property, "operator": one.operator}
    if one.values:
        written["values"] = list(one.values)
    if one.include_blank:
        written["include_blank"] = True
    return written


def _group(parsed: Any, group: int, problems: list[Problem]) -> Group:
    if not isinstance(parsed, Mapping) or not isinstance(parsed.get("filters"), list):
        problems.append(Problem(N_("Group %(group)s has no list of “filters”."), {"group": str(group)}))
        return Group(())
    return Group(tuple(_filter(one, group, place, problems) for place, one in enumerate(parsed["filters"], 1)))


def _filter(parsed: Any, group: int, place: int, problems: list[Problem]) -> Filter:
    if not isinstance(parsed, Mapping):
        problems.append(Problem(N_("A filter is an object with a “property” and an “operator”."), place=(group, place)))
        return Filter("", "")
    problems += [Problem(message, place=(group, place)) for name, message in _WRONG_PART.items() if not _fits(name, parsed)]
    if unknown := sorted(str(name) for name in parsed if name not in _WRONG_PART):
        problems.append(Problem(N_("“%(names)s” means nothing here."), {"names": ", ".join(unknown)}, (group, place)))
    operator = str(parsed.get("operator"))
    values = parsed.get("values", [])
    return Filter(
        property=str(parsed.get("property")),
        operator=_SYNONYMS.get(operator, operator),
        values=tuple(str(value) for value in values) if isinstance(values, list) else (),
        include_blank=parsed.get("include_blank", False) is True,
    )


_WRONG_PART = {
    "property": N_("“property” must be the name of a property."),
    "operator": N_("“operator” must be the name of an operator."),
    "values": N_("“values” must be a list of texts."),
    "include_blank": N_("“include_blank” must be true or false."),
}


def _fits(name: str, parsed: Mapping[str, Any]) -> bool:
    match name:
        case "values":
            values = parsed.get(name, [])
            return isinstance(values, list) and all(isinstance(value, str) for value in values)
        case "include_blank":
            return isinstance(parsed.get(name, False), bool)
        case _:
            return isinstance(parsed.get(name), str)
