"""Criteria that are opened in the editor and sent back untouched are the same criteria, whatever they are, in both languages."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalon.criteria import tree
from jalon.criteria.forms import drafts
from jalon.criteria.kinds import kinds
from jalon.criteria.operators import OPERATORS, PERIODS, Operands, Operator
from jalon.criteria.queries import known
from jalon.criteria.refining import WHEN
from jalon.criteria.tree import DEEPEST, Associated, Branch, Count, Criteria, Fact, Filter, Group, How, Node, When
from jalon.records import queries
from jalon.records.columns import Catalog, PropertySpec
from jalon.warehouse.schema import Kind
from tests.criteria.fields import sent
from tests.people import People

#: What can be typed into one line, whatever the script; a page sends no other signs back as they were.
LINES = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=12).map(str.strip).filter(bool)
NUMBERS = st.decimals(-(10**9), 10**9, places=2).map(lambda number: f"{number.normalize():f}")
WHOLES = st.integers(0, 36_500).map(str)
OFFSETS = st.tuples(st.integers(-36_500, 36_500).map(str), st.integers(-36_500, 36_500).map(str))
DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(date.isoformat)


def values(how: Operator, spec: PropertySpec, catalog: Catalog) -> st.SearchStrategy[tuple[str, ...]]:
    """Operands of the right number; users and options that are gone among them."""
    match how.operands:
        case Operands.NONE:
            return st.just(())
        case Operands.DAYS:
            return st.tuples(WHOLES)
        case Operands.OFFSETS:
            return OFFSETS
        case Operands.PERIOD:
            return st.tuples(st.sampled_from(list(PERIODS)))
        case Operands.PROPERTY:
            return st.tuples(st.sampled_from([*catalog.properties, "gone"]))
    one = _value(spec)
    if how.operands is Operands.MANY:
        return st.lists(one, min_size=1, max_size=3, unique=True).map(tuple)
    return st.tuples(one, one) if how.operands is Operands.TWO else st.tuples(one)


def _value(spec: PropertySpec) -> st.SearchStrategy[str]:
    match spec.kind:
        case Kind.NUMBER:
            return NUMBERS
        case Kind.DATE | Kind.DATETIME:
            return DAYS
        case Kind.BOOL:
            return st.sampled_from(["true", "false"])
        case Kind.USER:
            return WHOLES
        case Kind.ENUMERATION | Kind.MULTI:
            return st.sampled_from([*(option.value for option in spec.options), "gone"])
    return LINES


@st.composite
def filters(draw: st.DrawFn, catalog: Catalog) -> Filter:
    spec = draw(st.sampled_from(list(catalog.properties.values())))
    how = draw(st.sampled_from(OPERATORS[spec.kind]))
    blank = how.takes_blank() and draw(st.booleans())
    return Filter(spec.name, how.name, draw(values(how, spec, catalog)), blank)


@st.composite
def counts(draw: st.DrawFn) -> Count:
    least = draw(st.integers(0, 5))
    return Count(least, draw(st.none() | st.integers(least, 9)))


@st.composite
def moments(draw: st.DrawFn) -> When:
    how = draw(st.sampled_from(list(WHEN.values())))
    operands = {
        Operands.DAYS: st.tuples(WHOLES),
        Operands.OFFSETS: OFFSETS,
        Operands.PERIOD: st.tuples(st.sampled_from(list(PERIODS))),
        Operands.TWO: st.tuples(DAYS, DAYS),
    }
    return When(how.name, draw(operands.get(how.operands, st.tuples(DAYS))))


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    kind = draw(st.sampled_from(list(kinds().values())))
    how = draw(st.sampled_from(kind.operators))
    chosen = draw(st.lists(WHOLES, min_size=1, max_size=3, unique=True).map(tuple)) if how.operands is not Operands.NONE else ()
    is_refined = kind.refines and how.name not in kind.negatives
    return Fact(kind.name, how.name, chosen, draw(st.none() | moments()) if is_refined else None)


@st.composite
def nodes(draw: st.DrawFn, catalog: Catalog, *, linked: bool = False, depth: int = 2) -> Node:
    """A filter of any form; nested as deep as criteria may be."""
    forms = ["filter", "filter", "fact", *([] if depth == DEEPEST else ["branch", *([] if linked else ["associated"])])]
    match draw(st.sampled_from(forms)):
        case "filter":
            return draw(filters(catalog))
        case "fact":
            return draw(facts())
        case "branch":
            return Branch(draw(st.sampled_from(How)), draw(several(catalog, linked=linked, depth=depth + 1)))
    links = [link for link in known().links if catalog.object_type in (link.from_type, link.to_type)]
    link = draw(st.sampled_from(links))
    other = link.to_type if link.from_type == catalog.object_type else link.from_type
    parts = draw(several(queries.catalog(other), linked=True, depth=depth + 1))
    side = draw(st.sampled_from(["", "from", "to"])) if link.has_sides else ""
    label = link.name if side else draw(st.sampled_from(["", link.name]))
    return Associated(other, parts, label, draw(st.none() | counts()), side)


def several(catalog: Catalog, *, linked: bool = False, depth: int = 2, least: int = 0) -> st.SearchStrategy[tuple[Node, ...]]:
    return st.lists(nodes(catalog, linked=linked, depth=depth), min_size=least, max_size=3).map(tuple)


@st.composite
def criteria(draw: st.DrawFn) -> Criteria:
    groups = draw(st.lists(several(queries.catalog("contact"), least=1).map(Group), max_size=3))
    return Criteria(tuple(groups))


UNFITTING = tree.all_of(
    Filter("city", "greater", ("1", "2"), include_blank=True),
    Fact("import", "danced", ("1",), When("never", ("x",))),
    Associated("unicorn", (Filter("horn", "long", ("3",)),), "rides", Count(2, 4)),
)


@pytest.mark.parametrize("language", ["en", "fr"])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_opening_and_sending_changes_nothing(people: People, language: str, data: st.DataObject) -> None:
    opened = data.draw(criteria())
    with override(language):
        assert drafts.read(sent(opened), queries.catalog("contact")).criteria == opened


def test_what_does_not_fit_any_more_is_sent_back_as_it_was(people: People) -> None:
    assert drafts.read(sent(UNFITTING), queries.catalog("contact")).criteria == UNFITTING
