"""The drawer in which a stage gets its names, its description and its looks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from jalon.accounts.access import access_of_request, needs
from jalon.accounts.actions import Refused
from jalon.lifecycle import actions, queries
from jalon.lifecycle.columns import StageKind
from jalon.lifecycle.forms import StageForm
from jalon.web.pages import leave_for, render


@needs("property_settings")
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, kind: str) -> HttpResponse:
    """A new stage: on the path right before Won, or among the lost ones, or outside."""
    if kind not in (StageKind.PRIMARY, StageKind.LOST, StageKind.OUTSIDE):
        raise Http404
    form = StageForm(_typed(request))
    if form.is_valid():
        try:
            actions.add(form.draft(StageKind(kind)), actor=access_of_request(request).actor)
        except Refused as refused:
            _tell(form, refused)
        else:
            messages.success(request, gettext("The stage is there."))
            return leave_for(request, reverse("lifecycle:stages"))
    return _drawer(request, form, {"kind": kind, "post_url": request.path})


@needs("property_settings")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, name: str) -> HttpResponse:
    """Other words or another look for a stage."""
    stage = queries.stage(name)
    if stage is None:
        raise Http404
    form = StageForm(_typed(request), initial=StageForm.of(stage))
    if form.is_valid():
        try:
            actions.change(name, form.draft(), actor=access_of_request(request).actor)
        except Refused as refused:
            _tell(form, refused)
        else:
            messages.success(request, gettext("Saved."))
            return leave_for(request, reverse("lifecycle:stages"))
    context = {"stage": stage, "label": stage.label(get_language() or "en"), "kind": stage.kind, "post_url": request.path}
    return _drawer(request, form, context)


def _typed(request: HttpRequest) -> QueryDict | None:
    """What was sent, an empty form too."""
    return request.POST if request.method == "POST" else None


def _tell(form: StageForm, refused: Refused) -> None:
    for sentence in refused.sentences:
        form.add_error(None, sentence)


def _drawer(request: HttpRequest, form: StageForm, context: dict[str, Any]) -> HttpResponse:
    return render(request, "lifecycle/_stage.html", {"form": form, **context}, status=422 if form.errors else 200)
