"""Saved reports brought in from files."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from jalon.accounts.access import access_of_request, needs
from jalon.reports.portable import actions
from jalon.reports.portable.actions import Brought, NotBrought, Verdict

LARGEST = 1_000_000  # bytes of one file


@needs("reports.create")
@require_POST
def bring(request: HttpRequest) -> HttpResponse:
    """The reports of the files that were chosen: all of them, or with any problem none."""
    try:
        brought = actions.bring(_contents(request), access=access_of_request(request))
    except NotBrought as error:
        for sentence in error.sentences:
            messages.error(request, sentence)
        return redirect("reports:start")
    messages.success(request, _told(brought))
    if len(brought) == 1 and brought[0].report_id is not None:
        return redirect("reports:report", brought[0].report_id)
    return redirect("reports:home")


def _contents(request: HttpRequest) -> dict[str, str]:
    """The texts of the files by their names. Raises NotBrought."""
    files = request.FILES.getlist("files")
    wrong = [file.name or "" for file in files if (file.size or 0) > LARGEST]
    if wrong or not files:
        sentence = gettext("“%(file)s” is too large for the file of a report.") % {"file": wrong[0]} if wrong else gettext("Choose a file.")
        raise NotBrought((sentence,))
    return {file.name or "": file.read().decode("utf-8-sig", "replace") for file in files}


def _told(brought: list[Brought]) -> str:
    """What became of the files, in one sentence for each kind."""
    count = {verdict: sum(each.verdict is verdict for each in brought) for verdict in Verdict}
    parts = (
        (count[Verdict.CREATED], ngettext("%(number)s report was created.", "%(number)s reports were created.", count[Verdict.CREATED])),
        (count[Verdict.CHANGED], ngettext("%(number)s report was changed.", "%(number)s reports were changed.", count[Verdict.CHANGED])),
        (
            count[Verdict.UNCHANGED],
            ngettext("%(number)s report was as in the file.", "%(number)s reports were as in the files.", count[Verdict.UNCHANGED]),
        ),
    )
    return " ".join(text % {"number": number} for number, text in parts if number)
