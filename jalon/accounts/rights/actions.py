"""The verbs of permission sets and teams. They hold at the next request of everybody concerned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from jalon.accounts.access import Access, Actor, Refused, Scope
from jalon.accounts.audit.actions import audit
from jalon.accounts.models import Invitation, Membership, PermissionSet, Team, User
from jalon.accounts.permissions import PERMISSIONS, PRESETS, VERBS, Preset, preset
from jalon.accounts.rights import queries
from jalon.warehouse.words import N_


@dataclass(frozen=True, slots=True)
class SetValues:
    """A permission set as its page sends it. The permissions to see, edit and delete records follow from the scopes."""

    name: str
    description: str = ""
    permissions: tuple[str, ...] = ()
    scopes: Mapping[str, Scope] = field(default_factory=dict)

    @classmethod
    def of(cls, row: Preset) -> SetValues:
        """A preset as it comes, without a name of its own."""
        return cls("", "", row.permissions, row.scopes)

    def all_permissions(self) -> list[str]:
        """The switches, and records.view, records.edit, records.delete where a scope reaches anything."""
        reached = {key.rpartition(".")[2] for key, scope in self.scopes.items() if scope is not Scope.NONE}
        known = {row.name for row in PERMISSIONS} - {f"records.{verb}" for verb in VERBS}
        return sorted({f"records.{verb}" for verb in reached} | (known & set(self.permissions)))


def require_within(access: Access, permissions: Iterable[str], scopes: Mapping[str, Scope]) -> None:
    """Nobody gives a right that they lack; else the right to manage users would be the right to everything."""
    if access.super_admin:
        return
    wider = [key for key, scope in scopes.items() if _reached(access, key).within(scope) is not scope]
    if wider or not set(permissions) <= access.permissions:
        raise Refused(gettext("You can only give rights that you have yourself."))


def _reached(access: Access, key: str) -> Scope:
    object_type, _dot, verb = key.rpartition(".")
    return access.scope(object_type, verb)


def require_power_over(access: Access, row: User | Invitation) -> None:
    """Who may not do all that another may, does not take over their account."""
    if row.super_admin and not access.super_admin:
        raise Refused(gettext("Only a super admin can do this for a super admin."))
    if row.permission_set is not None:
        require_within(access, row.permission_set.permissions, queries.scopes_of(row.permission_set))


def require_own_teams_kept(access: Access, user_ids: set[int]) -> None:
    """Who is no super admin does not choose whose records they share."""
    if not access.super_admin and access.actor.user_id in user_ids:
        raise Refused(gettext("You cannot change your own teams. A super admin can do it."))


# Permission sets


@transaction.atomic
def lay_out_presets() -> None:
    """The sets to start from, once for a new account. They can be changed, renamed and deleted."""
    for row in PRESETS:
        set_of(row.name)


def set_of(name: str) -> PermissionSet:
    """The set that stands for a preset, made where it is missing. Raises LookupError for a preset that does not exist."""
    values = SetValues.of(preset(name))
    found, _made = PermissionSet.objects.get_or_create(preset=name, defaults=_columns(values))
    return found


@transaction.atomic
def create_set(values: SetValues, *, actor: Actor) -> PermissionSet:
    row = PermissionSet.objects.create(**_columns(values, named=True))
    audit(actor, "permission_set.created", N_("%(who)s created the permission set “%(name)s”."), link=_link(row), name=row.name)
    return row


@transaction.atomic
def change_set(set_id: int, values: SetValues, *, actor: Actor) -> PermissionSet:
    """New rights for everybody who has the set, in force at once. A preset's set keeps following its language until it is renamed."""
    row = PermissionSet.objects.select_for_update().get(pk=set_id)
    before = queries.label(row)
    keeps_label = bool(row.preset) and not row.name and values.name.strip() == before
    for column, value in _columns(values, named=not keeps_label, but=row.pk).items():
        setattr(row, column, value)
    row.changed_at = timezone.now()
    row.save()
    audit(actor, "permission_set.changed", N_("%(who)s changed the permission set “%(name)s”."), link=_link(row), name=queries.label(row))
    return row


@transaction.atomic
def delete_set(set_id: int, *, instead: int | None, actor: Actor) -> None:
    """Takes a set away; the people who had it, and open invitations, get the one `instead`. Refused where they would get none."""
    row = PermissionSet.objects.select_for_update().get(pk=set_id)
    people = User.objects.filter(permission_set=row).count()
    invited = Invitation.objects.filter(permission_set=row, accepted_at=None).count()
    if instead == set_id or (instead is None and people + invited):
        count = people + invited
        sentence = ngettext(
            "%(count)d person has it. Choose another set for them.", "%(count)d people have it. Choose another set for them.", count
        )
        raise Refused(sentence % {"count": count})
    User.objects.filter(permission_set=row).update(permission_set=instead)
    Invitation.objects.filter(permission_set=row).update(permission_set=instead)
    name = queries.label(row)
    row.delete()
    audit(actor, "permission_set.deleted", N_("%(who)s deleted the permission set “%(name)s”."), link=reverse("settings:sets"), name=name)


