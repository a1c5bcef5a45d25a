"""What the proofs let happen in a home: python -m benchmarks.steps inhabit | write N TAG | sync | writer TAG N SEED | count PREFIX.

Those about lists are in membership.py, those about large changes in changes.py, those about stages in
travelling.py.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from itertools import count as numbers

from benchmarks import changes, membership, travelling

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


STEPS: dict[str, Callable[..., None]] = {
    "inhabit": inhabit,
    "write": write,
    "sync": sync,
    "count": count,
    "people": membership.people,
    "relist": membership.relist,
    "follow": membership.follow,
    "membership": membership.membership,
    "travellers": travelling.travellers,
    "travel": travelling.travel,
    "unstage": travelling.unstage,
    "travelled": travelling.travelled,
    "bulk": changes.bulk,
    "bulk_back": changes.bulk_back,
    "import_back": changes.import_back,
    "deals": changes.deals,
    "calculate": changes.calculate,
    "recount": changes.recount,
    "living": changes.living,
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
