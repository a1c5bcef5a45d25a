"""A report by e-mail: to whom and when, and what became of each time."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts.access import Actor, access_of_request, needs
from jalon.accounts.models import User
from jalon.accounts.queries import account, users
from jalon.mail.queries import Content
from jalon.reports.by_kind import table
from jalon.reports.kinds.definition import STYLE_LABELS
from jalon.reports.queries import ReportView, title_of
from jalon.reports.schedules import actions, forms, letters, queries
from jalon.reports.schedules.actions import ScheduleValues
from jalon.reports.schedules.forms import ScheduleForm
from jalon.reports.schedules.queries import ScheduleView, SendingView
from jalon.reports.schedules.wording import rhythm
from jalon.reports.views.opened import Context, to_edit
from jalon.reports.wording import MEASURES
from jalon.warehouse.words import N_
from jalon.web.pages import render

# A mail styles itself inline. It is shown as a document of its own that runs nothing and reaches nothing.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox allow-popups"
STATES = {
    "compiling": (N_("Compiling"), ""),
    "writing": (N_("Being written"), ""),
    "on_the_way": (N_("On its way"), ""),
    "sent": (N_("Sent"), "is-good"),
    "failed": (N_("Failed"), "is-bad"),
}


@needs("reports.view")
@require_GET
def index(request: HttpRequest, report_id: int) -> HttpResponse:
    """Who gets the report, and the last times that it was sent."""
    found = to_edit(request, report_id)
    shows = table.of(found).mail_shows
    schedules = [(each, *_told(each, shows)) for each in queries.schedules(report_id)]
    sendings = [(each, *_state(each)) for each in queries.sendings(report_id)]
    moving = any(each.state not in ("sent", "failed") for each, _label, _look in sendings)
    context = {**_of(found), "schedules": schedules, "sendings": sendings, "moving": moving, "zone": account().report_mail_zone}
    return render(request, "reports/mails.html", context, part="mails")


def _told(each: ScheduleView, always: str) -> tuple[str, str]:
    """When, and what it shows: what was chosen, or what mails of this kind show always."""
    chosen = ", ".join(gettext(MEASURES[metric]) for metric in each.metrics)
    shows = gettext(always) if always else f"{chosen} · {gettext(STYLE_LABELS[each.style])}"
    return capfirst(rhythm(each.rhythm)), shows


def _state(each: SendingView) -> tuple[str, str]:
    label, look = STATES[each.state]
    return gettext(label), look


@needs("reports.view")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, report_id: int) -> HttpResponse:
    found = to_edit(request, report_id)
    form = _form(request, found)
    if not form.is_valid():
        return _form_page(request, found, form)
    values = form.values()
    actions.create(report_id, values, actor=access_of_request(request).actor)
    if values.rhythm.frequency == "once":
        messages.success(request, gettext("The report is compiled and then sent. This page tells what becomes of it."))
    else:
        messages.success(request, gettext("The report is sent %(rhythm)s.") % {"rhythm": rhythm(values.rhythm)})
    return redirect("reports:mails", report_id)


@needs("reports.view")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, report_id: int, schedule_id: int) -> HttpResponse:
    found, schedule = to_edit(request, report_id), _schedule(report_id, schedule_id)
    form = _form(request, found, schedule)
    if not form.is_valid():
        return _form_page(request, found, form, schedule)
    actions.change(schedule.id, form.values(), actor=access_of_request(request).actor)
    messages.success(request, gettext("The changes are saved. The figures are those that you may see."))
    return redirect("reports:mails", report_id)


@needs("reports.view")
@require_POST
def preview(request: HttpRequest, report_id: int) -> HttpResponse:
    """The mail as its reader would see it, with the figures of the last compile."""
    found = to_edit(request, report_id)
    form = _form(request, found)
    if not form.is_valid():
        return _form_page(request, found, form)
    if found.snapshot is None:
        raise Http404
    with translation.override(form.cleaned_data["language"]):
        schedule = _would_be(request, report_id, form.values())
        letter, parts = letters.written(found, schedule, access_of_request(request))
        page = Content(letter.text(), letter.html(), parts).page
    return HttpResponse(page, headers={"Content-Security-Policy": POLICY})


def _would_be(request: HttpRequest, report_id: int, values: ScheduleValues) -> ScheduleView:
    user = cast(User, request.user)
    return ScheduleView(
        id=0,
        report_id=report_id,
        rhythm=values.rhythm,
        recipients=values.recipients,
        message=values.message,
        metrics=values.metrics,
        style=values.style,
        language=values.language,
        owner_id=user.pk,
        owner_name=str(user),
        owner_email=user.email,
        active=True,
        next_at=None,
    )


@needs("reports.view")
@require_POST
def pause(request: HttpRequest, report_id: int, schedule_id: int) -> HttpResponse:
    actions.pause(_to_edit(request, report_id, schedule_id), actor=_actor(request))
    return redirect("reports:mails", report_id)


@needs("reports.view")
@require_POST
def resume(request: HttpRequest, report_id: int, schedule_id: int) -> HttpResponse:
    actions.resume(_to_edit(request, report_id, schedule_id), actor=_actor(request))
    return redirect("reports:mails", report_id)


@needs("reports.view")
@require_POST
def delete(request: HttpRequest, report_id: int, schedule_id: int) -> HttpResponse:
    actions.delete(_to_edit(request, report_id, schedule_id), actor=_actor(request))
    messages.success(request, gettext("The report is not sent any more in this way."))
    return redirect("reports:mails", report_id)


@needs("reports.view")
@require_POST
def send(request: HttpRequest, report_id: int, schedule_id: int) -> HttpResponse:
    """Once more, now."""
    actions.send_now(_to_edit(request, report_id, schedule_id))
    messages.success(request, gettext("The report is compiled and then sent. This page tells what becomes of it."))
    return redirect("reports:mails", report_id)


def _to_edit(request: HttpRequest, report_id: int, schedule_id: int) -> int:
    to_edit(request, report_id)
    return _schedule(report_id, schedule_id).id


def _schedule(report_id: int, schedule_id: int) -> ScheduleView:
    schedule = queries.schedule(schedule_id, report_id)
    if schedule is None:
        raise Http404
    return schedule


def _actor(request: HttpRequest) -> Actor:
    return access_of_request(request).actor


def _form(request: HttpRequest, found: ReportView, schedule: ScheduleView | None = None) -> ScheduleForm:
    choose = table.of(found).mail_choice
    choice = choose(found) if choose else None
    initial = forms.of(schedule) if schedule else forms.fresh(choice, get_language() or account().language)
    return ScheduleForm(request.POST or None, choice, initial=initial, is_new=schedule is None)


def _form_page(request: HttpRequest, found: ReportView, form: ScheduleForm, schedule: ScheduleView | None = None) -> HttpResponse:
    colleagues = [user for user in users() if user.active]
    context = {
        **_of(found),
        "form": form,
        "schedule": schedule,
        "shows": gettext(shows) if (shows := table.of(found).mail_shows) else "",
        "colleagues": colleagues[:40],
        "zone": account().report_mail_zone,
        "in_files": not settings.ENVIRONMENT.mail_url,
    }
    return render(request, "reports/mail.html", context, status=422 if request.method == "POST" else 200)


def _of(found: ReportView) -> Context:
    made: dict[str, Any] = {"report": found, "title": title_of(found)}
    return made
