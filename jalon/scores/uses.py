"""Which scores read a property, or anything else: rows of the tables of uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.urls import reverse
from django.utils.translation import get_language, gettext

from jalon.criteria import dependence
from jalon.records import circles
from jalon.records import queries as records
from jalon.records.pages import UsedIn
from jalon.scores import queries


def of_property(object_type: str, name: str) -> Sequence[UsedIn]:
    return list(_readers(circles.a_property(object_type, name)))


def of_list(list_id: int) -> Sequence[UsedIn]:
    return list(_readers(("list", str(list_id))))


def of_option(object_type: str, name: str, value: str) -> Sequence[UsedIn]:
    """The scores of which a rule asks for an option."""
    wanted = (object_type, name, value)
    scorings = queries.the_book().scorings
    named = [one for one in scorings if any(wanted in dependence.options(rule.criteria, one.object_type) for rule in one.rules)]
    return [_used(one.object_type, one.name) for one in named]


def _readers(wanted: circles.Made) -> Iterator[UsedIn]:
    for made, read in queries.made().items():
        if wanted in read:
            _property, object_type, name = made
            yield _used(object_type, name)


def _used(object_type: str, name: str) -> UsedIn:
    language, catalog = get_language() or "en", records.catalog(object_type)
    label = f"{catalog.plural_label(language)}: {catalog.properties[name].label(language)}"
    return UsedIn(gettext("Score"), label, reverse("scores:score", args=[catalog.plural, name]))
