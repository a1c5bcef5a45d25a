"""What people do with reports without changing their options: show them to others, put them in folders, keep them at hand."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from jalon.accounts.access import Actor
from jalon.accounts.actions import audit
from jalon.reports.models import Favorite, Report, Share
from jalon.reports.sharing.queries import ShareView
from jalon.warehouse.words import N_


@transaction.atomic
def share(report_id: int, sharing: str, *, edits: bool, chosen: Iterable[ShareView], actor: Actor) -> bool:
    """Says who sees a report from now on, and who of them may edit it. False when it is gone.

    Whom it was given to stays written while it is private or everybody's, so that going back needs no second choosing.
    """
    found = Report.objects.filter(id=report_id).update(sharing=Report.Sharing(sharing), everybody_edits=edits)
    if not found:
        return False
    Share.objects.filter(report_id=report_id).delete()
    Share.objects.bulk_create(Share(report_id=report_id, user_id=one.user_id, team_id=one.team_id, edits=one.edits) for one in chosen)
    sentence = N_("%(who)s changed who sees the report %(number)s.")
    audit(actor, "report.shared", sentence, link=f"/reports/{report_id}/", number=report_id)
    return True


def move(report_id: int, folder: int | None) -> bool:
    """To another folder, or out of all. False when the report is gone."""
    return bool(Report.objects.filter(id=report_id).update(folder_id=folder))


def move_all(folder: int, to: int | None) -> None:
    """What lies in a folder lies in another, or in none: the folder goes."""
    Report.objects.filter(folder_id=folder).update(folder_id=to)


def star(report_id: int, user_id: int, *, wanted: bool) -> None:
    """Keeps a report at hand for somebody, or does not any more."""
    if wanted:
        Favorite.objects.get_or_create(user_id=user_id, report_id=report_id)
    else:
        Favorite.objects.filter(user_id=user_id, report_id=report_id).delete()
