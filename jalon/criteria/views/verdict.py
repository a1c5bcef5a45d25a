"""How many records match what stands in the editor now, and what is wrong beside each filter."""

from __future__ import annotations

from collections.abc import Collection

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_POST

from jalon.accounts.access import access_of_request, needs
from jalon.criteria.forms import drafts
from jalon.criteria.forms.drafts import Draft
from jalon.criteria.queries import where
from jalon.criteria.views.finding import by_plural
from jalon.records import queries


@needs("records.view")
@require_POST
def check(request: HttpRequest, plural: str) -> HttpResponse:
    """The count now; a filter that is still being filled in is not scolded."""
    draft = drafts.read(request.POST, by_plural(plural))
    return verdict(request, draft, waiting=draft.unfinished())


def verdict(request: HttpRequest, draft: Draft, *, waiting: Collection[str] = (), status: int = 200) -> HttpResponse:
    """The count, or how many filters need a look; and the sentences of every filter that has some, for the page to put beside it."""
    beside, general = draft.beside(), draft.general()
    told = {key: sentences for key, sentences in beside.items() if key not in waiting}
    context = {
        "beside": told,
        "general": [] if beside else general,
        "is_counted": not beside and not general,
        "catalog": draft.catalog,
    }
    if context["is_counted"]:
        catalog = draft.catalog
        access = access_of_request(request)
        count = queries.count(access, catalog.object_type, where(draft.criteria, catalog.object_type, access))
        context |= {"count": count, "words": _matching(draft, count)}
    return render(request, "criteria/_verdict.html", context, status=status)


def _matching(draft: Draft, count: int) -> str:
    catalog = draft.catalog
    language = get_language() or "en"
    is_one = count == 1 or (count == 0 and language.startswith("fr"))  # French counts nothing as one
    label = (catalog.label if is_one else catalog.plural_label)(language).lower()
    if not draft.criteria.groups:
        return gettext("%(label)s in all") % {"label": label}
    return ngettext("%(label)s matches", "%(label)s match", count) % {"label": label}
