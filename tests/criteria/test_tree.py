"""Criteria travel as JSON and come back the same; what cannot be read is told at once."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jalon.criteria.problems import CriteriaError
from jalon.criteria.tree import (
    EMPTY,
    Associated,
    Branch,
    Count,
    Criteria,
    Fact,
    Filter,
    Group,
    How,
    Node,
    When,
    all_of,
    from_json,
    from_text,
    to_json,
    to_text,
)

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))  # no text of ours holds a NUL
FILTERS = st.builds(Filter, WORDS, WORDS.filter(lambda name: not name.startswith("is_")), st.lists(WORDS).map(tuple), st.booleans())
TEXTS = st.lists(WORDS).map(tuple)
COUNTS = st.builds(Count, st.integers(0, 9), st.none() | st.integers(0, 9))
FACTS = st.builds(Fact, WORDS, WORDS, TEXTS, st.none() | COUNTS | st.builds(When, WORDS, TEXTS))


def _brackets(inside: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    parts = st.lists(inside, max_size=3).map(tuple)
    return st.builds(Branch, st.sampled_from(How), parts) | st.builds(Associated, WORDS, parts, WORDS, st.none() | COUNTS)


_ONCE = _brackets(FILTERS | FACTS)
NODES = FILTERS | FACTS | _ONCE | _brackets(_ONCE)
TREES = st.builds(Criteria, st.lists(st.builds(Group, st.lists(NODES, max_size=4).map(tuple)), max_size=4).map(tuple))


@settings(max_examples=40)
@given(TREES)
def test_json_and_text_give_the_same_criteria_back(criteria: Criteria) -> None:
    assert from_json(json.loads(json.dumps(to_json(criteria)))) == criteria
    assert from_text(to_text(criteria)) == criteria


def test_the_form_is_compact_and_says_its_version() -> None:
    criteria = all_of(Filter("industry", "none_of", ("retail",), include_blank=True), Filter("email", "is_known"))
    assert to_text(criteria) == (
        '{"version":2,"groups":[{"filters":[{"property":"industry","operator":"none_of","values":["retail"],"include_blank":true},'
        '{"property":"email","operator":"is_known"}]}]}'
    )


def test_nothing_asked_is_no_text_at_all() -> None:
    assert to_text(EMPTY) == ""
    assert from_text(" ") == EMPTY


def test_blank_and_not_blank_are_other_words_for_unknown_and_known() -> None:
    read = from_text('{"groups":[{"filters":[{"property":"a","operator":"is_blank"},{"property":"a","operator":"is_not_blank"}]}]}')
    assert [one.operator for one in read.filters()] == ["is_unknown", "is_known"]


def test_criteria_are_values() -> None:
    assert len({all_of(Filter("a", "b")), all_of(Filter("a", "b"))}) == 1
    assert all_of(Filter("a", "x"), Filter("b", "y")).properties() == {"a", "b"}


@pytest.mark.parametrize(
    "text", ["{", "[]", "null", '"a"', "{}", '{"groups":{}}', '{"version":3,"groups":[]}', "[" * 100_000, '{"groups":[1]}', "\x00"]
)
def test_what_is_no_criteria_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(CriteriaError) as refused:
        from_text(text)
    assert [problem.sentence(str, "en") for problem in refused.value.problems] != []


@pytest.mark.parametrize("value", [r"\u0000", r"\ud800"])
def test_escapes_of_characters_that_cannot_be_stored_are_refused(value: str) -> None:
    with pytest.raises(CriteriaError, match="cannot be stored"):
        from_text('{"groups": [{"filters": [{"property": "city", "operator": "any_of", "values": ["' + value + '"]}]}]}')


def test_brackets_nest_as_deep_as_anybody_can_read() -> None:
    deep: Node = Filter("a", "is_known")
    for _ in range(4):
        deep = Branch(How.ANY, (deep,))
    assert from_text(to_text(all_of(deep))) == all_of(deep)
    with pytest.raises(CriteriaError, match="nested too deeply"):
        from_text(to_text(all_of(Branch(How.ANY, (deep,)))))


def test_everything_wrong_with_the_shape_is_told_at_once() -> None:
    wrong = {
        "groups": [
            {"filters": [{"property": 1, "operator": None}, "x"]},
            {"filters": [{"property": "a", "operator": "b", "values": [1], "include_blank": "yes", "value": "c"}]},
            {},
        ]
    }
    with pytest.raises(CriteriaError) as refused:
        from_json(wrong)
    assert [problem.sentence(str, "en") for problem in refused.value.problems] == [
        "Group 1, filter 1: “property” must be the name of a property.",
        "Group 1, filter 1: “operator” must be the name of an operator.",
        "Group 1, filter 2: A filter is an object with a “property” and an “operator”.",
        "Group 2, filter 1: “values” must be a list of texts.",
        "Group 2, filter 1: “include_blank” must be true or false.",
        "Group 2, filter 1: “value” means nothing here.",
        "Group 3 has no list of “filters”.",
    ]
