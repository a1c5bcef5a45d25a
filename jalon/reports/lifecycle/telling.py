"""A number of the lifecycle report in words: which journeys stand behind it."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext

from jalon.figures.periods import Period
from jalon.lifecycle import queries as lifecycle
from jalon.lifecycle.columns import Outcome
from jalon.reports import wording
from jalon.reports.kinds.journeys import Cell
from jalon.reports.lifecycle.queries import Question
from jalon.warehouse.words import N_

_OUTCOMES = {
    Outcome.OPEN: N_("still on the path"),
    Outcome.WON: N_("won"),
    Outcome.LOST: N_("lost"),
    Outcome.CLEARED: N_("cleared"),
    Outcome.UNLOGGED: N_("ended without a movement"),
}
_STAGES = {
    "reached": N_("reached “%(stage)s”"),
    "short_of": N_("never came to “%(stage)s”"),
    "visited": N_("was in “%(stage)s”"),
    "passed": N_("skipped “%(stage)s”"),
    "last_stage": N_("last in “%(stage)s”"),
    "end_stage": N_("ended in “%(stage)s”"),
}


def cell(cell: Cell, question: Question | None = None) -> Iterator[str]:
    """ "1 – 14 Mar 2026", "Lost", "last in “Hot lead”". The stages are called as in the question that the number was an answer to."""
    yield (
        gettext("entered on %(days)s") % {"days": wording.days(Period(cell.first, cell.last))}
        if cell.first
        else gettext("entered at any time")
    )
    language = wording.language()
    labels = {one.name: one.label(language) for one in (question.stages if question else lifecycle.stages())}
    if cell.outcome is not None:
        yield gettext(_OUTCOMES[Outcome(cell.outcome)])
    for name, words in _STAGES.items():
        stage = getattr(cell, name)
        if stage:
            yield gettext(words) % {"stage": labels.get(stage, stage)}
        elif stage is not None:
            yield gettext("in no stage of the path")
    if cell.went is not None:
        source, _, target = cell.went.partition(">")
        told = {"source": labels.get(source, source), "target": labels.get(target, target)}
        yield gettext("went from “%(source)s” to “%(target)s”") % told
    if cell.timed:
        yield gettext("with a known time")
    if cell.value is not None and question:
        yield from _value(cell.value, question)


def _value(value: str, question: Question) -> Iterator[str]:
    """Of the breakdown: one that has been archived since is known still."""
    spec = question.catalog.properties.get(question.definition.breakdown)
    if spec is None:
        return
    if value:
        yield gettext("%(subject)s: %(told)s") % {"subject": spec.label(wording.language()), "told": wording.Labels(spec).named(value)}
    else:
        yield gettext("%(property)s not set") % {"property": spec.label(wording.language())}
