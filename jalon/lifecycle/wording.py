"""Words for what stages are, and for what was changed about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext

from jalon.lifecycle.columns import StageKind
from jalon.lifecycle.queries import ChangeView, What
from jalon.warehouse.words import N_

KINDS: Final[Mapping[StageKind, str]] = {
    StageKind.PRIMARY: N_("On the path"),
    StageKind.WON: N_("Won"),
    StageKind.LOST: N_("Lost"),
    StageKind.OUTSIDE: N_("Outside the path"),
}

SENTENCES: Final[Mapping[str, str]] = {
    What.ADDED: N_("“%(label)s” was added."),
    What.CHANGED: N_("“%(label)s” was changed."),
    What.MOVED: N_("The stages were put into another order."),
    What.DELETED: N_("“%(label)s” was deleted, with its movements."),
    What.PRESET: N_("Another set of stages was laid out."),
    What.SHOWN: N_("Lifecycle stages were turned on."),
    What.HIDDEN: N_("Lifecycle stages were turned off."),
}


def changed(change: ChangeView, language: str) -> str:
    """What was done, in a sentence. A stage is called as it was then."""
    if "default" in change.after:
        sentence = N_("“%(label)s” became the stage of new contacts.") if change.after["default"] else N_("New contacts get no stage.")
        return gettext(sentence) % {"label": change.label(language)}
    told = SENTENCES[change.what]
    if change.what == What.CHANGED:
        told = _of_what(change.after, f"label_{language[:2]}")
    return gettext(told) % {"label": change.label(language), "before": change.before.get(f"label_{language[:2]}", "")}


def _of_what(after: Mapping[str, object], label: str) -> str:
    """A name matters most, then what belongs here, then looks."""
    if label in after:
        return N_("“%(before)s” is called “%(label)s” now.")
    if "description" in after:
        return N_("“%(label)s” has another description.")
    return N_("“%(label)s” looks different.") if {"emoji", "color"} & set(after) else SENTENCES[What.CHANGED]
