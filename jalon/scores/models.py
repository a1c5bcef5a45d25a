"""Scores, as PostgreSQL keeps them: the rules of a property, and how far its values are with what they say."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from jalon.records.models import Property


class Score(models.Model):
    """The rules that give a property its value, and how far that has come.

    `fingerprint` is that of the rules which `after_id` belongs to: others start from the first record again. The clock has been
    looked at up to `checked_at`; before `next_at` it alone changes nothing.
    """

    property = models.OneToOneField(Property, models.CASCADE, primary_key=True, related_name="+")
    rules = models.JSONField(default=list)  # [{"criteria": ..., "points": 10}]
    version = models.IntegerField(default=1)
    fingerprint = models.CharField(max_length=64, blank=True, default="")
    after_id = models.BigIntegerField(default=0)
    is_done = models.BooleanField(default=False)
    checked_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(default=timezone.now)
    updated_by_id = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["property_id"]
