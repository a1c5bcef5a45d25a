"""Read what somebody signs in with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from jalon.accounts.models import Authenticator, Passkey, RecoveryCode, User


@dataclass(frozen=True, slots=True)
class PasskeyLine:
    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    """A person's second factors, for the page where they manage them."""

    app_since: datetime | None
    passkeys: tuple[PasskeyLine, ...]
    recovery_codes: int  # left

    @property
    def any(self) -> bool:
        return self.app_since is not None or bool(self.passkeys)


def factors(user_id: int) -> Factors:
    app = Authenticator.objects.filter(user_id=user_id).values_list("confirmed_at", flat=True).first()
    keys = tuple(PasskeyLine(key.pk, key.name, key.created_at, key.last_used_at) for key in passkeys(user_id))
    return Factors(app, keys, RecoveryCode.objects.filter(user_id=user_id, used_at=None).count())


def has_second_factor(user_id: int) -> bool:
    app = Authenticator.objects.filter(user_id=user_id).exclude(confirmed_at=None)
    return app.exists() or Passkey.objects.filter(user_id=user_id).exists()


def has_app(user_id: int) -> bool:
    return Authenticator.objects.filter(user_id=user_id).exclude(confirmed_at=None).exists()


def passkeys(user_id: int) -> list[Passkey]:
    return list(Passkey.objects.filter(user_id=user_id).order_by("created_at", "pk"))


def passkey(credential_id: str) -> Passkey | None:
    """The key of an active user."""
    return Passkey.objects.select_related("user").filter(credential_id=credential_id, user__is_active=True).first()


def with_second_factor() -> frozenset[int]:
    """Everybody who has one, for the users page."""
    apps = Authenticator.objects.exclude(confirmed_at=None).values_list("user_id", flat=True)
    return frozenset(apps) | frozenset(Passkey.objects.values_list("user_id", flat=True))


def user(user_id: int) -> User | None:
    return User.objects.filter(pk=user_id).first()
