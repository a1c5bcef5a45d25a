"""Settings, Outbox: every mail, whether it left, and what became of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from jalon.accounts.access import Denied, access_of_request, needs
from jalon.mail import actions, queries, transport
from jalon.web.pages import render

A_PAGE = 50
# A mail styles itself inline. It is shown as a document of its own that runs nothing and reaches nothing.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox allow-popups"


@needs("account_settings")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    lines = queries.lines(before=int(before) if before.isdecimal() else None, limit=A_PAGE + 1)
    context = {"lines": lines[:A_PAGE], "older": lines[A_PAGE - 1].id if len(lines) > A_PAGE else None, "in_files": transport.in_files()}
    return render(request, "accounts/outbox.html", context)


@needs("account_settings")
@require_GET
def mail(request: HttpRequest, mail_id: int) -> HttpResponse:
    _require_super_admin(request)
    line, content = queries.line(mail_id), queries.content(mail_id)
    if line is None:
        raise Http404
    return render(request, "accounts/mail.html", {"line": line, "content": content})


@needs("account_settings")
@require_GET
def as_sent(request: HttpRequest, mail_id: int) -> HttpResponse:
    """The mail as a mail program would draw it."""
    _require_super_admin(request)
    content = queries.content(mail_id)
    if content is None:
        raise Http404
    return HttpResponse(content.page, headers={"Content-Security-Policy": MAIL_POLICY})


@needs("account_settings")
@require_GET
def part(request: HttpRequest, mail_id: int, place: int) -> HttpResponse:
    """A file that goes with the mail. It is saved, never shown: nobody knows what is in it."""
    _require_super_admin(request)
    content = queries.content(mail_id)
    if content is None or place >= len(content.files):
        raise Http404
    found = content.files[place]
    headers = {"Content-Disposition": content_disposition_header(True, found.name) or "attachment"}
    return HttpResponse(found.data, content_type=found.content_type, headers=headers)


@needs("account_settings")
@require_POST
def again(request: HttpRequest, mail_id: int) -> HttpResponse:
    if actions.send_again(mail_id, timezone.now()):
        messages.success(request, gettext("The mail is on its way again."))
    return redirect("settings:outbox")


def _require_super_admin(request: HttpRequest) -> None:
    """A mail may hold a link that makes its reader somebody else."""
    if not access_of_request(request).super_admin:
        raise Denied(gettext("Mails may hold links that open a door, so only a super admin reads them here."))
