"""The pages of the house itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from jalon.accounts.access import access_of_request, needs, public
from jalon.config import health
from jalon.config.backups import queries as backups
from jalon.config.backups import runner as backups_runner
from jalon.jobs.health import Level
from jalon.jobs.queries import running
from jalon.web.pages import render

SHOWN_BACKUPS = 8


@public
@require_GET
def healthy(request: HttpRequest) -> JsonResponse:
    """For a monitor: 200 when all is well, 503 and a sentence for each problem when not. Open to all, and says nothing private."""
    report = health.report(quick=True)
    problems = [finding.sentence for finding in report.of(Level.BAD)]
    warnings = [finding.sentence for finding in report.of(Level.WARNING)]
    told = {"status": "failing" if problems else "ok", "problems": problems, "warnings": warnings}
    return JsonResponse(told, status=503 if problems else 200)


@needs("account_settings")
@require_GET
def health_page(request: HttpRequest) -> HttpResponse:
    """How the house is, and what to do about what is not well."""
    context = {
        "report": health.report(),
        "sizes": health.sizes(),
        "versions": health.versions(),
        "backups": backups.backups()[:SHOWN_BACKUPS],
        "backing_up": any(job.kind == backups_runner.KIND for job in running()),
    }
    return render(request, "config/health.html", context)


@needs("account_settings")
@require_POST
def back_up(request: HttpRequest) -> HttpResponse:
    """A backup in the background, now."""
    backups_runner.start(access_of_request(request).actor.user_id)
    messages.success(request, gettext("The backup is being made. You can go on working."))
    return redirect("health_page")
