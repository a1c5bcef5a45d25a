"""Short words for what the tests of records do again and again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlglot import exp, parse_one

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.records import actions, queries
from jalon.records.columns import Origin, Source
from jalon.warehouse import current

BY_HAND = Origin(Source.USER)
BY_IMPORT = Origin(Source.IMPORT, "1")


def write(
    *rows: Mapping[str, Any], by: Origin = BY_HAND, match: str = "email", object_type: str = "contact", **options: Any
) -> actions.Outcome:
    """Writes rows given as plain values; a key `id` names the record."""
    laid_out = [actions.Row({k: v for k, v in row.items() if k != "id"}, row.get("id")) for row in rows]
    return actions.write(object_type, laid_out, actor=SYSTEM, origin=by, match=match, **options)


def contact(**values: Any) -> int:
    """A new contact's id."""
    outcome = write(values)
    assert not outcome.refused, outcome.refused
    return outcome.created[0]


def values(id: int, object_type: str = "contact") -> dict[str, str]:
    found = queries.record(EVERYTHING, object_type, id)
    assert found is not None
    return found.values


def told(outcome: actions.Outcome) -> list[str]:
    """Every sentence of a refusal, in order."""
    return [sentence for refusal in outcome.refused for sentence in refusal.sentences]


def asked(question: str) -> list[tuple[Any, ...]]:
    """The columns' answer to a question in SQL."""
    tree = parse_one(question)
    assert isinstance(tree, exp.Expression)
    return current.engine().rows(tree)
