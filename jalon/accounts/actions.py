"""Changes to the account, its users and their rights."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext

from jalon.accounts import presets, queries
from jalon.accounts.access import SYSTEM, Access, Actor, Scope
from jalon.accounts.access import Refused as Refused
from jalon.accounts.audit.actions import audit as audit
from jalon.accounts.models import Account, Invitation, PermissionSet, User
from jalon.accounts.money import actions as money
from jalon.accounts.notices.actions import notify as notify  # the verb that every capability calls lives beside its own rows
from jalon.accounts.rights import actions as rights
from jalon.accounts.sessions import actions as sessions
from jalon.jobs import actions as jobs
from jalon.warehouse.words import N_

SUPER_ADMIN = "super_admin"
HAND_OVER = "hand_over"  # of the background job


@dataclass(frozen=True, slots=True)
class Grant:
    """The rights to give somebody: everything, or a permission set; and the teams they are in."""

    permission_set: int | None = None
    super_admin: bool = False
    teams: tuple[int, ...] = ()
    main_team: int | None = None

    @classmethod
    def of(cls, preset: str, team: str = "") -> Grant:
        """What a preset gives ("super_admin" gives everything), for somebody of the team of that name."""
        permission_set = None if preset == SUPER_ADMIN else rights.set_of(preset).pk
        main = rights.team_named(team).pk if team.strip() else None
        return cls(permission_set, preset == SUPER_ADMIN, (main,) if main else (), main)


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """What the account settings page asks."""

    name: str
    zone: str
    language: str
    currency: str
    first_weekday: int
    fiscal_month: int = 1
    report_mail_zone: str = "America/New_York"


@dataclass(frozen=True, slots=True)
class Owner:
    """The first user, made by the first-run page."""

    name: str
    email: str
    password: str


require_power = rights.require_power_over


def require_grant(access: Access, grant: Grant, *, over: User | Invitation | None = None) -> None:
    """Nobody gives a right that they lack, nor changes somebody who may do more than they."""
    if grant.super_admin and not access.super_admin:
        raise Refused(gettext("Only a super admin can do this for a super admin."))
    if over is not None:
        rights.require_power_over(access, over)
        if isinstance(over, User) and {team for team, _main in queries.memberships(over.pk)} != set(grant.teams):
            rights.require_own_teams_kept(access, {over.pk})
    if grant.permission_set is not None and (over is None or over.permission_set_id != grant.permission_set):
        row = PermissionSet.objects.get(pk=grant.permission_set)
        rights.require_within(access, row.permissions, {key: Scope(scope) for key, scope in row.scopes.items()})


@transaction.atomic
def set_up(settings: AccountSettings, *, stage_preset: str, owner: Owner) -> User:
    """Answers the first-run page: the account, its first stages, its first user. Refused once that was done."""
    _one_at_a_time()
    if Account.objects.exists():
        raise Refused(gettext("This Jalon was set up already. Sign in instead."))
    rights.lay_out_presets()
    user = create_user(owner.email, name=owner.name, password=owner.password, grant=Grant.of(SUPER_ADMIN), actor=SYSTEM)
    Account.objects.create(pk=1, stage_preset=stage_preset, **_columns(settings))
    queries.forget_account()
    presets.set_up(stage_preset, Actor(user.pk, user.name))
    money.tell(Actor(user.pk, user.name))
    return user


@transaction.atomic
def change_account(settings: AccountSettings, *, actor: Actor) -> None:
    before = queries.account().currency
    Account.objects.filter(pk=1).update(**_columns(settings))
    queries.forget_account()
    if before != settings.currency:
        money.change_home(before, settings.currency, actor=actor)
    audit(actor, "account.changed", N_("%(who)s changed the account settings."), link=reverse("settings:account"))


def _columns(settings: AccountSettings) -> dict[str, str | int]:
    return {
        "name": settings.name,
        "zone": settings.zone,
        "language": settings.language,
        "currency": settings.currency,
        "first_weekday": settings.first_weekday,
        "fiscal_month": settings.fiscal_month,
        "report_mail_zone": settings.report_mail_zone,
    }


@transaction.atomic
def create_user(email: str, *, name: str, password: str, grant: Grant, actor: Actor, language: str = "") -> User:
    """A user who can sign in at once. Refused with a sentence for a bad or taken address or a weak password."""
    user = User(email=free_address(email), name=name.strip() or email, language=language)
    check_password(password, user)
    user.set_password(password)
    user.super_admin, user.permission_set_id = grant.super_admin, grant.permission_set
    user.save()
    audit(actor, "user.created", N_("%(who)s added the user %(person)s."), link=_link(user), person=str(user))
    rights.put_into_teams(user, grant.teams, main=grant.main_team, actor=actor)
    return user


@transaction.atomic
def create_user_without_password(email: str, *, name: str, grant: Grant, actor: Actor) -> User:
    """A user who signs in elsewhere. A password link gives them a password too."""
    user = User(email=free_address(email), name=name.strip() or email)
    user.set_unusable_password()
    user.super_admin, user.permission_set_id = grant.super_admin, grant.permission_set
    user.save()
    audit(actor, "user.created", N_("%(who)s added the user %(person)s."), link=_link(user), person=str(user))
    return user


@transaction.atomic
def change_user(user_id: int, *, name: str, grant: Grant, actor: Actor) -> User:
    """New name, rights and teams, in force at once. The last super admin stays one."""
    _one_at_a_time()
    user = User.objects.get(pk=user_id)
    before = (user.super_admin, user.permission_set_id)
    user.name = name.strip() or user.email
    user.super_admin, user.permission_set_id = grant.super_admin, grant.permission_set
    _keep_a_super_admin(user)
    user.save()
    if before == (user.super_admin, user.permission_set_id):
        audit(actor, "user.changed", N_("%(who)s changed the user %(person)s."), link=_link(user), person=str(user))
    else:
        told = {"person": str(user), "rights": queries.rights_label(user)}
        audit(actor, "user.rights", N_("%(who)s gave %(person)s other rights: %(rights)s."), link=_link(user), **told)
    rights.put_into_teams(user, grant.teams, main=grant.main_team, actor=actor)
    return user


@transaction.atomic
def set_active(user_id: int, active: bool, *, actor: Actor) -> User:
    """Deactivated users cannot sign in, and every session of theirs ends for good; their records and their name stay."""
    _one_at_a_time()
    user = User.objects.get(pk=user_id)
    if not active and user.pk == actor.user_id:
        raise Refused(gettext("You cannot deactivate yourself. Another administrator can do it."))
    user.is_active = active
    user.sessions_ended += 0 if active else 1
    _keep_a_super_admin(user)
    user.save(update_fields=["is_active", "sessions_ended"])
    if active:
        audit(actor, "user.activated", N_("%(who)s let %(person)s sign in again."), link=_link(user), person=str(user))
    else:
        sessions.end_all(user.pk)
        audit(actor, "user.deactivated", N_("%(who)s deactivated %(person)s."), link=_link(user), person=str(user))
    return user


@transaction.atomic
def hand_over(leaver_id: int, heir_id: int | None, *, actor: Actor) -> int:
    """Starts giving everything that belongs to somebody to a colleague, or to nobody. Returns the job."""
    leaver, heir = User.objects.get(pk=leaver_id), User.objects.filter(pk=heir_id or 0, is_active=True).first()
    if heir_id is not None and (heir is None or heir_id == leaver_id):
        raise Refused(gettext("Choose a colleague who can sign in."))
    label = gettext("What belonged to %(person)s") % {"person": leaver}
    job = jobs.start(HAND_OVER, label, arguments={"from": leaver_id, "to": heir_id}, user_id=actor.user_id)
    if heir is not None:
        sentence = N_("%(who)s gave what belonged to %(person)s to %(heir)s.")
        audit(actor, "user.handed_over", sentence, link=_link(leaver), person=str(leaver), heir=str(heir))
    else:
        audit(actor, "user.handed_over", N_("%(who)s left what belonged to %(person)s to nobody."), link=_link(leaver), person=str(leaver))
    return job.pk


@transaction.atomic
def change_profile(user_id: int, *, name: str, language: str, theme: str) -> None:
    User.objects.filter(pk=user_id).update(name=name.strip(), language=language, theme=theme)


@transaction.atomic
def change_appearance(user_id: int, *, language: str = "", theme: str = "") -> None:
    """The switches in the user menu; what is empty stays."""
    changes = {key: value for key, value in (("language", language), ("theme", theme)) if value}
    if changes:
        User.objects.filter(pk=user_id).update(**changes)


@transaction.atomic
def change_password(user: User, password: str, *, keep_session: str = "") -> None:
    """Every other session of the user ends."""
    check_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    sessions.end_all(user.pk, but=keep_session)
    audit(Actor(user.pk, str(user)), "user.password", N_("%(who)s changed their password."), link=_link(user))
    notify([user.pk], "safety", N_("Your password was changed. If it was not you, ask an administrator for a password link."))


def free_address(email: str) -> str:
    """The address in lower case, checked; refused when somebody has it."""
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refused(gettext("“%(email)s” is not an e-mail address.") % {"email": email}) from error
    if User.objects.filter(email__iexact=address).exists():
        raise Refused(gettext("%(email)s is a user already.") % {"email": address})
    return address


def check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


def _keep_a_super_admin(user: User) -> None:
    stays = user.super_admin and user.is_active
    if not stays and not User.objects.filter(super_admin=True, is_active=True).exclude(pk=user.pk).exists():
        raise Refused(gettext("Somebody must stay super admin. Make another user super admin first."))


def _link(user: User) -> str:
    return reverse("settings:user", args=[user.pk])


def _one_at_a_time() -> None:
    """Two administrators may not remove each other at the same moment, nor two browsers answer the first-run page."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('jalon.accounts'))")
