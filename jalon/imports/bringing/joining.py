"""Associations in sets; where one of them is more than its type allows, one by one, so that only the row it is of is told so."""

from __future__ import annotations

from collections.abc import Mapping

from jalon.accounts.access import Actor
from jalon.accounts.actions import Refused
from jalon.imports.bringing.verdict import Verdict
from jalon.records.columns import Origin
from jalon.records.links.actions import associate

Pair = tuple[int, int]


def join(type_name: str, pairs: Mapping[Pair, int], *, actor: Actor, origin: Origin, verdict: Verdict) -> int:
    """Associate the pairs, each of which is wished by the row on a line; how many were."""
    if not pairs:
        return 0
    try:
        associate(type_name, list(pairs), actor=actor, origin=origin)
    except Refused:
        return sum(_joined(type_name, pair, line, actor, origin, verdict) for pair, line in pairs.items())
    return len(pairs)


def _joined(type_name: str, pair: Pair, line: int, actor: Actor, origin: Origin, verdict: Verdict) -> bool:
    try:
        associate(type_name, [pair], actor=actor, origin=origin)
    except Refused as refused:
        for sentence in refused.sentences:
            verdict.tell(line, sentence)
        return False
    return True
