"""What the address of the lifecycle report asks: days, contacts, breakdown. Whatever cannot be read is the usual, and is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from jalon.accounts.queries import account
from jalon.criteria import queries as criteria_queries
from jalon.criteria import validate
from jalon.criteria.problems import CriteriaError
from jalon.criteria.tree import EMPTY, Criteria, Fact, Filter, Node, from_text
from jalon.figures.addresses import narrowed
from jalon.figures.periods import Choice, Preset
from jalon.lists.queries import KIND as LIST
from jalon.records.columns import Catalog, PropertySpec
from jalon.reports.kinds.lifecycle import PRESETS, TOLD_APART, USUAL, Definition

OBJECT_TYPE = "contact"
OWNER, SOURCE = "hubspot_owner_id", "hs_analytics_source"
NOBODY = "none"  # for contacts without an owner


@dataclass(frozen=True, slots=True)
class Asked:
    """The definition as the address says it: `criteria` are typed, owner, source and list are chosen beside them."""

    definition: Definition
    criteria: Criteria = EMPTY
    owner: str = ""
    source: str = ""
    list: str = ""
    report: str = ""  # the saved one whose options are being changed
    problems: tuple[str, ...] = ()

    @property
    def period(self) -> Choice:
        return self.definition.period


def read(said: Mapping[str, str], catalog: Catalog) -> Asked:
    """The address as it is. Days may be typed in either order."""
    criteria, wrong = _criteria(said.get("criteria", ""))
    owner, source, of_list = said.get("owner", ""), said.get("source", ""), said.get("list", "")
    report = said.get("report", "")[:18]
    nodes, gone = _standing(tuple(_chosen(catalog, owner, source, of_list)))
    whole = narrowed(criteria, nodes) if nodes else criteria
    breakdown = said.get("by", "")
    spec = catalog.properties.get(breakdown)
    known = breakdown if spec and offered(spec) else ""
    report = report if report.isdecimal() else ""
    return Asked(Definition(_period(said), whole, known), criteria, owner, source, of_list, report, wrong + gone)


def offered(spec: PropertySpec) -> bool:
    """Whether the report can stand side by side by this property: it gives each contact one value."""
    return spec.kind in TOLD_APART and spec.name not in ("id", "hs_object_id", "email")


def _period(said: Mapping[str, str]) -> Choice:
    """A period of one's own is there as soon as it is wanted: its days are the usual ones, then one that is typed, then both."""
    name = said.get("period", USUAL.preset)
    if name != Preset.CUSTOM:
        return Choice(Preset(name)) if name in PRESETS else USUAL
    typed = [day for day in (_day(said.get("first", "")), _day(said.get("last", ""))) if day]
    if typed:
        return Choice(Preset.CUSTOM, min(typed), max(typed))
    usual = USUAL.resolve(timezone.now().astimezone(account().tz).date())
    return Choice(Preset.CUSTOM, usual.first, usual.last)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _criteria(text: str) -> tuple[Criteria, tuple[str, ...]]:
    try:
        criteria = from_text(text)
    except CriteriaError as error:
        return EMPTY, tuple(validate.sentences(error))
    wrong = criteria_queries.problems(criteria, OBJECT_TYPE)
    return (EMPTY, tuple(wrong)) if wrong else (criteria, ())


def _standing(chosen: tuple[Node, ...]) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    """What was chosen beside the criteria, without a list or a user that is gone since the address was kept; and what is said of these."""
    told = [(node, criteria_queries.problems_of_one(node, OBJECT_TYPE)) for node in chosen]
    return tuple(node for node, wrong in told if not wrong), tuple(sentence for _, wrong in told for sentence in wrong)


def _chosen(catalog: Catalog, owner: str, source: str, of_list: str) -> Iterator[Node]:
    if owner == NOBODY:
        yield Filter(OWNER, "is_unknown")
    elif owner.isdecimal():
        yield Filter(OWNER, "any_of", (owner,))
    spec = catalog.properties.get(SOURCE)
    if source and spec and spec.option(source):
        yield Filter(SOURCE, "any_of", (source,))
    if of_list.isdecimal():
        yield Fact(LIST, "in", (of_list,))
