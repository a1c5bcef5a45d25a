"""The small forms in which notes, tasks, calls and meetings are written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext

from jalon.records.activities.queries import BODIES, TITLES, WHEN
from jalon.records.columns import Catalog, PropertySpec
from jalon.records.forms import inputs as forms
from jalon.records.forms.inputs import Input, Typed
from jalon.records.values import instant_text
from jalon.warehouse.schema import Kind

DURATION: Final = "hs_call_duration"  # kept in milliseconds, typed in minutes
MINUTE: Final = 60_000
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "note": ("hs_note_body", WHEN),
    "task": (
        *("hs_task_subject", WHEN, "hs_task_reminders", "hubspot_owner_id", "hs_task_type", "hs_task_priority", "hs_queue_membership_ids"),
        "hs_task_body",
    ),
    "call": ("hs_call_title", "hs_call_direction", "hs_call_disposition", DURATION, WHEN, "hs_call_body"),
    "meeting": ("hs_meeting_title", WHEN, "hs_meeting_end_time", "hs_meeting_location", "hs_meeting_outcome", "hs_meeting_body"),
}


def fields(catalog: Catalog) -> list[PropertySpec]:
    """What the form asks; a list without options, such as that of queues before there is one, is left out."""
    specs = [catalog.properties[name] for name in FIELDS[catalog.object_type] if name in catalog.properties]
    return [spec for spec in specs if not (spec.kind is Kind.ENUMERATION and not spec.options)]


def blank(activity: str, now: datetime, user_id: int | None) -> dict[str, str]:
    """What most people will want: a task for tomorrow morning, a meeting at the next full hour."""
    hour = (now + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    owner = {"hubspot_owner_id": str(user_id or "")}
    match activity:
        case "task":
            morning = (now + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
            return {**owner, WHEN: instant_text(morning), "hs_task_type": "TODO"}
        case "meeting":
            end = {"hs_meeting_end_time": instant_text(hour + timedelta(hours=1))}
            return {**owner, **end, WHEN: instant_text(hour), "hs_meeting_outcome": "SCHEDULED"}
        case "call":
            return {**owner, WHEN: instant_text(now), "hs_call_direction": "OUTBOUND"}
    return {**owner, WHEN: instant_text(now)}


def inputs(catalog: Catalog, values: Mapping[str, str]) -> list[Input]:
    shown = dict(values)
    if shown.get(DURATION):
        shown[DURATION] = f"{Decimal(shown[DURATION]) / MINUTE:f}".rstrip("0").rstrip(".") or "0"
    return [_minutes(item) for item in forms.inputs(fields(catalog), shown)]


def inputs_again(catalog: Catalog, posted: QueryDict, errors: Mapping[str, str]) -> list[Input]:
    return [_minutes(item) for item in forms.inputs_again(fields(catalog), posted, errors)]


def read(catalog: Catalog, posted: QueryDict) -> Typed:
    """The values that were typed; an activity needs a title or words of its own."""
    typed = forms.read(fields(catalog), posted)
    values, errors = dict(typed.values), dict(typed.errors)
    if values.get(DURATION):
        values[DURATION] = f"{Decimal(values[DURATION]) * MINUTE:f}".split(".")[0]
    activity = catalog.object_type
    needed = TITLES.get(activity, BODIES[activity]) if activity != "call" else ""
    if needed and not values.get(needed) and needed not in errors:
        errors[needed] = gettext("Write a few words first.")
    return Typed(values, errors)


def also(posted: QueryDict, offered: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """The other records that were ticked, of those that were offered."""
    ticked = set(posted.getlist("also"))
    return [(object_type, id) for object_type, id in offered if f"{object_type}-{id}" in ticked]


def _minutes(item: Input) -> Input:
    if item.spec.name != DURATION:
        return item
    return Input(
        item.spec, gettext("Duration in minutes"), item.control, item.value, item.values, item.choices, item.input_type, item.error
    )
