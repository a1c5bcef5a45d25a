from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class Folder(models.Model):
    """Things of one shelf that belong together, in the words of those who look for them. A shelf is what they are: "lists"."""

    shelf = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="folders")
    created_at = models.DateTimeField(default=timezone.now)
    created_by_id = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint("shelf", "parent", Lower("name"), name="folders_name", nulls_distinct=False),
        ]
