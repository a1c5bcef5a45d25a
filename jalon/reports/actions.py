"""What people do with reports. A report is checked before it is kept, so that what is saved can be run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from jalon.accounts.access import Actor
from jalon.accounts.actions import audit
from jalon.figures.goals import Goal
from jalon.jobs.actions import start
from jalon.jobs.models import State
from jalon.jobs.queries import job
from jalon.lists import actions as lists
from jalon.lists.models import List
from jalon.reports.kinds import display, every
from jalon.reports.kinds.display import Display
from jalon.reports.kinds.every import Definition
from jalon.reports.models import Report, Snapshot
from jalon.reports.population import of_list
from jalon.reports.queries import OBJECT_TYPE, title_of, understood
from jalon.reports.snapshots.queries import let_go
from jalon.warehouse.words import N_

COMPILE = "report"  # the kind of its background job
TITLE_LENGTH = 250

log = structlog.get_logger()


@transaction.atomic
def create(definition: Definition, *, actor: Actor, title: str = "", new_list: str | None = None) -> int:
    """Saves a report and has it compiled; returns its id. The author owns it.

    With the name of a `new_list` its criteria become an active list of that name, and the report is about this list. Raises ListError.
    """
    return _create(_about(definition, new_list, actor), actor, title=title)


def bring(definition: Definition, shown: Display, *, key: UUID, title: str, actor: Actor) -> int:
    """A report from a file, which knows it by its key already; otherwise as `create`."""
    return _create(definition, actor, title=title, display=display.written(shown), key=key)


@transaction.atomic
def _create(definition: Definition, actor: Actor, *, title: str, **more: Any) -> int:
    options = every.written(definition)
    row = Report.objects.create(
        kind=every.kind_of(options).name,
        title=title.strip()[:TITLE_LENGTH],
        definition=options,
        owner_id=actor.user_id,
        created_by_id=actor.user_id,
        edited_by_id=actor.user_id,
        **more,
    )
    _tell(actor, "report.created", N_("%(who)s created the report %(number)s."), row.pk)
    compile(row.pk, actor=actor)
    return row.pk


@transaction.atomic
def change(report_id: int, definition: Definition, *, actor: Actor, new_list: str | None = None) -> bool:
    """New options for a report, which is compiled anew; False when it is gone. `new_list` is as in `create`."""
    definition = _about(definition, new_list, actor)
    return _edit(report_id, actor, definition=every.written(definition)) and compile(report_id, actor=actor) is not None


def _about(definition: Definition, new_list: str | None, actor: Actor) -> Definition:
    """The same report about the members of a new list, where one is wanted; whatever a list cannot do in a report is refused."""
    if new_list is None:
        return definition
    made = lists.create(new_list, OBJECT_TYPE, List.Kind.DYNAMIC, definition.criteria, actor=actor)
    return understood(every.written(replace(definition, criteria=of_list(made.id))))


@transaction.atomic
def compile(report_id: int, *, actor: Actor) -> int | None:
    """Has the report compiled in the background, and returns the job; one that waits already does for both. None: the report is gone."""
    row = Report.objects.select_for_update().filter(id=report_id).first()
    if row is None:
        return None
    waiting = job(row.compiling_id) if row.compiling_id else None
    if waiting is not None and waiting.state == State.QUEUED:
        return waiting.id
    row.compiling_id = start(COMPILE, title_of(row), arguments={"report_id": report_id}, user_id=actor.user_id).pk
    row.save(update_fields=["compiling_id"])
    return row.compiling_id


def set_display(report_id: int, shown: Display, *, actor: Actor) -> bool:
    """Goal and colors as they stand in a file. False when the report is gone."""
    return _show(report_id, lambda before: shown, actor)


def set_goal(report_id: int, goal: Goal | None, *, actor: Actor) -> bool:
    """A goal to draw beside the figures, or none; nothing is compiled for it. False when the report is gone."""
    return _show(report_id, lambda shown: replace(shown, goal=goal), actor)


def set_color(report_id: int, key: str, color: str, *, actor: Actor) -> bool:
    """A color for a value of the breakdown; an empty one leaves the choice to the palette again. False when the report is gone."""
    return _show(report_id, lambda shown: replace(shown, colors=_with_color(shown.colors, key, color)), actor)


def _with_color(colors: Mapping[str, str], key: str, color: str) -> dict[str, str]:
    return {**{each: chosen for each, chosen in colors.items() if each != key}, **({key: color} if color else {})}


@transaction.atomic
def _show(report_id: int, change: Callable[[Display], Display], actor: Actor) -> bool:
    row = Report.objects.select_for_update().filter(id=report_id).first()
    return row is not None and _edit(report_id, actor, display=display.written(change(display.read(row.display))))


def rename(report_id: int, title: str, *, actor: Actor) -> bool:
    """A title of one's own; an empty one follows the options again."""
    return _edit(report_id, actor, title=title.strip()[:TITLE_LENGTH])


@transaction.atomic
def duplicate(report_id: int, title: str, *, actor: Actor) -> int | None:
    """A new report with the same options (spec 3.2 "re-create"), owned by the one who asks; None when the report is gone."""
    row = Report.objects.filter(id=report_id).first()
    if row is None:
        return None
    copy = Report.objects.create(
        kind=row.kind,
        title=title.strip()[:TITLE_LENGTH],
        definition=row.definition,
        display=row.display,
        folder_id=row.folder_id,
        sharing=row.sharing if row.sharing == Report.Sharing.EVERYBODY else Report.Sharing.PRIVATE,  # its author gives it to whom they want
        owner_id=actor.user_id,
        created_by_id=actor.user_id,
        edited_by_id=actor.user_id,
    )
    _tell(actor, "report.created", N_("%(who)s created the report %(number)s."), copy.pk)
    compile(copy.pk, actor=actor)
    return copy.pk


@transaction.atomic
def delete(report_id: int, *, actor: Actor) -> bool:
    """Removes the report; its contacts stay. False when it was gone already."""
    snapshots = list(Snapshot.objects.filter(report_id=report_id).values_list("pk", flat=True))
    gone = bool(Report.objects.filter(id=report_id).delete()[0])
    if gone:
        transaction.on_commit(lambda: let_go(snapshots))
        log.info("report deleted", report=report_id, user=actor.user_id)
        audit(actor, "report.deleted", N_("%(who)s deleted the report %(number)s."), number=report_id)
    return gone


def hand_over(leaver: int, heir: int | None, actor: Actor, mark: str) -> Iterator[int]:
    """The reports of somebody who leaves are the heir's; without one, whoever may see all of them still does."""
    yield Report.objects.filter(owner_id=leaver).update(owner_id=heir)


@transaction.atomic
def _edit(report_id: int, actor: Actor, **values: object) -> bool:
    found = bool(Report.objects.filter(id=report_id).update(**values, edited_at=timezone.now(), edited_by_id=actor.user_id))
    if found:
        _tell(actor, "report.changed", N_("%(who)s changed the report %(number)s."), report_id)
    return found


def _tell(actor: Actor, kind: str, sentence: str, report_id: int) -> None:
    audit(actor, kind, sentence, link=f"/reports/{report_id}/", number=report_id)
