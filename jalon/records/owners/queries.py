"""What somebody owns, from the rows themselves: the columns may be a moment behind."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import get_language

from jalon.accounts.pages import Owned
from jalon.records import queries


def owned(user_id: int) -> list[Owned]:
    """How many live records of each object type belong to a user, those of none left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT object_type_id, count(*) FROM records_record WHERE archived_at IS NULL AND properties ->> %s = %s GROUP BY 1",
            [queries.OWNER, str(user_id)],
        )
        counts = dict(cursor.fetchall())
    language = get_language() or "en"
    found = [(catalog, counts.get(queries.type_id(name), 0)) for name, catalog in queries.catalogs().items()]
    return [Owned(catalog.plural_label(language), count) for catalog, count in found if count]


def next_owned(object_type: str, user_id: int, *, after: int, limit: int) -> list[int]:
    """The ids of the next records of a user."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM records_record WHERE object_type_id = %s AND id > %s AND archived_at IS NULL"
            " AND properties ->> %s = %s ORDER BY id LIMIT %s",
            [queries.type_id(object_type), after, queries.OWNER, str(user_id), limit],
        )
        return [row[0] for row in cursor.fetchall()]
