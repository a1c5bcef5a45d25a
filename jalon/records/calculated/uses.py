"""Which calculated properties read a property: a row of the table of uses."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import get_language, gettext

from jalon.records import queries
from jalon.records.calculated import queries as calculated
from jalon.records.calculated.plan import readers
from jalon.records.pages import UsedIn


def find(object_type: str, name: str) -> Sequence[UsedIn]:
    language = get_language() or "en"
    found = []
    for formula in readers(calculated.the_book(), (object_type, name)):
        catalog = queries.catalog(formula.object_type)
        label = f"{catalog.plural_label(language)}: {catalog.properties[formula.name].label(language)}"
        found.append(UsedIn(gettext("Calculated property"), label, reverse("records:property", args=[catalog.plural, formula.name])))
    return found
