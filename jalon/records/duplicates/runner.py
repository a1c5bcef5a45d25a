"""The finder as a background job, and its turn in the night. A job that was interrupted goes on behind its last whole part."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction

from jalon.accounts.queries import account
from jalon.jobs.actions import report
from jalon.jobs.beat import BeatPart
from jalon.jobs.queries import JobView
from jalon.records import queries
from jalon.records.columns import Catalog
from jalon.records.duplicates import actions, reasons
from jalon.records.duplicates import queries as duplicates
from jalon.records.duplicates.reasons import Reason
from jalon.warehouse import current

HOUR: Final = 3  # of the account's own clock
REST: Final = timedelta(hours=20)

_looked_on: date | None = None


def run(job: JobView) -> dict[str, Any]:
    """Asks the columns for each reason, part by part; what is not found again is forgotten at the end."""
    object_type = str(job.arguments["object_type"])
    catalog = queries.catalog(object_type)
    parts = max(1, duplicates.population(object_type) // reasons.ROWS_OF_A_PART)
    work = [(reason, part) for reason in reasons.for_type(object_type) for part in range(parts)]
    found: dict[str, int] = {}
    for done, (reason, part) in enumerate(work):
        if done < job.done:
            continue
        for pairs in _pairs(catalog, reason, part, parts, found):
            actions.note(object_type, reason, pairs, run_id=job.id)
        with transaction.atomic():
            if not report(job.id, done + 1, len(work)):
                return {"object_type": object_type}
    crowded = [name for name, number in found.items() if number >= actions.MOST]
    return {"object_type": object_type, "pairs": actions.settle(object_type, run_id=job.id), "crowded": crowded}


def _pairs(catalog: Catalog, reason: Reason, part: int, parts: int, found: dict[str, int]) -> Iterator[list[tuple[int, int]]]:
    tree = reasons.pairs(reason, catalog, part, parts)
    if tree is None:
        return
    for batch in current.engine().stream(tree):
        pairs = [(one, other) for one, other, *bodies in batch if not reason.exact or _same_number(*bodies)]
        found[reason.name] = found.get(reason.name, 0) + len(pairs)
        yield pairs
        if found[reason.name] >= actions.MOST:
            return


def _same_number(one: str, other: str) -> bool:
    """The last digits are the same: so is the number, unless both say a country and it is another."""
    import phonenumbers

    if one == other:
        return True
    match = phonenumbers.is_number_match(one, other)
    return bool(match not in (phonenumbers.MatchType.NO_MATCH, phonenumbers.MatchType.NOT_A_NUMBER))


def look_at_night(now: datetime) -> bool:
    """Once in a night: looks for duplicates again, for whoever opens the page in the morning."""
    global _looked_on
    here = now.astimezone(ZoneInfo(account().zone))
    if here.hour != HOUR or _looked_on == here.date():
        return False
    for object_type in reasons.REASONS:
        if object_type in queries.catalogs() and not duplicates.ran_since(object_type, now - REST):
            actions.look_for(object_type, user_id=None)
    _looked_on = here.date()
    return False


NIGHT: Final = BeatPart("duplicates", look_at_night)
