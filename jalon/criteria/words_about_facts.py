"""A filter on something that happened, in a person's words: "Came from import “leads.csv”, and that is less than 3 days ago"."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext

from jalon.criteria.kinds import kinds
from jalon.criteria.operators import Operands
from jalon.criteria.refining import WHEN, moment
from jalon.criteria.tree import Count, Fact, When
from jalon.criteria.words_about_values import operand_words, with_operands


def chip(fact: Fact, language: str) -> str:
    """The filter in the current language, which is `language`."""
    kind = kinds().get(fact.kind)
    fitting = kind.operator(fact.operator) if kind else None
    if kind is None or fitting is None:
        return " ".join((gettext(kind.label) if kind else fact.kind, fact.operator, ", ".join(fact.values))).strip()
    if kind.say and (told := kind.say(fact)):
        return told
    names = kind.find(fact.values) if fitting.operands is not Operands.NONE else {}
    plain = with_operands(gettext(fitting.label), [gettext("“%(name)s”") % {"name": names.get(one, one)} for one in fact.values])
    return plain[:1].upper() + plain[1:] + _refined(fact.refine, language)


def _refined(refine: When | Count | None, language: str) -> str:
    match refine:
        case When():
            return gettext(", and that %(when)s") % {"when": _when(refine, language)}
        case Count():
            return gettext(", %(times)s") % {"times": times(refine)}
    return ""


def _when(when: When, language: str) -> str:
    fitting = WHEN.get(when.operator)
    if fitting is None:
        return f"{when.operator} {', '.join(when.values)}".strip()
    return with_operands(gettext(fitting.label), operand_words(when.values, moment("at"), fitting, language))


def times(count: Count) -> str:
    """How often, in the current language: "at least 2 times"."""
    match count:
        case Count(least=least, most=None):
            return ngettext("at least %(least)s time", "at least %(least)s times", least) % {"least": least}
        case Count(least=0, most=int(most)):
            return ngettext("at most %(most)s time", "at most %(most)s times", most) % {"most": most}
        case Count(least=least, most=int(most)) if least == most:
            return ngettext("exactly %(count)s time", "exactly %(count)s times", most) % {"count": most}
    return gettext("%(least)s to %(most)s times") % {"least": count.least, "most": count.most}
