"""Which calculated properties read a property: a row of the table of uses."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import get_language, gettext

from jalon.records import queries
from jalon.records.calculated import queries as calculated
from jalon.records.calculated.plan import Formula, readers
from jalon.records.pages import UsedIn


def find(object_type: str, name: str) -> Sequence[UsedIn]:
    return [_used(formula) for formula in readers(calculated.the_book(), (object_type, name))]


def of_option(object_type: str, name: str, value: str) -> Sequence[UsedIn]:
    """The formulas that read the property and hold this text: a formula compares with texts, not with options."""
    written = f'"{value}"'
    found = readers(calculated.the_book(), (object_type, name))
    return [_used(one) for one in found if written in queries.catalog(one.object_type).properties[one.name].formula]


def _used(formula: Formula) -> UsedIn:
    language, catalog = get_language() or "en", queries.catalog(formula.object_type)
    label = f"{catalog.plural_label(language)}: {catalog.properties[formula.name].label(language)}"
    return UsedIn(gettext("Calculated property"), label, reverse("records:property", args=[catalog.plural, formula.name]))
