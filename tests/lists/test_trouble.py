"""Criteria that cannot be asked: the list keeps its members and says why, the others go on, and it heals by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from sqlglot import exp

from jalon.accounts.access import SYSTEM
from jalon.criteria.sets import apart
from jalon.criteria.sets.apart import Asked, Formula
from jalon.criteria.tree import Filter, all_of
from jalon.lists import actions
from jalon.lists.actions import ListError
from jalon.lists.membership import queries as membership
from jalon.records.columns import FieldType, PropertySpec, Type
from jalon.records.definitions import actions as definitions
from tests.lists.steps import active, city, follow, member_of, members, static, view
from tests.records.steps import contact, write

pytestmark = pytest.mark.usefixtures("columns")


def test_a_list_without_its_property_keeps_its_members_and_goes_on_with_it() -> None:
    definitions.define_property("contact", PropertySpec("color", Type.STRING, FieldType.TEXT, "Color", "Couleur"), actor=SYSTEM)
    ann, bob = contact(email="ann@example.com", color="red"), contact(email="bob@example.com", city="Lyon")
    red, lyon = active("Red", Filter("color", "equal", ("red",))), active("Lyon", city("Lyon"))
    follow()
    definitions.archive_property("contact", "color", actor=SYSTEM)
    write({"id": ann, "city": "Lyon"}, match="id")
    follow()
    assert (members(red), members(lyon)) == ({ann}, {ann, bob})
    assert view(red).trouble == ("Group 1, filter 1: The property “color” does not exist. It may have been archived; choose another one.",)
    definitions.restore_property("contact", "color", actor=SYSTEM)
    write({"id": ann, "color": "blue"}, {"id": bob, "color": "red"}, match="id")
    follow()
    assert (members(red), view(red).trouble) == ({bob}, ())


def test_a_list_that_is_gone_leaves_its_readers_as_they_are_until_it_is_back() -> None:
    ann = contact(email="ann@example.com", city="Lyon")
    lyon = active("Lyon", city("Lyon"))
    within = active("Within", member_of(lyon))
    follow()
    with pytest.raises(ListError) as refused:
        actions.delete(lyon, actor=SYSTEM)
    assert [use.name for use in refused.value.uses] == ["Within"]
    actions.delete(lyon, actor=SYSTEM, even_if_used=True)
    write({"id": ann, "city": "Paris"}, match="id")
    follow()
    assert members(within) == {ann}
    assert f"The list {lyon} does not exist any more" in view(within).trouble[0]
    actions.restore(lyon, actor=SYSTEM)
    follow()
    assert (members(lyon), members(within), view(within).trouble) == (set(), set(), ())


def test_what_cannot_be_is_refused_with_sentences() -> None:
    lyon = active("Lyon", city("Lyon"))
    within = active("Within", member_of(lyon))
    with pytest.raises(ListError, match="a list cannot depend on itself"):
        actions.change(lyon, criteria=all_of(member_of(within)), actor=SYSTEM)
    with pytest.raises(ListError, match="There is a list called “LYON” already"):
        static("LYON")
    with pytest.raises(ListError, match="is an active list: its filters alone say who is in it"):
        actions.add(lyon, [1], actor=SYSTEM)
    with pytest.raises(ListError, match="Add at least one filter"):
        actions.create("Nobody", "contact", "DYNAMIC", actor=SYSTEM)
    with pytest.raises(ListError, match="The property “nope” does not exist"):
        active("Nope", Filter("nope", "is_known"))
    with pytest.raises(ListError, match="There are 251 filters"):
        active("Many", *[city("Lyon")] * 251)


def test_a_list_that_the_columns_cannot_answer_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(membership, "_set_apart", {})
    ann = contact(email="ann@example.com", city="Lyon")
    good, bad = active("Good", city("Lyon")), active("Bad", Filter("email", "contains", ("ann",)))
    follow()
    asked = apart.question

    def refuse(formulas: Iterable[Formula], *rest: Any) -> Asked:
        """An engine that cannot plan one of the questions."""
        question = asked(formulas, *rest)
        broken = any("email" in one.columns for one in question.conditions)
        return replace(question, tree=exp.select("nonsense(1)")) if broken else question

    with monkeypatch.context() as broken:
        broken.setattr(apart, "question", refuse)
        write({"id": ann, "city": "Paris", "email": "bob@example.com"}, match="id")
        follow()
        assert (members(good), members(bad)) == (set(), {ann})
        assert "the columns answer with an error" in view(bad).trouble[0]
    actions.change(bad, criteria=all_of(Filter("email", "contains", ("nobody",))), actor=SYSTEM)
    follow()
    assert (members(bad), view(bad).trouble) == (set(), ())
