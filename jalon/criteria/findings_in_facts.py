"""What is wrong with a filter on something that happened, and with what it is narrowed by."""

from __future__ import annotations

from collections.abc import Iterator

from jalon.criteria.findings_in_operands import COUNTS, in_operands, right_count
from jalon.criteria.kinds import FilterKind, Refining, kinds
from jalon.criteria.operators import Operator
from jalon.criteria.problems import Part, Problem, Word
from jalon.criteria.refining import WHEN, moment
from jalon.criteria.tree import Count, Criteria, Fact, When
from jalon.records.columns import Catalog
from jalon.warehouse.words import N_


def in_fact(fact: Fact, catalog: Catalog) -> Iterator[Problem]:
    """Everything wrong with one filter; what its kind finds (a list that is gone) comes last."""
    kind = kinds().get(fact.kind)
    if kind is None:
        yield Problem(N_("There are no filters of the kind “%(name)s”. Take this one away."), {"name": fact.kind})
        return
    if not kind.fits(catalog.object_type):
        yield Problem(N_("“%(kind)s” cannot be asked of “%(objects)s”."), {"kind": Word(kind.label), "objects": catalog})
        return
    fitting = kind.operator(fact.operator)
    if fitting is None:
        yield _unfit(fact, kind)
        return
    if not right_count(fitting.operands, len(fact.values)):
        yield Problem(COUNTS[fitting.operands], {"property": Word(kind.label), "operator": Word(fitting.label)})
        return
    yield from _in_refinement(fact, kind, fitting, catalog)
    yield from kind.check(fact, catalog)


def unfollowed(criteria: Criteria) -> Iterator[Problem]:
    """The filters whose answers change without a line in the log: nothing that is kept up from change to change can ask them."""
    asked = {node.kind for _, node in criteria.walk() if isinstance(node, Fact)}
    for name, kind in kinds().items():
        if name in asked and not kind.live:
            message = N_("The filter “%(kind)s” is answered once and does not follow changes. Make a static list of it instead.")
            yield Problem(message, {"kind": Word(kind.label)})


def in_count(count: Count) -> Iterator[Problem]:
    """A number of times that nothing can reach."""
    if count.most is not None and count.most < count.least:
        numbers = {"least": str(count.least), "most": str(count.most)}
        yield Problem(N_("“At least %(least)s and at most %(most)s” is met by nothing: put the lower number first."), numbers)


def _unfit(fact: Fact, kind: FilterKind) -> Problem:
    message = N_("“%(operator)s” cannot be asked of “%(kind)s”. What can be asked: %(possible)s.")
    possible = tuple(Word(one.label) for one in kind.operators)
    return Problem(message, {"operator": fact.operator, "kind": Word(kind.label), "possible": possible})


def _in_refinement(fact: Fact, kind: FilterKind, fitting: Operator, catalog: Catalog) -> Iterator[Problem]:
    if fact.refine is None:
        return
    how = Refining.WHEN if isinstance(fact.refine, When) else Refining.COUNT
    about: dict[str, Part | tuple[Part, ...]] = {"kind": Word(kind.label), "operator": Word(fitting.label)}
    if how not in kind.refines:
        yield Problem(_NOT_REFINED[how], about)
    elif fact.operator in kind.negatives:
        yield Problem(N_("“%(operator)s” cannot be narrowed further: put its opposite into brackets of which nothing may hold."), about)
    elif isinstance(fact.refine, Count):
        yield from in_count(fact.refine)
    else:
        yield from _in_when(fact.refine, catalog)


_NOT_REFINED = {
    Refining.WHEN: N_("“%(kind)s” cannot be narrowed by when it happened."),
    Refining.COUNT: N_("“%(kind)s” cannot be narrowed by how often it happened."),
}


def _in_when(when: When, catalog: Catalog) -> Iterator[Problem]:
    fitting = WHEN.get(when.operator)
    if fitting is None:
        message = N_("“%(operator)s” does not say when something happened. What says it: %(possible)s.")
        yield Problem(message, {"operator": when.operator, "possible": tuple(Word(one.label) for one in WHEN.values())})
        return
    yield from in_operands(when.values, moment("at"), fitting, catalog)
