"""A score of five rules over the contacts of a home: asked, computed for all, and looked at again. A question of `asking`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure

BASELINE = Path(__file__).parent / "baselines" / "score.sql"


def scores() -> Iterator[Figure]:
    """Each run makes a score of its own, and takes it away at its end."""
    from benchmarks.asking import raw
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
    ((by_hand,),) = raw(BASELINE.read_text())
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
