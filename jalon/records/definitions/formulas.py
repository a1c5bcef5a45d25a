"""The formula of a property to be defined: usable, of the right type, and not its own input; else every reason in a sentence."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import get_language, gettext

from jalon.accounts.actions import Refused
from jalon.records import circles
from jalon.records.calculated import queries
from jalon.records.calculated.check import Checked, check
from jalon.records.calculated.plan import circle, readers
from jalon.records.calculated.problems import FormulaError, Problem
from jalon.records.columns import FieldType, PropertySpec


def sentences(problems: tuple[Problem, ...]) -> list[str]:
    """The problems in the present language."""
    language = get_language() or "en"
    return [problem.sentence(gettext, language) for problem in problems]


def checked(object_type: str, name: str, formula: str) -> Checked:
    """Raises Refused with every problem of the formula, for a property of this name."""
    known = queries.known()
    try:
        found = check(formula, object_type, known)
    except FormulaError as error:
        raise Refused(*sentences(error.problems)) from error
    if name and circle(known, (object_type, name), found.tree):
        raise Refused(gettext("The formula would in the end read what it gives: “%(name)s”.") % {"name": name})
    if name and (way := circles.circle(circles.a_property(object_type, name), queries.read_by_formula(object_type, found.tree))):
        raise Refused(gettext("It would go round in a circle: %(way)s.") % {"way": " → ".join(way)})
    return found


def completed(object_type: str, spec: PropertySpec) -> PropertySpec:
    """A calculated property as its formula has it: the type follows from it, and nobody types a value. Raises Refused."""
    if not (spec.formula or spec.is_calculated):
        return spec
    gives = checked(object_type, spec.name, spec.formula).gives
    return replace(spec, type=gives, field_type=FieldType.CALCULATION, read_only_value=True, unique=False, options=())


def read_by(object_type: str, name: str) -> list[PropertySpec]:
    """The calculated properties whose formulas read a property."""
    book = queries.the_book()
    return [queries.known().catalogs[each.object_type].properties[each.name] for each in readers(book, (object_type, name))]
