"""My tasks: what is overdue, due today, to come and done; completed by a key, given to others, narrowed by queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from jalon.accounts.access import Access, Scope, access_of_request, needs
from jalon.accounts.queries import users
from jalon.records import address, queries
from jalon.records.activities import actions
from jalon.records.activities import queries as activities
from jalon.records.activities.queries import Wanted
from jalon.records.display import Display, Shown
from jalon.records.views.settling import settle
from jalon.warehouse.words import N_
from jalon.web.numbers import whole
from jalon.web.pages import leave_for, render, wants_part

ROWS: Final = 50
VIEWS: Final = (("overdue", N_("Overdue")), ("today", N_("Due today")), ("upcoming", N_("Upcoming")), ("done", N_("Completed")))
COLUMNS: Final = (
    *("hs_task_subject", "hs_task_status", "hs_task_type", "hs_task_priority", "hs_queue_membership_ids", "hubspot_owner_id"),
    *(activities.WHEN, activities.DONE_AT),
)
FILTERS: Final = {"queue": "hs_queue_membership_ids", "type": "hs_task_type", "priority": "hs_task_priority"}


@dataclass(frozen=True, slots=True)
class Row:
    """A task on the page."""

    id: int
    title: str
    url: str
    type: Shown
    priority: Shown
    queue: Shown
    owner: str
    due: datetime | None
    is_late: bool
    is_done: bool
    may_edit: bool
    hosts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """A drop-down of the page."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]
    value: str


@needs("records.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    access = access_of_request(request)
    if access.scope("task") is Scope.NONE:
        raise Http404
    wanted, now, tomorrow = _wanted(request, access), timezone.now(), _tomorrow()
    counts = {name: queries.count(access, "task", activities.task_where(wanted, name, now, tomorrow)) for name, _ in VIEWS}
    asked = request.GET.get("view", "")
    view = asked if asked in counts else next((name for name in ("overdue", "today", "upcoming") if counts[name]), "today")
    page = queries.page(
        access,
        "task",
        columns=COLUMNS,
        where=activities.task_where(wanted, view, now, tomorrow),
        sort=f"-{activities.DONE_AT}" if view == "done" else activities.WHEN,
        after=request.GET.get("after", ""),
        limit=ROWS,
    )
    context = {
        "rows": _rows(access, page.rows, now),
        "view": view,
        "tabs": [(name, gettext(label), counts[name], _url(request, view=name)) for name, label in VIEWS],
        "filters": list(_filters(request, access)),
        "next_url": _url(request, view=view, after=page.next) if page.next else "",
        "previous_url": _url(request, view=view, after=page.previous) if page.previous else "",
        "total": page.total,
        "shown": len(page.rows),
        "people": [(str(user.id), user.name) for user in users() if user.active],
        "may_create": access.scope("task", "edit") is not Scope.NONE,
    }
    return render(request, "records/tasks.html", context, part="tasks")


@needs("records.edit")
@require_POST
def complete(request: HttpRequest, id: int) -> HttpResponse:
    """Completes a task, or with `open` opens it again; the row that is left takes it back."""
    access = _in_reach(request, id)
    if request.POST.get("open"):
        settle(request, actions.reopen([id], actor=access.actor))
        return _again(request)
    settle(request, actions.complete([id], actor=access.actor, now=timezone.now()))
    if not wants_part(request):
        return _again(request)
    title = queries.values_of(id).get("hs_task_subject") or gettext("Task %(id)d") % {"id": id}
    return render(request, "records/_task_done.html", {"id": id, "title": title})


@needs("records.edit")
@require_POST
def assign(request: HttpRequest, id: int) -> HttpResponse:
    """Gives a task to somebody else."""
    access = _in_reach(request, id)
    to = request.POST.get("to", "")
    person = next((user for user in users() if str(user.id) == to and user.active), None)
    if person is None:
        raise Http404
    settle(request, actions.assign([id], person.id, actor=access.actor))
    messages.success(request, gettext("%(name)s has the task now.") % {"name": person.name})
    return _again(request)


def _in_reach(request: HttpRequest, id: int) -> Access:
    access = access_of_request(request)
    if not queries.reachable(access, "task", [id], "edit"):
        raise Http404
    return access


def _again(request: HttpRequest) -> HttpResponse:
    """The page, as it was asked for."""
    back = request.headers.get("HX-Current-URL", "").partition("?")[2]
    return leave_for(request, f"{reverse('records:my_tasks')}{'?' + back if back else ''}")


def _wanted(request: HttpRequest, access: Access) -> Wanted:
    whose = request.GET.get("whose", "")
    chosen = whole(whose)
    owner = None if whose == "all" else access.actor.user_id if chosen is None else chosen
    return Wanted(owner, **{name: request.GET.get(name, "")[:100] for name in FILTERS})


def _tomorrow() -> datetime:
    return (timezone.localtime() + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def _filters(request: HttpRequest, access: Access) -> list[Filter]:
    language, specs = Display().language, queries.catalog("task").properties
    found = []
    if access.scope("task") is not Scope.OWN:
        mine = str(access.actor.user_id)
        others = [(str(user.id), user.name) for user in users() if user.active and str(user.id) != mine]
        whose = (("", gettext("My tasks")), ("all", gettext("Everybody’s")), *others)
        found.append(Filter("whose", gettext("Whose"), whose, request.GET.get("whose", "")))
    for name, property in FILTERS.items():
        spec = specs.get(property)
        options = tuple((option.value, option.label(language)) for option in spec.options) if spec else ()
        if spec and options:
            label = spec.label(language)
            every = ("", gettext("%(label)s: all") % {"label": label})
            found.append(Filter(name, label, (every, *options), request.GET.get(name, "")))
    return found


def _rows(access: Access, rows: Sequence[dict[str, Any]], now: datetime) -> list[Row]:
    display, specs = Display(), queries.catalog("task").properties
    ids = [row["id"] for row in rows]
    hosts, mine = activities.hosts(access, ids), set(queries.reachable(access, "task", ids, "edit"))
    return [_row(row, display, specs, hosts.get(row["id"], []), row["id"] in mine, now) for row in rows]


def _row(row: dict[str, Any], display: Display, specs: Any, hosts: Sequence[activities.Host], may_edit: bool, now: datetime) -> Row:
    is_done = row["hs_task_status"] == activities.COMPLETED
    due = row[activities.DONE_AT] if is_done and row[activities.DONE_AT] else row[activities.WHEN]
    named = [
        (address.name_of(host.catalog, host.values) or f"{host.catalog.label(display.language)} {host.id}", host) for host in hosts[:3]
    ]
    shown = {name: display.show(specs[property], row[property]) for name, property in FILTERS.items()}
    return Row(
        id=row["id"],
        title=row["hs_task_subject"] or gettext("Task %(id)d") % {"id": row["id"]},
        url=reverse("records:record", args=["tasks", row["id"]]),
        owner=display.person(int(row["hubspot_owner_id"])) if row["hubspot_owner_id"] else "",
        due=due,
        is_late=not is_done and due is not None and due < now,
        is_done=is_done,
        may_edit=may_edit,
        hosts=tuple((name, reverse("records:record", args=[host.catalog.plural, host.id])) for name, host in named),
        **shown,
    )


def _url(request: HttpRequest, **changes: str) -> str:
    kept = {name: request.GET[name] for name in ("whose", *FILTERS) if request.GET.get(name)}
    return f"{reverse('records:my_tasks')}?{urlencode({**kept, **changes})}"
