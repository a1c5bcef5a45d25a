"""Lists: found anew beside the scan by hand, following what changes, a page of a million members. A question of `asking`."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import hundred
from benchmarks.figures import Figure, typical
from jalon.criteria.tree import Criteria, Filter, all_of

BASELINE = Path(__file__).parent / "baselines" / "lists.sql"
FOLLOWING, ROUNDS, CHANGED = 200, 7, 1_000
EVERYBODY, NOBODY = (all_of(Filter("email", operator)) for operator in ("is_known", "is_unknown"))
PLACES = ("Paris", "Lyon", "Grenoble", "Annecy", "Bordeaux")


def lists() -> Iterator[Figure]:
    yield from _found_anew()
    yield from _following()
    yield from _page()


# All records


def _found_anew() -> Iterator[Figure]:
    """A hundred lists that held nobody, then the same with nothing to change, each beside the scan by hand."""
    from jalon.lists.membership import runner

    _make([NOBODY] * 100)
    runner.catch_up()
    ids = _make(_criteria(100))
    full = _seconds(runner.catch_up), _seconds(_scan)
    _check(ids)
    again = [(_seconds(_rebuild(ids)), _seconds(_scan)) for _ in range(3)]
    seconds, bare = (statistics.median(pair[place] for pair in again) for place in (0, 1))
    yield Figure("100 lists of 3 filters found anew", seconds, "s", "1.2 x the scan by hand", seconds <= 1.2 * bare, bare)
    yield Figure("- filled for the first time, members and movements written", full[0], "s", engine=full[1])
    _raw("DROP TABLE baseline_members")


def _rebuild(ids: Sequence[int]) -> Callable[[], None]:
    """Every record is looked at for these lists, as after a change of their criteria."""
    from jalon.lists.membership import actions, runner

    def work() -> None:
        actions.begin_anew(ids)
        runner.catch_up()

    return work


def _scan() -> None:
    _raw("DROP TABLE IF EXISTS baseline_members")
    _raw(BASELINE.read_text())


def _check(ids: Sequence[int]) -> None:
    """The same members as by hand."""
    by_hand = {ids[number]: told for number, *told in _raw(f"SELECT list_id, {_SUM} FROM baseline_members GROUP BY list_id")}
    ours = {id: told for id, *told in _raw(f"SELECT list_id, {_SUM} FROM list_members GROUP BY list_id") if id in set(ids)}
    if ours != by_hand:
        raise SystemExit(f"The lists and the scan by hand disagree about {[id for id in ids if ours.get(id) != by_hand.get(id)][:5]}.")


_SUM = "count(*), sum(record_id), bit_xor(hash(record_id))"


# What changes


def _following() -> Iterator[Figure]:
    """From the commit of changes to the membership of two hundred lists."""
    from jalon.jobs.beat import Beat
    from jalon.lists.membership import runner

    ids = _make(_criteria(FOLLOWING))
    runner.catch_up()
    contacts = [row[0] for row in _raw(f"SELECT id FROM contacts ORDER BY hash(id) LIMIT {CHANGED}")]
    beat = Beat()
    beat.start()
    try:
        _, *many = [_seconds_to_follow(contacts, turn) for turn in range(ROUNDS + 1)]  # the first makes the criteria ready
        one = [_seconds_to_follow(contacts[turn : turn + 1], ROUNDS + 1 + turn) for turn in range(3 * ROUNDS)]
    finally:
        beat.stop()
    _check_followed(ids)
    worst, typically = max(many), statistics.median(one)
    title = f"{CHANGED} changed contacts, {FOLLOWING} lists: commit to membership, worst of {ROUNDS}"
    yield Figure(title, worst, "s", "1 s", worst <= 1)
    yield Figure("one changed contact, the same (median)", typically * 1000, "ms", "200 ms", typically <= 0.2)
    yield Figure(f"- the worst of {len(one)}", max(one) * 1000, "ms")


def _seconds_to_follow(contacts: Sequence[int], turn: int) -> float:
    """Two properties that most of the lists read get other values."""
    from jalon.accounts.access import SYSTEM
    from jalon.lists.membership import queries
    from jalon.records import actions
    from jalon.records.actions import Row
    from jalon.records.columns import Origin, Source

    values = {"city": PLACES[turn % len(PLACES)], "hubspotscore": str(turn * 7 % 60)}
    written = actions.write("contact", [Row(values, id) for id in contacts], actor=SYSTEM, origin=Origin(Source.BULK_EDIT))
    assert written.position is not None
    start = time.perf_counter()
    while queries.positions()[queries.READ] < written.position:
        if time.perf_counter() - start > 60:
            raise SystemExit("The lists did not follow within a minute.")
        time.sleep(0.005)
    return time.perf_counter() - start


def _check_followed(ids: Sequence[int]) -> None:
    """Looking at all records finds nothing else."""
    from jalon.criteria.sets.queries import differences
    from jalon.lists.membership.queries import LAST_ID, MEMBERS

    if wrong := differences(dict(zip(ids, _criteria(len(ids)), strict=True)), "contact", (1, LAST_ID), MEMBERS):
        raise SystemExit(f"The lists {sorted(wrong)[:5]} did not follow.")


# A page


def _page() -> Iterator[Figure]:
    """The page of a list that holds every contact, from the request to the last byte; and the same sorted."""
    from django.test import Client
    from django.urls import reverse

    from jalon.accounts.models import User
    from jalon.config.static_files import collect
    from jalon.lists.membership import runner

    everybody = _named("Bench: everybody", EVERYBODY)
    runner.catch_up()
    collect()
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(email="alice@cabrelle.example"), backend="allauth.account.auth_backends.AuthenticationBackend")

    def ours(sort: str = "") -> None:
        answer = client.get(reverse("lists:list", args=[everybody]) + sort)
        if answer.status_code != 200:
            raise SystemExit(f"The page of the list answered {answer.status_code}.")

    value = typical(ours)
    yield Figure("page of a list of every contact", value, "ms", "100 ms", value <= 100)
    value = typical(lambda: ours("?sort=-hubspotscore"))
    yield Figure("- sorted by a number", value, "ms")


# The lists


def _criteria(count: int) -> list[Criteria]:
    return hundred.criteria(datetime.now(UTC).date(), count)


def _make(criteria: Sequence[Criteria]) -> list[int]:
    """A list for each, in their order; those of an earlier run are used again."""
    return [_named(f"Bench: {number}", one) for number, one in enumerate(criteria)]


def _named(name: str, criteria: Criteria) -> int:
    from jalon.accounts.access import SYSTEM
    from jalon.lists import actions
    from jalon.lists.models import List

    found = List.objects.filter(name=name, deleted_at=None).values_list("id", flat=True).first()
    if found is None:
        return actions.create(name, "contact", List.Kind.DYNAMIC, criteria, actor=SYSTEM).id
    actions.change(found, criteria=criteria, actor=SYSTEM)
    return int(found)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _raw(sql: str) -> list[tuple[Any, ...]]:
    from benchmarks.asking import raw

    return raw(sql)
