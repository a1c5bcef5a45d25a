"""Second factors and passkeys come and go, attempts are counted."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from jalon.accounts import queries as accounts
from jalon.accounts.access import Actor
from jalon.accounts.audit.actions import audit
from jalon.accounts.models import Account, Authenticator, Passkey, RecoveryCode, User
from jalon.accounts.notices.actions import notify
from jalon.accounts.safety import codes, queries
from jalon.accounts.safety.limits import SECOND_FACTOR, Limit, TooOften
from jalon.accounts.safety.passkeys import NewKey
from jalon.accounts.safety.sealing import seal, unseal
from jalon.warehouse.words import N_

PAGE = "/settings/profile/safety/"
GRACE = timedelta(days=7)


# Attempts


def take(limit: Limit, key: str, now: datetime | None = None) -> None:
    """Counts an attempt, whoever else counts at this moment. Raises TooOften, with the time to wait, when there were enough."""
    now = now or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO accounts_attempts AS a ("limit", key, count, ends_at) VALUES (%s, %s, 1, %s)
               ON CONFLICT ("limit", key) DO UPDATE SET
                 count = CASE WHEN a.ends_at <= %s THEN 1 ELSE a.count + 1 END,
                 ends_at = CASE WHEN a.ends_at <= %s THEN excluded.ends_at ELSE a.ends_at END
               RETURNING count, ends_at""",
            [limit.name, _hash(key), now + limit.window, now, now],
        )
        count, ends_at = cursor.fetchone()
    if count > limit.most:
        raise TooOften(ends_at - now)


def give_back(limit: Limit, key: str) -> None:
    """The attempt succeeded, so it does not count; a success does not forgive the failures before it."""
    with connection.cursor() as cursor:
        cursor.execute(
            'UPDATE accounts_attempts SET count = greatest(count - 1, 0) WHERE "limit" = %s AND key = %s', [limit.name, _hash(key)]
        )


