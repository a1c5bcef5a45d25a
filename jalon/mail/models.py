from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone


class State(models.TextChoices):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"  # handed over, and the answer was lost: sent again it might arrive twice


class Mail(models.Model):
    """One message to one address. What it says is forgotten once it is sent: it may hold a link that opens a door."""

    message_id = models.CharField(max_length=200, unique=True)
    recipient = models.EmailField()
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.SmallIntegerField(default=0)
    trouble = models.TextField(default="")  # a message id
    answer = models.TextField(default="")  # what the mail server said
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="mail_under_way", condition=models.Q(state__in=["queued", "sending"])),
        ]


class MailPart(models.Model):
    """A picture or a file that goes with a mail; gone once that is sent."""

    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="parts")
    name = models.CharField(max_length=250)
    content_type = models.CharField(max_length=120)
    inline = models.BooleanField(default=False)
    data = models.BinaryField()
