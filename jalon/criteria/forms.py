"""The criteria editor as a form: what was typed becomes criteria, and criteria become boxes to type in.

Each filter has a key "group.filter"; its parts are named after it ("operator:0.1"), and hidden fields named `filter` list
the keys in the order of the page. So filters come and go in the browser without anything being renumbered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import get_language, gettext

from jalon.accounts.queries import users
from jalon.criteria.operators import OPERATORS, PERIODS, Operands, Operator, operator
from jalon.criteria.tree import Criteria, Filter, Group, Node
from jalon.records.columns import Catalog, PropertySpec
from jalon.warehouse.schema import Kind

PICKED = frozenset({Kind.ENUMERATION, Kind.MULTI, Kind.USER})
DATES = frozenset({Kind.DATE, Kind.DATETIME})


@dataclass(frozen=True, slots=True)
class FilterBox:
    """One filter ready to be edited. `control` names the inputs of its operands."""

    key: str
    name: str  # of its property
    label: str
    operator: str = ""
    operators: tuple[tuple[str, str], ...] = ()
    control: str = ""
    input_type: str = "text"
    numeric: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    values: tuple[str, ...] = ()
    include_blank: bool = False
    has_blank_switch: bool = False
    focus: str = ""  # "operator" or "value": where the cursor goes
    problems: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.key.replace(".", "-")

    @property
    def first(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def second(self) -> str:
        return self.values[1] if len(self.values) > 1 else ""


@dataclass(frozen=True, slots=True)
class GroupBox:
    """A group of filters ready to be edited."""

    key: str
    filters: tuple[FilterBox, ...] = field(default=())


def is_key(key: str) -> bool:
    """Whether a text names a place in the editor: "0.1"."""
    group, dot, place = key.partition(".")
    return bool(dot) and group.isdigit() and place.isdigit()


def keys(posted: QueryDict) -> list[str]:
    """The keys of the filters in the order of the page."""
    return [key for key in dict.fromkeys(posted.getlist("filter")) if is_key(key)]


def parse(posted: QueryDict, catalog: Catalog) -> Criteria:
    """The criteria that the editor sent; groups without a filter are no groups."""
    groups: dict[str, list[Filter]] = {}
    for key in keys(posted):
        groups.setdefault(_group_of(key), []).append(filter_of(posted, key, catalog))
    return Criteria(tuple(Group(tuple(filters)) for filters in groups.values()))


def filter_of(posted: QueryDict, key: str, catalog: Catalog) -> Filter:
    """One filter of the editor. A property that was just picked starts with the first operator that compares."""
    name = posted.get(f"property:{key}", "")
    spec = catalog.properties.get(name)
    chosen = posted.get(f"operator:{key}", "") or (_first_operator(spec) if spec else "")
    how = operator(spec.kind, chosen) if spec else None
    blank = f"blank:{key}" in posted and how is not None and how.takes_blank()
    return Filter(name, chosen, _values(posted.getlist(f"value:{key}"), spec, how), blank)


def boxes(criteria: Criteria, catalog: Catalog, problems: Mapping[str, Sequence[str]] | None = None) -> list[GroupBox]:
    """The editor's content: the groups, or one empty group to begin with."""
    told = problems or {}
    groups = [
        GroupBox(
            str(at), tuple(box(one, f"{at}.{place}", catalog, told.get(f"{at}.{place}", ())) for place, one in enumerate(group.filters))
        )
        for at, group in enumerate(criteria.groups)
    ]
    return groups or [GroupBox("0")]


