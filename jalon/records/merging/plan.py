"""What of two records the merged one keeps, and what taking that back can give back. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from jalon.records.columns import Catalog, FieldType, PropertySpec
from jalon.records.plan import ALSO, claimed

SURVIVOR, LOSER = "survivor", "loser"
OF_THE_ROW: Final = frozenset({"hs_object_id", "lastmodifieddate"})
OF_ITS_BIRTH: Final = ("hs_object_source",)  # and all that begin so: where the survivor came from stays true
Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Combination:
    """The survivor's values that a merge changes, and those that it leaves though the other record had another.

    The second are said again in the log: read together, both pasts then end in the value that the merged record has.
    """

    changed: dict[str, str | None] = field(default_factory=dict)
    confirmed: dict[str, str] = field(default_factory=dict)


def combine(catalog: Catalog, survivor: Values, loser: Values, choices: Mapping[str, str]) -> Combination:
    """The survivor's value, filled in from the loser where it is empty; a choice of SURVIVOR or LOSER decides otherwise.

    The older creation date stays. Every value of a unique property that has a place for additional ones stays there.
    """
    found = Combination()
    for name, spec in catalog.properties.items():
        own, other = survivor.get(name), loser.get(name)
        value = _chosen(spec, own, other, choices.get(name))
        if value != own:
            found.changed[name] = value
    for name, also in ALSO.items():
        if name in catalog.properties and also in catalog.properties:
            found.changed.update(_additional(name, also, survivor, loser, found.changed.get(name, survivor.get(name))))
    differing = {name for name in catalog.properties if survivor.get(name) != loser.get(name)} - OF_THE_ROW - found.changed.keys()
    found.confirmed.update({name: survivor[name] for name in sorted(differing) if name in survivor})
    return found


def may_choose(spec: PropertySpec) -> bool:
    """Whether people choose its value: not for what Jalon keeps or reckons itself."""
    return not (
        spec.field_type is FieldType.CALCULATION
        or spec.name in OF_THE_ROW
        or spec.name == "createdate"
        or spec.name.startswith(OF_ITS_BIRTH)
        or spec.name in ALSO.values()
    )


def _chosen(spec: PropertySpec, own: str | None, other: str | None, choice: str | None) -> str | None:
    if spec.name == "createdate":
        return min(filter(None, (own, other)), default=None)
    if not may_choose(spec):
        return own
    if choice == LOSER:
        return other
    return own if choice == SURVIVOR or own is not None else other


def _additional(name: str, also: str, survivor: Values, loser: Values, present: str | None) -> dict[str, str | None]:
    known = {**claimed(survivor, name), **{k: v for k, v in claimed(loser, name).items() if k not in claimed(survivor, name)}}
    others = ";".join(value for folded, value in known.items() if present is None or folded != present.casefold()) or None
    return {} if others == survivor.get(also) else {also: others}


@dataclass(frozen=True, slots=True)
class Return:
    """What taking a merge back sets on the survivor, and the properties that somebody has changed since."""

    values: dict[str, str | None]
    kept: tuple[str, ...]


def take_back(present: Values, before: Mapping[str, str | None], after: Mapping[str, str | None], loser: Values) -> Return:
    """The former value where the merge's still stands. Additional addresses of the loser leave in any case: they are its own."""
    values: dict[str, str | None] = {}
    kept: list[str] = []
    for name, then in after.items():
        if present.get(name) == then:
            values[name] = before.get(name)
        elif name in ALSO.values():
            values[name] = _without(present.get(name), loser, name)
        else:
            kept.append(name)
    return Return({name: value for name, value in values.items() if value != present.get(name)}, tuple(kept))


def _without(text: str | None, loser: Values, also: str) -> str | None:
    name = next(name for name, place in ALSO.items() if place == also)
    return ";".join(value for value in (text or "").split(";") if value and value.casefold() not in claimed(loser, name)) or None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may survive: its values, `createdate` among them."""

    id: int
    values: Values


def proposed(catalog: Catalog, candidates: Sequence[Candidate]) -> Candidate:
    """Who should survive: the known identity (it has a unique value, such as an e-mail), then the fuller one, then the older."""
    unique = [spec.name for spec in catalog.properties.values() if spec.unique]

    def standing(one: Candidate) -> tuple[int, int, str, int]:
        known = sum(1 for name in unique if one.values.get(name))
        return -known, -_filled(catalog, one.values), one.values.get("createdate", ""), one.id

    return min(candidates, key=standing)


def _filled(catalog: Catalog, values: Iterable[str]) -> int:
    return sum(1 for name in values if name in catalog.properties and may_choose(catalog.properties[name]))


@dataclass(frozen=True, slots=True)
class Link:
    """One row of an association. Of the links that one record has by one type from its from-side, one may be primary."""

    type_id: int
    from_id: int
    to_id: int
    primary: bool
    since: str  # ISO instant

    def between(self, old: int, new: int) -> Link:
        """The same link with another record in the place of one."""
        return replace(self, from_id=new if self.from_id == old else self.from_id, to_id=new if self.to_id == old else self.to_id)

    @property
    def pair(self) -> tuple[int, int, int]:
        return self.type_id, self.from_id, self.to_id


@dataclass(frozen=True, slots=True)
class Moves:
    """The loser's links: which of them the survivor gets, which are dropped, and which of its own become primary for another record."""

    moved: tuple[tuple[Link, Link], ...]  # as it was, as it is now
    dropped: tuple[Link, ...]
    raised: tuple[Link, ...]


Limits = Mapping[int, tuple[int | None, int | None]]  # of each type: how many one record of the from- and of the to-side may have


def move_links(links: Sequence[Link], survivor_links: Sequence[Link], loser: int, survivor: int, limits: Limits) -> Moves:
    """The survivor's own links come first: what doubles one, leads to itself or passes a limit is dropped.

    The survivor keeps its primary links; another record to which the loser was primary has the survivor in its place.
    """
    there = {link.pair: link for link in survivor_links}
    number = Counter((link.type_id, link.from_id == survivor) for link in survivor_links)
    mains = {link.type_id for link in survivor_links if link.primary and link.from_id == survivor}
    moved: list[tuple[Link, Link]] = []
    dropped: list[Link] = []
    raised: list[Link] = []
    for link in links:
        new = link.between(loser, survivor)
        side = (new.type_id, new.from_id == survivor)
        double = there.get(new.pair)
        if double is not None and new.primary and not double.primary and not side[1]:
            raised.append(double)
        if double is not None or new.from_id == new.to_id or _is_full(number[side], limits.get(new.type_id), side[1]):
            dropped.append(link)
            continue
        new = replace(new, primary=new.primary and not (side[1] and new.type_id in mains))
        there[new.pair] = new
        number[side] += 1
        moved.append((link, new))
    return Moves(tuple(moved), tuple(dropped), tuple(raised))


def _is_full(number: int, limits: tuple[int | None, int | None] | None, is_from: bool) -> bool:
    limit = limits[0 if is_from else 1] if limits else None
    return limit is not None and number >= limit
