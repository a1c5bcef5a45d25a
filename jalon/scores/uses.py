"""Which scores read a property, or anything else: rows of the tables of uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.urls import reverse
from django.utils.translation import get_language, gettext

from jalon.records import circles
from jalon.records import queries as records
from jalon.records.pages import UsedIn
from jalon.scores import queries


def of_property(object_type: str, name: str) -> Sequence[UsedIn]:
    return list(_readers(circles.a_property(object_type, name)))


def of_list(list_id: int) -> Sequence[UsedIn]:
    return list(_readers(("list", str(list_id))))


def _readers(wanted: circles.Made) -> Iterator[UsedIn]:
    language = get_language() or "en"
    for made, read in queries.made().items():
        if wanted in read:
            _property, object_type, name = made
            catalog = records.catalog(object_type)
            label = f"{catalog.plural_label(language)}: {catalog.properties[name].label(language)}"
            yield UsedIn(gettext("Score"), label, reverse("scores:score", args=[catalog.plural, name]))