def box(one: Filter, key: str, catalog: Catalog, problems: Sequence[str] = (), *, focus: str = "") -> FilterBox:
    """One filter ready to be edited; one on a property that is gone only shows its name and what is wrong."""
    spec = catalog.properties.get(one.property)
    if spec is None:
        return FilterBox(key, one.property, one.property, one.operator, problems=tuple(problems))
    how = operator(spec.kind, one.operator) or OPERATORS[spec.kind][0]
    return FilterBox(
        key=key,
        name=spec.name,
        label=spec.label(_language()),
        operator=how.name,
        operators=tuple((each.name, gettext(each.label)) for each in OPERATORS[spec.kind]),
        control=_control(spec.kind, how.operands),
        input_type="date" if spec.kind in DATES else "text",
        numeric=spec.kind is Kind.NUMBER,
        choices=_choices(spec, how, catalog, one.values),
        values=tuple(_written(value, spec) for value in one.values),
        include_blank=one.include_blank,
        has_blank_switch=how.takes_blank(),
        focus=focus,
        problems=tuple(problems),
    )


def is_unfinished(one: Node, catalog: Catalog) -> bool:
    """Whether somebody is still filling the filter in: what is not there yet is not wrong yet."""
    spec = catalog.properties.get(one.property)
    how = operator(spec.kind, one.operator) if spec else None
    return how is not None and len(one.values) < {Operands.NONE: 0, Operands.TWO: 2}.get(how.operands, 1)


def _first_operator(spec: PropertySpec) -> str:
    return next(each.name for each in OPERATORS[spec.kind] if each.takes_blank())


def _control(kind: Kind, operands: Operands) -> str:
    match operands:
        case Operands.NONE:
            return ""
        case Operands.MANY:
            return "choices" if kind in PICKED else "lines"
        case Operands.TWO:
            return "two"
        case Operands.DAYS:
            return "days"
        case Operands.PERIOD | Operands.PROPERTY:
            return "select"
        case _:
            return "select" if kind is Kind.BOOL else "one"


def _choices(spec: PropertySpec, how: Operator, catalog: Catalog, chosen: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """What can be picked; a value that is no longer on offer stays, as it is written, as long as the filter names it."""
    offered = _offered(spec, how, catalog)
    known = {value for value, _label in offered}
    picked = how.operands in (Operands.MANY, Operands.PERIOD, Operands.PROPERTY) and (offered or spec.kind in PICKED)
    return offered + tuple((value, value) for value in chosen if picked and value not in known)


def _offered(spec: PropertySpec, how: Operator, catalog: Catalog) -> tuple[tuple[str, str], ...]:
    language = _language()
    if how.operands in (Operands.NONE, Operands.DAYS):
        return ()
    if how.operands is Operands.PERIOD:
        return tuple((name, gettext(label)) for name, label in PERIODS.items())
    if how.operands is Operands.PROPERTY:
        others = [other for other in catalog.properties.values() if other.kind in how.other_kinds and other.name != spec.name]
        return tuple(sorted(((other.name, other.label(language)) for other in others), key=lambda pair: pair[1].casefold()))
    if spec.kind is Kind.BOOL:
        return (("true", gettext("Yes")), ("false", gettext("No")))
    if spec.kind is Kind.USER:
        return tuple((str(user.id), user.name) for user in users())
    return tuple((option.value, option.label(language)) for option in spec.options)


def _values(raw: Sequence[str], spec: PropertySpec | None, how: Operator | None) -> tuple[str, ...]:
    if spec is None or how is None or how.operands is Operands.NONE:
        return ()
    if how.operands is Operands.MANY and spec.kind not in PICKED:
        raw = [line for text in raw for line in text.splitlines()]
    values = tuple(_plain(text.strip(), spec) for text in raw if text.strip())
    return tuple(dict.fromkeys(values)) if how.operands is Operands.MANY else values


def _plain(text: str, spec: PropertySpec) -> str:
    """A number as it is stored: French people write a decimal comma, everybody sets off thousands by spaces."""
    if spec.kind is not Kind.NUMBER:
        return text
    joined = "".join(text.split())
    return joined.replace(",", "." if _language().startswith("fr") else "")


def _written(value: str, spec: PropertySpec) -> str:
    return value.replace(".", ",") if spec.kind is Kind.NUMBER and _language().startswith("fr") else value


def _language() -> str:
    return get_language() or "en"


def _group_of(key: str) -> str:
    return key.partition(".")[0]
