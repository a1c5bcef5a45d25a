"""Whether PostgreSQL, the change log and the columns say the same: a plain reading, record by record, kept apart from the sync.

Run in the home of a stopped server: python -m benchmarks.agreement
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

MOST_NAMED = 5


@dataclass(slots=True)
class Agreement:
    """What was counted, and every disagreement in a sentence (the first few of them)."""

    records: dict[str, int] = field(default_factory=dict)
    history_lines: int = 0
    disagreements: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.disagreements


def settled() -> Agreement:
    """Brings the columns up to the log, then compares."""
    from django.utils import timezone

    from jalon.records import runner

    while runner.sync(timezone.now()):
        pass
    return compare()


def compare() -> Agreement:
    from jalon.records import queries

    found = Agreement()
    for object_type in queries.catalogs():
        _compare_records(found, object_type)
    _compare_log(found)
    _compare_unique_values(found)
    _compare_links(found)
    return found


def _compare_records(found: Agreement, object_type: str) -> None:
    """Every live record stands in the columns once, with its values."""
    from sqlglot import exp

    from jalon.records import queries
    from jalon.warehouse import current

    catalog = queries.catalog(object_type)
    names = ["id", *catalog.properties]
    tree = exp.select(*(exp.column(name, quoted=True) for name in names)).from_(exp.table_(catalog.plural, quoted=True)).order_by("id")
    columns = [dict(zip(names, row, strict=True)) for row in current.engine().rows(tree)]
    doubles = [id for id, count in Counter(row["id"] for row in columns).items() if count > 1]
    if doubles:
        _tell(found, f"{len(doubles)} {catalog.plural} stand twice in the columns, such as {doubles[0]}.")
    shown = {row["id"]: row for row in columns}
    stored = dict(_stored(object_type))
    found.records[object_type] = len(stored)
    if stored.keys() != shown.keys():
        lost, extra = sorted(stored.keys() - shown.keys()), sorted(shown.keys() - stored.keys())
        _tell(found, f"{catalog.plural}: {len(lost)} are missing in the columns {lost[:3]}, {len(extra)} are too many {extra[:3]}.")
    for id in stored.keys() & shown.keys():
        for name, spec in catalog.properties.items():
            expected = _typed(stored[id].get(name), spec.kind.value)
            if expected != shown[id][name]:
                _tell(found, f"{object_type} {id}: {name} is {expected!r} in PostgreSQL and {shown[id][name]!r} in the columns.")


def _stored(object_type: str) -> Iterator[tuple[int, dict[str, str]]]:
    from jalon.records.models import Record
    from jalon.records.values import instant_text

    rows = Record.objects.filter(object_type__name=object_type, archived_at=None)
    for id, properties, created_at, updated_at in rows.values_list("id", "properties", "created_at", "updated_at").iterator(5_000):
        own = {"hs_object_id": str(id), "createdate": instant_text(created_at), "lastmodifieddate": instant_text(updated_at)}
        yield id, {**properties, **own}


def _typed(text: str | None, kind: str) -> Any:
    """Canonical text as the columns hold it, read in the plainest way."""
    if text is None:
        return None
    match kind:
        case "number":
            return Decimal(text)
        case "bool":
            return text == "true"
        case "user":
            return int(text)
        case "date":
            return date.fromisoformat(text)
        case "datetime":
            return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)
        case "multi":
            return f";{text};"
    return text


def _compare_log(found: Agreement) -> None:
    """Every record was created once, and its values are what the log says last of each."""
    for line in _questions("SELECT record_id, count(*) FROM records_change WHERE kind = 'c' GROUP BY record_id HAVING count(*) > 1"):
        _tell(found, f"Record {line[0]} was created {line[1]} times.")
    missing = _questions("SELECT count(*) FROM records_record r WHERE NOT EXISTS (SELECT FROM records_change c WHERE c.record_id = r.id)")
    if missing[0][0]:
        _tell(found, f"{missing[0][0]} records have no line in the log.")
    twice = _questions(
        "SELECT record_id, at, delta::text, count(*) FROM records_change WHERE backdated GROUP BY 1, 2, 3 HAVING count(*) > 1 LIMIT 5"
    )
    for id, at, _, count in twice:
        _tell(found, f"Record {id} has the same past value of {at} {count} times.")
    found.history_lines = _questions("SELECT count(*) FROM records_change WHERE backdated")[0][0]


def _compare_unique_values(found: Agreement) -> None:
    """An e-mail address is held by the one record that has it."""
    wrong = _questions(
        "SELECT count(*) FROM records_record r JOIN records_objecttype t ON t.id = r.object_type_id AND t.name = 'contact'"
        " LEFT JOIN records_uniquevalue u ON u.record_id = r.id AND u.value = lower(r.properties ->> 'email')"
        " WHERE r.archived_at IS NULL AND r.properties ? 'email' AND u.id IS NULL"
    )
    if wrong[0][0]:
        _tell(found, f"{wrong[0][0]} contacts do not hold their own address.")


def _compare_links(found: Agreement) -> None:
    from sqlglot import exp

    from jalon.warehouse import current

    stored = _questions("SELECT count(*) FROM records_association")[0][0]
    tree = exp.select(exp.Count(this=exp.Star())).from_(exp.table_("associations", quoted=True))
    shown = current.engine().rows(tree)[0][0]
    if shown != 2 * stored:
        _tell(found, f"{stored} links should stand in the columns from both sides, and {shown} rows do.")


def _questions(sql: str) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _tell(found: Agreement, sentence: str) -> None:
    if len(found.disagreements) < MOST_NAMED:
        found.disagreements.append(sentence)


def main() -> None:
    from jalon.config.opening import house

    with house():
        print(json.dumps(asdict(settled()), default=str))


if __name__ == "__main__":
    main()
