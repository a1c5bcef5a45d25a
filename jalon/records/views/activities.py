"""Notes, tasks, calls and meetings on the page of a record: written, changed, completed, pinned, deleted and brought back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts.access import Access, Scope, needs
from jalon.records import actions as record_actions
from jalon.records import address, queries, richtext
from jalon.records.activities import actions
from jalon.records.activities import queries as activities
from jalon.records.display import Display, Shown
from jalon.records.forms import activities as forms
from jalon.records.links import queries as links
from jalon.records.queries import RecordView
from jalon.records.values import parse_instant
from jalon.records.views import places
from jalon.records.views.finding import label_of_record, record_in_sight
from jalon.records.views.settling import settle
from jalon.web.pages import leave_for, render, wants_part

WRITE = "write"  # names in the address the activity whose form is open
OFFERED = 6  # linked records that the form offers to hang the activity on too
DETAILS = {
    "note": (),
    "task": ("hs_task_type", "hs_task_priority", "hs_queue_membership_ids"),
    "call": ("hs_call_direction", "hs_call_disposition", "hs_call_duration"),
    "meeting": ("hs_meeting_location", "hs_meeting_outcome"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """An activity as the timeline shows it."""

    id: int
    activity: str
    label: str
    icon: str
    title: str
    body: SafeString
    who: str
    due: Any
    ends: Any
    is_late: bool
    is_done: bool
    is_pinned: bool
    may_edit: bool
    may_delete: bool
    may_pin: bool
    details: tuple[Shown, ...]
    others: tuple[tuple[str, str], ...]
    url: str


@needs("records.view")
@require_GET
def composer(request: HttpRequest, plural: str, id: int) -> HttpResponse:
    """The row of buttons that open a form."""
    access, found = record_in_sight(request, plural, id)
    return places.stand(request, render(request, "records/_composer.html", composing(access, found)), WRITE, "")


@needs("records.edit")
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, plural: str, id: int, activity: str) -> HttpResponse:
    access, found = record_in_sight(request, plural, id)
    catalog = _catalog(access, activity, "edit")
    if request.method == "GET":
        if not wants_part(request):
            return redirect(f"{_record_url(found)}?{WRITE}={activity}")
        response = render(request, "records/_composer.html", composing(access, found, activity))
        return places.stand(request, response, WRITE, activity)
    typed = forms.read(catalog, request.POST)
    if typed.errors:
        inputs = forms.inputs_again(catalog, request.POST, typed.errors)
        context = composing(access, found, activity, set(request.POST.getlist("also"))) | {"inputs": inputs}
        return render(request, "records/_composer.html", context, status=422)
    on = [(found.catalog.object_type, id), *forms.also(request.POST, [(kind, other) for kind, other, _ in _offered(access, found)])]
    values = {name: value for name, value in typed.values.items() if value}
    outcome = actions.log(activity, values, on, actor=access.actor, now=timezone.now())
    settle(request, outcome.position)
    if not wants_part(request):
        return leave_for(request, _record_url(found))
    return HttpResponse(status=204, headers={"HX-Trigger": "activity-logged"})


@needs("records.edit")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, plural: str, id: int, activity: str, activity_id: int) -> HttpResponse:
    access, found = record_in_sight(request, plural, id)
    own = _activity(access, found, activity, activity_id, "edit")
    if request.method == "GET":
        return _editing(request, found, own, forms.inputs(own.catalog, own.values))
    typed = forms.read(own.catalog, request.POST)
    if typed.errors:
        return _editing(request, found, own, forms.inputs_again(own.catalog, request.POST, typed.errors), status=422)
    changed = {name: value for name, value in typed.values.items() if value != own.values.get(name, "")}
    rows = [record_actions.Row(changed, activity_id)]
    outcome = record_actions.write(activity, rows, actor=access.actor, origin=actions.BY_HAND, mode="update")
    settle(request, outcome.position)
    return HttpResponse(status=204, headers={"HX-Trigger": "record-changed"})


@needs("records.view")
@require_GET
def card(request: HttpRequest, plural: str, id: int, activity: str, activity_id: int) -> HttpResponse:
    """The activity as it stands: what a cancelled form goes back to."""
    access, found = record_in_sight(request, plural, id)
    return _card(request, access, found, _activity(access, found, activity, activity_id, "view"))


@needs("records.edit")
@require_POST
def complete(request: HttpRequest, plural: str, id: int, activity: str, activity_id: int) -> HttpResponse:
    """Completes a task; `open` opens it again."""
    access, found = record_in_sight(request, plural, id)
    if activity != "task":
        raise Http404
    own = _activity(access, found, activity, activity_id, "edit")
    if request.POST.get("open"):
        position = actions.reopen([own.id], actor=access.actor)
    else:
        position = actions.complete([own.id], actor=access.actor, now=timezone.now())
    settle(request, position)
    return _changed(request, found)


@needs("records.edit")
@require_POST
def pin(request: HttpRequest, plural: str, id: int, activity: str, activity_id: int) -> HttpResponse:
    """Keeps an activity on top of the record's timeline, or with `off` no longer."""
    access, found = record_in_sight(request, plural, id)
    own = _activity(access, found, activity, activity_id, "view")
    if not queries.reachable(access, found.catalog.object_type, [id], "edit"):
        raise Http404
    settle(request, actions.pin(found.catalog.object_type, id, None if request.POST.get("off") else own.id, actor=access.actor))
    return _changed(request, found)


