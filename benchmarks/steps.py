"""What the proofs let happen in a home: python -m benchmarks.steps inhabit | write N TAG | sync | writer TAG N SEED | count PREFIX |
bulk TAG | bulk_back TAG | import_back | deals N TAG | calculate | recount | living TAG CITY.

A step that may be killed goes on where it was when it is done again, and says a line when its work begins.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from itertools import count as numbers

from benchmarks import membership

BATCH = 10


def inhabit() -> None:
    """An account with its people."""
    from jalon.demo.chapters import cast

    cast.enter()


def write(rows: str, tag: str) -> None:
    """Contacts, and a change to half of them, that no beat follows yet."""
    from jalon.accounts.access import SYSTEM
    from jalon.records import actions
    from jalon.records.actions import Row
    from jalon.records.columns import Origin, Source

    origin = Origin(Source.API, "proof")
    made = actions.write(
        "contact",
        (Row({"email": f"{tag}-{n}@proof.example", "city": "Lyon"}) for n in range(int(rows))),
        actor=SYSTEM,
        origin=origin,
        match="email",
    )
    half = [id for id in made.created if id % 2]
    actions.write("contact", (Row({"city": "Paris"}, id) for id in half), actor=SYSTEM, origin=origin)


def sync() -> None:
    """The sync, turn after turn; each says so."""
    from django.utils import timezone

    from jalon.records import runner

    for number in numbers(1):
        more = runner.sync(timezone.now())
        print(number, flush=True)
        if not more:
            return


def count(prefix: str) -> None:
    from jalon.records.models import UniqueValue

    print(UniqueValue.objects.filter(value__startswith=prefix).count())


def writer(tag: str, transactions: str, seed: str) -> None:
    """Transactions of ten contacts, some of them held open for a while before they commit."""
    import time

    from django.db import transaction

    from jalon.accounts.access import SYSTEM
    from jalon.records import actions
    from jalon.records.actions import Row
    from jalon.records.columns import Origin, Source

    chance = random.Random(seed)
    for number in range(int(transactions)):
        with transaction.atomic():
            rows = [Row({"email": f"{tag}-{number}-{n}@proof.example"}) for n in range(BATCH)]
            actions.write("contact", rows, actor=SYSTEM, origin=Origin(Source.API, "proof"), match="email")
            if chance.random() < 0.4:
                time.sleep(chance.random() * 0.5)


# Large changes


def bulk(tag: str) -> None:
    """Gives every contact of the tag a city."""
    from jalon.accounts.access import SYSTEM
    from jalon.records import queries
    from jalon.records.bulk_edits import actions
    from jalon.records.bulk_edits.plan import Change, Deed
    from jalon.records.models import BulkEdit

    ids = _ids(tag)
    if not any(row.ids == ids for row in BulkEdit.objects.order_by("-id")[:1]):
        actions.begin_with(SYSTEM, queries.catalog("contact"), ids, Change(Deed.SET, {"city": "Bulk"}))
    _go_on(BulkEdit.objects.latest("id").job_id)


def bulk_back(tag: str) -> None:
    """Takes the last bulk edit back."""
    from jalon.accounts.access import EVERYTHING
    from jalon.records.bulk_edits import actions
    from jalon.records.models import BulkEdit

    row = BulkEdit.objects.latest("id")
    if row.undo_job_id is None:
        actions.begin_undo(EVERYTHING, row.pk)
        row.refresh_from_db()
    _go_on(row.undo_job_id)


def import_back() -> None:
    """Takes the last import back."""
    from jalon.accounts.access import EVERYTHING
    from jalon.imports.models import Import
    from jalon.imports.undoing import actions

    row = Import.objects.latest("id")
    going_on = row.state in ("undoing", "undone")
    _go_on(row.job_id if going_on else actions.begin(row.pk, access=EVERYTHING))


def _go_on(job_id: int | None) -> None:
    """Does a job from where it stands."""
    from jalon.jobs import runner
    from jalon.jobs.queries import job

    assert job_id is not None
    print(job_id, flush=True)
    runner.run(job_id)
    done = job(job_id)
    if done is None or done.state != "done":
        raise SystemExit(f"The job ended as {done}.")


def deals(count: str, tag: str) -> None:
    """Won deals, four to a contact."""
    from jalon.accounts.access import SYSTEM
    from jalon.records import actions
    from jalon.records.actions import Row
    from jalon.records.columns import Origin, Source

    origin, number = Origin(Source.API, "proof"), int(count)
    people = (Row({"email": f"{tag}-{n}@proof.example"}) for n in range(number))
    contacts = actions.write("contact", people, actor=SYSTEM, origin=origin, match="email").created
    rows = (Row({"dealname": f"{tag} {n}", "dealstage": "closedwon", "amount": str(n % 97)}) for n in range(4 * number))
    made = actions.write("deal", rows, actor=SYSTEM, origin=origin, match="id").created
    pairs = [(deal, contacts[place % number]) for place, deal in enumerate(made)]
    for start in range(0, len(pairs), 5_000):
        actions.associate("deal_to_contact", pairs[start : start + 5_000], actor=SYSTEM, origin=origin)


def calculate() -> None:
    """Whatever formulas have before them."""
    from jalon.records.calculated import runner

    print("begins", flush=True)
    runner.catch_up()


def recount() -> None:
    """How many contacts have another revenue than a plain sum gives."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT (c.properties ->> 'total_revenue')::numeric AS told,"
            " sum((d.properties ->> 'amount')::numeric) AS own"
            " FROM records_record c JOIN records_objecttype o ON o.id = c.object_type_id AND o.name = 'contact'"
            " LEFT JOIN records_association a ON a.to_record_id = c.id AND a.type_id ="
            " (SELECT id FROM records_associationtype WHERE name = 'deal_to_contact')"
            " LEFT JOIN records_record d ON d.id = a.from_record_id AND d.archived_at IS NULL"
            " AND d.properties ->> 'dealstage' = 'closedwon'"
            " WHERE c.archived_at IS NULL GROUP BY c.id) x WHERE told IS DISTINCT FROM own"
        )
        print(cursor.fetchone()[0])


def living(tag: str, city: str) -> None:
    from jalon.records.models import Record

    rows = Record.objects.filter(archived_at=None, properties__city=city, properties__email__startswith=f"{tag}-")
    print(rows.count())


def _ids(tag: str) -> list[int]:
    from jalon.records.models import Record

    rows = Record.objects.filter(archived_at=None, properties__email__startswith=f"{tag}-")
    return list(rows.order_by("id").values_list("id", flat=True))


STEPS: dict[str, Callable[..., None]] = {
    "inhabit": inhabit,
    "write": write,
    "sync": sync,
    "count": count,
    "bulk": bulk,
    "bulk_back": bulk_back,
    "import_back": import_back,
    "deals": deals,
    "calculate": calculate,
    "recount": recount,
    "living": living,
}


def main(step: str, *arguments: str) -> None:
    if step == "writer":  # beside a server that holds the house: only Django, on the PostgreSQL that runs
        import django

        django.setup()
        writer(*arguments)
        return
    from jalon.config.environment import read
    from jalon.config.home import held
    from jalon.config.opening import engines

    environment = read()
    with held(environment), engines(environment):  # not `house()`, which brings the columns up to the log on its way in
        STEPS[step](*arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])
