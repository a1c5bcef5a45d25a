"""What criteria read: which changes can alter their answer, and when the clock alone can. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Dependence:
    """What the answer of one criteria tree on records of `object_type` depends on.

    own         names of the record's own properties (those compared with among them)
    associated  by object type: names of properties read on records it is linked with; an empty set: that they are linked
    facts       what filter kinds say they read: ("list", "12"), ("import", "7")
    days        the answer may change when a new day of the account begins
    instants    datetime properties (object type, name) whose values, once they lie in the past, change the answer
    """

    object_type: str
    own: frozenset[str] = frozenset()
    associated: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    facts: frozenset[tuple[str, str]] = frozenset()
    days: bool = False
    instants: frozenset[tuple[str, str]] = frozenset()

    @property
    def on_clock(self) -> bool:
        return self.days or bool(self.instants)
