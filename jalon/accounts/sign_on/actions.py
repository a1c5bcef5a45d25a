"""Who is let in from elsewhere, and where elsewhere is."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext

from jalon.accounts.access import SYSTEM, Actor
from jalon.accounts.actions import Grant, Refused, create_user_without_password
from jalon.accounts.audit.actions import audit
from jalon.accounts.models import OutsideIdentity, SignOn, User
from jalon.accounts.queries import user_by_email
from jalon.accounts.safety.sealing import seal
from jalon.accounts.sign_on import queries
from jalon.accounts.sign_on.oidc import Identity
from jalon.warehouse.words import N_


@dataclass(frozen=True, slots=True)
class Wish:
    """What the settings page asks. An empty secret leaves the one that is kept."""

    issuer: str
    client_id: str
    client_secret: str
    label: str
    new_user_set: int | None
    only: bool


@transaction.atomic
def let_in(identity: Identity, *, new_user_set: int | None) -> User:
    """The user behind an identity: known from before, or with this verified address, or new where that is allowed."""
    user = queries.user_of(identity.issuer, identity.subject) or _match(identity, new_user_set)
    if not user.is_active:
        raise Refused(gettext("This account is deactivated. An administrator can open it again in Settings, Users."))
    return user


def _match(identity: Identity, new_user_set: int | None) -> User:
    """By address only where the issuer has verified it: else anybody could claim to be anybody."""
    if not identity.email or not identity.email_verified:
        raise Refused(gettext("The issuer does not vouch for your e-mail address, so Jalon cannot tell who you are."))
    user = user_by_email(identity.email)
    if user is None:
        if new_user_set is None:
            raise Refused(gettext("%(email)s is not a user here. Ask an administrator for an invitation.") % {"email": identity.email})
        user = create_user_without_password(identity.email, name=identity.name, grant=Grant(new_user_set), actor=SYSTEM)
    OutsideIdentity.objects.create(user=user, issuer=identity.issuer, subject=identity.subject)
    audit(
        Actor(user.pk, str(user)), "sign_in.matched", N_("%(who)s signed in through %(issuer)s for the first time."), issuer=identity.issuer
    )
    return user


@transaction.atomic
def choose(wish: Wish, *, actor: Actor) -> None:
    """People may sign in there from now on."""
    row = SignOn.objects.select_for_update().first() or SignOn()
    if not wish.client_secret and not row.client_secret:
        raise Refused(gettext("The client secret is missing."))
    row.issuer, row.client_id, row.label = wish.issuer, wish.client_id, wish.label
    row.new_user_set_id, row.only = wish.new_user_set, wish.only
    row.client_secret = seal(wish.client_secret) if wish.client_secret else row.client_secret
    row.save()
    audit(actor, "account.sign_on", N_("%(who)s let people sign in through %(issuer)s."), link="/settings/sign-in/", issuer=wish.issuer)


@transaction.atomic
def forget(*, actor: Actor) -> None:
    """People sign in here only. Whoever has no password gets one by a link."""
    if SignOn.objects.all().delete()[0]:
        audit(actor, "account.sign_on", N_("%(who)s ended the sign-in elsewhere."), link="/settings/sign-in/")
