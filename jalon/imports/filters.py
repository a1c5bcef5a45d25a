"""The kind of filters "import": records that an import created or changed, and when. Read from the history of properties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext
from sqlglot import exp

from jalon.accounts.access import Access
from jalon.criteria.kinds import Choice, FilterKind, Refining
from jalon.criteria.operators import Operands, Operator
from jalon.criteria.problems import Problem
from jalon.criteria.question import Setting
from jalon.criteria.refining import on_record
from jalon.criteria.tree import Fact
from jalon.imports import queries
from jalon.imports.models import Import, State
from jalon.records.columns import HISTORY, Catalog, Source
from jalon.warehouse import query
from jalon.warehouse.words import N_
from jalon.web.formats import day

OFFERED: Final = 500  # the latest imports, in the editor
NOT_FROM: Final = "not_from"


def filter_kind() -> FilterKind:
    """The row for the wiring."""
    return FilterKind(
        name="import",
        label=N_("Import"),
        icon="file-import",
        operators=(
            Operator("from", N_("was created or changed by import"), Operands.MANY),
            Operator(NOT_FROM, N_("was neither created nor changed by import"), Operands.MANY),
        ),
        compile=_compiled,
        choices=_choices,
        find=_find,
        check=_check,
        refines=frozenset({Refining.WHEN}),
        negatives=frozenset({NOT_FROM}),
    )


def _compiled(fact: Fact, setting: Setting) -> exp.Expression:
    if fact.operator == NOT_FROM:
        return query.negation(_compiled(replace(fact, operator="from"), setting))
    among = {
        "object_type": [query.text(setting.catalog.object_type)],
        "source": [query.text(Source.IMPORT.value)],
        "source_detail": [query.text(str(int(value))) for value in fact.values],
    }
    return on_record(fact, setting, HISTORY.name, among)


def _choices(access: Access, object_type: str) -> Sequence[Choice]:
    """The imports that brought records of this type, the latest first: those whose files this person may see."""
    brought = Q(files__object_type=object_type) | Q(files__beside__has_key=object_type)
    rows = queries.reachable(access).filter(brought, started_at__isnull=False).exclude(state=State.UNDONE).distinct()[:OFFERED]
    return [Choice(value, label) for value, label in _named(row.pk for row in rows).items()]


def _find(values: Sequence[str]) -> Mapping[str, str]:
    found = _named(int(value) for value in values if _is_number(value))
    return {value: found[str(int(value))] for value in values if _is_number(value) and str(int(value)) in found}


def _named(ids: Iterable[int]) -> dict[str, str]:
    rows = Import.objects.filter(pk__in=list(ids)).prefetch_related("files")
    told = ((row, " + ".join(file.file_name for file in row.files.all()) or str(row.pk)) for row in rows)
    return {
        str(row.pk): gettext("%(files)s, %(day)s") % {"files": files, "day": day(row.started_at or row.created_at)} for row, files in told
    }


def _check(fact: Fact, catalog: Catalog) -> Sequence[Problem]:
    found = _find(fact.values)
    message = N_("There is no import “%(name)s”. Choose another one, or take this filter away.")
    return [Problem(message, {"name": value}) for value in fact.values if value not in found]


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= 18
