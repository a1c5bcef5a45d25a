"""An import, its files, and what it told about their rows."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from jalon.lists.models import List


class State(models.TextChoices):
    """Where an import stands. Whether its job failed or was cancelled is the job's to say."""

    DRAFT = "draft"  # uploaded, being mapped
    TRYING = "trying"
    TRIED = "tried"
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class Import(models.Model):
    """One or several files that are brought in together: the log names it, and undoing takes it back as a whole."""

    language = models.CharField(max_length=10, default="en")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    job_id = models.BigIntegerField(null=True)
    tried = models.JSONField(default=dict)  # what the dry run found
    undone = models.JSONField(default=dict)  # what undoing found
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    files_gone_at = models.DateTimeField(null=True)  # the uploaded files were deleted, by age or by an erasure

    class Meta:
        ordering: ClassVar = ["-id"]

    @property
    def folder(self) -> Path:
        """Where everything of this import lies that is no row."""
        return folder() / str(self.pk)

    def forget_files(self) -> None:
        """Delete the uploaded files and everything made of them."""
        shutil.rmtree(self.folder, ignore_errors=True)


class File(models.Model):
    """One file and how it is brought in. `rows_done` moves in the transaction that writes the rows, so a crash never repeats one."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="files")
    place = models.SmallIntegerField(default=0)
    object_type = models.CharField(max_length=60)
    is_history = models.BooleanField(default=False)
    file_name = models.CharField(max_length=250)
    file_bytes = models.BigIntegerField(default=0)
    sheet = models.CharField(max_length=100, blank=True, default="")  # of a workbook; "" for a CSV file
    sheets = models.JSONField(default=list)
    encoding = models.CharField(max_length=40)
    delimiter = models.CharField(max_length=1)
    headings = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)  # heading: target (targets.py), or the role of the column in a history file
    companions = models.JSONField(default=dict)  # other object in the same row: {"by": property it is found by, "link": association type}
    match = models.CharField(max_length=100)
    mode = models.CharField(max_length=10, default="both")
    order = models.CharField(max_length=3)
    zone = models.CharField(max_length=60)
    decimal = models.CharField(max_length=1, default=".")
    clear_blanks = models.BooleanField(default=False)
    list = models.ForeignKey(List, models.SET_NULL, null=True, related_name="+")  # its records are put into it
    new_list = models.CharField(max_length=200, blank=True, default="")  # the same, of a list that is made when the import begins
    rows_total = models.BigIntegerField(null=True)
    rows_done = models.BigIntegerField(default=0)
    created = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    told = models.BigIntegerField(default=0)
    linked = models.BigIntegerField(default=0)  # associations made
    beside = models.JSONField(default=dict)  # counts of the other objects in its rows

    class Meta:
        ordering: ClassVar = ["place", "id"]

    @property
    def original(self) -> Path:
        """The file as it was uploaded."""
        return self.of.folder / str(self.place)

    @property
    def path(self) -> Path:
        """The rows as text: the upload itself, or what was taken out of a workbook."""
        return self.of.folder / f"{self.place}.rows" if self.sheet else self.original

    @property
    def verdicts(self) -> Path:
        """What the dry run says of each row."""
        return self.of.folder / f"{self.place}.verdicts"


class Note(models.Model):
    """What one row of the file was told: why it was refused, or something to know about it."""

    file = models.ForeignKey(File, models.CASCADE, related_name="notes", db_index=False)
    line = models.BigIntegerField()
    is_refusal = models.BooleanField()
    sentences = models.JSONField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["file", "line"], name="imports_note_line")]


class RowKey(models.Model):
    """Which record a key of a file stands for, while the import runs: other files and later rows name it by this key."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="+", db_index=False)
    space = models.CharField(max_length=200)  # a column of a file, or a property that another object is found by
    key = models.TextField()
    record_id = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["of", "space", "key"], name="imports_row_key")]


class Waiting(models.Model):
    """A row whose partner was not there yet. It is looked for again once every file is in."""

    file = models.ForeignKey(File, models.CASCADE, related_name="+")
    line = models.BigIntegerField()
    record_id = models.BigIntegerField()
    target = models.CharField(max_length=300)
    key = models.TextField()


class Template(models.Model):
    """A mapping that somebody saved by name, offered again when a file has the same headings."""

    name = models.CharField(max_length=100, unique=True)
    object_type = models.CharField(max_length=60)
    headings = models.JSONField(default=list)
    chosen = models.JSONField(default=dict)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["name"]


class Keeping(models.Model):
    """One row: for how many days the files of imports are kept; 0 for ever."""

    days = models.IntegerField(default=90)


def folder() -> Path:
    """The folder of the files, open to nobody else."""
    path: Path = settings.ENVIRONMENT.home / "files" / "imports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
