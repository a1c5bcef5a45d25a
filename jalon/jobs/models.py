from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Now


class State(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(models.Model):
    """Long work that somebody started and may leave: an import, an export, a rebuild. Its row is its memory."""

    kind = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    arguments: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    user_id = models.BigIntegerField(null=True)  # a number, not a key: this folder lies below the users
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    message = models.TextField(default="")
    result: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    cancel_wanted = models.BooleanField(default=False)
    # Every start of the work, the first or the one after a crash, and where it stood then: the rate is taken from here.
    resumed_at = models.DateTimeField(null=True)
    resumed_done = models.BigIntegerField(default=0)
    fruitless_starts = models.SmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], name="jobs_unfinished", condition=models.Q(state__in=["queued", "running"])),
            models.Index(fields=["user_id", "-id"], name="jobs_of_user"),
        ]


class Position(models.Model):
    """How far a part of the beat has read the change log."""

    name = models.CharField(max_length=60, primary_key=True)
    epoch = models.IntegerField(default=0)
    xid = models.BigIntegerField(default=0)
    id = models.BigIntegerField(default=0)
    at = models.DateTimeField(null=True)