@needs("records.delete")
@require_POST
def delete(request: HttpRequest, plural: str, id: int, activity: str, activity_id: int) -> HttpResponse:
    """Takes an activity away, and leaves a line that brings it back."""
    access, found = record_in_sight(request, plural, id)
    own = _activity(access, found, activity, activity_id, "delete")
    settle(request, record_actions.archive(activity, [own.id], actor=access.actor, origin=actions.BY_HAND).position)
    if not wants_part(request):
        return leave_for(request, _record_url(found))
    label = own.catalog.label(get_language() or "en")
    return render(request, "records/_activity_gone.html", {"key": f"{activity}-{own.id}", "label": label, "url": _url(found, own)})


@needs("records.delete")
@require_POST
def bring_back(request: HttpRequest, plural: str, id: int, activity: str, activity_id: int) -> HttpResponse:
    access, found = record_in_sight(request, plural, id)
    own = queries.record(access, _catalog(access, activity, "delete").object_type, activity_id, "delete")
    if own is None or not activities.hangs_on(activity, activity_id, found.catalog.object_type, id):
        raise Http404
    settle(request, record_actions.restore(activity, [own.id], actor=access.actor, origin=actions.BY_HAND).position)
    return _changed(request, found)


# What the timeline asks


def composing(access: Access, found: RecordView, activity: str = "", ticked: Collection[str] = ()) -> dict[str, Any]:
    """The kinds of activities that this person may write down here, and the form of one of them."""
    language = get_language() or "en"
    kinds = [queries.catalog(name) for name in activities.NAMES if access.scope(name, "edit") is not Scope.NONE]
    stem = reverse("records:composer", args=[found.catalog.plural, found.id])
    may = access.may("records.edit") and not found.archived and not found.catalog.is_activity
    context: dict[str, Any] = {
        "compose_url": stem,
        "compose": [(kind.object_type, kind.label(language), kind.icon, f"{stem}{kind.object_type}/") for kind in kinds] if may else [],
    }
    chosen = next((kind for kind in kinds if may and kind.object_type == activity), None)
    if chosen is None:
        return context
    values = forms.blank(activity, timezone.localtime(), access.actor.user_id)
    offered = [(f"{kind}-{id}", name, f"{kind}-{id}" in ticked) for kind, id, name in _offered(access, found)]
    return context | {"activity": activity, "inputs": forms.inputs(chosen, values), "offered": offered}


def cards(access: Access, found: RecordView, own: Sequence[RecordView]) -> dict[int, Card]:
    """Activities as the page of a record shows them, by id."""
    display, now = Display(), timezone.now()
    hosts = activities.hosts(access, [one.id for one in own])
    return {one.id: _drawn(access, found, one, hosts.get(one.id, []), display, now) for one in own}


