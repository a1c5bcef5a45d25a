"""What a person does with views: save, name, share, copy, delete, and put the tabs in order."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts.access import needs
from jalon.accounts.actions import Refused
from jalon.records.columns import Catalog
from jalon.records.models import SavedView
from jalon.records.saved_views import actions, queries
from jalon.records.views.finding import catalog_in_sight
from jalon.records.views.tabs import address_of, place
from jalon.warehouse.words import N_
from jalon.web.numbers import whole
from jalon.web.pages import leave_for, render
from jalon.web.toasts import say

SHARINGS = (
    (SavedView.Sharing.PRIVATE, "lock", N_("Only you"), N_("Nobody else sees it.")),
    (SavedView.Sharing.TEAM, "users", N_("Your team"), N_("Those who share a team with you.")),
    (SavedView.Sharing.EVERYBODY, "world", N_("Everybody"), N_("Each person sees the records they may see.")),
)


@needs("records.view")
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, plural: str) -> HttpResponse:
    """Keeps what the page shows as a new view."""
    access, catalog = catalog_in_sight(request, plural)
    here = address_of(request, catalog)
    problems: tuple[str, ...] = ()
    if request.method == "POST":
        try:
            id = actions.create(access, catalog, here, name=request.POST.get("name", ""), sharing=request.POST.get("sharing", ""))
        except Refused as refused:
            problems = refused.sentences
        else:
            messages.success(request, gettext("The view is saved."))
            return _to_view(request, catalog, str(id))
    context = {"catalog": catalog, "sharings": SHARINGS, "sharing": request.POST.get("sharing", "private"), "problems": problems}
    post_url = f"{reverse('records:view_create', args=[plural])}?{request.GET.urlencode()}"
    return render(request, "records/_view_form.html", context | {"post_url": post_url}, status=422 if problems else 200)


@needs("records.view")
@require_http_methods(["GET", "POST"])
def describe(request: HttpRequest, plural: str, id: int) -> HttpResponse:
    """Another name, other readers."""
    access, catalog = catalog_in_sight(request, plural)
    row = queries.saved_view(access, catalog.object_type, id)
    if row is None:
        raise Http404
    problems: tuple[str, ...] = ()
    if request.method == "POST":
        try:
            actions.describe(access, catalog, id, name=request.POST.get("name", ""), sharing=request.POST.get("sharing", ""))
        except Refused as refused:
            problems = refused.sentences
        else:
            return _to_view(request, catalog, str(id))
    context = {"catalog": catalog, "existing": row, "sharings": SHARINGS, "sharing": row.sharing, "problems": problems}
    post_url = reverse("records:view_describe", args=[plural, id])
    return render(request, "records/_view_form.html", context | {"post_url": post_url}, status=422 if problems else 200)


@needs("records.view")
@require_POST
def save(request: HttpRequest, plural: str, id: int) -> HttpResponse:
    """What the page shows now is the view from now on."""
    access, catalog = catalog_in_sight(request, plural)
    try:
        actions.keep(access, catalog, id, address_of(request, catalog))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, gettext("The view is saved."))
    return _to_view(request, catalog, str(id))


@needs("records.view")
@require_POST
def duplicate(request: HttpRequest, plural: str, id: int) -> HttpResponse:
    access, catalog = catalog_in_sight(request, plural)
    try:
        return _to_view(request, catalog, str(actions.duplicate(access, catalog, id)))
    except Refused as refused:
        messages.error(request, str(refused))
    return _to_view(request, catalog)


@needs("records.view")
@require_POST
def delete(request: HttpRequest, plural: str, id: int) -> HttpResponse:
    access, catalog = catalog_in_sight(request, plural)
    row = queries.saved_view(access, catalog.object_type, id)
    try:
        actions.delete(access, catalog, id)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        name = row.name if row else ""
        say(request, gettext("The view “%(name)s” is deleted.") % {"name": name}, undo=reverse("records:view_restore", args=[plural, id]))
    return _to_view(request, catalog)


@needs("records.view")
@require_POST
def restore(request: HttpRequest, plural: str, id: int) -> HttpResponse:
    access, catalog = catalog_in_sight(request, plural)
    try:
        actions.restore(access, catalog, id)
    except Refused as refused:
        messages.error(request, str(refused))
        return _to_view(request, catalog)
    return _to_view(request, catalog, str(id))


@needs("records.view")
@require_GET
def every(request: HttpRequest, plural: str) -> HttpResponse:
    """The drawer with all views of this person, to open and to pin."""
    _, catalog = catalog_in_sight(request, plural)
    tabs, here = place(request, catalog)
    context = {"catalog": catalog, "here": here, "shown": tabs.shown, "others": tabs.others, "first": tabs.default}
    return render(request, "records/_views.html", context)


@needs("records.view")
@require_POST
def arrange(request: HttpRequest, plural: str) -> HttpResponse:
    """The tabs in their new order."""
    access, catalog = catalog_in_sight(request, plural)
    actions.arrange(access, catalog, request.POST.getlist("key"))
    return HttpResponse(status=204)


@needs("records.view")
@require_POST
def pin(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    access, catalog = catalog_in_sight(request, plural)
    actions.pin(access, catalog, key)
    return _to_view(request, catalog, key)


@needs("records.view")
@require_POST
def unpin(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    access, catalog = catalog_in_sight(request, plural)
    actions.unpin(access, catalog, key)
    return _to_view(request, catalog)


@needs("records.view")
@require_POST
def open_first(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    """The view that opens where nothing else is asked for."""
    access, catalog = catalog_in_sight(request, plural)
    actions.open_first(access, catalog, key)
    messages.success(request, gettext("This view now opens first for you."))
    return _to_view(request, catalog, key)


@needs("records.view")
@require_POST
def width(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    """Remembers how wide a column was drawn."""
    access, catalog = catalog_in_sight(request, plural)
    pixels = whole(request.POST.get("width", ""), 5)
    if pixels is not None:
        actions.draw_width(access, catalog, key, request.POST.get("column", ""), pixels)
    return HttpResponse(status=204)


def _to_view(request: HttpRequest, catalog: Catalog, key: str = "") -> HttpResponse:
    url = reverse("records:index", args=[catalog.plural])
    return leave_for(request, f"{url}?view={key}" if key else url)
