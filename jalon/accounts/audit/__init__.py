"""Who did what and when: a line for every change of settings and rights, every sign-in, export, import and erasure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subject:
    """What lines are about: the part of their kind before the dot. `label` is a message id."""

    name: str
    label: str
    icon: str


_subjects: dict[str, Subject] = {}


def install(subjects: Sequence[Subject]) -> None:
    _subjects.clear()
    _subjects.update({subject.name: subject for subject in subjects})


def subjects() -> tuple[Subject, ...]:
    return tuple(_subjects.values())


def subject_of(kind: str) -> Subject:
    """The subject of a line; one whose capability is gone shows its name."""
    name = kind.partition(".")[0]
    return _subjects.get(name) or Subject(name, name, "point")
