"""An import and what it told about rows of its file."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class State(models.TextChoices):
    """Where an import stands. Whether its job failed or was cancelled is the job's to say."""

    DRAFT = "draft"  # uploaded, being mapped
    TRYING = "trying"
    TRIED = "tried"
    RUNNING = "running"
    DONE = "done"


class Import(models.Model):
    """One file and how it is brought in. `rows_done` moves in the transaction that writes the rows, so a crash never repeats one."""

    object_type = models.CharField(max_length=60)
    is_history = models.BooleanField(default=False)
    file_name = models.CharField(max_length=250)
    file_bytes = models.BigIntegerField(default=0)
    encoding = models.CharField(max_length=40)
    delimiter = models.CharField(max_length=1)
    headings = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)  # heading: property, or the role of the column in a history file
    match = models.CharField(max_length=100)
    mode = models.CharField(max_length=10, default="both")
    order = models.CharField(max_length=3)
    zone = models.CharField(max_length=60)
    decimal = models.CharField(max_length=1, default=".")
    clear_blanks = models.BooleanField(default=False)
    language = models.CharField(max_length=10, default="en")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    job_id = models.BigIntegerField(null=True)
    rows_total = models.BigIntegerField(null=True)
    rows_done = models.BigIntegerField(default=0)
    created = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    told = models.BigIntegerField(default=0)
    tried = models.JSONField(default=dict)  # the verdict of the dry run
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    @property
    def path(self) -> Path:
        """Where the file is kept, for the rows that come back."""
        return folder() / f"{self.pk}.csv"


class Note(models.Model):
    """What one row of the file was told: why it was refused, or that a later row had the same key."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="notes", db_index=False)
    line = models.BigIntegerField()
    is_refusal = models.BooleanField()
    sentences = models.JSONField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["of", "line"], name="imports_note_line")]


def folder() -> Path:
    """The folder of the files, open to nobody else."""
    path: Path = settings.ENVIRONMENT.home / "files" / "imports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
