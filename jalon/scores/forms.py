"""The rules of a score as a person fills them in, and the words of a new property."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from jalon.criteria import narrowing, tree, validate
from jalon.criteria.problems import CriteriaError
from jalon.criteria.tree import EMPTY
from jalon.records.columns import Catalog, FieldType, PropertySpec, Type
from jalon.records.definitions.names import MOST_NAME, internal_name
from jalon.scores.rules import Rule, Rules, read_points

KEY: Final = re.compile(r"[0-9a-z]{1,16}")
MOST_ROWS: Final = 100
MINUS: Final = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class RuleBox:
    """A rule as the page shows it: `key` tells it from the others, `points` is what was typed."""

    key: str
    points: str = ""
    text: str = ""
    chips: tuple[tuple[str, bool], ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: the rules that could be read, and the boxes with what is wrong beside each."""

    rules: Rules
    boxes: tuple[RuleBox, ...]

    @property
    def is_readable(self) -> bool:
        return not any(box.problems for box in self.boxes)

    def with_problems(self, by_rule: dict[int, list[str]]) -> tuple[RuleBox, ...]:
        """The boxes with further sentences; rules are counted from 1."""
        return tuple(replace(box, problems=(*box.problems, *by_rule.get(place, ()))) for place, box in enumerate(self.boxes, 1))


def blank() -> RuleBox:
    """A new rule, with a key of its own."""
    return RuleBox(secrets.token_hex(4), with_sign(10))


def boxes(rules: Rules, catalog: Catalog) -> tuple[RuleBox, ...]:
    """The rules as they are kept."""
    return tuple(_box(str(place), with_sign(rule.points), tree.to_text(rule.criteria), catalog) for place, rule in enumerate(rules))


def read(posted: QueryDict, catalog: Catalog) -> Typed:
    """The rules in the order in which they stand on the page. What could not be read counts as a rule without filters."""
    rows = list(zip(posted.getlist("rule"), posted.getlist("points"), posted.getlist("criteria"), strict=False))[:MOST_ROWS]
    found = [_typed(key, points, text, catalog) for key, points, text in rows if KEY.fullmatch(key)]
    return Typed(tuple(rule for rule, _ in found), tuple(box for _, box in found))


def _typed(key: str, points: str, text: str, catalog: Catalog) -> tuple[Rule, RuleBox]:
    problems: list[str] = []
    number = read_points(points)
    if number is None:
        problems.append(gettext("The points are a whole number, such as 10 or %(minus)s5.") % {"minus": MINUS})
    try:
        criteria = tree.from_text(text)
    except CriteriaError as error:
        criteria, problems = EMPTY, [*problems, *validate.sentences(error)]
    return Rule(criteria, number or 0), replace(_box(key, points, text, catalog), problems=tuple(problems))


def _box(key: str, points: str, text: str, catalog: Catalog) -> RuleBox:
    return RuleBox(key, points, text, words(text, catalog))


def words(text: str, catalog: Catalog) -> tuple[tuple[str, bool], ...]:
    """Criteria as chips: the words of each filter, and whether "or" stands before it. Broken criteria still say what they ask."""
    return tuple(narrowing.in_words(text, catalog))


def signed(points: int) -> str:
    """Points as people read them: 10, −5."""
    return str(points) if points >= 0 else f"{MINUS}{-points}"


def with_sign(points: int) -> str:
    """Points as they are given or taken: +10, −5."""
    return f"+{points}" if points > 0 else signed(points)


class NewScoreForm(forms.Form):
    """What a new property is called."""

    label_en = forms.CharField(label=gettext_lazy("Label in English"), max_length=250, required=False)
    label_fr = forms.CharField(label=gettext_lazy("Label in French"), max_length=250, required=False)
    group = forms.ChoiceField(label=gettext_lazy("Group"))
    name = forms.CharField(
        label=gettext_lazy("Internal name"),
        max_length=MOST_NAME,
        required=False,
        help_text=gettext_lazy("The name that files and the API use. Left empty, it is made from the label. It can never change."),
    )

    def __init__(self, *args: Any, groups: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["group"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = list(groups)

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        if not (data.get("label_en") or data.get("label_fr")):
            self.add_error("label_en", gettext("Give the property a label in at least one language."))
        return data

    def spec(self) -> PropertySpec:
        data = self.cleaned_data
        label = data["label_en"] or data["label_fr"]
        return PropertySpec(
            name=data["name"].strip() or internal_name(label),
            type=Type.NUMBER,
            field_type=FieldType.SCORE,
            label_en=data["label_en"] or label,
            label_fr=data["label_fr"] or label,
            group=data["group"],
        )
