from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Demo(models.Model):
    """One row in a demo home: which year it tells. Filled again, it goes on with the same one."""

    end = models.DateField()
    contacts = models.IntegerField()


class Chapter(models.Model):
    """How far one part of the demo is, saved in the transaction of its rows: a kill leaves no half and no double."""

    name = models.CharField(max_length=60, primary_key=True)
    done = models.IntegerField(default=0)
    is_finished = models.BooleanField(default=False)
    ids: ArrayField[list[int], list[int]] = ArrayField(models.BigIntegerField(), default=list)  # the records that later parts link to