def _drawn(access: Access, found: RecordView, own: RecordView, hosts: Sequence[activities.Host], display: Display, now: Any) -> Card:
    activity, values, specs = own.catalog.object_type, own.values, own.catalog.properties
    body = values.get(activities.BODIES[activity], "")
    when = parse_instant(values[activities.WHEN]) if values.get(activities.WHEN) else None
    ends = values.get("hs_meeting_end_time")
    is_done = values.get("hs_task_status") == activities.COMPLETED
    details = (display.show(specs[name], values.get(name)) for name in DETAILS[activity] if name in specs)
    return Card(
        id=own.id,
        activity=activity,
        label=own.catalog.label(display.language),
        icon=own.catalog.icon,
        title=values.get(activities.TITLES.get(activity, ""), ""),
        body=SafeString(richtext.clean(body)),
        who=display.person(int(values["hubspot_owner_id"])) if values.get("hubspot_owner_id") else "",
        due=when,
        ends=parse_instant(ends) if ends else None,
        is_late=activity == "task" and not is_done and when is not None and when < now,
        is_done=is_done,
        is_pinned=found.values.get(activities.PINNED) == str(own.id),
        may_edit=_may(access, own, "edit"),
        may_delete=_may(access, own, "delete"),
        may_pin=_may(access, found, "edit") and not found.archived,
        details=tuple(shown for shown in details if shown),
        others=tuple(_named(host) for host in hosts if host.id != found.id),
        url=_url(found, own),
    )


def _may(access: Access, record: RecordView, verb: str) -> bool:
    object_type = record.catalog.object_type
    return access.scope(object_type, verb) is not Scope.NONE and queries.reaches(access, object_type, record.values, verb)


def _named(host: activities.Host) -> tuple[str, str]:
    name = address.name_of(host.catalog, host.values) or f"{host.catalog.label(get_language() or 'en')} {host.id}"
    return name, reverse("records:record", args=[host.catalog.plural, host.id])


def _offered(access: Access, found: RecordView) -> list[tuple[str, int, str]]:
    """The records that this one is linked with: most activities concern one of them too."""
    panels = links.associated(access, found.catalog.object_type, found.id)
    near = {(other.catalog.object_type, other.id): label_of_record(other) for panel in panels for other, _ in panel.rows[:3]}
    return [(kind, id, name) for (kind, id), name in near.items()][:OFFERED]


def _catalog(access: Access, activity: str, verb: str) -> Any:
    if activity not in activities.NAMES or access.scope(activity, verb) is Scope.NONE:
        raise Http404
    return queries.catalog(activity)


def _activity(access: Access, found: RecordView, activity: str, activity_id: int, verb: str) -> RecordView:
    """An activity of this record that the person may see, or change."""
    _catalog(access, activity, verb)
    own = queries.record(access, activity, activity_id, verb)
    if own is None or own.archived or not activities.hangs_on(activity, activity_id, found.catalog.object_type, found.id):
        raise Http404
    return own


def _url(found: RecordView, own: RecordView) -> str:
    return reverse("records:activity", args=[found.catalog.plural, found.id, own.catalog.object_type, own.id])


def _record_url(found: RecordView) -> str:
    return reverse("records:record", args=[found.catalog.plural, found.id])


def _changed(request: HttpRequest, found: RecordView) -> HttpResponse:
    if wants_part(request):
        return HttpResponse(status=204, headers={"HX-Trigger": "record-changed"})
    return leave_for(request, _record_url(found))


def _card(request: HttpRequest, access: Access, found: RecordView, own: RecordView) -> HttpResponse:
    context = {"card": cards(access, found, [own])[own.id], "record": found, "place": ""}
    return render(request, "records/_activity.html", context)


def _editing(request: HttpRequest, found: RecordView, own: RecordView, inputs: Sequence[Any], status: int = 200) -> HttpResponse:
    context = {
        "record": found,
        "inputs": inputs,
        "url": _url(found, own),
        "key": f"{own.catalog.object_type}-{own.id}",
        "label": own.catalog.label(get_language() or "en"),
    }
    return render(request, "records/_activity_form.html", context, status=status)
