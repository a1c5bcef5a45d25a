"""The records that an import created or updated, as a predicate over the columns."""

from __future__ import annotations

from sqlglot import exp

from jalon.warehouse import query


def touched(import_id: int, object_type: str, what: str) -> exp.Expression:
    """Those that this import created, or those it updated and did not create."""
    text = query.text(str(import_id))
    born = query.conjunction(
        (_equal(query.column("hs_object_source"), query.text("import")), _equal(query.column("hs_object_source_detail_1"), text))
    )
    if what == "created":
        return born
    mine = (("object_type", query.text(object_type)), ("source", query.text("import")), ("source_detail", text))
    changed = query.select(query.column("record_id")).from_(query.table("property_history"))
    changed = changed.where(query.conjunction(_equal(query.column(name), value) for name, value in mine))
    born_elsewhere = query.negation(exp.Coalesce(this=exp.Paren(this=born), expressions=[query.truth(False)]))
    return query.conjunction((query.among(query.column("id"), changed), born_elsewhere))


def _equal(column: exp.Expression, value: exp.Expression) -> exp.Expression:
    return exp.EQ(this=column, expression=value.copy())
