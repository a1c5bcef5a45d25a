"""The companies of the year."""

from __future__ import annotations

from itertools import islice

from django.db import transaction

from jalon.demo.chapters.writing import create, portions
from jalon.demo.parts import Scene
from jalon.records.actions import Row

PORTION = 2_000


def fill(scene: Scene) -> None:
    total, done = scene.year.companies, scene.done
    for part in portions(islice(scene.year.shops(), done, None), PORTION):
        rows = [Row({**shop.values, **scene.owner(shop.rep)}) for shop in part]
        done += len(part)
        with transaction.atomic():
            scene.note(done, total, create(scene, "company", rows))
