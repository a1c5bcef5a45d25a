"""Saved lifecycle reports: what their pages show of the last compile. Its row in parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext

from jalon.accounts.access import Access
from jalon.criteria import narrowing
from jalon.criteria.tree import to_text
from jalon.reports import wording
from jalon.reports.by_kind.row import Asked, Context, Draw, Take
from jalon.reports.kinds.definition import DefinitionError
from jalon.reports.kinds.lifecycle import Definition
from jalon.reports.lifecycle import addresses, files, pictures, queries, shown, words
from jalon.reports.lifecycle.queries import Question
from jalon.reports.lifecycle.sheet import Desk
from jalon.reports.queries import ReportView, title_of


def edit(found: ReportView) -> str:
    """The live report with its options."""
    try:
        definition = found.definition()
    except DefinitionError:  # a property is gone: the other options are chosen anew
        definition = Definition()
    assert isinstance(definition, Definition)
    return addresses.asking(definition, found.id)


def page(found: ReportView, access: Access, asked: Asked) -> Context:
    """What the last compile found, for this reader, with the columns that they chose."""
    question = as_compiled(found, access)
    sheet = _desk(found, question, _chosen(access)).sheet()
    return {"sheet": sheet, "options": list(_options(question)), "may_export": access.may("export")}


def home(found: ReportView, access: Access, asked: Asked) -> Context:
    """All contacts together: side by side there is no room for them."""
    question = as_compiled(found, access)
    whole = replace(question, definition=replace(question.definition, breakdown=""))
    return {"sheet": _desk(found, whole, _chosen(access)).sheet()}


def as_compiled(found: ReportView, access: Access) -> Question:
    """The journeys of the last compile, cut to this reader. Raises Denied."""
    assert found.snapshot is not None  # nothing is shown of a report before its first compile
    return queries.as_compiled(access, found.id, found.snapshot)


def sheet(found: ReportView, access: Access, columns: Sequence[str] = ()) -> shown.Sheet:
    """Everything that the last compile tells this reader, with these columns of the stages or those that they chose."""
    return desk(found, access, columns).sheet()


def desk(found: ReportView, access: Access, columns: Sequence[str] = ()) -> Desk:
    return _desk(found, as_compiled(found, access), columns or _chosen(access))


def _desk(found: ReportView, question: Question, columns: Sequence[str]) -> Desk:
    return Desk(question, queries.answer(question), columns, title_of(found))


def _chosen(access: Access) -> Sequence[str]:
    return queries.columns(access.actor.user_id, tuple(words.COLUMNS), words.USUAL)


def _options(question: Question) -> Iterator[tuple[str, str]]:
    definition, catalog = question.definition, question.catalog
    yield gettext("Day of entry"), wording.period(definition.period)
    if question.period.first is not None:
        yield gettext("Days"), wording.days(question.period)
    chips = narrowing.in_words(to_text(definition.criteria), catalog)
    yield gettext("Contacts included"), " · ".join(words for words, _ in chips) if chips else gettext("All contacts")
    spec = catalog.properties.get(definition.breakdown)
    yield gettext("Side by side"), spec.label(wording.language()) if spec else gettext("No breakdown")


def _taken(table: files.Table) -> Take:
    return lambda found, access: files.table(sheet(found, access), table)


TABLES: Final = {table.value: _taken(table) for table in files.Table}


def _drawn(draw: Callable[[shown.Sheet], bytes]) -> Draw:
    return lambda found, access, asked: draw(sheet(found, access))


PICTURES: Final = {form: _drawn(draw) for form, draw in pictures.FORMS.items()}
