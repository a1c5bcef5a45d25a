"""The kind of filters that ask who stands in a stage, and since when: "in “Hot Lead” for more than 30 days".

It reads what the contact has: its stage, and when it entered and left that stage last. These are properties, so a live list
follows them as it follows any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.translation import get_language, gettext, ngettext
from sqlglot import exp

from jalon.accounts.access import Access
from jalon.criteria.kinds import Choice, FilterKind, Refining
from jalon.criteria.operators import Operands, Operator
from jalon.criteria.problems import Problem
from jalon.criteria.question import Setting
from jalon.criteria.refining import happened
from jalon.criteria.tree import Criteria, Fact, When, all_of
from jalon.lifecycle import queries
from jalon.lifecycle.columns import CONTACT, PROPERTY
from jalon.lifecycle.dates.queries import ENTERED, EXITED
from jalon.records.columns import Catalog
from jalon.warehouse import query
from jalon.warehouse.words import N_

NAME: Final = "stage"
STANDS: Final = "stands"
LONGER: Final = "more_than_days_ago"


def longer_than(stage: str, days: int) -> Criteria:
    """In this stage for more than so many days."""
    return all_of(Fact(NAME, STANDS, (stage,), When(LONGER, (str(days),))))


def standing_in(stage: str) -> Criteria:
    """In this stage, for however long."""
    return all_of(Fact(NAME, STANDS, (stage,)))


def _compile(fact: Fact, setting: Setting) -> exp.Expression:
    return query.disjunction(_stands(stage, fact, setting) for stage in fact.values)


def _stands(stage: str, fact: Fact, setting: Setting) -> exp.Expression:
    own = query.column(PROPERTY, setting.of)
    parts = [query.is_known(own), exp.EQ(this=own.copy(), expression=query.text(stage))]
    if isinstance(fact.refine, When):
        parts.append(_since(stage, fact.refine, setting))
    return query.conjunction(parts)


def _since(stage: str, when: When, setting: Setting) -> exp.Expression:
    """The last entry is then. One before the last exit is that of an earlier stay: the new one is not written down yet."""
    entered, exited = ENTERED.format(stage), EXITED.format(stage)
    if not {entered, exited} <= setting.catalog.properties.keys():
        return query.truth(False)
    began, left = query.column(entered, setting.of), query.column(exited, setting.of)
    present = query.disjunction((query.is_null(left), exp.GTE(this=began.copy(), expression=left.copy())))
    return query.conjunction((query.is_known(began), present, happened(when, entered, setting.of or "", setting)))


def _choices(access: Access, object_type: str) -> Sequence[Choice]:
    language = get_language() or "en"
    return [Choice(stage.name, stage.label(language)) for stage in queries.stages()]


def _find(values: Sequence[str]) -> Mapping[str, str]:
    language = get_language() or "en"
    return {stage.name: stage.label(language) for stage in queries.stages() if stage.name in values}


def _check(fact: Fact, catalog: Catalog) -> Sequence[Problem]:
    known = _find(fact.values)
    message = N_("There is no stage “%(name)s” any more. Choose another one, or take this filter away.")
    return [Problem(message, {"name": value}) for value in fact.values if value not in known]


def _reads(fact: Fact) -> frozenset[str]:
    dates = {form.format(stage) for stage in fact.values for form in (ENTERED, EXITED)} if fact.refine else set()
    return frozenset({PROPERTY, *dates})


def _say(fact: Fact) -> str:
    """Only what reads better than operator and operands do."""
    match fact.refine:
        case When(operator=operator, values=(days,)) if operator == LONGER and days.isdecimal():
            names = _find(fact.values)
            told = ", ".join(gettext("“%(name)s”") % {"name": names.get(value, value)} for value in fact.values)
            words = ngettext("In %(stages)s for more than %(days)s day", "In %(stages)s for more than %(days)s days", int(days))
            return words % {"stages": told, "days": days}
    return ""


STAGE: Final = FilterKind(
    name=NAME,
    label=N_("Time in a stage"),
    icon="hourglass",
    operators=(Operator(STANDS, N_("stands in any of"), Operands.MANY),),
    compile=_compile,
    choices=_choices,
    find=_find,
    check=_check,
    depends=lambda fact: frozenset(),
    reads=_reads,
    options=lambda fact: frozenset((PROPERTY, stage) for stage in fact.values),
    object_types=frozenset({CONTACT}),
    refines=frozenset({Refining.WHEN}),
    say=_say,
)
