"""`jalon user` from the command line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from typing import Any

import pytest

from jalon.accounts import commands, queries
from jalon.jobs.console import CommandFailed, writing_to
from tests.people import PASSWORD, People


class Paper:
    """A console that keeps what was written."""

    wants_json = True

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.rows: list[dict[str, Any]] = []
        self.values: list[Any] = []

    def line(self, text: str) -> None:
        self.lines.append(text)

    def problem(self, sentence: str) -> None:
        self.lines.append(sentence)

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        self.rows.extend(dict(zip(columns, row, strict=True)) for row in rows)

    def json(self, value: Any) -> None:
        self.values.append(value)

    def progress(self, label: str, total: int | None = None) -> Any:
        return nullcontext()


def test_a_user_is_made_with_a_password_that_is_shown_once(people: People) -> None:
    with writing_to(paper := Paper()):
        commands.create("eve@moreau.example", name="Eve", role="marketing")
    password = paper.values[0]["password"]
    eve = queries.user_by_email("eve@moreau.example")
    assert eve is not None
    assert eve.check_password(password)
    assert password in paper.lines[0]


def test_what_is_wrong_is_said_in_a_sentence(people: People) -> None:
    with writing_to(Paper()):
        for arguments, sentence in (
            ({"email": "alice@moreau.example"}, "is a user already"),
            ({"email": "eve@moreau.example", "role": "king"}, "There is no role “king”"),
            ({"email": "eve@moreau.example", "password": "abc"}, "too short"),
        ):
            with pytest.raises(CommandFailed, match=sentence):
                commands.create(**arguments)


def test_the_list_names_everybody(people: People) -> None:
    with writing_to(paper := Paper()):
        commands.show()
    assert {row["name"]: row["rights"] for row in paper.rows} == {
        "Alice": "Super admin",
        "Bob": "Sales",
        "Bea": "Sales",
        "Charlie": "Own only",
        "Rita": "Reader",
    }


def test_a_password_is_renewed(people: People) -> None:
    with writing_to(Paper()):
        commands.password("rita@moreau.example", password="another wall 77")
        with pytest.raises(CommandFailed, match="Nobody signs in with eve"):
            commands.password("eve@moreau.example", password=PASSWORD)
    rita = queries.user_by_email("rita@moreau.example")
    assert rita is not None
    assert rita.check_password("another wall 77")
