"""Changing many records at once: a drawer for each deed, what it would do in a sentence, its history and its undoing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from jalon.accounts.access import Access, needs
from jalon.accounts.actions import Refused
from jalon.accounts.queries import users
from jalon.records import address, queries, selection
from jalon.records.bulk_edits import actions, words
from jalon.records.bulk_edits import queries as bulk_edits
from jalon.records.bulk_edits.plan import Change, Deed
from jalon.records.columns import Catalog, PropertySpec
from jalon.records.display import TONES
from jalon.records.forms import inputs as forms
from jalon.records.links.sides import Side, sides
from jalon.records.selection import Selection
from jalon.records.views.finding import catalog_in_sight
from jalon.records.views.settling import settle
from jalon.web import formats
from jalon.web.numbers import whole
from jalon.web.pages import leave_for, page_under, render
from jalon.web.toasts import say

HITS = 8
ADDRESSES = {
    "edit": "records:bulk_edit_property",
    "assign": "records:bulk_assign",
    "link": "records:bulk_link",
    "archive": "records:bulk_archive",
}


@needs("bulk")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, plural: str) -> HttpResponse:
    """Gives a property the same value on all chosen records, or clears it."""
    access, catalog = catalog_in_sight(request, plural, "edit")
    if request.method == "POST":
        return _begin(request, access, catalog, "edit")
    spec = catalog.properties.get(request.GET.get("property", ""))
    if spec is not None and _editable(spec):
        context = {"input": forms.inputs([spec], {})[0], "previews": _previews(catalog)}
        return render(request, "records/_bulk_value.html", context)
    context = _drawer(request, access, catalog, "edit") | {"properties": list(_properties(catalog))}
    return render(request, "records/_bulk_edit.html", context)


@needs("bulk")
@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, plural: str) -> HttpResponse:
    """Gives the chosen records an owner; several people get them in turn."""
    access, catalog = catalog_in_sight(request, plural, "edit")
    if request.method == "POST":
        return _begin(request, access, catalog, "assign")
    people = [(user, _initials(user.name), user.id % TONES) for user in users() if user.active]
    return render(request, "records/_bulk_assign.html", _drawer(request, access, catalog, "assign") | {"people": people})


@needs("bulk")
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, plural: str) -> HttpResponse:
    """Links the chosen records with one other, or takes such links away."""
    access, catalog = catalog_in_sight(request, plural, "edit")
    if request.method == "POST":
        return _begin(request, access, catalog, "link")
    ways = sides(catalog)
    if "find" in request.GET:
        return render(request, "records/_bulk_hits.html", {"hits": list(_hits(access, ways, request.GET))})
    return render(request, "records/_bulk_link.html", _drawer(request, access, catalog, "link") | {"sides": ways})


@needs("bulk_delete")
@require_http_methods(["GET", "POST"])
def archive(request: HttpRequest, plural: str) -> HttpResponse:
    """Takes the chosen records out of every table."""
    access, catalog = catalog_in_sight(request, plural, "delete")
    if request.method == "POST":
        return _begin(request, access, catalog, "archive")
    context = _drawer(request, access, catalog, "archive")
    change = Change(Deed.ARCHIVE)
    context |= words.told(bulk_edits.preview(access, context["chosen"], change), change)
    return render(request, "records/_bulk_archive.html", context)


@needs("records.view")
@require_POST
def preview(request: HttpRequest, plural: str, how: str) -> HttpResponse:
    """What would happen, in a sentence with the numbers."""
    access, catalog = catalog_in_sight(request, plural)
    chosen = _chosen(request.POST, catalog)
    change, problems = _change(access, request.POST, catalog, how)
    told = words.told(bulk_edits.preview(access, chosen, change), change) if change else {"problems": problems}
    return render(request, "records/_bulk_preview.html", {"how": how, **told})


def _begin(request: HttpRequest, access: Access, catalog: Catalog, how: str) -> HttpResponse:
    chosen = _chosen(request.POST, catalog)
    change, problems = _change(access, request.POST, catalog, how)
    if change is not None:
        try:
            begun = actions.begin(access, chosen, change)
        except Refused as refused:
            problems = refused.sentences
        else:
            _say(request, access, catalog, begun)
            return leave_for(request, back(request, catalog))
    return render(request, "records/_bulk_preview.html", {"how": how, "problems": problems}, status=422)


def _say(request: HttpRequest, access: Access, catalog: Catalog, begun: actions.Begun) -> None:
    found = bulk_edits.bulk_edit(access, begun.id)
    if not begun.finished or found is None:
        messages.info(request, gettext("The records are being changed. The top of the page shows how far it is; you may go on meanwhile."))
        return
    settle(request, begun.position)
    told = ngettext("%(count)s record is changed.", "%(count)s records are changed.", found.changed)
    say(
        request,
        told % {"count": formats.number(found.changed)},
        undo=reverse("records:bulk_undo", args=[catalog.plural, begun.id]) if found.changed else "",
    )


def back(request: HttpRequest, catalog: Catalog) -> str:
    """The table that the drawer stood beside."""
    return page_under(request, reverse("records:index", args=[catalog.plural]))


def _chosen(parameters: QueryDict, catalog: Catalog) -> Selection:
    found = selection.read(parameters, catalog)
    if found is None:
        raise Http404
    return found


def _drawer(request: HttpRequest, access: Access, catalog: Catalog, how: str) -> dict[str, Any]:
    chosen = _chosen(request.GET, catalog)
    return {
        "catalog": catalog,
        "chosen": chosen,
        "held": selection.count(access, chosen),
        "hidden": list(chosen.parameters().items()),
        "back": back(request, catalog),
        "post_url": reverse(ADDRESSES[how], args=[catalog.plural]),
        "preview_url": reverse("records:bulk_preview", args=[catalog.plural, how]),
        "how": how,
    }


def _previews(catalog: Catalog) -> str:
    return reverse("records:bulk_preview", args=[catalog.plural, "edit"])


# From a form to a change


def _change(access: Access, posted: QueryDict, catalog: Catalog, how: str) -> tuple[Change | None, Sequence[str]]:
    """The change that was filled in; None with sentences where something is missing."""
    match how:
        case "edit":
            return _edition(posted, catalog)
        case "assign":
            return _assignment(posted)
        case "link":
            return _linking(access, posted, catalog)
        case "archive":
            return Change(Deed.ARCHIVE), ()
    raise Http404


def _edition(posted: QueryDict, catalog: Catalog) -> tuple[Change | None, Sequence[str]]:
    spec = catalog.properties.get(posted.get("property", ""))
    if spec is None or not _editable(spec):
        return None, [gettext("Choose a property.")]
    if posted.get("clear"):
        return Change(Deed.SET, {spec.name: None}), ()
    typed = forms.read([spec], posted)
    if typed.errors:
        return None, list(typed.errors.values())
    if not typed.values.get(spec.name):
        return None, [gettext("Type a value, or choose to clear the property.")]
    return Change(Deed.SET, {spec.name: typed.values[spec.name]}), ()


def _assignment(posted: QueryDict) -> tuple[Change | None, Sequence[str]]:
    if posted.get("clear"):
        return Change(Deed.SET, {"hubspot_owner_id": None}), ()
    active = {user.id for user in users() if user.active}
    owners = tuple(id for text in posted.getlist("owner") if (id := whole(text)) in active and id is not None)
    if not owners:
        return None, [gettext("Choose at least one person.")]
    if len(owners) == 1:
        return Change(Deed.SET, {"hubspot_owner_id": str(owners[0])}), ()
    return Change(Deed.SPREAD, owners=owners), ()


def _linking(access: Access, posted: QueryDict, catalog: Catalog) -> tuple[Change | None, Sequence[str]]:
    side = next((side for side in sides(catalog) if side.value == posted.get("side")), None)
    other = whole(posted.get("other", ""))
    if side is None or other is None or queries.record(access, side.other, other) is None:
        return None, [gettext("Choose the record to link them with.")]
    name, _, direction = side.value.partition(":")
    deed = Deed.UNLINK if posted.get("unlink") else Deed.LINK
    return Change(deed, association=name, other_id=other, inverse=direction == "from"), ()


def _editable(spec: PropertySpec) -> bool:
    return forms.editable(spec) and not spec.unique and not spec.hidden


def _properties(catalog: Catalog) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    language = get_language() or "en"
    for group in queries.groups(catalog.object_type):
        specs = sorted((spec for spec in group.properties if _editable(spec)), key=lambda spec: spec.label(language).casefold())
        if specs:
            yield group.label(language), [(spec.name, spec.label(language)) for spec in specs]


def _hits(access: Access, ways: Sequence[Side], parameters: QueryDict) -> Iterator[tuple[int, str, str]]:
    """Records at the other end by a part of their name: number, name, e-mail or the like."""
    side = next((side for side in ways if side.value == parameters.get("side")), None)
    words = parameters.get("find", "").strip()
    if side is None or len(words) < 2:
        return
    there = queries.catalog(side.other)
    page = queries.page(access, side.other, columns=address.name_columns(there), search=words, limit=HITS, counted=False)
    for row in page.rows:
        name = address.name_of(there, row) or str(row["id"])
        yield row["id"], name, str(row.get("email") or "") if row.get("email") != name else ""


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split()[:2]).upper()
