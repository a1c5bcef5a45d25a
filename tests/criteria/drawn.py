"""What Hypothesis draws: worlds of people and companies with a past, and criteria of every operator and every node."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from jalon.criteria.operators import OPERATORS, PERIODS, Operands, Operator
from jalon.criteria.refining import WHEN, moment
from jalon.criteria.tree import Associated, Branch, Count, Criteria, Fact, Filter, Group, How, Node, When, all_of
from jalon.records.columns import Catalog, PropertySpec
from jalon.warehouse.schema import Kind
from tests.criteria.naive import Bond, Change, Others, Person, Visit
from tests.criteria.world import COMPANIES, CONTACTS, IMPORTS, PAGES, instant

# Instants at which something could go wrong: around midnight, a change of the clock, a leap day, a new year.
NOWS = st.sampled_from(
    [
        datetime(2024, 3, 31, 0, 59, 59, 999000, tzinfo=UTC),
        datetime(2024, 10, 27, 1, 0, tzinfo=UTC),
        datetime(2024, 2, 29, 11, 0, tzinfo=UTC),
        datetime(2024, 12, 31, 22, 59, 59, 999000, tzinfo=UTC),
        datetime(2025, 1, 1, 3, 30, tzinfo=UTC),
        datetime(2024, 5, 15, 13, 0, 0, 1000, tzinfo=UTC),
    ]
)
STEPS = st.sampled_from([-400, -92, -31, -8, -7, -3, -2, -1, 0, 0, 1, 2, 3, 7, 8, 31, 92, 400])
SMALL = st.sampled_from([timedelta(0), timedelta(milliseconds=1), timedelta(milliseconds=-1), timedelta(hours=9), timedelta(hours=-14)])
# No letter whose lower case depends on the language or on its neighbors (İ, Σ): see docs/criteria.md.
TEXTS = st.text(alphabet="aAbBéÉ1 -_.%\\'\"(;\n", min_size=1, max_size=4)
NUMBERS = st.sampled_from(["0", "-1", "1", "1.5", "2", "1000000.000001", "-0.5"])
FIRST_COMPANY = 101  # ids of records are one row of numbers for all object types


def instants(now: datetime) -> st.SearchStrategy[str]:
    return st.builds(lambda days, small: instant(now + timedelta(days=days) + small), STEPS, SMALL)


def past_moments(now: datetime) -> st.SearchStrategy[datetime]:
    """Facts have happened: before now, be it by a millisecond."""
    return instants(now).map(datetime.fromisoformat).map(lambda at: min(at, now - timedelta(milliseconds=1)))


def days(now: datetime) -> st.SearchStrategy[str]:
    return STEPS.map(lambda shift: (now.date() + timedelta(days=shift)).isoformat())


def values(spec: PropertySpec, now: datetime) -> st.SearchStrategy[str]:
    """Canonical values of a property."""
    options = [option.value for option in spec.options]
    return {
        Kind.STRING: TEXTS,
        Kind.NUMBER: NUMBERS,
        Kind.BOOL: st.sampled_from(["true", "false"]),
        Kind.ENUMERATION: st.sampled_from(options or [""]),
        Kind.MULTI: st.lists(st.sampled_from(options or [""]), min_size=1, unique=True).map(";".join),
        Kind.USER: st.sampled_from(["1", "2", "33"]),
        Kind.DATE: days(now),
        Kind.DATETIME: instants(now),
    }[spec.kind]


def records(catalog: Catalog, now: datetime, first: int, most: int) -> st.SearchStrategy[list[Person]]:
    """Records of an object type: values, a past, some of it by imports, and pages that were looked at."""
    own = {spec.name: values(spec, now) for spec in catalog.properties.values() if spec.name != "createdate"}
    born = {"createdate": instants(now)} if "createdate" in catalog.properties else {}
    past = st.sampled_from(sorted(own)).flatmap(lambda name: changes(name, own[name], now))
    visits = st.builds(Visit, st.sampled_from(sorted(PAGES)), past_moments(now))
    one = st.tuples(
        st.fixed_dictionaries(born, optional=own), st.lists(past, max_size=4).map(tuple), st.lists(visits, max_size=4).map(tuple)
    )
    drawn = st.lists(one, min_size=1, max_size=most)
    return drawn.map(lambda some: [Person(id, known, past, (), seen) for id, (known, past, seen) in enumerate(some, first)])


def changes(name: str, value: st.SearchStrategy[str], now: datetime) -> st.SearchStrategy[Change]:
    old, new = st.none() | value, st.none() | value
    by_hand = st.builds(Change, st.just(name), old, new, instants(now).map(datetime.fromisoformat))
    detail = st.sampled_from([*IMPORTS, "9"])
    return by_hand | st.builds(Change, st.just(name), old, new, past_moments(now), st.just("import"), detail)


def people(now: datetime) -> st.SearchStrategy[list[Person]]:
    return records(CONTACTS, now, 1, 25)


@dataclass(frozen=True)
class World:
    people: list[Person]
    companies: list[Person]

    def others(self) -> Others:
        known = {"contact": self.people, "company": self.companies}
        by_id = {name: {one.id: one for one in some} for name, some in known.items()}
        return Others({"contact": CONTACTS, "company": COMPANIES}, by_id)


@st.composite
def worlds(draw: st.DrawFn, now: datetime) -> World:
    """People and companies, linked at random: by one association or both, and people among themselves."""
    some, companies = draw(people(now)), draw(records(COMPANIES, now, FIRST_COMPANY, 6))
    person, company = (st.sampled_from([one.id for one in each]) for each in (some, companies))
    employed = draw(st.lists(st.tuples(st.sampled_from(["contact_to_company", "adviser"]), person, company), max_size=40, unique=True))
    pairs = st.tuples(st.sampled_from(["colleague", "manager"]), person, person).filter(lambda pair: pair[1] != pair[2])
    friends = draw(st.lists(pairs, max_size=20, unique=True)) if len(some) > 1 else []
    bonds: dict[int, list[Bond]] = {}
    for name, one, other in employed:
        bonds.setdefault(one, []).append(Bond(name, "company", other))
        bonds.setdefault(other, []).append(Bond(name, "contact", one, inverse=True))
    for name, one, other in friends:
        bonds.setdefault(one, []).append(Bond(name, "contact", other))
        bonds.setdefault(other, []).append(Bond(name, "contact", one, inverse=True))
    return World(*([replace(one, bonds=tuple(bonds.get(one.id, ()))) for one in each] for each in (some, companies)))


# Filters on properties


def operand(spec: PropertySpec, now: datetime) -> st.SearchStrategy[str]:
    """What a person could type for a property: days for instants, another number of zeros."""
    if spec.kind is Kind.DATETIME:
        return days(now)
    if spec.kind is Kind.NUMBER:
        return NUMBERS | st.sampled_from(["1.50", "-0", "02"])
    if spec.kind is Kind.MULTI:
        return st.sampled_from([option.value for option in spec.options])
    return values(spec, now)


def operands(spec: PropertySpec, fitting: Operator, now: datetime, catalog: Catalog = CONTACTS) -> st.SearchStrategy[tuple[str, ...]]:
    one = operand(spec, now)
    others = [other.name for other in catalog.properties.values() if other.kind in fitting.other_kinds]
    match fitting.operands:
        case Operands.NONE:
            return st.just(())
        case Operands.TWO if spec.kind is Kind.NUMBER:
            return st.tuples(one, one).map(lambda pair: (min(pair, key=float), max(pair, key=float)))
        case Operands.TWO:
            return st.tuples(one, one).map(lambda pair: (min(pair), max(pair)))
        case Operands.MANY:
            return st.lists(one, min_size=1, max_size=3).map(tuple)
        case Operands.DAYS:
            return st.tuples(st.sampled_from(["0", "1", "2", "3", "7", "31", "400"]))
        case Operands.OFFSETS:
            two = st.tuples(st.integers(-40, 40), st.integers(-40, 40))
            return two.map(lambda pair: (str(min(pair)), str(max(pair))))
        case Operands.PERIOD:
            return st.tuples(st.sampled_from(sorted(PERIODS)))
        case Operands.PROPERTY:
            return st.tuples(st.sampled_from(others))
    return st.tuples(one)


def every(catalog: Catalog) -> list[tuple[PropertySpec, Operator]]:
    """Every property of an object type with every operator that fits it."""
    return [(spec, fitting) for spec in catalog.properties.values() for fitting in OPERATORS[spec.kind]]


def filters(now: datetime, catalog: Catalog = CONTACTS) -> st.SearchStrategy[Filter]:
    return st.sampled_from(every(catalog)).flatmap(lambda pair: one_filter(*pair, now, catalog))


def one_filter(spec: PropertySpec, fitting: Operator, now: datetime, catalog: Catalog = CONTACTS) -> st.SearchStrategy[Filter]:
    return st.builds(Filter, st.just(spec.name), st.just(fitting.name), operands(spec, fitting, now, catalog), st.booleans())


def every_operator_once(now: datetime) -> st.SearchStrategy[list[Criteria]]:
    """One filter of every operator of every property: no world goes by without each of them."""
    return st.tuples(*(one_filter(spec, fitting, now) for spec, fitting in every(CONTACTS))).map(lambda all: [all_of(one) for one in all])


def trees(now: datetime) -> st.SearchStrategy[list[Criteria]]:
    """Groups of filters on properties."""
    return _groups(filters(now))


def _groups(node: st.SearchStrategy[Node]) -> st.SearchStrategy[list[Criteria]]:
    group = st.lists(node, min_size=1, max_size=3).map(lambda asked: Group(tuple(asked)))
    return st.lists(st.lists(group, min_size=1, max_size=3).map(lambda groups: Criteria(tuple(groups))), max_size=5)


# All the other nodes

COUNTS = st.builds(
    lambda least, more: Count(least, None if more is None else least + more), st.integers(0, 3), st.none() | st.integers(0, 2)
)


def whens(now: datetime) -> st.SearchStrategy[When]:
    return st.sampled_from(sorted(WHEN)).flatmap(lambda name: one_when(name, now))


def one_when(name: str, now: datetime) -> st.SearchStrategy[When]:
    return st.builds(When, st.just(name), operands(moment("at"), WHEN[name], now))


def facts(now: datetime) -> st.SearchStrategy[Fact]:
    """Every kind, asked for and denied, and as it is or narrowed."""
    pages, imports = (st.lists(st.sampled_from(sorted(some)), min_size=1, max_size=2).map(tuple) for some in (PAGES, IMPORTS))
    return st.one_of(
        st.builds(Fact, st.just("visit"), st.just("saw"), pages, st.none() | whens(now) | COUNTS),
        st.builds(Fact, st.just("visit"), st.just("saw_not"), pages),
        st.builds(Fact, st.just("import"), st.just("from"), imports, st.none() | whens(now)),
        st.builds(Fact, st.just("import"), st.just("not_from"), imports),
    )


def in_brackets(inside: st.SearchStrategy[Node]) -> st.SearchStrategy[Branch]:
    return st.builds(Branch, st.sampled_from(How), st.lists(inside, min_size=1, max_size=3).map(tuple))


def of_one_record(catalog: Catalog, now: datetime) -> st.SearchStrategy[Node]:
    """A filter that asks nothing of linked records, in brackets perhaps."""
    alone = filters(now, catalog) | facts(now)
    return alone | in_brackets(alone | in_brackets(alone))


def on_linked(catalog: Catalog, labels: Sequence[str], now: datetime) -> st.SearchStrategy[Associated]:
    parts = st.lists(of_one_record(catalog, now), max_size=3).map(tuple)
    sides = st.sampled_from(["", "from", "to"] if catalog is CONTACTS else [""])
    return st.builds(Associated, st.just(catalog.object_type), parts, st.sampled_from(["", *labels]), st.none() | COUNTS, sides)


def nodes(now: datetime) -> st.SearchStrategy[Node]:
    linked = on_linked(COMPANIES, ["contact_to_company", "adviser"], now) | on_linked(CONTACTS, ["colleague", "manager"], now)
    own = of_one_record(CONTACTS, now) | linked
    return own | in_brackets(own)


def nested_trees(now: datetime) -> st.SearchStrategy[list[Criteria]]:
    """Groups of all that there is."""
    return _groups(nodes(now))


def every_node_once(now: datetime) -> st.SearchStrategy[list[Criteria]]:
    """Brackets of each kind, a fact with each moment and a count, linked records with each of their parts' operators."""
    pages = ("home", "prices")
    brackets = [st.builds(Branch, st.just(how), st.tuples(filters(now), filters(now))) for how in How]
    moments = [one_when(name, now).map(lambda when: Fact("visit", "saw", pages, when)) for name in sorted(WHEN)]
    counted = COUNTS.map(lambda count: Fact("visit", "saw", pages, count))
    linked = [
        one_filter(spec, fitting, now, COMPANIES).map(lambda one: Associated("company", (one,))) for spec, fitting in every(COMPANIES)
    ]
    all = st.tuples(*brackets, *moments, counted, *linked)
    return all.map(lambda drawn: [all_of(one) for one in drawn])
