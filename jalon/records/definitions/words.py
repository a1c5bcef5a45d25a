"""A change of a definition in sentences: what was renamed, which options came and went."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext

from jalon.records.columns import FieldType
from jalon.warehouse.words import N_

Parts = Mapping[str, Any]

FROM_TO = {
    "label_en": N_("The label in English “%(before)s” became “%(after)s”."),
    "label_fr": N_("The label in French “%(before)s” became “%(after)s”."),
    "group": N_("It moved from the group “%(before)s” to “%(after)s”."),
    "formula": N_("The formula “%(before)s” became “%(after)s”."),
}
PLAIN = {
    "description": N_("The help text was changed."),
    "hint": N_("It is shown in another way."),
    "order": N_("Its place among the others was changed."),
    "field_type": N_("It is typed in another way."),
    "rules": N_("The rules of the score were changed."),
}


def sentences(before: Parts, after: Parts, language: str, group: Callable[[str], str]) -> Iterator[str]:
    """What a change did, a sentence each; `group` knows the label of a group."""
    if "type" in after:
        yield gettext("The property was created.")
        return
    if "archived" in after:
        yield gettext("The property was archived.") if after["archived"] else gettext("The property was restored.")
    if "hidden" in after:
        yield gettext("It was hidden on record pages.") if after["hidden"] else gettext("It is shown on record pages again.")
    for part in (name for name in FROM_TO if name in after):
        told = {"before": before.get(part, ""), "after": after[part]}
        yield gettext(FROM_TO[part]) % ({key: group(value) for key, value in told.items()} if part == "group" else told)
    yield from (gettext(_plain(part, before, after)) for part in PLAIN if part in after)
    if "options" in after:
        yield from _options(before.get("options", []), after["options"], "fr" if language.startswith("fr") else "en")


def _plain(part: str, before: Parts, after: Parts) -> str:
    """The sentence of a part that is told without its values; to become a score is more than to be typed in another way."""
    if part == "field_type" and after[part] == FieldType.SCORE:
        return N_("Its values follow from the rules of a score now.")
    if part == "field_type" and before.get(part) == FieldType.SCORE:
        return N_("It is no score any more; it has kept its values.")
    return PLAIN[part]


def _options(before: list[Parts], after: list[Parts], language: str) -> Iterator[str]:
    old, new = ({option["value"]: option for option in options if not option.get("removed")} for options in (before, after))
    for value in new.keys() - old.keys():
        yield gettext("The option “%(label)s” was added.") % {"label": new[value][language]}
    for value in old.keys() - new.keys():
        yield gettext("The option “%(label)s” was removed.") % {"label": old[value][language]}
    kept = [value for value in new if value in old]
    for value in kept:
        yield from _option(old[value], new[value], language)
    if kept != [value for value in old if value in new]:
        yield gettext("The options were put in another order.")


def _option(old: Parts, new: Parts, language: str) -> Iterator[str]:
    if any(old[tongue] != new[tongue] for tongue in ("en", "fr")):
        names = {"before": old[language], "after": new[language]}
        yield gettext("The option “%(before)s” became “%(after)s”.") % names
    if old.get("hidden", False) != new.get("hidden", False):
        sentence = N_("The option “%(label)s” was hidden.") if new.get("hidden") else N_("The option “%(label)s” is offered again.")
        yield gettext(sentence) % {"label": new[language]}
