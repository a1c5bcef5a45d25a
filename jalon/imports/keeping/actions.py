"""For how long the files of imports are kept. The import itself, its counts and what it wrote stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from jalon.accounts.access import Actor
from jalon.accounts.actions import audit
from jalon.imports.models import Import, Keeping, Note, RowKey, State
from jalon.records.holdings import Person
from jalon.warehouse.words import N_

AT_ONCE = 20  # imports whose files are deleted in one turn
CHANGED = N_("%(who)s chose for how many days the files of imports are kept: %(days)s")
OPEN = (State.TRYING, State.RUNNING, State.UNDOING)


def days() -> int:
    """For how many days files are kept; 0 for ever."""
    row = Keeping.objects.first()
    return row.days if row else Keeping().days


def choose(days: int, *, actor: Actor) -> None:
    with transaction.atomic():
        Keeping.objects.update_or_create(pk=1, defaults={"days": days})
        audit(actor, "account.imports", CHANGED, link="/import/keeping/", days=days)


def delete_old(now: datetime) -> bool:
    """Delete the files of imports that are old enough; whether there are more."""
    age = days()
    if not age:
        return False
    old = Import.objects.filter(files_gone_at=None, created_at__lt=now - timedelta(days=age)).exclude(state__in=OPEN).order_by("pk")
    found = list(old[:AT_ONCE])
    for row in found:
        delete_files(row)
    return len(found) == AT_ONCE


def delete_files(row: Import) -> None:
    """Delete the files of an import, and the rows' notes, whose sentences may quote a cell."""
    with transaction.atomic():
        Note.objects.filter(file__of=row).delete()
        Import.objects.filter(pk=row.pk).update(files_gone_at=timezone.now())
    row.forget_files()


def forget_keys(person: Person) -> int:
    """The keys by which a running import knows their records: gone, since two that are blotted out would be one."""
    number, _ = RowKey.objects.filter(record_id__in=person.ids).delete()
    return number
