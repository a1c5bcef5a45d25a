"""Stages of the lifecycle as PostgreSQL keeps them, and how they came to be what they are.

Movements are not here: they are a reading of the change log, and the journeys that they make lie in the columns.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from jalon.lifecycle.columns import StageKind


class Lifecycle(models.Model):
    """One row: whether stages are shown at all."""

    is_shown = models.BooleanField(default=True)


class Stage(models.Model):
    """One stage. `name` is the value that contacts hold; it never changes, and no later stage gets that of a deleted one."""

    name = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in StageKind])
    label_en = models.CharField(max_length=200)
    label_fr = models.CharField(max_length=200)
    description = models.TextField(blank=True, default="")
    emoji = models.CharField(max_length=16, blank=True, default="")
    color = models.CharField(max_length=10, blank=True, default="")
    order = models.IntegerField(default=0)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    leaving_job_id = models.BigIntegerField(null=True)  # its contacts are being moved, and then it goes
    deleted_at = models.DateTimeField(null=True)
    deleted_by_id = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind"], condition=Q(kind="won", deleted_at=None), name="lifecycle_one_won"),
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True, deleted_at=None), name="lifecycle_one_default"),
        ]


class StageChange(models.Model):
    """Something that was changed about the stages, kept for ever: charts mark it. Only the parts that changed."""

    class What(models.TextChoices):
        ADDED = "added"
        CHANGED = "changed"
        MOVED = "moved"
        DELETED = "deleted"
        PRESET = "preset"
        SHOWN = "shown"
        HIDDEN = "hidden"

    at = models.DateTimeField(default=timezone.now)
    actor_id = models.BigIntegerField(null=True)
    what = models.CharField(max_length=10, choices=What.choices)
    stage = models.CharField(max_length=100, blank=True, default="")
    label_en = models.CharField(max_length=200, blank=True, default="")
    label_fr = models.CharField(max_length=200, blank=True, default="")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-id"]
