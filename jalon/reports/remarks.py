"""What is said around the figures of a report: its days and population, its options, and what a reader must know of the numbers."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext

from jalon.criteria import narrowing
from jalon.criteria.tree import to_text
from jalon.figures import buckets
from jalon.figures.measures import share
from jalon.figures.results import NOT_SET, Result
from jalon.lists.models import List
from jalon.reports import wording
from jalon.reports.kinds.definition import TOP, Definition
from jalon.reports.kinds.question import Question
from jalon.reports.population import list_of
from jalon.web import formats


def subtitle(question: Question, result: Result) -> str:
    """The days, the grouping and the population in one line."""
    definition = question.definition
    first, last = question.period.first, question.period.last
    if first is None and result.buckets:
        first, last = result.buckets[0].first, result.buckets[-1].last
    shown = buckets.span(first, last, str(formats.locale())) if first and last else wording.period(definition.period)
    grouping = gettext("by %(bucket)s") % {"bucket": gettext(buckets.LABELS[definition.grouping])}
    then = gettext("as of %(day)s") % {"day": formats.day(definition.as_of)} if definition.as_of else ""
    return " · ".join(part for part in (shown, grouping, population(definition), then) if part)


def population(definition: Definition) -> str:
    """The contacts to include, in a few words."""
    if not definition.criteria.groups:
        return gettext("all contacts")
    number = list_of(definition.criteria)
    name = List.objects.filter(pk=number).values_list("name", flat=True).first() if number else None
    return gettext("list “%(name)s”") % {"name": name} if name else gettext("contacts that meet the criteria")


def against(question: Question) -> str:
    """The days that changes compare with."""
    return gettext("against %(days)s") % {"days": wording.days(question.before)} if question.before else ""


def options(question: Question) -> Iterable[tuple[str, str]]:
    """The options chosen, as the details box tells them."""
    definition, language = question.definition, wording.language()
    yield gettext("Contacts"), _contacts(question)
    yield gettext("Date property"), question.date.label(language)
    yield gettext("Period"), wording.period(definition.period)
    if definition.as_of:
        yield gettext("As of"), formats.day(definition.as_of)
    yield gettext("Grouping"), gettext(buckets.LABELS[definition.grouping])
    if question.breakdown:
        yield gettext("Breakdown"), question.breakdown.label(language)
    if question.breakdown and definition.top != TOP:
        yield gettext("Values with a color"), formats.number(definition.top)
    if question.number:
        yield gettext("Number"), question.number.label(language)


def _contacts(question: Question) -> str:
    """The population, its filters in words."""
    criteria = question.definition.criteria
    if not criteria.groups or list_of(criteria) is not None:
        return population(question.definition)
    words = narrowing.in_words(to_text(criteria), question.catalog)
    return " ".join(f"{gettext('or')} {chip}" if starts and place else f"{chip};" for place, (chip, starts) in enumerate(words)).rstrip(";")


def notes(result: Result) -> Iterable[str]:
    """What a reader must know of the figures."""
    if twice := counted_twice(result):
        yield twice
    if result.gaps:
        yield gettext("The dates lie so far apart that empty years are left out.")
    shown = sum(1 for series in result.charted if series.value.text is not None)
    known = sum(series.value.others or 1 for series in result.series if series.value != NOT_SET)
    if known <= shown:
        return
    others = next((series for series in result.charted if series.value.others), None)
    words = {"shown": formats.number(shown), "known": formats.number(known), "others": formats.number(known - shown)}
    if others is None:
        yield gettext("The chart shows the %(shown)s largest of %(known)s values; the table has them all.") % words
        return
    words["share"] = formats.percent(share(others.total.count, result.whole.total.count))
    yield (
        gettext(
            "The chart tells the %(shown)s largest of %(known)s values apart; “Other” holds %(others)s more, %(share)s of the contacts."
        )
        % words
    )


def counted_twice(result: Result) -> str:
    """What the values of a multi-select add up to, where it is more than there are contacts."""
    there, added = result.whole.total.count, sum(series.total.count for series in result.series)
    if added <= there:
        return ""
    words = {"contacts": formats.number(there), "added": formats.number(added)}
    return gettext("A contact counts once under each of its values: the rows add up to %(added)s, for %(contacts)s contacts.") % words
