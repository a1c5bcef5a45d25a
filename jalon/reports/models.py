from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone


class Report(models.Model):
    """A saved question; the definition is the kind's own JSON, with its version in it. Its answer is its last snapshot."""

    class Sharing(models.TextChoices):
        PRIVATE = "private"
        CHOSEN = "chosen"  # with those whom its shares name
        EVERYBODY = "everybody"  # who may see reports

    key = models.UUIDField(default=uuid.uuid4, unique=True)  # by which files know it, in whatever account
    kind = models.CharField(max_length=32)
    title = models.CharField(max_length=250, blank=True)  # "" follows the options in the reader's language; a text was typed by somebody
    definition = models.JSONField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    edited_at = models.DateTimeField(default=timezone.now, db_index=True)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    snapshot = models.OneToOneField("reports.Snapshot", null=True, on_delete=models.SET_NULL, related_name="+")  # none: never compiled
    display = models.JSONField(default=dict)  # a goal, and the colors that people chose: nothing that a compile asks
    folder = models.ForeignKey("folders.Folder", null=True, on_delete=models.PROTECT, related_name="+")
    sharing = models.CharField(max_length=10, choices=Sharing.choices, default=Sharing.EVERYBODY)
    everybody_edits = models.BooleanField(default=False)  # shared with everybody: also those who may only create reports edit it
    compiling_id = models.BigIntegerField(null=True)  # the job that compiles it, or did last


class Share(models.Model):
    """A report is shown to a person, or to a team: who is in it when they look."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="shares", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey("accounts.Team", null=True, on_delete=models.CASCADE, related_name="+")
    edits = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "user", "team"], name="reports_share_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=models.Q(user__isnull=True, team__isnull=False) | models.Q(user__isnull=False, team__isnull=True),
                name="reports_share_with_one",
            ),
        ]


class Favorite(models.Model):
    """Somebody wants a report at hand."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "report"], name="reports_favorite_once")]


class Snapshot(models.Model):
    """What a compile found: rows, frozen until the next one. `definition` is the one that was compiled, which may since be another.

    `known` is what its rows are read by and what may be another at any time: the stages of the lifecycle.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="+")
    definition = models.JSONField()
    compiled_at = models.DateTimeField(default=timezone.now)
    as_of = models.DateField()  # the account's day at the compile, from which its period counts
    rows = models.BigIntegerField(default=0)
    known = models.JSONField(default=dict)


class SnapshotPart(models.Model):
    """Some of its rows as an Arrow stream: those of one table of the columns, without the number of the snapshot."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="parts")
    table = models.CharField(max_length=40)
    place = models.IntegerField()
    rows = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["snapshot", "table", "place"], name="reports_part_place")]


class Export(models.Model):
    """A file that somebody had made of a report, in the background, for a mail. It is theirs alone, and kept for seven days.

    `choice` is what they chose of it. An erasure meanwhile takes `began_at` away, so that a file that was being written is written anew.
    """

    report = models.ForeignKey(Report, null=True, on_delete=models.SET_NULL, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    choice: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    language = models.CharField(max_length=10)
    file_name = models.CharField(max_length=200, default="")
    rows = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    began_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)  # the file was deleted, by age or by an erasure

    @property
    def path(self) -> Path:
        return exports_folder() / str(self.pk)


def exports_folder() -> Path:
    """Where the files of exports lie, open to nobody else."""
    folder: Path = settings.ENVIRONMENT.home / "files" / "exports"
    return folder


class Frequency(models.TextChoices):
    ONCE = "once"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Schedule(models.Model):
    """A report that is sent by e-mail: to whom, when, and how it looks there. Its figures are those that its owner may see."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="schedules")
    frequency = models.CharField(max_length=10, choices=Frequency.choices)
    weekday = models.SmallIntegerField(default=0)  # 0 = Monday
    day = models.SmallIntegerField(default=1)  # of the month; the last one where the month is shorter
    recipients = ArrayField(models.EmailField())
    message = models.TextField(default="", blank=True)
    metrics = ArrayField(models.CharField(max_length=10))
    style = models.CharField(max_length=12)
    language = models.CharField(max_length=8)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    active = models.BooleanField(default=True)
    next_at = models.DateTimeField(null=True)  # none: paused, or sent once
    zone = models.CharField(max_length=64, default="")  # of `next_at`, which is told anew when the account chooses another
    edited_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["next_at"], name="reports_due", condition=models.Q(active=True))]


class SendingState(models.TextChoices):
    COMPILING = "compiling"
    WRITING = "writing"
    SENT = "sent"  # its mails lie in the outbox, which knows what becomes of each
    FAILED = "failed"


class Sending(models.Model):
    """One time that a report is sent: there is never a second one for the same instant, and it ends sent or failed."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="sendings")
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=SendingState.choices, default=SendingState.COMPILING)
    job_id = models.BigIntegerField(null=True)  # the background job that it waits for
    recipients = ArrayField(models.EmailField())
    mails = ArrayField(models.BigIntegerField(), default=list)  # in the outbox
    trouble = models.TextField(default="")
    began_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["schedule", "due_at"], name="reports_sent_once")]
        indexes: ClassVar = [models.Index(fields=["id"], name="reports_under_way", condition=models.Q(state__in=["compiling", "writing"]))]
