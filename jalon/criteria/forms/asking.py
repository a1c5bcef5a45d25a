"""How a filter asks: its operator, its refinement, the way to associated records; each a menu, and the inputs that follow from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from jalon.criteria.forms import controls
from jalon.criteria.forms.controls import Control, Options
from jalon.criteria.forms.entries import ASSOCIATED, BRANCH, Entry
from jalon.criteria.forms.scene import Scene
from jalon.criteria.kinds import FilterKind, Refining
from jalon.criteria.operators import OPERATORS, Operands, Operator
from jalon.criteria.refining import WHEN
from jalon.criteria.tree import How
from jalon.records.columns import PropertySpec
from jalon.warehouse.words import N_


@dataclass(frozen=True, slots=True)
class Asks:
    """One menu. `groups` are its lines under their headings; `blank` is the switch for records without a value, None where there is none.

    `follows`: other lines may take other inputs, so the server is asked for them.
    """

    part: str  # "operator", "refine" or "label"
    key: str
    label: str
    groups: tuple[tuple[str, Options], ...]
    chosen: str
    control: Control | None = None
    blank: bool | None = None
    follows: bool = False
    word: str = ""  # stands before the menu
    alone: frozenset[str] = frozenset()  # the lines after which nothing can be narrowed further: the menus for that are hidden

    @property
    def id(self) -> str:
        return f"{self.part}-{self.key.replace('.', '-')}"

    @property
    def describes(self) -> str:
        """The id of what is wrong with its filter."""
        return f"problems-{self.key.replace('.', '-')}"


HOW = {
    How.ALL: N_("All of these hold"),
    How.ANY: N_("At least one of these holds"),
    How.NOT_ANY: N_("None of these holds"),
    How.NOT_ALL: N_("Not all of these hold"),
}
_BOUNDS = {
    "at_least": N_("at least …"),
    "at_most": N_("at most …"),
    "exactly": N_("exactly …"),
    "between": N_("between … and …"),
}


def asks(entry: Entry, scene: Scene) -> tuple[Asks, ...]:
    """The menus of an entry; none where what it asks about is gone."""
    if entry.form == BRANCH:
        return (_joined(entry),)
    if entry.form == ASSOCIATED:
        return (*_labels(entry, scene), _quantity(entry)) if entry.name in scene.catalogs else ()
    if spec := scene.spec(entry):
        return (_of_property(entry, spec, scene),)
    if kind := scene.kind(entry):
        return (_of_fact(entry, kind, scene), *_refining(entry, kind))
    return ()


def bound(chosen: str) -> str:
    """The bound of a number of times that a line of the menu stands for; "" for every other line."""
    what, _colon, name = chosen.partition(":")
    return name if what == "count" and name in _BOUNDS else ""


# Filters on properties


def _of_property(entry: Entry, spec: PropertySpec, scene: Scene) -> Asks:
    chosen, how = scene.operator(entry), scene.how(entry)
    return Asks(
        part="operator",
        key=entry.key,
        label=gettext("Operator"),
        groups=_with(chosen, _grouped(OPERATORS[spec.kind])),
        chosen=chosen,
        control=controls.of_property(entry, spec, how, scene) if how else Control(f"value:{entry.key}", "kept", values=entry.values),
        blank=entry.blank if (how.takes_blank() if how else entry.blank) else None,
        follows=True,
    )


_VALUE, _TODAY, _PAST, _OTHER, _NONE = N_("The value"), N_("From today"), N_("Its past"), N_("Another property"), N_("Whether there is one")


def _grouped(operators: Sequence[Operator]) -> tuple[tuple[str, Options], ...]:
    found: dict[str, list[tuple[str, str]]] = {heading: [] for heading in (_VALUE, _TODAY, _PAST, _OTHER, _NONE)}
    for one in operators:
        found[_heading(one)].append((one.name, gettext(one.label)))
    return tuple((gettext(heading), tuple(lines)) for heading, lines in found.items() if lines)


def _heading(one: Operator) -> str:
    if not one.takes_blank():
        return _NONE
    if one.operands is Operands.PROPERTY:
        return _OTHER
    if one.name.startswith(("has_ever", "has_never", "updated", "not_updated")):
        return _PAST
    return _TODAY if one.operands in (Operands.DAYS, Operands.OFFSETS, Operands.PERIOD) else _VALUE


def _with(chosen: str, groups: tuple[tuple[str, Options], ...]) -> tuple[tuple[str, Options], ...]:
    """An operator that does not fit stays in the menu while it is chosen: nothing is asked in its place unseen."""
    known = any(name == chosen for _heading, lines in groups for name, _label in lines)
    return groups if known else (("", ((chosen, chosen),)), *groups)


# Filters of other kinds


def _of_fact(entry: Entry, kind: FilterKind, scene: Scene) -> Asks:
    chosen, how = scene.operator(entry), scene.how(entry)
    lines = tuple((one.name, gettext(one.label)) for one in kind.operators)
    control = controls.of_fact(entry, kind, how, scene) if how else Control(f"value:{entry.key}", "kept", values=entry.values)
    return Asks(
        "operator", entry.key, gettext("Operator"), _with(chosen, (("", lines),)), chosen, control, follows=True, alone=kind.negatives
    )


def _refining(entry: Entry, kind: FilterKind) -> list[Asks]:
    """When it happened or how often: one of the two."""
    if not kind.refines:
        return []
    when = Refining.WHEN in kind.refines
    anyhow = gettext("at any time") if when else gettext("any number of times")
    moments = tuple((f"when:{name}", gettext(one.label)) for name, one in WHEN.items()) if when else ()
    counts = _counts() if Refining.COUNT in kind.refines else ()
    groups = ((gettext("When"), moments), (gettext("How often"), counts))
    lines = (("", (("", anyhow),)), *((heading, lines) for heading, lines in groups if lines))
    return [
        Asks(
            "refine",
            entry.key,
            gettext("When or how often"),
            _with(entry.refine, lines),
            entry.refine,
            _times(entry),
            follows=True,
            word=gettext("moment") if when else "",
        )
    ]


def _times(entry: Entry) -> Control | None:
    """The inputs of what `refine` stands on."""
    what, _colon, name = entry.refine.partition(":")
    if what == "when" and name in WHEN:
        return controls.of_moment(f"times:{entry.key}", WHEN[name], entry.times)
    if limit := bound(entry.refine):
        return controls.of_count(f"times:{entry.key}", limit, entry.times)
    return Control(f"times:{entry.key}", "kept", values=entry.times) if entry.refine else None


def _counts() -> Options:
    return tuple((f"count:{name}", gettext(label)) for name, label in _BOUNDS.items())


# Associated records and branches


def _labels(entry: Entry, scene: Scene) -> list[Asks]:
    """The association types to choose from; nothing to choose where there is one only."""
    lines = scene.ways(entry.of, entry.name)
    if len(lines) < 2 and not entry.label:
        return []
    groups = _with(entry.label, (("", (("", gettext("by any association")), *lines)),))
    return [Asks("label", entry.key, gettext("Association"), groups, entry.label)]


def _quantity(entry: Entry) -> Asks:
    lines = (("", gettext("at least one")), *_counts())
    groups = _with(entry.refine, (("", lines),))
    return Asks("refine", entry.key, gettext("How many"), groups, entry.refine, _times(entry), follows=True)


def _joined(entry: Entry) -> Asks:
    lines = tuple((how.value, gettext(label)) for how, label in HOW.items())
    return Asks("operator", entry.key, gettext("How these filters are joined"), (("", lines),), entry.operator or entry.name)
