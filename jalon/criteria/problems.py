"""What is wrong with criteria, as values: told in a language only where they are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from jalon.records.columns import Catalog, PropertySpec
from jalon.warehouse.words import N_

Translate = Callable[[str], str]

_PLACED = N_("Group %(group)s, filter %(filter)s: %(problem)s")

#: Where a filter stands: its group, its number in there, and further down inside of branches; all from 1.
Place = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A part of a sentence that is itself a message id."""

    message: str


#: What may fill a sentence: text as it is, a property or an object (their labels in the reader's language), words of our own.
Part = str | Word | PropertySpec | Catalog


@dataclass(frozen=True, slots=True)
class Problem:
    """One sentence: an English message id, what fills it, and the filter it is about."""

    message: str
    params: Mapping[str, Part | tuple[Part, ...]] = field(default_factory=dict)
    place: Place | None = None

    def sentence(self, translate: Translate, language: str) -> str:
        told = translate(self.message) % {name: _told(part, translate, language) for name, part in self.params.items()}
        if self.place is None:
            return told
        group, *inside = self.place
        return translate(_PLACED) % {"group": group, "filter": ".".join(map(str, inside)), "problem": told}


class CriteriaError(ValueError):
    """Criteria that cannot be used. `problems` are all of them; the exception's text is English."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(" ".join(problem.sentence(str, "en") for problem in problems))


def _told(part: Part | tuple[Part, ...], translate: Translate, language: str) -> str:
    if isinstance(part, tuple):
        return ", ".join(_told(one, translate, language) for one in part)
    if isinstance(part, Word):
        return translate(part.message)
    if isinstance(part, Catalog):
        return part.plural_label(language)
    return part.label(language) if isinstance(part, PropertySpec) else part
