"""The drawer that tells what the deletion of a stage takes away, and begins it."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from jalon.accounts.access import access_of_request, needs
from jalon.accounts.actions import Refused
from jalon.lifecycle import actions, queries
from jalon.web.pages import leave_for, render

NOWHERE = "-"  # the contacts are in no stage afterwards


@needs("property_settings")
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, name: str) -> HttpResponse:
    """What will vanish cannot be brought back, so its name is typed."""
    stage = queries.stage(name)
    if stage is None or stage.is_locked:
        raise Http404
    language = get_language() or "en"
    label, vanishing = stage.label(language), queries.vanishing(name)
    to, typed = request.POST.get("to", ""), request.POST.get("typed", "").strip()
    problems: Sequence[str] = ()
    if request.method == "POST":
        problems = _problems(vanishing, label, to, typed)
        try:
            if not problems:
                actions.delete(name, "" if to == NOWHERE else to, actor=access_of_request(request).actor)
        except Refused as refused:
            problems = refused.sentences
        if not problems:
            messages.success(request, gettext("“%(label)s” is being deleted in the background.") % {"label": label})
            return leave_for(request, reverse("lifecycle:stages"))
    context = {
        "stage": stage,
        "label": label,
        "vanishing": vanishing,
        "uses": queries.named_in(name),
        "targets": [(one.name, one.label(language)) for one in queries.stages() if one.name != name and not one.is_leaving],
        "chosen": to,
        "typed": typed,
        "nowhere": NOWHERE,
        "problems": problems,
        "post_url": request.path,
    }
    return render(request, "lifecycle/_delete.html", context, status=422 if problems else 200)


def _problems(vanishing: queries.Vanishing, label: str, to: str, typed: str) -> list[str]:
    problems = []
    if vanishing.contacts and not to:
        problems.append(gettext("Choose where its contacts go."))
    if vanishing.movements and typed.casefold() != label.casefold():
        problems.append(gettext("Type the name of the stage, “%(label)s”, to say that you mean it.") % {"label": label})
    return problems
