"""The lifecycle report: live, every number with the journeys behind it; its columns, files and picture."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from jalon.accounts.access import Access, access_of_request, needs
from jalon.accounts.actions import audit
from jalon.accounts.queries import users
from jalon.charts import pictures
from jalon.criteria import narrowing
from jalon.criteria.tree import to_text
from jalon.exports.responses import response
from jalon.exports.sheet import Format, Sheet
from jalon.figures.periods import LABELS, Preset
from jalon.lifecycle import queries as lifecycle
from jalon.lists import queries as lists
from jalon.records import queries as records
from jalon.records.columns import Catalog
from jalon.reports import wording
from jalon.reports.kinds import lifecycle as kind
from jalon.reports.kinds.lifecycle import PRESETS
from jalon.reports.lifecycle import actions, asked, files, queries, words
from jalon.reports.lifecycle.asked import NOBODY, OBJECT_TYPE, SOURCE, Asked
from jalon.reports.lifecycle.sheet import Desk
from jalon.reports.lifecycle.shown import Sheet as Shown
from jalon.reports.views.downloads import attached
from jalon.reports.views.opened import Context
from jalon.warehouse.words import N_
from jalon.web.pages import leave_for, render, wants_part

EXPORTED = N_("%(who)s exported a table of the lifecycle report: %(what)s.")
DAYS = ("first", "last")  # of a period of one's own
KEPT = ("period", *DAYS, "owner", "source", "list", "by")


@needs("reports.view")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The report as the address asks for it: days of the entry, contacts, breakdown."""
    if not _is_there():
        return render(request, "reports/lifecycle/off.html", {"may_turn_on": access_of_request(request).may("property_settings")})
    access, catalog = access_of_request(request), records.catalog(OBJECT_TYPE)
    said = asked.read(request.GET, catalog)
    context: Context = {"sheet": _sheet(request, said), "asked": said, "may_export": access.may("export")}
    context |= _choices(access, catalog, said) | _filters(request, catalog, said)
    context["cooling_off"] = lifecycle.cooling_off(timezone.now())
    context["may_set"] = access.may("property_settings")
    answer = render(request, "reports/lifecycle/page.html", context, part="report")
    if wants_part(request):
        answer.headers["HX-Push-Url"] = context["here"]
    return answer


def _is_there() -> bool:
    return lifecycle.is_set_up() and lifecycle.is_shown()


def _sheet(request: HttpRequest, said: Asked) -> Shown:
    access = access_of_request(request)
    question = queries.ask(access, said.definition)
    chosen = queries.columns(access.actor.user_id, tuple(words.COLUMNS), words.USUAL)
    return Desk(question, queries.answer(question), chosen).sheet()


def _choices(access: Access, catalog: Catalog, said: Asked) -> Context:
    """What the menus of the toolbar offer."""
    language = wording.language()
    source = catalog.properties.get(SOURCE)
    offered = [(spec.name, spec.label(language)) for spec in catalog.properties.values() if asked.offered(spec)]
    return {
        "periods": [(preset.value, capfirst(gettext(LABELS[preset]))) for preset in PRESETS],
        "is_custom": said.period.preset is Preset.CUSTOM,
        "owners": [(NOBODY, gettext("No owner")), *((str(user.id), user.in_pickers or user.email) for user in users())],
        "sources": [(option.value, option.label(language)) for option in source.options] if source else [],
        "lists": [(str(one.id), one.name) for one in lists.found(access, OBJECT_TYPE)],
        "breakdowns": sorted(offered, key=lambda one: one[1].casefold()),
    }


def _filters(request: HttpRequest, catalog: Catalog, said: Asked) -> Context:
    """The typed criteria in words, and where they are edited: the editor goes back to this address, whatever else it says."""
    days = () if said.period.preset is Preset.CUSTOM else DAYS
    rest = {name: request.GET[name] for name in KEPT if request.GET.get(name) and name not in days}
    text = to_text(said.criteria)
    typed = {"criteria": text} if text else {}
    editing = urlencode({"at": _address(rest), **typed})
    return {
        "here": _address({**rest, **typed}),
        "criteria": text,
        "chips": narrowing.chips(said.criteria, catalog),
        "editor": f"{reverse('criteria:editor', args=[catalog.plural])}?{editing}",
        "is_filtered": bool(text or said.owner or said.source or said.list),
    }


def _address(said: Mapping[str, str]) -> str:
    """The report with what is said, and nothing that is empty."""
    return reverse("reports:lifecycle") + (f"?{urlencode(said)}" if said else "")


@needs("reports.view")
@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest) -> HttpResponse:
    """The drawer in which the columns of the breakdown by stage are chosen; they are kept for this person."""
    user_id = access_of_request(request).actor.user_id
    if request.method == "POST":
        names = [name for name in request.POST.getlist("column") if name in words.COLUMNS]
        actions.choose_columns(user_id, names)
        if not names:
            messages.info(request, gettext("No column was chosen, so the usual ones are shown."))
        return leave_for(request, _back(request))
    chosen = queries.columns(user_id, tuple(words.COLUMNS), words.USUAL)
    ordered = (*chosen, *(name for name in words.COLUMNS if name not in chosen))
    lines = [(name, gettext(words.COLUMNS[name].label), gettext(words.COLUMNS[name].formula), name in chosen) for name in ordered]
    return render(request, "reports/lifecycle/_columns.html", {"columns": lines, "back": _back(request)})


def _back(request: HttpRequest) -> str:
    """The report as it stands."""
    current = request.POST.get("back", "") or request.headers.get("HX-Current-URL", "")
    return current if url_has_allowed_host_and_scheme(current, {request.get_host()}) else reverse("reports:lifecycle")


@needs("export")
@require_GET
def table(request: HttpRequest, name: str, form: str) -> HttpResponseBase:
    """One of the tables as a file: the days, contacts and columns that are shown."""
    if name not in set(files.Table) or form not in set(Format) or not _is_there():
        raise Http404
    sheet = _asked_sheet(request)
    made: Sheet = files.table(sheet, files.Table(name))
    access = access_of_request(request)
    audit(access.actor, "export.table", EXPORTED, link=reverse("reports:lifecycle"), what=sheet.subtitle)
    return response(made, Format(form), f"{sheet.title} {name}")


@needs("reports.view")
@require_GET
def picture(request: HttpRequest) -> HttpResponse:
    """The funnel as a picture."""
    if not _is_there():
        raise Http404
    sheet = _asked_sheet(request)
    return attached(pictures.png(files.funnel(sheet)), f"{gettext('Lifecycle journey funnel')}.png", "image/png")


@needs("reports.view")
@require_GET
def definition(request: HttpRequest) -> HttpResponse:
    """What is asked, as JSON: for `jalon report run`."""
    said = asked.read(request.GET, records.catalog(OBJECT_TYPE))
    content = json.dumps(kind.written(said.definition), ensure_ascii=False, indent=2) + "\n"
    return attached(content.encode(), "lifecycle.json", "application/json")


def _asked_sheet(request: HttpRequest) -> Shown:
    return _sheet(request, asked.read(request.GET, records.catalog(OBJECT_TYPE)))