def forget_old_attempts(now: datetime) -> None:
    """Windows that have closed."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_attempts WHERE ends_at < %s", [now])


def _hash(key: str) -> str:
    return hashlib.sha256(key.strip().lower().encode()).hexdigest()


# Codes


@transaction.atomic
def begin_authenticator(user: User) -> str:
    """A secret for the QR code. It counts once a code made from it was typed; until then the same one is shown again."""
    row = Authenticator.objects.select_for_update().filter(user=user).first()
    if row is not None and row.confirmed_at is None:
        return unseal(row.secret)
    secret = codes.new_secret()
    if row is None:
        Authenticator.objects.create(user=user, secret=seal(secret))
    return secret if row is None else ""


@transaction.atomic
def confirm_authenticator(user: User, typed: str, now: datetime) -> bool:
    """The first code shows that the phone has the secret. False for a wrong one."""
    row = Authenticator.objects.select_for_update().filter(user=user, confirmed_at=None).first()
    step = codes.step_of(unseal(row.secret), typed, now.timestamp()) if row else None
    if row is None or step is None:
        return False
    row.confirmed_at, row.last_step = now, step
    row.save(update_fields=["confirmed_at", "last_step"])
    _changed(
        user, "second_factor.added", N_("%(who)s added an app with codes as second factor."), N_("You sign in with codes of an app now.")
    )
    return True


@transaction.atomic
def new_recovery_codes(user: User) -> list[str]:
    """Ten codes, shown now and never again; the former ones end."""
    made = codes.new_recovery_codes()
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, code_hash=codes.hash_of_recovery_code(code, user.pk)) for code in made)
    audit(_actor(user), "second_factor.codes", N_("%(who)s made new recovery codes."))
    return made


@transaction.atomic
def remove_authenticator(user: User) -> None:
    if Authenticator.objects.filter(user=user).delete()[0]:
        _tidy(user)
        removed = N_("%(who)s removed the app with codes.")
        _changed(user, "second_factor.removed", removed, N_("The app with codes was removed from your sign-in."))


def check(user: User, typed: str, now: datetime, *, ip: str) -> bool:
    """Is this a code of the app, or a recovery code that was not used? Either works once. Raises TooOften."""
    take(SECOND_FACTOR, str(user.pk), now)
    good = _check_app(user, typed, now) or _use_recovery_code(user, typed, now)
    if good:
        give_back(SECOND_FACTOR, str(user.pk))
    else:
        failed(user, ip=ip)
    return good


def failed(user: User, *, ip: str) -> None:
    """Writes down that somebody who had the password, or says to have the key, had the wrong second factor."""
    sentence = N_("Somebody from %(ip)s gave a wrong second factor for %(person)s.")
    audit(Actor(None, ""), "second_factor.failed", sentence, person=user.email, ip=ip)


@transaction.atomic
def _check_app(user: User, typed: str, now: datetime) -> bool:
    row = Authenticator.objects.select_for_update().filter(user=user).exclude(confirmed_at=None).first()
    if row is None:
        return False
    step = codes.step_of(unseal(row.secret), typed, now.timestamp(), after=row.last_step)
    if step is not None:
        row.last_step = step
        row.save(update_fields=["last_step"])
    return step is not None


@transaction.atomic
def _use_recovery_code(user: User, typed: str, now: datetime) -> bool:
    if not any(letter.isalpha() for letter in typed):
        return False  # a mistyped code of the app; hashing is slow
    hashed = codes.hash_of_recovery_code(typed, user.pk)
    if not RecoveryCode.objects.filter(user=user, code_hash=hashed, used_at=None).update(used_at=now):
        return False
    left = RecoveryCode.objects.filter(user=user, used_at=None).count()
    audit(_actor(user), "second_factor.recovery", N_("%(who)s used a recovery code; %(left)s are left."), left=left)
    notify([user.pk], "safety", N_("A recovery code was used to sign in as you. %(left)s are left."), PAGE, left=left)
    return True


# Passkeys


@transaction.atomic
def add_passkey(user: User, name: str, made: NewKey) -> Passkey:
    key = Passkey.objects.create(
        user=user,
        name=name.strip()[:80] or "Passkey",
        credential_id=made.credential_id,
        credential=made.credential,
        sign_count=made.sign_count,
    )
    _changed(
        user, "second_factor.added", N_("%(who)s added the passkey “%(name)s”."), N_("The passkey “%(name)s” was added."), name=key.name
    )
    return key


def passkey_used(key: Passkey, sign_count: int, now: datetime) -> bool:
    """Notes the use. False where the device counts backwards: then a copy of it may exist (0 means that it does not count)."""
    newer = Passkey.objects.filter(pk=key.pk) if sign_count == 0 else Passkey.objects.filter(pk=key.pk, sign_count__lt=sign_count)
    return bool(newer.update(sign_count=sign_count, last_used_at=now))


@transaction.atomic
def remove_passkey(user: User, key_id: int) -> None:
    key = Passkey.objects.filter(user=user, pk=key_id).first()
    if key is None:
        return
    key.delete()
    _tidy(user)
    removed = N_("%(who)s removed the passkey “%(name)s”.")
    _changed(user, "second_factor.removed", removed, N_("The passkey “%(name)s” was removed."), name=key.name)


# Administrators


@transaction.atomic
def reset(user: User, *, actor: Actor) -> None:
    """Takes every second factor from somebody who lost the phone; they sign in with the password alone and set up anew."""
    for rows in (Authenticator, RecoveryCode, Passkey):
        rows.objects.filter(user=user).delete()
    audit(actor, "second_factor.reset", N_("%(who)s took the second factors from %(person)s."), person=str(user))
    notify([user.pk], "safety", N_("%(who)s took the second factors from your sign-in. Set up new ones."), PAGE, who=actor.name)


@transaction.atomic
def require_second_factor(wanted: bool, *, actor: Actor, now: datetime) -> None:
    """From now on, after a week to set it up, everybody must use a second factor; or nobody must."""
    before = accounts.account().second_factor_from
    if wanted == (before is not None):
        return
    Account.objects.filter(pk=1).update(second_factor_from=now + GRACE if wanted else None)
    accounts.forget_account()
    asked, free = N_("%(who)s asks everybody for a second factor."), N_("%(who)s asks nobody for a second factor any more.")
    audit(actor, "account.second_factor", asked if wanted else free)


def _tidy(user: User) -> None:
    """Recovery codes stand for a factor: without one they are nothing but a second password."""
    if not queries.has_second_factor(user.pk):
        RecoveryCode.objects.filter(user=user).delete()


def _changed(user: User, kind: str, audited: str, told: str, **params: str) -> None:
    audit(_actor(user), kind, audited, **params)
    notify([user.pk], "safety", told, PAGE, **params)


def _actor(user: User) -> Actor:
    return Actor(user.pk, user.name or user.email)
