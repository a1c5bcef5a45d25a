"""Reading permission sets and teams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext

from jalon.accounts.access import Scope
from jalon.accounts.models import Membership, PermissionSet, Team
from jalon.accounts.permissions import preset


@dataclass(frozen=True, slots=True)
class SetView:
    """A permission set as pages show it; `people` is how many active and deactivated users have it."""

    id: int
    label: str
    description: str
    permissions: frozenset[str]
    scopes: Mapping[str, Scope]
    people: int


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a team."""

    user_id: int
    name: str
    active: bool
    is_main: bool


@dataclass(frozen=True, slots=True)
class TeamView:
    """A team with its people, by name."""

    id: int
    name: str
    members: tuple[Member, ...]


def sets() -> list[SetView]:
    """Every permission set, those most people have first."""
    rows = PermissionSet.objects.annotate(people=Count("users"))
    views = [_view(row, row.people) for row in rows]
    return sorted(views, key=lambda view: (-view.people, view.label.casefold()))


def one(set_id: int) -> SetView | None:
    row = PermissionSet.objects.filter(pk=set_id).annotate(people=Count("users")).first()
    return _view(row, row.people) if row else None


def label(row: PermissionSet) -> str:
    """A set's own name, or that of its preset in the reader's language."""
    return row.name or gettext(preset(row.preset).label)


def scopes_of(row: PermissionSet) -> dict[str, Scope]:
    return {key: Scope(value) for key, value in row.scopes.items()}


def _view(row: PermissionSet, people: int) -> SetView:
    return SetView(row.pk, label(row), row.description, frozenset(row.permissions), scopes_of(row), people)


def teams() -> list[TeamView]:
    """Every team with its people."""
    found: dict[int, list[Member]] = {}
    for row in Membership.objects.select_related("user").order_by("user__name", "user__email"):
        found.setdefault(row.team_id, []).append(Member(row.user_id, str(row.user), row.user.is_active, row.is_main))
    return [TeamView(team.pk, team.name, tuple(found.get(team.pk, ()))) for team in Team.objects.order_by("name")]


def team(team_id: int) -> TeamView | None:
    return next((view for view in teams() if view.id == team_id), None)


def team_names() -> list[tuple[int, str]]:
    """For pickers."""
    return list(Team.objects.order_by("name").values_list("id", "name"))


def colleagues(user_id: int) -> frozenset[int]:
    """Everybody in any team of this person, and the person."""
    mine = Membership.objects.filter(user_id=user_id).values("team_id")
    return frozenset(Membership.objects.filter(Q(team_id__in=mine)).values_list("user_id", flat=True)) | {user_id}
