from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class Account(models.Model):
    """The one row with this deployment's settings; it does not exist before the first-run page."""

    id = models.SmallAutoField(primary_key=True)
    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=64)
    language = models.CharField(max_length=8)
    currency = models.CharField(max_length=3)
    first_weekday = models.SmallIntegerField(default=0)  # 0 = Monday
    stage_preset = models.CharField(max_length=32)
    created_at = models.DateTimeField(default=timezone.now)


class Team(models.Model):
    """People who see each other's records."""

    name = models.CharField(max_length=120, unique=True)

    def __str__(self) -> str:
        return self.name


class Rights(models.Model):
    """What a person may do: permissions by name, and for records the scope of each verb ("contact.view": "team")."""

    role = models.CharField(max_length=32, default="reader")
    super_admin = models.BooleanField(default=False)
    permissions = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    scopes = models.JSONField(default=dict, blank=True)
    sees_unassigned = models.BooleanField(default=True)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        abstract = True


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email)


class User(AbstractBaseUser, Rights):
    """Somebody who signs in with an e-mail address."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    language = models.CharField(max_length=8, blank=True)  # blank: the account's
    theme = models.CharField(max_length=8, default="system")  # system, light, dark
    is_active = models.BooleanField(default=True)
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


class Invitation(Rights):
    """A link that lets one person in, once: a new user, or (with `user`) somebody who needs a new password.

    Only the hash of the token is kept, so a copy of the database opens nothing.
    """

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
