"""Records as a sheet for a file: which columns, under which headings, shown as labels or as internal values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC

from django.utils.translation import get_language, gettext
from sqlglot import exp

from jalon.accounts.access import Access
from jalon.accounts.queries import account, users
from jalon.exports.sheet import Heading, Sheet
from jalon.records import queries
from jalon.records.beside import Beside
from jalon.records.columns import Catalog, PropertySpec
from jalon.warehouse.schema import Kind


def sheet(
    access: Access,
    catalog: Catalog,
    names: Sequence[str],
    *,
    where: exp.Expression | None = None,
    search: str = "",
    sort: str = "",
    labels: bool = True,
    beside: Beside | None = None,
) -> Sheet:
    """The matching records with their number and these properties.

    With `labels`, headings and values are as people read them, in the account's zone; without, the internal names and
    canonical texts that an import reads back unchanged. With a column `beside`, `catalog` is the widened one.
    """
    specs = [catalog.properties[name] for name in names]
    return Sheet(
        catalog.plural_label(get_language() or "en"),
        (Heading("id", gettext("Record ID"), Kind.ID), *labelled(specs))
        if labels
        else (Heading("id", "hs_object_id", Kind.ID), *_internal(specs)),
        queries.arrow_stream(access, catalog.object_type, columns=("id", *names), where=where, search=search, sort=sort, beside=beside),
        queries.count(access, catalog.object_type, where, search, beside=beside),
        account().tz if labels else UTC,
    )


def _internal(specs: Iterable[PropertySpec]) -> Iterator[Heading]:
    for spec in specs:
        yield Heading(spec.name, spec.name, spec.kind)


def labelled(specs: Sequence[PropertySpec]) -> Iterator[Heading]:
    """Headings and values as people read them, in the current language."""
    language = get_language() or "en"
    people = {str(user.id): user.name for user in users()} if any(spec.kind is Kind.USER for spec in specs) else {}
    for spec in specs:
        labels: Mapping[str, str] = {option.value: option.label(language) for option in spec.options}
        if spec.kind is Kind.USER:
            labels = people
        if spec.kind is Kind.BOOL:
            labels = {"true": gettext("Yes"), "false": gettext("No")}
        yield Heading(spec.name, spec.label(language), spec.kind, labels)
