"""What is wrong with a formula, as values: told in a language only where they are shown. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from jalon.records.columns import PropertySpec

Part = str | PropertySpec


@dataclass(frozen=True, slots=True)
class Word:
    """A part of a sentence that is itself a message id."""

    message: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One sentence: an English message id, what fills it, and the place in the formula that it is about."""

    message: str
    params: Mapping[str, Part | Word] = field(default_factory=dict)
    place: int = 0

    def sentence(self, translate: Callable[[str], str], language: str) -> str:
        return translate(self.message) % {name: _told(part, translate, language) for name, part in self.params.items()}


class FormulaError(ValueError):
    """A formula that cannot be used, with everything that is wrong with it; the exception's text is English."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(" ".join(problem.sentence(str, "en") for problem in problems))


def _told(part: Part | Word, translate: Callable[[str], str], language: str) -> str:
    if isinstance(part, Word):
        return translate(part.message)
    return part.label(language) if isinstance(part, PropertySpec) else part
