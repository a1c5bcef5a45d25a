"""What is wrong with criteria, told to a person in the current language."""

from __future__ import annotations

from django.utils.translation import get_language, gettext

from jalon.criteria.findings import findings
from jalon.criteria.known import NOTHING, Known
from jalon.criteria.problems import CriteriaError
from jalon.criteria.tree import Criteria
from jalon.records.columns import Catalog


def problems(criteria: Criteria, catalog: Catalog, known: Known = NOTHING) -> list[str]:
    """Every problem at once, a sentence each; none for criteria that can be used."""
    language = get_language() or "en"
    return [problem.sentence(gettext, language) for problem in findings(criteria, catalog, known)]


def sentences(error: CriteriaError) -> list[str]:
    """The problems of criteria that could not even be read (`from_json`, `from_text`) or compiled."""
    language = get_language() or "en"
    return [problem.sentence(gettext, language) for problem in error.problems]
