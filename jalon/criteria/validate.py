"""What is wrong with criteria, told to a person in the current language."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import get_language, gettext

from jalon.criteria.findings import findings
from jalon.criteria.known import NOTHING, Known
from jalon.criteria.problems import CriteriaError
from jalon.criteria.tree import Criteria, Node, all_of
from jalon.records.columns import Catalog


def problems_of_one(node: Node, catalog: Catalog, known: Known = NOTHING) -> list[str]:
    """The same of a single filter that stands in no editor, so that its place in a group would say nothing to anybody."""
    language = get_language() or "en"
    return [replace(problem, place=None).sentence(gettext, language) for problem in findings(all_of(node), catalog, known)]


def problems(criteria: Criteria, catalog: Catalog, known: Known = NOTHING) -> list[str]:
    """Every problem at once, a sentence each; none for criteria that can be used."""
    language = get_language() or "en"
    return [problem.sentence(gettext, language) for problem in findings(criteria, catalog, known)]


def sentences(error: CriteriaError) -> list[str]:
    """The problems of criteria that could not even be read (`from_json`, `from_text`) or compiled."""
    language = get_language() or "en"
    return [problem.sentence(gettext, language) for problem in error.problems]
