"""One filter as the form holds it, and all of them in the order of the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import get_language

from jalon.criteria.operators import OPERATORS, Operands
from jalon.criteria.problems import Place
from jalon.criteria.tree import DEEPEST, Associated, Branch, Count, Criteria, Fact, Filter, Node, When
from jalon.records.columns import Catalog, PropertySpec
from jalon.warehouse.schema import Kind

PROPERTY, FACT, ASSOCIATED, BRANCH = "property", "fact", "associated", "branch"
AGO, AHEAD = "ago", "ahead"  # which way from today
OFFSETTING = frozenset(one.name for fitting in OPERATORS.values() for one in fitting if one.operands is Operands.OFFSETS)
HOLDERS = frozenset({ASSOCIATED, BRANCH})
_KEY = re.compile(rf"\d{{1,6}}(\.\d{{1,6}}){{1,{DEEPEST - 1}}}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One filter, its parts as texts. `of` is the object type whose records it asks about.

    about     its form and its name there: "property:city", "fact:list", "associated:deal", "branch:any"
    operator  how it asks, "" for the first one; of a branch how its parts are joined
    refine    "" or "when:on", "count:at_least"; `times` are the operands of that
    label     the association by its name, with the side of the linked record where that matters: "parent_company:from"
    """

    key: str
    of: str
    about: str
    operator: str = ""
    values: tuple[str, ...] = ()
    blank: bool = False
    refine: str = ""
    times: tuple[str, ...] = ()
    label: str = ""

    @property
    def form(self) -> str:
        return self.about.partition(":")[0]

    @property
    def name(self) -> str:
        return self.about.partition(":")[2]

    @property
    def parent(self) -> str:
        return self.key.rpartition(".")[0]

    @property
    def inside(self) -> str:
        """The object type that its parts ask about."""
        return self.name if self.form == ASSOCIATED else self.of


def is_key(key: str) -> bool:
    """Whether a text names a place in the editor: "0.1", and no deeper than criteria may be."""
    return _KEY.fullmatch(key) is not None


def key_of(place: Place) -> str:
    return ".".join(str(number - 1) for number in place)


def by_parent(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    """The entries under the key of what holds them: a group or another entry."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.parent, []).append(entry)
    return found


# From criteria


def of_criteria(criteria: Criteria, object_type: str) -> list[Entry]:
    """An entry for each filter, those inside of others after these; the keys are the places, from 0."""
    return [entry for at, group in enumerate(criteria.groups) for entry in _nodes(group.filters, str(at), object_type)]


def _nodes(nodes: Sequence[Node], parent: str, of: str) -> Iterator[Entry]:
    for at, node in enumerate(nodes):
        entry = _entry(node, f"{parent}.{at}", of)
        yield entry
        if isinstance(node, Associated | Branch):
            yield from _nodes(node.parts, entry.key, entry.inside)


def _entry(node: Node, key: str, of: str) -> Entry:
    match node:
        case Filter():
            return Entry(key, of, f"{PROPERTY}:{node.property}", node.operator, node.values, node.include_blank)
        case Fact():
            refine, times = _refined(node.refine)
            return Entry(key, of, f"{FACT}:{node.kind}", node.operator, node.values, refine=refine, times=times)
        case Associated():
            refine, times = _refined(node.count)
            way = f"{node.label}:{node.side}" if node.side else node.label
            return Entry(key, of, f"{ASSOCIATED}:{node.object_type}", refine=refine, times=times, label=way)
        case Branch():
            return Entry(key, of, f"{BRANCH}:{node.how.value}", node.how.value)


def _refined(refine: When | Count | None) -> tuple[str, tuple[str, ...]]:
    match refine:
        case None:
            return "", ()
        case When():
            return f"when:{refine.operator}", refine.values
        case Count(least, None):
            return "count:at_least", (str(least),)
        case Count(0, most):
            return "count:at_most", (str(most),)
        case Count(least, most) if least == most:
            return "count:exactly", (str(least),)
        case _:
            return "count:between", (str(refine.least), str(refine.most))


# From what was posted


def of_posted(posted: QueryDict, object_type: str, catalogs: Mapping[str, Catalog]) -> list[Entry]:
    """The entries that the editor sent, in the order of the page. One whose holder is not among them is left out."""
    found: dict[str, Entry] = {}
    for key in dict.fromkeys(posted.getlist("filter")):
        parent = key.rpartition(".")[0]
        holder = found.get(parent)
        if is_key(key) and ("." not in parent or (holder is not None and holder.form in HOLDERS)):
            found[key] = of_key(posted, key, holder.inside if holder else object_type, catalogs)
    return list(found.values())


def of_key(posted: QueryDict, key: str, of: str, catalogs: Mapping[str, Catalog]) -> Entry:
    """One entry that the editor sent."""
    about, operator, refine = (posted.get(f"{part}:{key}", "") for part in ("about", "operator", "refine"))
    plain = _plain(catalogs.get(of), about)
    return Entry(
        key=key,
        of=of,
        about=about,
        operator=operator,
        values=tuple(plain(text) for text in _operands(posted.getlist(f"value:{key}"), operator)),
        blank=f"blank:{key}" in posted,
        refine=refine,
        times=tuple(_operands(posted.getlist(f"times:{key}"), refine.removeprefix("when:"))),
        label=posted.get(f"label:{key}", ""),
    )


def _operands(raw: Sequence[str], operator: str) -> Iterator[str]:
    """The operands that were typed; a number of days from today joined with the way from there that was chosen beside it."""
    if operator not in OFFSETTING:
        yield from _lines(raw)
        return
    days = ""
    for text in _lines(raw):
        if text == AGO:
            yield from [f"-{days}" if days.strip("0") else days] if days else []
        elif text != AHEAD:
            days = text
            continue
        else:
            yield from [days] if days else []
        days = ""


def _lines(raw: Sequence[str]) -> Iterator[str]:
    """Every line is a value of its own; what is empty is none."""
    return (line.strip() for text in raw for line in text.splitlines() if line.strip())


def _plain(catalog: Catalog | None, about: str) -> Callable[[str], str]:
    form, _colon, name = about.partition(":")
    spec = catalog.properties.get(name) if catalog and form == PROPERTY else None
    return _number if spec and spec.kind is Kind.NUMBER else str


def _number(text: str) -> str:
    """A number as it is stored: French people write a decimal comma, everybody sets off thousands by spaces."""
    joined = "".join(text.split())
    return joined.replace(",", "." if _is_french() else "")


def written(value: str, spec: PropertySpec) -> str:
    """A value as it is typed in the reader's language."""
    return value.replace(".", ",") if spec.kind is Kind.NUMBER and _is_french() else value


def _is_french() -> bool:
    return (get_language() or "en").startswith("fr")
