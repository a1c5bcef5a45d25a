from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac


class Account(models.Model):
    """The one row with this deployment's settings; it does not exist before the first-run page."""

    id = models.SmallAutoField(primary_key=True)
    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=64)
    language = models.CharField(max_length=8)
    currency = models.CharField(max_length=3)
    first_weekday = models.SmallIntegerField(default=0)  # 0 = Monday
    fiscal_month = models.SmallIntegerField(default=1)  # the month in which the fiscal year begins
    stage_preset = models.CharField(max_length=32)
    report_mail_zone = models.CharField(max_length=64, default="America/New_York")  # reports by e-mail leave at six in the morning there
    second_factor_from = models.DateTimeField(null=True)  # from then on everybody must use one; empty: nobody must
    created_at = models.DateTimeField(default=timezone.now)


class ExchangeRate(models.Model):
    """What one unit of a currency is worth in the account's own, from a day on."""

    code = models.CharField(max_length=3)
    day = models.DateField()
    rate = models.DecimalField(max_digits=20, decimal_places=10)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "day"], name="accounts_rate_once")]


class Team(models.Model):
    """People who are given each other's records."""

    name = models.CharField(max_length=120, unique=True)

    def __str__(self) -> str:
        return self.name


class PermissionSet(models.Model):
    """What the people who have it may do: permissions by name, and for records the scope of each verb ("contact.view": "team").

    One that stands for a preset and has no name of its own is called as the preset, in the reader's language.
    """

    name = models.CharField(max_length=120, blank=True)
    preset = models.CharField(max_length=32, blank=True)
    description = models.CharField(max_length=400, blank=True)
    permissions = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    scopes: models.JSONField[dict[str, str]] = models.JSONField(default=dict, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("name"), condition=~models.Q(name=""), name="accounts_set_name_once"),
        ]


class Rights(models.Model):
    """What a person may do: everything, or what a permission set says; nothing without one."""

    super_admin = models.BooleanField(default=False)
    permission_set = models.ForeignKey(PermissionSet, null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> models.QuerySet[User]:
        """With the permission set: every request asks for it."""
        return super().get_queryset().select_related("permission_set")

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email)


class User(AbstractBaseUser, Rights):
    """Somebody who signs in with an e-mail address."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    language = models.CharField(max_length=8, blank=True)  # blank: the account's
    theme = models.CharField(max_length=8, default="system")  # system, light, dark
    is_active = models.BooleanField(default=True)
    sessions_ended = models.PositiveIntegerField(default=0)  # how often: a session from before the last time is over
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_once"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must carry: it ends with a new password, and when all sessions are ended."""
        text = f"{self.password}.{self.sessions_ended}"
        return salted_hmac("jalon.accounts.User.session", text, secret=secret, algorithm="sha256").hexdigest()


class Membership(models.Model):
    """Somebody is in a team. One of their teams is the main one."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    is_main = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "team"], name="accounts_membership_once"),
            models.UniqueConstraint(fields=["user"], condition=models.Q(is_main=True), name="accounts_one_main_team"),
        ]


class Invitation(Rights):
    """A link that lets one person in, once: a new user, or (with `user`) somebody who needs a new password.

    Only the hash of the token is kept, so a copy of the database opens nothing.
    """

    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField()
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)


class AuditLine(models.Model):
    """Something that somebody did, for good. The actor is kept as a number and a name: the log outlives every account."""

    at = models.DateTimeField(default=timezone.now)
    actor_id = models.BigIntegerField(null=True)  # null: Jalon itself, or somebody who is not signed in
    actor_name = models.CharField(max_length=254, blank=True)
    kind = models.CharField(max_length=60)  # "property.changed"
    sentence = models.TextField()  # a message id
    params = models.JSONField(default=dict)
    link = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["actor_id", "-id"], name="accounts_audit_actor"),
            models.Index(fields=["kind", "-id"], name="accounts_audit_kind"),
            models.Index(fields=["at"], name="accounts_audit_at"),
        ]


class Preference(models.Model):
    """What a page remembers for one person, by name: "contact.columns"."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    value = models.JSONField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "name"], name="accounts_preference_once"),
        ]

    @classmethod
    def remember(cls, user_id: int | None, name: str, value: object) -> None:
        """Keeps a preference in place of the former one; nobody in particular has none."""
        if user_id is not None:
            cls.objects.update_or_create(user_id=user_id, name=name, defaults={"value": value})


class Notice(models.Model):
    """Something one person was told: a message id with its values, said in their language when they read it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    sentence = models.TextField()
    params: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    link = models.CharField(max_length=400, default="")
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["user", "-id"], name="accounts_notices_of_user"),
            models.Index(fields=["user"], name="accounts_notices_unread", condition=models.Q(read_at=None)),
        ]


class Authenticator(models.Model):
    """The app on a person's phone that makes codes (TOTP). It counts once its first code was typed."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    secret = models.TextField()  # encrypted with SECRET_KEY
    last_step = models.BigIntegerField(default=0)  # of the last code taken: a code works once
    confirmed_at = models.DateTimeField(null=True)


class RecoveryCode(models.Model):
    """A code for the day on which the phone is lost; works once, and only its hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)


class Passkey(models.Model):
    """A key that a person's device keeps (WebAuthn); we hold its public half."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    credential_id = models.CharField(max_length=1400, unique=True)  # base64url; at most 1,023 bytes
    credential = models.BinaryField()  # WebAuthn's attested credential data
    sign_count = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)


class UserSession(models.Model):
    """Where somebody is signed in."""

    key = models.CharField(max_length=40, primary_key=True)  # of Django's session
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    ip = models.CharField(max_length=45)
    agent = models.CharField(max_length=400)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "-seen_at"], name="accounts_sessions_of_user")]


class Attempts(models.Model):
    """How often something was tried under one key since the window opened; every process counts here."""

    limit = models.CharField(max_length=40)
    key = models.CharField(max_length=64)  # a hash
    count = models.IntegerField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["limit", "key"], name="accounts_attempts_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["ends_at"], name="accounts_attempts_end")]


class ApiToken(models.Model):
    """A password for a program, with at most the rights of its owner. Only its hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16)  # shown, so that people can tell their tokens apart
    token_hash = models.CharField(max_length=64, unique=True)
    permissions = ArrayField(models.CharField(max_length=64), default=list)
    scopes = models.JSONField(default=dict)  # the most that it reaches: {"view": "team"}
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    last_ip = models.CharField(max_length=45, default="")


class SignOn(models.Model):
    """Where people may sign in instead of here (OpenID Connect). At most one row; the environment may stand for it."""

    issuer = models.URLField(max_length=300)
    client_id = models.CharField(max_length=300)
    client_secret = models.TextField()  # encrypted with SECRET_KEY
    label = models.CharField(max_length=60)
    # What somebody new may do; without it only people who are users already come in.
    new_user_set = models.ForeignKey(PermissionSet, null=True, on_delete=models.SET_NULL, related_name="+")
    only = models.BooleanField(default=False)


class OutsideIdentity(models.Model):
    """Who somebody is at the issuer: matched once by a verified e-mail address, afterwards by this alone."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=300)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="accounts_outside_identity_once"),
        ]
