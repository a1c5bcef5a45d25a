"""The two sets of lifecycle stages offered at set-up (spec 12, decision 21), and what must be laid out once one is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jalon.accounts.access import Actor
from jalon.warehouse.words import N_


@dataclass(frozen=True, slots=True)
class StagePreset:
    """A set of lifecycle stages to start with; all texts are message ids."""

    name: str
    label: str
    stages: tuple[str, ...]
    lost: tuple[str, ...] = ()


PRESETS = (
    StagePreset(
        "sales",
        N_("Short sales cycle"),
        (N_("New lead"), N_("Hot lead"), N_("Payment"), N_("Customer")),
        (N_("Cold lead"), N_("No budget"), N_("Not interested")),
    ),
    StagePreset(
        "marketing",
        N_("Marketing and sales"),
        (
            N_("Subscriber"),
            N_("Lead"),
            N_("Marketing qualified lead"),
            N_("Sales qualified lead"),
            N_("Opportunity"),
            N_("Customer"),
            N_("Evangelist"),
            N_("Other"),
        ),
    ),
)

# Called once with the chosen preset, in the set-up's transaction: capabilities above lay out their own things.
SetUp = Callable[[str, Actor], None]
_parts: list[SetUp] = []


def install(parts: Sequence[SetUp]) -> None:
    _parts[:] = parts


def set_up(preset: str, actor: Actor) -> None:
    for part in _parts:
        part(preset, actor)
