"""Lists, and what happened to them, as PostgreSQL keeps it.

Who is in a list is what its movements add up to: they are written once and never changed. The columns hold the same as
rows, for questions.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from jalon.criteria.tree import EMPTY, to_json


def no_criteria() -> dict[str, Any]:
    return to_json(EMPTY)


class List(models.Model):
    """Records of one type. `version` is another one whenever its members have to be found anew; a rebuild of an older one ends."""

    class Kind(models.TextChoices):
        DYNAMIC = "DYNAMIC"  # active: follows its criteria
        SNAPSHOT = "SNAPSHOT"  # static: by its criteria once, then by hand
        MANUAL = "MANUAL"  # static: by hand

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"

    object_type = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    description = models.TextField(blank=True, default="")
    criteria: models.JSONField[dict[str, Any]] = models.JSONField(default=no_criteria)
    folder = models.ForeignKey("folders.Folder", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    created_by_id = models.BigIntegerField(null=True)
    updated_at = models.DateTimeField(default=timezone.now)
    updated_by_id = models.BigIntegerField(null=True)
    filters_updated_at = models.DateTimeField(default=timezone.now)
    version = models.IntegerField(default=1)
    seen_version = models.IntegerField(default=0)  # the last one for which every record was looked at
    state = models.CharField(max_length=10, choices=State.choices, default=State.DONE)
    after_id = models.BigIntegerField(default=0)  # the records up to here have been looked at for this version
    size = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)  # the last movement
    trouble: models.JSONField[list[Any]] = models.JSONField(default=list)  # why its criteria cannot be asked now
    checked_at = models.DateTimeField(null=True)  # since when the clock has not been looked at
    next_at = models.DateTimeField(null=True)  # when the clock alone changes its answer next
    converts_at = models.DateTimeField(null=True)  # an active list that becomes a static one then
    converts_after_days = models.IntegerField(null=True)  # or after so many days without a movement
    deleted_at = models.DateTimeField(null=True)
    deleted_by_id = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), condition=models.Q(deleted_at=None), name="lists_name"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="lists_unfinished", condition=~models.Q(state="done")),
        ]


class Edit(models.Model):
    """Who changed a list, when, from what to what; only the parts that changed. Created: `before` is empty."""

    list = models.ForeignKey(List, models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    actor_id = models.BigIntegerField(null=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["list", "-id"], name="lists_edits")]


class Movement(models.Model):
    """Records that came into a list, or left it, together and for one reason. Append-only; ids are in the order of the commits.

    Only the part of the beat writes here, under its lock. `size` is how many members the list has afterwards. A `silent` one
    moves nobody: it says who is wanted in a static list, of records that are away or stood in for by another.
    """

    id = models.BigAutoField(primary_key=True)
    list = models.ForeignKey(List, models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    entered = models.BooleanField()
    silent = models.BooleanField(default=False)
    why = models.CharField(max_length=20)
    detail = models.CharField(max_length=200, blank=True, default="")
    actor_id = models.BigIntegerField(null=True)
    ids = ArrayField(models.BigIntegerField())
    size = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["list", "-id"], name="lists_movements")]


class Request(models.Model):
    """What a person, an import or a workflow wants: these records in the list, or out of it. The part of the beat does it.

    `settles`: none in particular; the list has just become static, and from here on nobody is wanted in it who is not in it.
    `epoch` and `xid` say when it was written, in the order of the change log.
    """

    id = models.BigAutoField(primary_key=True)
    list = models.ForeignKey(List, models.CASCADE, related_name="+")
    add = models.BooleanField()
    ids = ArrayField(models.BigIntegerField())
    settles = models.BooleanField(default=False)
    actor_id = models.BigIntegerField(null=True)
    source = models.CharField(max_length=20)
    detail = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField(default=timezone.now)
    epoch = models.IntegerField()
    xid = models.BigIntegerField()
