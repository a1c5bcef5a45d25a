"""The rules of a score as a value: criteria, each with points; and their one form as JSON. Pure.

The score of a record is the sum of the points of the rules whose criteria it meets, 0 where it meets none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jalon.criteria import tree
from jalon.criteria.findings import findings
from jalon.criteria.findings_in_facts import unfollowed
from jalon.criteria.known import Known
from jalon.criteria.problems import CriteriaError, Part, Problem, Translate
from jalon.criteria.tree import Criteria
from jalon.warehouse.words import N_

MOST_RULES: Final = 50
MOST_FILTERS: Final = 250  # of all the rules of a score together: one list's worth
MOST_POINTS: Final = 1_000

_PLACED: Final = N_("Rule %(rule)s: %(problem)s")
_POINTS: Final = re.compile(r"[+\-\u2212]?\d{1,9}")


@dataclass(frozen=True, slots=True)
class Rule:
    """Who meets the criteria gets the points; negative ones are taken away."""

    criteria: Criteria
    points: int


Rules = tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """What is wrong with one rule (from 1), or with the rules as a whole (0)."""

    rule: int
    problem: Problem

    def sentence(self, translate: Translate, language: str) -> str:
        told = self.problem.sentence(translate, language)
        return translate(_PLACED) % {"rule": self.rule, "problem": told} if self.rule else told


class RulesError(ValueError):
    """Rules that cannot be used, with everything that is wrong with them."""

    def __init__(self, problems: Sequence[RuleProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problem.sentence(str, "en") for problem in problems))


def to_json(rules: Rules) -> list[dict[str, Any]]:
    """The stored form; `from_json` gives the same value back."""
    return [{"criteria": tree.to_json(rule.criteria), "points": rule.points} for rule in rules]


def from_json(parsed: Any) -> Rules:
    """Reads the stored form. Raises RulesError with everything that is wrong with its shape."""
    if not isinstance(parsed, list):
        raise RulesError([_whole(N_("The rules of a score are a list."))])
    rules, problems = [], []
    for place, one in enumerate(parsed, 1):
        try:
            rules.append(_rule(one))
        except CriteriaError as error:
            problems += [RuleProblem(place, problem) for problem in error.problems]
    if problems:
        raise RulesError(problems)
    return tuple(rules)


def _rule(parsed: Any) -> Rule:
    points = parsed.get("points") if isinstance(parsed, Mapping) else None
    if type(points) is not int or set(parsed) != {"criteria", "points"}:
        raise CriteriaError((Problem(N_("A rule has “criteria” and “points”, a whole number.")),))
    return Rule(tree.from_json(parsed["criteria"]), points)


def problems(rules: Rules, object_type: str, known: Known) -> list[RuleProblem]:
    """All that is wrong with rules on records of this type; none for rules that can be used."""
    found = list(_as_a_whole(rules))
    for place, rule in enumerate(rules, 1):
        found += [RuleProblem(place, problem) for problem in _of_one(rule, object_type, known)]
    return found


def _as_a_whole(rules: Rules) -> Iterator[RuleProblem]:
    if len(rules) > MOST_RULES:
        yield _whole(N_("A score has at most %(most)s rules."), most=str(MOST_RULES))
    if (count := sum(rule.criteria.count() for rule in rules)) > MOST_FILTERS:
        yield _whole(N_("The rules have %(count)s filters together; %(most)s are possible."), count=str(count), most=str(MOST_FILTERS))


def _of_one(rule: Rule, object_type: str, known: Known) -> Iterable[Problem]:
    if rule.points == 0:
        yield Problem(N_("0 points change nothing; give or take some, or remove the rule."))
    elif abs(rule.points) > MOST_POINTS:
        yield Problem(N_("A rule gives or takes at most 1,000 points."))
    if not rule.criteria.groups or not any(group.filters for group in rule.criteria.groups):
        yield Problem(N_("It has no filter yet, so it would hold for every record."))
    else:
        yield from findings(rule.criteria, known.catalogs[object_type], known)
        yield from unfollowed(rule.criteria)


def _whole(message: str, **params: Part) -> RuleProblem:
    return RuleProblem(0, Problem(message, params))


def read_points(text: str) -> int | None:
    """Points as a person types them: 10, +10, -5 and −5; None for anything else."""
    plain = text.strip().replace("\N{NO-BREAK SPACE}", "").replace("\N{NARROW NO-BREAK SPACE}", "").replace(" ", "")
    return int(plain.replace("\N{MINUS SIGN}", "-")) if _POINTS.fullmatch(plain) else None
