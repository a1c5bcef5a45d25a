"""What a filter may be about, as the picker lists it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from jalon.accounts.access import Access, Scope
from jalon.criteria.forms.entries import ASSOCIATED, BRANCH, FACT, PROPERTY
from jalon.criteria.kinds import kinds
from jalon.criteria.tree import How
from jalon.records import queries
from jalon.records.columns import Catalog
from jalon.records.links.queries import link_types
from jalon.warehouse.words import N_


@dataclass(frozen=True, slots=True)
class Subject:
    """A line of the picker; `words` are further ones that find it."""

    about: str
    label: str
    icon: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Lines of one form under a heading."""

    form: str
    label: str
    subjects: tuple[Subject, ...]


_BRANCHES = {
    How.ALL: (N_("All of these hold (AND)"), "parentheses"),
    How.ANY: (N_("At least one of these holds (OR)"), "parentheses"),
    How.NOT_ANY: (N_("None of these holds (NOT)"), "ban"),
    How.NOT_ALL: (N_("Not all of these hold (NOT AND)"), "ban"),
}


def sections(access: Access, catalog: Catalog) -> list[Section]:
    """Everything that a filter on these records may be about: properties by group, other kinds, linked records, brackets."""
    return [section for section in _sections(access, catalog) if section.subjects]


def _sections(access: Access, catalog: Catalog) -> Iterator[Section]:
    """What stands last is found by its heading too, so that "linked" or "brackets" leads there."""
    language = get_language() or "en"
    for group in queries.groups(catalog.object_type):
        shown = [spec for spec in group.properties if not spec.hidden]
        lines = tuple(Subject(f"{PROPERTY}:{spec.name}", spec.label(language), words=spec.name) for spec in shown)
        yield Section(PROPERTY, group.label(language), lines)
    fitting = [kind for kind in kinds().values() if kind.fits(catalog.object_type)]
    heading = gettext("What happened")
    yield Section(FACT, heading, tuple(Subject(f"{FACT}:{kind.name}", gettext(kind.label), kind.icon, heading) for kind in fitting))
    there = {link.there.object_type: link.there for link in link_types(catalog.object_type)}
    seen = [other for other in there.values() if access.scope(other.object_type) is not Scope.NONE]
    heading = gettext("Linked records")
    linked = tuple(Subject(f"{ASSOCIATED}:{one.object_type}", one.plural_label(language), one.icon, heading) for one in seen)
    yield Section(ASSOCIATED, heading, linked)
    heading = gettext("Brackets")
    brackets = tuple(Subject(f"{BRANCH}:{how.value}", gettext(label), icon, heading) for how, (label, icon) in _BRANCHES.items())
    yield Section(BRANCH, heading, brackets)
