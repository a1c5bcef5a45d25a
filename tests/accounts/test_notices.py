"""One verb tells people something; each hears of it in the way they chose."""

from __future__ import annotations

import pytest
from django.utils import translation

from jalon.accounts import actions
from jalon.accounts.notices import UnknownKind, Way, queries
from jalon.accounts.notices import actions as notices
from tests.people import People

SENTENCE = "%(name)s can sign in again."  # one that has its French already


def tell(*users: int, kind: str = "import", count: int = 1234) -> None:
    actions.notify(users, kind, SENTENCE, link="/import/", name=count)


def test_everybody_named_is_told_once_and_nobody_else(people: People) -> None:
    tell(people.bob.pk, people.rita.pk, people.bob.pk)
    assert [queries.unread_count(person.pk) for person in (people.bob, people.rita, people.alice)] == [1, 1, 0]


def test_the_sentence_is_said_in_the_readers_language(people: People) -> None:
    tell(people.bob.pk)
    with translation.override("fr"):
        assert queries.notices(people.bob.pk)[0].sentence == "1\N{NARROW NO-BREAK SPACE}234 peut de nouveau se connecter."
    with translation.override("en"):
        assert queries.notices(people.bob.pk)[0].sentence == "1,234 can sign in again."


def test_a_deactivated_user_is_told_nothing(people: People) -> None:
    actions.set_active(people.bob.pk, False, actor=people.access(people.alice).actor)
    tell(people.bob.pk)
    assert queries.unread_count(people.bob.pk) == 0


def test_who_wants_to_hear_nothing_of_a_kind_hears_of_the_others(people: People) -> None:
    notices.choose_ways(people.bob.pk, {"import": Way.NONE})
    tell(people.bob.pk)
    tell(people.bob.pk, kind="bulk")
    assert [line.kind for line in queries.notices(people.bob.pk)] == ["bulk"]


def test_a_kind_that_wiring_does_not_name_is_refused(people: People) -> None:
    with pytest.raises(UnknownKind, match="notice_kinds"):
        tell(people.bob.pk, kind="gossip")
