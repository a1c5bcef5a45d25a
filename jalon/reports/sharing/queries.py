"""Who may see which reports, as conditions of PostgreSQL: nobody gets a report except through `seen`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from jalon.accounts.access import Access
from jalon.reports.models import Favorite, Report, Share

Sharing = Report.Sharing


@dataclass(frozen=True, slots=True)
class ShareView:
    """A report is shown to a person, or to a team, by number."""

    user_id: int | None
    team_id: int | None
    edits: bool


def seen(access: Access) -> Q:
    """The reports that this person may see: their own, everybody's, those that they or a team of theirs were chosen for.

    A super admin sees all of them: a private one whose owner has left would otherwise be lost.
    """
    if not access.may("reports.view"):
        return Q(pk__in=())
    if access.super_admin:
        return Q()
    return _own(access) | Q(sharing=Sharing.EVERYBODY) | Q(Exists(_with(access)), sharing=Sharing.CHOSEN)


def edited(access: Access) -> Exists:
    """Whether a report was given to this person, or to a team of theirs, to edit."""
    return Exists(_with(access).filter(edits=True))


def starred(access: Access) -> Exists:
    return Exists(Favorite.objects.filter(report_id=OuterRef("pk"), user_id=access.actor.user_id or 0))


def shares(report_id: int) -> list[ShareView]:
    """Whom a report was given to; they count while it is shared with chosen people."""
    rows = Share.objects.filter(report_id=report_id).order_by("id").values_list("user_id", "team_id", "edits")
    return [ShareView(*row) for row in rows]


def _own(access: Access) -> Q:
    return Q(owner_id=access.actor.user_id) if access.actor.user_id is not None else Q(pk__in=())


def _with(access: Access) -> QuerySet[Share]:
    """The shares of the report at hand that mean this person: in a team is who is in it now."""
    mine = Q(user_id=access.actor.user_id) | Q(team__memberships__user_id=access.actor.user_id)
    return Share.objects.filter(mine, report_id=OuterRef("pk")) if access.actor.user_id is not None else Share.objects.none()


def names(report_ids: Sequence[int]) -> dict[int, list[str]]:
    """Whom reports were given to, by their names: teams first."""
    rows = Share.objects.filter(report_id__in=report_ids).select_related("user", "team").order_by("team__name", "user__name", "id")
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.report_id, []).append(str(row.team or row.user))
    return found
