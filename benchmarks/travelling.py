"""Journeys under proof: contacts that move by every source, a stage that goes meanwhile, and the state machine on paper at the end.

Steps of a process that may be killed: python -m benchmarks.steps travellers N TAG | travel | unstage TAG | travelled
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import count as numbers
from itertools import groupby
from typing import Any

WAY = ("new_lead", "hot_lead", "payment", "customer", "cold_lead")
WINDOW = 500  # contacts, the smallest windows that are not slow, so that a kill finds journeys between two of them


def travellers(rows: str, tag: str) -> None:
    """Contacts that go different ways, by hand, by form and by import; every fourth ends in a stage that is going to be deleted."""
    from jalon.accounts.access import SYSTEM
    from jalon.lifecycle import actions as lifecycle
    from jalon.records import actions
    from jalon.records.actions import Row
    from jalon.records.columns import Origin, Source

    going = lifecycle.add(lifecycle.StageDraft(f"Proof {tag}", ""), actor=SYSTEM)
    people = (Row({"email": f"{tag}-{n}@proof.example"}) for n in range(int(rows)))
    ids = actions.write("contact", people, actor=SYSTEM, origin=Origin(Source.API, "proof"), match="email").created
    for place, source in enumerate((Source.USER, Source.FORM, Source.IMPORT, Source.WORKFLOW)):
        moved = [(id, WAY[(n + place * (n % 3)) % len(WAY)]) for n, id in enumerate(ids) if n % (place + 2)]
        last = [(id, going) for id in ids[::4]] if source is Source.WORKFLOW else []
        rows_of = (Row({"lifecyclestage": stage}, id) for id, stage in (*moved, *last))
        actions.write("contact", rows_of, actor=SYSTEM, origin=Origin(source, "proof"))


def travel() -> None:
    """The sync, the dates and the journeys, turn after turn; each says so."""
    from django.utils import timezone

    from jalon.lifecycle import runner
    from jalon.lifecycle.dates import runner as dates
    from jalon.records import runner as columns

    vars(runner)["WINDOW"], vars(runner)["SLICE"], vars(dates)["SLICE"] = WINDOW, WINDOW, WINDOW
    for number in numbers(1):
        now = timezone.now()
        more = columns.sync(now) | dates.turn(now) | runner.turn(now)
        print(number, flush=True)
        if not more:
            return


def unstage(tag: str) -> None:
    """Deletes the stage of this round, or goes on with it."""
    from jalon.accounts.access import SYSTEM
    from jalon.jobs import runner as jobs
    from jalon.lifecycle import actions, queries
    from jalon.lifecycle.deleting import runner as deleting
    from jalon.lifecycle.models import Stage

    row = Stage.objects.get(label_en=f"Proof {tag}")
    if row.deleted_at is None:
        vars(deleting)["SLICE"] = WINDOW
        stage = queries.stage(row.name)
        job = row.leaving_job_id if stage and stage.is_leaving else actions.delete(row.name, "payment", actor=SYSTEM).pk
        print(job, flush=True)
        jobs.run(job)


def travelled() -> None:
    """Follows to the end; then the columns have the journeys and visits of the state machine on paper."""
    from jalon.lifecycle import queries, runner
    from jalon.lifecycle.columns import JOURNEYS, VISITS
    from jalon.warehouse import current, query
    from tests.lifecycle import naive
    from tests.lifecycle.steps import stored_rows

    runner.catch_up()
    runner.catch_up()  # the dates that were kept are lines of the log themselves
    path, engine = queries.path(), current.engine()
    found = {record: naive.journeys(path, moves) for record, moves in _logged(set(path.known))}
    wanted = [row for record, some in sorted(found.items()) for row in naive.journey_rows(record, some)]
    stays = sorted(row for record, some in found.items() for row in naive.visit_rows(path, record, some))
    wrong = [table.name for table, rows in ((JOURNEYS, wanted), (VISITS, stays)) if stored_rows(engine, table) != rows]
    standing = engine.rows(query.select(query.count()).from_(query.table("contacts")))[0][0]
    print(json.dumps({"wrong": wrong, "journeys": len(wanted), "visits": len(stays), "contacts": int(standing)}))


def _logged(known: set[str]) -> Iterator[tuple[int, list[Any]]]:
    """By contact, the movements that the log tells."""
    from jalon.lifecycle.columns import ACTIVE, PROPERTY
    from jalon.records.models import Change, Record
    from tests.lifecycle.naive import Move

    living = set(Record.objects.filter(object_type__name="contact", archived_at=None).values_list("pk", flat=True))
    lines = Change.objects.filter(kind__in=("c", "u"), delta__has_key=PROPERTY).order_by("record_id")
    told = lines.values_list("record_id", "at", "pk", "source", "delta")
    for record, own in groupby(told.iterator(10_000), key=lambda line: line[0]):
        stage, moves = None, []
        for _, at, id, source, delta in sorted(own, key=lambda line: (_cut(line[1]), line[2])):
            before, stage = stage, delta[PROPERTY][1]
            if stage != before and source in ACTIVE and {before, stage} <= {None, *known}:
                moves.append(Move(id, before, stage, _cut(at)))
        if record in living:
            yield record, moves


def _cut(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
