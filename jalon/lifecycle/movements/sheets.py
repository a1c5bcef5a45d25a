"""The journal of movements as a file: for the page and for the command line."""

from __future__ import annotations

from django.utils.translation import get_language, gettext
from sqlglot import exp

from jalon.accounts.queries import account
from jalon.exports.sheet import Heading, Sheet
from jalon.lifecycle import queries
from jalon.lifecycle.columns import ACTIVE
from jalon.lifecycle.movements import journal
from jalon.lifecycle.movements.journal import Wanted
from jalon.records.display import SOURCES, Display
from jalon.warehouse import current
from jalon.warehouse.schema import Kind


def sheet(wanted: Wanted, among: exp.Expression | None = None) -> Sheet:
    """All of them, the latest first; read in streams, however many there are."""
    engine = current.engine()
    total = int(engine.rows(journal.count(wanted, among))[0][0])
    return Sheet(gettext("Movements"), _headings(), engine.arrow_stream(journal.listed(wanted, among)), total, account().tz)


def _headings() -> tuple[Heading, ...]:
    stages, display = queries.labels(get_language() or "en"), Display()
    return (
        Heading("movement_id", gettext("Movement"), Kind.ID),
        Heading("record_id", gettext("Contact"), Kind.ID),
        Heading("from_stage", gettext("From stage"), Kind.ENUMERATION, stages),
        Heading("to_stage", gettext("To stage"), Kind.ENUMERATION, stages),
        Heading("at", gettext("When"), Kind.DATETIME),
        Heading("source", gettext("How"), Kind.ENUMERATION, {source.value: gettext(SOURCES[source]) for source in ACTIVE}),
        Heading("source_detail", gettext("Detail")),
        Heading("actor_id", gettext("Who"), Kind.USER, {str(id): name for id, name in display.names.items()}),
    )
