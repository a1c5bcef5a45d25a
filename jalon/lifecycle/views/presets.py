"""The drawer that tells what another set of stages would change, and lays it out."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from jalon.accounts.access import access_of_request, needs
from jalon.accounts.actions import Refused
from jalon.accounts.presets import PRESETS
from jalon.lifecycle import actions, queries
from jalon.records.definitions import files
from jalon.web.pages import leave_for, render


@needs("property_settings")
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, preset: str) -> HttpResponse:
    """Which stages come, which go, and which stay because contacts stand in them."""
    found = next((one for one in PRESETS if one.name == preset), None)
    if found is None:
        raise Http404
    problems: Sequence[str] = ()
    if request.method == "POST":
        try:
            actions.choose_preset(preset, access_of_request(request).actor)
        except Refused as refused:
            problems = refused.sentences
        else:
            messages.success(request, gettext("The stages are laid out."))
            return leave_for(request, reverse("lifecycle:stages"))
    language = get_language() or "en"
    wanted = files.preset_stages(preset)
    names = {option.value for option in wanted}
    others = [stage for stage in queries.stages() if stage.name not in names]
    held = {stage.name for stage in others if queries.holders(stage.name, 1)}
    context = {
        "label": gettext(found.label),
        "wanted": [option.label(language) for option in wanted],
        "going": [stage.label(language) for stage in others if stage.name not in held],
        "staying": [stage.label(language) for stage in others if stage.name in held],
        "problems": problems,
        "post_url": request.path,
    }
    return render(request, "lifecycle/_preset.html", context, status=422 if problems else 200)
