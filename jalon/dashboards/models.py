from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class Pin(models.Model):
    """A report that stands on somebody's Home."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    report = models.ForeignKey("reports.Report", on_delete=models.CASCADE, related_name="+")
    pinned_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pinned_at", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "report"], name="dashboards_pin_once")]
