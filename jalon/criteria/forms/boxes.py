"""The boxes of the editor, as its templates draw them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext

from jalon.criteria.forms.asking import Asks, asks
from jalon.criteria.forms.entries import ASSOCIATED, BRANCH, FACT, HOLDERS, PROPERTY, Entry, by_parent, of_criteria
from jalon.criteria.forms.scene import Scene
from jalon.criteria.tree import DEEPEST, Criteria
from jalon.records.columns import Catalog

Told = Mapping[str, Sequence[str]]  # the sentences about an entry, by its key


@dataclass(frozen=True, slots=True)
class Holder:
    """What filters stand in: a group, a branch, linked records. `of` is the object type that they ask about.

    `offers` are the forms of filters that may be added.
    """

    key: str
    of: str
    filters: tuple[Box, ...] = ()
    offers: str = ""
    adding: str = ""  # words of the button that adds one
    linked: bool = False  # on linked records, or inside of such
    is_linked_record: bool = False  # holds what is asked of one linked record


@dataclass(frozen=True, slots=True)
class Box:
    """One filter ready to be edited. `kept` are fields that nobody sees: what it asks about is gone, and nothing of it may be lost."""

    key: str
    of: str
    about: str
    label: str
    hint: str
    icon: str
    asks: tuple[Asks, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    inside: Holder | None = None
    problems: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.key.replace(".", "-")

    @property
    def form(self) -> str:
        return self.about.partition(":")[0]

    @property
    def is_branch(self) -> bool:
        return self.form == BRANCH


@dataclass(frozen=True, slots=True)
class Editor:
    """The editor with its criteria in it, to be included in a form of any page."""

    catalog: Catalog
    groups: tuple[Holder, ...] = ()

    @property
    def filter_url(self) -> str:
        return reverse("criteria:filter", args=[self.catalog.plural])

    @property
    def asked_url(self) -> str:
        return reverse("criteria:asked", args=[self.catalog.plural])

    @property
    def check_url(self) -> str:
        return reverse("criteria:check", args=[self.catalog.plural])

    @property
    def picked_url(self) -> str:
        return reverse("criteria:picked", args=[self.catalog.plural])

    @property
    def blank(self) -> Holder:
        """What a further group begins as."""
        return _Painter(Scene(), {}, {}).holder("new", self.catalog.object_type)


_NOTHING_TOLD: Told = {}


def editor(criteria: Criteria, catalog: Catalog, told: Told = _NOTHING_TOLD) -> Editor:
    """The editor with these criteria, or with one empty group to begin with."""
    return of_entries(of_criteria(criteria, catalog.object_type), catalog, told)


def of_entries(entries: Sequence[Entry], catalog: Catalog, told: Told = _NOTHING_TOLD) -> Editor:
    """The editor as somebody left it, after a form with problems came back."""
    painter = _Painter(Scene(entries), by_parent(entries), told)
    keys = dict.fromkeys(entry.key.partition(".")[0] for entry in entries) or {"0": None}
    return Editor(catalog, tuple(painter.holder(key, catalog.object_type) for key in keys))


def box(entry: Entry, *, linked: bool = False) -> Box:
    """One entry ready to be edited, with nothing inside of it yet. `linked`: it is about linked records."""
    return _Painter(Scene((entry,)), {}, {}).box(entry, linked=linked)


@dataclass(frozen=True, slots=True)
class _Painter:
    scene: Scene
    inside: Mapping[str, Sequence[Entry]]
    told: Told

    def box(self, entry: Entry, *, linked: bool = False) -> Box:
        found = asks(entry, self.scene)
        label, hint, icon = _words(entry, self.scene)
        return Box(
            key=entry.key,
            of=entry.of,
            about=entry.about,
            label=label,
            hint=hint,
            icon=icon,
            asks=found,
            kept=() if found else _kept(entry),
            inside=self._parts(entry, linked=linked) if entry.form in HOLDERS else None,
            problems=tuple(self.told.get(entry.key, ())),
        )

    def _parts(self, entry: Entry, *, linked: bool) -> Holder:
        is_linked_record = entry.form == ASSOCIATED
        inside = self.holder(entry.key, entry.inside, linked=linked or is_linked_record)
        return replace(inside, is_linked_record=is_linked_record)

    def holder(self, key: str, of: str, *, linked: bool = False) -> Holder:
        return Holder(
            key=key,
            of=of,
            filters=tuple(self.box(entry, linked=linked) for entry in self.inside.get(key, ())),
            offers=" ".join(_offers(key, linked=linked)),
            adding=self._adding(of) if linked else gettext("Add a filter"),
            linked=linked,
        )

    def _adding(self, of: str) -> str:
        catalog = self.scene.catalogs.get(of)
        return gettext("Add a filter on: %(records)s") % {"records": catalog.plural_label(self.scene.language) if catalog else of}


def _offers(key: str, *, linked: bool) -> list[str]:
    """The forms that fit in a place: no linked records of linked records, and no brackets where nothing could stand in them."""
    is_deep = key.count(".") + 3 > DEEPEST
    return [PROPERTY, FACT, *([] if linked or is_deep else [ASSOCIATED]), *([] if is_deep else [BRANCH])]


def _words(entry: Entry, scene: Scene) -> tuple[str, str, str]:
    """Label, hint and icon."""
    if spec := scene.spec(entry):
        return spec.label(scene.language), "", ""
    if kind := scene.kind(entry):
        return gettext(kind.label), "", kind.icon
    if entry.form == ASSOCIATED:
        catalog = scene.catalogs.get(entry.name)
        hint = gettext("linked records")
        return (catalog.plural_label(scene.language), hint, catalog.icon) if catalog else (entry.name, hint, "link")
    if entry.form == BRANCH:
        return gettext("Filters in brackets"), "", "parentheses"
    return entry.name, "", "help"


def _kept(entry: Entry) -> tuple[tuple[str, str], ...]:
    """Everything that an entry holds, as fields that are only sent back."""
    texts = {"operator": (entry.operator,), "value": entry.values, "refine": (entry.refine,), "times": entry.times, "label": (entry.label,)}
    blank = ((f"blank:{entry.key}", "yes"),) if entry.blank else ()
    return (*((f"{part}:{entry.key}", text) for part, found in texts.items() for text in found if text), *blank)
