"""Criteria in a person's words: a chip for each filter, and the whole as one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext, override, pgettext

from jalon.criteria import words_about_facts
from jalon.criteria.known import NOTHING, Known
from jalon.criteria.operators import Operands, Operator, operator
from jalon.criteria.tree import Associated, Branch, Count, Criteria, Fact, Filter, How, Node
from jalon.criteria.words_about_values import NO_USERS, operand_words, with_operands
from jalon.records.columns import Catalog, PropertySpec


def chips(criteria: Criteria, catalog: Catalog, language: str, *, users: Mapping[int, str] = NO_USERS, known: Known = NOTHING) -> list[str]:
    """A chip for each filter of the groups, in their order: "Lifecycle stage is any of Lead, MQL". `users` names users by id."""
    speaker = Speaker(catalog, language, users, known)
    return [speaker.chip(one) for group in criteria.groups for one in group.filters]


def sentence(criteria: Criteria, catalog: Catalog, language: str, *, users: Mapping[int, str] = NO_USERS, known: Known = NOTHING) -> str:
    """The whole of it: chips joined by "and", groups joined by "or"; nothing for criteria that ask nothing."""
    speaker = Speaker(catalog, language, users, known)
    groups = [tuple(group.filters) for group in criteria.groups]
    with override(language):
        joined = [speaker.joined(group, gettext("and")) for group in groups]
        return joined[0] if len(joined) == 1 else f" {gettext('or')} ".join(f"({group})" for group in joined)


def operator_label(fitting: Operator, language: str) -> str:
    """The operator as a menu shows it, its ellipsis kept where the operand will stand."""
    with override(language):
        return gettext(fitting.label)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says filters on the records of one object type in one language."""

    catalog: Catalog
    language: str
    users: Mapping[int, str] = field(default_factory=lambda: NO_USERS)
    known: Known = NOTHING

    def chip(self, node: Node) -> str:
        """One filter, with all that is inside of it."""
        with override(self.language):
            match node:
                case Filter():
                    return self._filter(node)
                case Fact():
                    return words_about_facts.chip(node, self.language)
                case Associated():
                    return self._associated(node)
                case Branch():
                    return self._branch(node)

    def joined(self, nodes: tuple[Node, ...], by: str) -> str:
        """Filters in one row, such as those of a group; brackets keep apart what would run into its neighbor."""
        told = [self.chip(node) for node in nodes]
        if len(nodes) > 1:
            told = [f"({chip})" if isinstance(node, Associated) and node.parts else chip for node, chip in zip(nodes, told, strict=True)]
        return f" {by} ".join(told)

    def _filter(self, one: Filter) -> str:
        spec = self.catalog.properties.get(one.property)
        fitting = operator(spec.kind, one.operator) if spec else None
        if spec is None or fitting is None:  # the property was archived or changed: still say what was asked
            return " ".join((spec.label(self.language) if spec else one.property, one.operator, ", ".join(one.values))).strip()
        told = with_operands(gettext(fitting.label), self._told(one, spec, fitting))
        blank = gettext("or is unknown") if one.include_blank and fitting.takes_blank() else ""
        return " ".join(part for part in (spec.label(self.language), told, blank) if part)

    def _told(self, one: Filter, spec: PropertySpec, fitting: Operator) -> list[str]:
        if fitting.operands is Operands.PROPERTY:
            known = self.catalog.properties
            return [known[name].label(self.language) if name in known else name for name in one.values]
        return operand_words(one.values, spec, fitting, self.language, users=self.users)

    def _branch(self, branch: Branch) -> str:
        inside = self.joined(branch.parts, gettext("and") if branch.how in (How.ALL, How.NOT_ALL) else gettext("or"))
        if branch.how in (How.NOT_ALL, How.NOT_ANY):
            return gettext("except if (%(filters)s)") % {"filters": inside}
        return f"({inside})" if len(branch.parts) > 1 else inside

    def _associated(self, one: Associated) -> str:
        """ "Linked companies: at least one where Industry is any of Retail"; the same record meets all that follows."""
        there = self.known.catalogs.get(one.object_type)
        plural = there.plural_label(self.language) if there else one.object_type
        label = f" ({self._label(one)})" if one.label else ""
        subject = gettext("Linked %(records)s") % {"records": plural if self.language.startswith("fr") else plural.lower()}
        inner = Speaker(there, self.language, self.users, self.known) if there else self
        inside = inner.joined(one.parts, gettext("and"))
        told = _how_many(one.count)
        if inside:
            told = gettext("%(count)s where %(filters)s") % {"count": told, "filters": inside}
        return gettext("%(subject)s: %(told)s") % {"subject": subject + label, "told": told}

    def _label(self, one: Associated) -> str:
        ways = self.known.ways(self.catalog.object_type, one.object_type, one.label)
        return ways[0].label(self.catalog.object_type, self.language, one.side) if ways else one.label


def _how_many(count: Count | None) -> str:
    """How many linked records. The messages have a context: French counts a noun with a gender, the record ("fiche")."""
    match count:
        case None | Count(least=1, most=None):
            return pgettext("linked records", "at least one")
        case Count(most=0):
            return pgettext("linked records", "none")
        case Count(least=0, most=None):
            return pgettext("linked records", "any number")
        case Count(least=least, most=None):
            return pgettext("linked records", "at least %(least)s") % {"least": least}
        case Count(least=0, most=most):
            return pgettext("linked records", "at most %(most)s") % {"most": most}
        case Count(least=least, most=most) if least == most:
            return pgettext("linked records", "exactly %(count)s") % {"count": least}
        case Count(least=least, most=most):
            return pgettext("linked records", "%(least)s to %(most)s") % {"least": least, "most": most}
