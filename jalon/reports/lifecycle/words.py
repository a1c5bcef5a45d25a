"""What the figures of the lifecycle are called, and how each of them is made, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from jalon.warehouse.words import N_

#: How each card is made.
FORMULAS: Final[Mapping[str, str]] = {
    "conversion": N_("Journeys that reached Won ÷ journeys entered on these days × 100, however late they were won."),
    "convert_time": N_("Mean time from the entry to Won, of the journeys that were won; those won at once have no time and are left out."),
    "drop_off": N_("Journeys that ended in a lost stage ÷ journeys entered on these days × 100, however late they were lost."),
    "drop_off_time": N_("Mean time from the entry to the lost stage, of the journeys that were lost; those lost at once are left out."),
}

#: What makes each comparison unfair.
BIASES: Final[Mapping[str, str]] = {
    "conversion": N_("Journeys of the period before have had longer to convert, so the comparison makes the present look worse."),
    "convert_time": N_("Of young journeys only the quick ones are won yet, so the comparison makes the present look faster."),
    "drop_off": N_("Journeys of the period before have had longer to be lost, so the comparison makes the present look better."),
    "drop_off_time": N_("Of young journeys only the quick ones are lost yet, so the comparison makes the present look faster."),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A column of the breakdown by stage; label and formula are message ids."""

    label: str
    formula: str
    is_time: bool = False
    is_number: bool = True


COLUMNS: Final[Mapping[str, Told]] = {
    "reached": Told(N_("Reached"), N_("Journeys that came to this stage or beyond it; stages that were skipped count as passed.")),
    "conversion": Told(N_("Conversion"), N_("Journeys that went beyond this stage ÷ journeys that reached or passed it.")),
    "drop_off": Told(N_("Drop-off"), N_("Journeys that were lost with this as their last stage ÷ journeys that reached or passed it.")),
    "mean": Told(
        N_("Average time"),
        N_("Mean of the time in this stage, of the journeys that were really in it and have left it; several visits are added up."),
        is_time=True,
    ),
    "median": Told(
        N_("Median time"), N_("Half of the journeys that left this stage spent less time in it, half spent more."), is_time=True
    ),
    "idle": Told(N_("Still in it"), N_("Journeys whose contact is in this stage now.")),
    "skipped": Told(N_("Skipped"), N_("Journeys that went beyond this stage without having been in it.")),
    "lost_before": Told(N_("Skipped before drop-off"), N_("Journeys that were lost before they came to this stage.")),
    "destinations": Told(
        N_("Lost to"), N_("The lost stages to which journeys went from this stage, the most frequent first."), is_number=False
    ),
}
USUAL: Final = ("reached", "conversion", "drop_off", "mean", "median", "idle", "destinations")
