"""A score of five rules over the contacts of a home: computed for all, and looked at again. python -m benchmarks.scores

Works in the home that JALON_HOME names, which has contacts and columns, and prints figures as JSON. Each run makes a score of its own.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict

from benchmarks.asking import baseline, raw
from benchmarks.figures import Figure


def main() -> None:
    from jalon.config.opening import house

    with house():
        figures = list(measure())
    print(json.dumps([asdict(figure) for figure in figures]))


def measure() -> Iterator[Figure]:
    from jalon.accounts.access import EVERYTHING, SYSTEM
    from jalon.criteria.tree import Filter, all_of
    from jalon.records import queries as records
    from jalon.records.columns import FieldType, PropertySpec, Type
    from jalon.scores import actions, queries, runner
    from jalon.scores.models import Score
    from jalon.scores.rules import Rule

    rules = (
        Rule(all_of(Filter("lifecyclestage", "any_of", ("hot_lead", "payment"))), 20),
        Rule(all_of(Filter("city", "equal_any", ("Paris", "Lyon"))), 10),
        Rule(all_of(Filter("hubspotscore", "greater", ("20",))), 15),
        Rule(all_of(Filter("email", "is_unknown")), -10),
        Rule(all_of(Filter("hs_analytics_source", "any_of", ("ORGANIC_SEARCH",))), 5),
    )
    runner.catch_up()
    contacts = records.count(EVERYTHING, "contact")
    began = time.perf_counter()
    ((by_hand,),) = raw(baseline("score"))
    bare = time.perf_counter() - began
    began = time.perf_counter()
    told = queries.distribution(EVERYTHING, "contact", rules)
    asked = time.perf_counter() - began
    if sum(step.score * step.records for step in told) != by_hand:
        raise AssertionError("the score is another than that of the hand-written question")
    yield Figure(f"a score of 5 rules asked of {contacts:,} contacts: how the points fall", asked, "s", engine=bare)
    name = f"bench_{time.time_ns()}"
    actions.create("contact", PropertySpec(name, Type.NUMBER, FieldType.SCORE, "Bench", ""), rules, actor=SYSTEM)
    began = time.perf_counter()
    runner.catch_up()
    yield Figure(f"- computed for all {contacts:,}, written and in the columns", time.perf_counter() - began, "s")
    Score.objects.filter(property__name=name).update(after_id=0, is_done=False)
    began = time.perf_counter()
    runner.catch_up()
    yield Figure("- all looked at again, as when a day begins", time.perf_counter() - began, "s")


if __name__ == "__main__":
    main()
