"""Rollups over a million associations: all of them, and after a thousand changes. python -m benchmarks.rollups ASSOCIATIONS

Works in the home that JALON_HOME names, fills it where it is empty, and prints figures as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from itertools import islice

from benchmarks.asking import baseline, raw
from benchmarks.figures import Figure

CONTACTS_OF_A_DEAL = 4
DEALS_OF_A_CONTACT = 10
CHANGED = 1_000
FORMULA = "sum of amount over deal where hs_is_closed_won is true"


def main(associations: int) -> None:
    from jalon.config.opening import house

    with house():
        figures = list(measure(associations))
    print(json.dumps([asdict(figure) for figure in figures]))


def measure(associations: int) -> Iterator[Figure]:
    from jalon.accounts.access import SYSTEM
    from jalon.records.bulk import actions as bulk
    from jalon.records.calculated import runner
    from jalon.records.columns import FieldType, Origin, PropertySpec, Source, Type
    from jalon.records.definitions import actions as definitions

    deals = _fill(associations)
    runner.catch_up()
    spec = PropertySpec(f"revenue_{time.time_ns()}", Type.NUMBER, FieldType.CALCULATION, "Revenue", "", formula=FORMULA)
    definitions.define_property("contact", spec, actor=SYSTEM)
    full = _seconds(runner.catch_up)
    bare = _seconds(_raw)
    _check(spec.name)
    contacts = associations // DEALS_OF_A_CONTACT
    label = f"rollup over {associations:,} associations, {contacts:,} contacts written and in the columns"
    yield Figure(label, full, "s", "10 s", full <= 10, bare)
    changed = [(id, {"amount": str(place)}) for place, id in enumerate(deals[:: len(deals) // CHANGED][:CHANGED])]
    bulk.set_each("deal", changed, actor=SYSTEM, origin=Origin(Source.BULK_EDIT, "bench"))
    some = _seconds(runner.catch_up)
    _check(spec.name)
    yield Figure(f"- after {CHANGED:,} changed deals, {CHANGED * CONTACTS_OF_A_DEAL:,} contacts", some, "s", "1 s", some <= 1)


def _fill(associations: int) -> list[int]:
    """Deals and contacts, every deal with four contacts, every contact with ten deals."""
    from jalon.accounts.access import SYSTEM
    from jalon.records import actions
    from jalon.records.columns import Origin, Source
    from jalon.records.models import Record

    origin = Origin(Source.IMPORT, "bench")
    found = list(Record.objects.filter(object_type__name="deal").order_by("id").values_list("id", flat=True))
    if found:
        return found
    count = associations // CONTACTS_OF_A_DEAL
    rows = (actions.Row({"dealname": f"Deal {n}", "dealstage": "closedwon", "amount": str(n % 997)}) for n in range(count))
    deals = [id for id in actions.write("deal", rows, actor=SYSTEM, origin=origin, is_canonical=True).ids if id]
    people = (actions.Row({"firstname": f"Contact {n}"}) for n in range(associations // DEALS_OF_A_CONTACT))
    contacts = [id for id in actions.write("contact", people, actor=SYSTEM, origin=origin, is_canonical=True).ids if id]
    pairs = (
        (deal, contacts[(place * CONTACTS_OF_A_DEAL + n) % len(contacts)])
        for place, deal in enumerate(deals)
        for n in range(CONTACTS_OF_A_DEAL)
    )
    while part := list(islice(pairs, 5_000)):
        actions.associate("deal_to_contact", part, actor=SYSTEM, origin=origin)
    return deals


def _raw() -> None:
    """The engines alone: the sums, and the sums stored."""
    from django.db import connection, transaction

    totals = raw(baseline("rollup"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE raw_totals (id bigint, total text) ON COMMIT DROP")
        with cursor.cursor.copy("COPY raw_totals FROM STDIN") as copy:
            for id, total in totals:
                copy.write_row((id, str(total)))
        cursor.execute(baseline("rollup_store"))
        transaction.set_rollback(True)


def _check(name: str) -> None:
    ours = {id: Decimal(value) for id, value in raw(f'SELECT "id", "{name}" FROM contacts WHERE "{name}" IS NOT NULL')}
    if ours != dict(raw(baseline("rollup"))):
        raise SystemExit("The rollup and the engine disagree.")


def _seconds(work: object) -> float:
    assert callable(work)
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main(int(sys.argv[1]))
