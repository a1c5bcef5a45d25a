"""How a file is to be brought in: what its page, its template and its command choose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from jalon.imports.plan import BOTH


@dataclass(frozen=True, slots=True)
class Settings:
    """`mapping` is the target by heading (targets.py), or the role by heading for a history file.

    `companions` says of each other object in the row which property it is found "by" and its "link" to the row.
    """

    mapping: Mapping[str, str]
    match: str
    mode: str = BOTH
    order: str = "dmy"
    zone: str = "UTC"
    decimal: str = "."
    clear_blanks: bool = False
    companions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


SETTINGS = tuple(one.name for one in fields(Settings))
