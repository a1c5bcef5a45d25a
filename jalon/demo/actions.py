"""Fills a home with the demo's year. Started again, it goes on where it stopped, and adds nothing to what is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.db.models import F, Func, Value

from jalon.demo import parts, settling
from jalon.demo.chapters import cast, going
from jalon.demo.models import Chapter, Demo
from jalon.demo.parts import DemoPart, Scene
from jalon.demo.year import Year
from jalon.warehouse.words import N_

Show = Callable[[str, float], None]  # a message id, and the share of the whole that is done
SETTLING = 0.25  # the share of the time that the columns take at the end


def begin(end: date, contacts: int) -> Year:
    """The year of this home: the one it has already, whatever is asked for."""
    demo, _ = Demo.objects.get_or_create(id=1, defaults={"end": end, "contacts": contacts})
    return Year(demo.end, demo.contacts)


def fill(year: Year, show: Show) -> bool:
    """Fills what is missing, part by part; False when nothing was."""
    users = cast.enter()
    missing = [part for part in parts.parts() if not _chapter(part).is_finished]
    whole, before = sum(part.weight for part in missing) / (1 - SETTLING), 0
    for part in missing:
        part.fill(_scene(part, year, users, _partly(show, before / whole, part.weight / whole)))
        Chapter.objects.filter(name=part.name).update(is_finished=True)
        before += part.weight
    return bool(missing)


def set_going(year: Year) -> None:
    """Starts what the server is to do in the background; once for a demo."""
    with transaction.atomic():
        Chapter.objects.get_or_create(name="going")
        if Chapter.objects.filter(name="going", is_finished=False).update(is_finished=True):
            going.set_going(cast.enter(), year.end)


def settle(show: Show) -> None:
    """Brings what was written into the columns, unless the beat of a server has done so already."""

    def shown(done: int, total: int) -> None:
        show(N_("Bringing it into the columns"), 1 - SETTLING + SETTLING * done / max(1, total))

    settling.catch_up(shown)


def _partly(show: Show, first: float, share: float) -> Show:
    """Shows a part's own progress as its share of the whole."""
    return lambda label, done: show(label, first + done * share)


def _chapter(part: DemoPart) -> Chapter:
    return Chapter.objects.get_or_create(name=part.name)[0]


def _scene(part: DemoPart, year: Year, users: Mapping[str, int], show: Show) -> Scene:
    def note(done: int, total: int, ids: Sequence[int] = ()) -> None:
        appended = Func(F("ids"), Value(list(ids)), function="array_cat", output_field=Chapter._meta.get_field("ids"))
        Chapter.objects.filter(name=part.name).update(done=done, ids=appended)
        show(part.label, done / total)

    def ids_of(name: str) -> list[int]:
        return list(Chapter.objects.get(name=name).ids)

    return Scene(year, users, _chapter(part).done, note, ids_of)
