"""Steps of the proofs about large changes: bulk edits, their undo, the undo of imports, formulas.

A step that may be killed goes on where it was when it is done again, and says a line when its work begins.
"""

from __future__ import annotations


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
