"""Puts the database back to what it was after the seed, in milliseconds.

A rolled-back transaction would be quicker still, but the change log is read by transaction id: only what is really
committed is seen. So the tables that a test touched are emptied, and the seeded ones filled again from a copy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

KEPT = {"django_migrations"}
Signature = tuple[int, int]  # how many rows, and the youngest transaction that wrote one


@dataclass(frozen=True, slots=True)
class Reset:
    """What every table held after the seed."""

    signatures: dict[str, Signature]
    columns: dict[str, str]  # of each table, without the generated ones
    sequences: dict[str, int | None]

    @classmethod
    def remember(cls) -> Reset:
        columns = _columns()
        with connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA seed")
            for name in columns:
                cursor.execute(f'CREATE TABLE seed."{name}" AS TABLE public."{name}"')
        return cls(_signatures(columns), columns, _sequences())

    def back(self) -> None:
        touched = self.touched()
        if touched:
            seeded = [name for name in touched if self.signatures[name][0]]
            _refill("seed", {name: self.columns[name] if name in seeded else "" for name in touched})
            self.signatures.update(_signatures(seeded))
        _rewind(self.sequences)

    def touched(self) -> list[str]:
        """The tables that are not as they were after the seed."""
        return [name for name, signature in _signatures(self.columns).items() if signature != self.signatures[name]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A filled house to come back to: the tables that differ from the seed, in a schema of their own."""

    schema: str
    columns: dict[str, str]
    sequences: dict[str, int | None]

    @classmethod
    def remember(cls, schema: str, reset: Reset) -> Kept:
        columns = {name: reset.columns[name] for name in reset.touched()}
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {schema}")
            for name in columns:
                cursor.execute(f'CREATE TABLE {schema}."{name}" AS TABLE public."{name}"')
        return cls(schema, columns, _sequences())

    def back(self) -> None:
        """In a house that is as after the seed."""
        _refill(self.schema, self.columns)
        _rewind(self.sequences)


def _refill(schema: str, tables: Mapping[str, str]) -> None:
    """Empties tables, and fills those whose columns are named from their copies."""
    statements = ["SET LOCAL session_replication_role = replica"]  # no foreign key is looked at meanwhile
    for name, columns in tables.items():
        statements.append(f'DELETE FROM public."{name}"')
        if columns:
            statements.append(f'INSERT INTO public."{name}" ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {schema}."{name}"')
    with connection.cursor() as cursor:
        cursor.execute(f"BEGIN; {'; '.join(statements)}; COMMIT")


def _rewind(sequences: Mapping[str, int | None]) -> None:
    with connection.cursor() as cursor:
        for name, value in _sequences().items():
            first = sequences.get(name)
            if value != first:
                cursor.execute("SELECT setval(%s::regclass, %s, %s)", [f'public."{name}"', first or 1, first is not None])


def _columns() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
            GROUP BY c.relname""")
        return {name: names for name, names in cursor.fetchall() if name not in KEPT}


def _sequences() -> dict[str, int | None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'")
        return dict(cursor.fetchall())


def _signatures(tables: dict[str, str] | list[str]) -> dict[str, Signature]:
    each = [f"SELECT '{name}', count(*), coalesce(max(xmin::text::bigint), 0) FROM public.\"{name}\"" for name in tables]
    if not each:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return {name: (count, youngest) for name, count, youngest in cursor.fetchall()}
