"""The live parts of the frame: running jobs, the palette's search, the switches of theme and language."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from jalon.accounts import actions, pages
from jalon.accounts.access import Denied, access_of_request, needs, public
from jalon.accounts.forms import THEMES
from jalon.accounts.notices import queries as notices
from jalon.jobs import actions as job_actions
from jalon.jobs.queries import JobView, job, running
from jalon.web.pages import inside, render

A_YEAR = 31_536_000
LEAST_LETTERS, LEAST_SIMILAR, LONGEST_NEEDLE = 2, 4, 200
FEW = 3  # found: then similar words are looked for too
MOST_RECENT = 8


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job with its remaining time as pages write durations, in milliseconds."""

    job: JobView

    @property
    def remaining(self) -> int | None:
        seconds = self.job.remaining_seconds
        return None if seconds is None else seconds * 1000


@needs("")
@require_GET
def jobs_running(request: HttpRequest) -> HttpResponse:
    """The background jobs of this person and the bell's count; the page asks every two seconds while one runs, else twice a minute."""
    user_id = access_of_request(request).actor.user_id
    lines = [JobLine(job) for job in running(user_id)]
    return render(request, "accounts/_jobs.html", {"lines": lines, "unread": notices.unread_count(user_id or 0)})


@needs("")
@require_POST
def cancel_job(request: HttpRequest, job_id: int) -> HttpResponse:
    """Asks a job to stop at its next report. Only one's own; a super admin may stop any."""
    access = access_of_request(request)
    found = job(job_id)
    if found is None:
        raise Http404
    if found.user_id != access.actor.user_id and not access.super_admin:
        raise Denied(gettext("Somebody else started this job. They or a super admin can cancel it."))
    job_actions.cancel(job_id)
    return jobs_running(request)


@needs("")
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """What holds the words that were typed into the palette; where that is little, it then asks for what nearly does."""
    typed = _typed(request)
    groups = pages.find(access_of_request(request), typed) if len(typed) >= LEAST_LETTERS else []
    few = len(typed) >= LEAST_SIMILAR and sum(group.total for group in groups) < FEW
    return render(request, "accounts/_found.html", {"groups": groups, "typed": typed, "few": few})


@needs("")
@require_GET
def search_similar(request: HttpRequest) -> HttpResponse:
    """What is called nearly as what was typed."""
    groups = pages.find_similar(access_of_request(request), _typed(request))
    return render(request, "accounts/_similar.html", {"groups": groups})


@needs("")
@require_GET
def search_recent(request: HttpRequest) -> HttpResponse:
    """The things at the addresses that this browser visited lately: it keeps addresses and no names."""
    hits = pages.recall(access_of_request(request), request.GET.getlist("path")[:MOST_RECENT])
    return render(request, "accounts/_recent.html", {"hits": hits})


def _typed(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:LONGEST_NEEDLE]


@public
@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Theme or language: kept with the user, for a visitor in a cookie."""
    language, theme = request.POST.get("language", ""), request.POST.get("theme", "")
    language = language if language in dict(settings.LANGUAGES) else ""
    theme = theme if theme in dict(THEMES) else ""
    response = HttpResponseRedirect(_back(request))
    user_id = access_of_request(request).actor.user_id
    if user_id is not None:
        actions.change_appearance(user_id, language=language, theme=theme)
    for name, value in ((settings.LANGUAGE_COOKIE_NAME, language), ("theme", theme)):
        if value:
            response.set_cookie(name, value, max_age=A_YEAR, samesite="Lax")
    return response


def _back(request: HttpRequest) -> str:
    return inside(request, request.POST.get("next", ""), "/")
