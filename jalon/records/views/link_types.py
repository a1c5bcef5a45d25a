"""Settings, Associations: how records of two objects may be linked, what each side calls it, and how many it may have."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts.access import access_of_request, needs
from jalon.accounts.actions import Refused
from jalon.records import queries
from jalon.records.forms.objects import LinkTypeForm
from jalon.records.object_types import actions
from jalon.records.object_types import queries as types
from jalon.records.object_types.queries import LinkTypeLine
from jalon.web.pages import leave_for, render

LIST = "records:link_types"


@needs("property_settings")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every type; `?object=` shows those of one object."""
    language = get_language() or "en"
    wanted = request.GET.get("object", "")
    rows = [
        (line, line.from_type.label(language), line.to_type.label(language), line.label(language), line.inverse(language))
        for line in types.link_type_lines()
        if not wanted or wanted in (line.from_type.object_type, line.to_type.object_type)
    ]
    objects = [(catalog.object_type, catalog.plural_label(language)) for catalog in queries.objects()]
    return render(request, "records/link_types.html", {"rows": rows, "objects": objects, "wanted": wanted})


@needs("property_settings")
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    language = get_language() or "en"
    offered = [(catalog.object_type, catalog.label(language)) for catalog in queries.objects()]
    initial = {"from_type": request.GET.get("object", "contact"), "to_type": "company"}
    form = LinkTypeForm(request.POST or None, objects=offered, initial=initial)
    problems: Sequence[str] = ()
    if form.is_valid():
        try:
            actions.define_link_type(form.definition(), actor=access_of_request(request).actor)
        except Refused as refused:
            problems = refused.sentences
        else:
            messages.success(request, gettext("The association stands."))
            return leave_for(request, reverse(LIST))
    return _page(request, form, None, problems)


@needs("property_settings")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, name: str) -> HttpResponse:
    line = _line(name)
    form = LinkTypeForm(request.POST or None, objects=(), existing=line, initial=LinkTypeForm.of(line))
    problems: Sequence[str] = ()
    if form.is_valid():
        definition = form.definition()
        try:
            actions.change_link_type(name, definition, actor=access_of_request(request).actor)
        except Refused as refused:
            problems = refused.sentences
        else:
            _tell(request, types.beyond(line, definition.limit_from, definition.limit_to))
            return leave_for(request, reverse(LIST))
    return _page(request, form, line, problems)


@needs("property_settings")
@require_POST
def delete(request: HttpRequest, name: str) -> HttpResponse:
    try:
        actions.delete_link_type(_line(name).name, actor=access_of_request(request).actor)
    except Refused as refused:
        messages.error(request, " ".join(refused.sentences))
    else:
        messages.success(request, gettext("The association is gone."))
    return leave_for(request, reverse(LIST))


def _tell(request: HttpRequest, beyond: int) -> None:
    if beyond:
        sentence = ngettext(
            "Saved. %(count)d record has more links than the limit allows and keeps them.",
            "Saved. %(count)d records have more links than the limit allows and keep them.",
            beyond,
        )
        messages.info(request, sentence % {"count": beyond})
    else:
        messages.success(request, gettext("Saved."))


def _line(name: str) -> LinkTypeLine:
    line = types.link_type_line(name)
    if line is None:
        raise Http404
    return line


def _page(request: HttpRequest, form: LinkTypeForm, line: LinkTypeLine | None, problems: Sequence[str]) -> HttpResponse:
    language = get_language() or "en"
    ends = (line.from_type, line.to_type) if line else None
    context = {
        "form": form,
        "line": line,
        "problems": problems,
        "from_label": ends[0].label(language) if ends else "",
        "to_label": ends[1].label(language) if ends else "",
    }
    return render(request, "records/link_type.html", context, status=422 if problems or form.errors else 200)