def _columns(values: SetValues, *, named: bool = False, but: int | None = None) -> dict[str, object]:
    name = " ".join(values.name.split())
    if named:
        _require_free(name, but)
    return {
        "name": name if named else "",
        "description": values.description.strip(),
        "permissions": values.all_permissions(),
        "scopes": {key: str(scope) for key, scope in sorted(values.scopes.items())},
    }


def _require_free(name: str, but: int | None) -> None:
    if not name:
        raise Refused(gettext("Give the permission set a name."))
    taken = {queries.label(row).casefold() for row in PermissionSet.objects.exclude(pk=but or 0)}
    if name.casefold() in taken:
        raise Refused(gettext("There is a permission set “%(name)s” already.") % {"name": name})


def _link(row: PermissionSet) -> str:
    return reverse("settings:set", args=[row.pk])


# Teams


@transaction.atomic
def create_team(name: str, *, actor: Actor) -> Team:
    team = Team.objects.create(name=_team_name(name))
    audit(actor, "team.created", N_("%(who)s created the team “%(name)s”."), link=_team_link(team), name=team.name)
    return team


@transaction.atomic
def change_team(team_id: int, *, name: str, user_ids: Sequence[int], actor: Actor) -> Team:
    """Renames a team and sets who is in it. Its new members see what it shares at once, those who left no longer do."""
    team = Team.objects.select_for_update().get(pk=team_id)
    name = _team_name(name, but=team_id)
    if name != team.name:
        audit(
            actor, "team.renamed", N_("%(who)s renamed the team “%(old)s” to “%(name)s”."), link=_team_link(team), old=team.name, name=name
        )
        team.name = name
        team.save(update_fields=["name"])
    present = set(Membership.objects.filter(team=team).values_list("user_id", flat=True))
    for user in User.objects.filter(pk__in=present ^ set(user_ids)):
        _enter(user, team, actor) if user.pk in user_ids else _leave(user, team, actor)
    return team


@transaction.atomic
def delete_team(team_id: int, *, actor: Actor) -> None:
    """Its people stay, without what the team shared; one whose main team it was gets another of theirs as main team."""
    team = Team.objects.select_for_update().get(pk=team_id)
    main_to = list(Membership.objects.filter(team=team, is_main=True).values_list("user_id", flat=True))
    name = team.name
    team.delete()
    for user_id in main_to:
        _settle_main(user_id)
    audit(actor, "team.deleted", N_("%(who)s deleted the team “%(name)s”."), link=reverse("settings:teams"), name=name)


@transaction.atomic
def put_into_teams(user: User, team_ids: Sequence[int], *, main: int | None, actor: Actor) -> None:
    """Sets all teams of a person. The main one is the one named, else the one they had, else the first."""
    present = set(Membership.objects.filter(user=user).values_list("team_id", flat=True))
    for team in Team.objects.filter(pk__in=present ^ set(team_ids)):
        _enter(user, team, actor) if team.pk in team_ids else _leave(user, team, actor)
    if main is not None and main in team_ids:
        Membership.objects.filter(user=user, is_main=True).exclude(team_id=main).update(is_main=False)
        Membership.objects.filter(user=user, team_id=main).update(is_main=True)


def team_named(name: str) -> Team:
    """The team of that name, made where it is missing: for the command line and the demo."""
    return Team.objects.get_or_create(name=" ".join(name.split()))[0]


def _enter(user: User, team: Team, actor: Actor) -> None:
    has_main = Membership.objects.filter(user=user, is_main=True).exists()
    Membership.objects.create(user=user, team=team, is_main=not has_main)
    audit(
        actor,
        "team.joined",
        N_("%(who)s put %(person)s into the team “%(name)s”."),
        link=_team_link(team),
        person=str(user),
        name=team.name,
    )


def _leave(user: User, team: Team, actor: Actor) -> None:
    Membership.objects.filter(user=user, team=team).delete()
    _settle_main(user.pk)
    audit(
        actor,
        "team.left",
        N_("%(who)s took %(person)s out of the team “%(name)s”."),
        link=_team_link(team),
        person=str(user),
        name=team.name,
    )


def _settle_main(user_id: int) -> None:
    rows = Membership.objects.filter(user_id=user_id)
    if not rows.filter(is_main=True).exists():
        first = rows.order_by("id").first()
        Membership.objects.filter(pk=first.pk if first else 0).update(is_main=True)


def _team_name(name: str, but: int | None = None) -> str:
    found = " ".join(name.split())
    if not found:
        raise Refused(gettext("Give the team a name."))
    if Team.objects.filter(name__iexact=found).exclude(pk=but or 0).exists():
        raise Refused(gettext("There is a team “%(name)s” already.") % {"name": found})
    return found


def _team_link(team: Team) -> str:
    return reverse("settings:team", args=[team.pk])
