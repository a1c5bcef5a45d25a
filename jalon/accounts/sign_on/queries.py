"""Which issuer people may sign in with: that of the environment, else that of the settings page."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from jalon.accounts.models import OutsideIdentity, PermissionSet, SignOn, User
from jalon.accounts.safety.sealing import unseal


@dataclass(frozen=True, slots=True)
class Provider:
    """Where people may sign in instead of here."""

    issuer: str
    client_id: str
    label: str
    sealed_secret: str
    new_user_set: int | None
    only: bool
    from_environment: bool = False

    def secret(self) -> str:
        return self.sealed_secret if self.from_environment else unseal(self.sealed_secret)


def provider() -> Provider | None:
    """None where people sign in here only. The environment goes first: its secret lies in no database."""
    environment = settings.ENVIRONMENT
    if environment.oidc_issuer:
        return Provider(
            issuer=environment.oidc_issuer,
            client_id=environment.oidc_client_id,
            label=environment.oidc_label,
            sealed_secret=environment.oidc_client_secret,
            new_user_set=_set_called(environment.oidc_new_user_set),
            only=environment.oidc_only,
            from_environment=True,
        )
    row = SignOn.objects.first()
    if row is None:
        return None
    return Provider(row.issuer, row.client_id, row.label, row.client_secret, row.new_user_set_id, row.only)


def _set_called(name: str) -> int | None:
    """A permission set by its name, or by that of its preset."""
    return PermissionSet.objects.filter(Q(name__iexact=name) | Q(preset=name)).values_list("pk", flat=True).first() if name else None


def user_of(issuer: str, subject: str) -> User | None:
    """Who this identity was matched with before."""
    found = OutsideIdentity.objects.select_related("user").filter(issuer=issuer, subject=subject).first()
    return found.user if found else None
