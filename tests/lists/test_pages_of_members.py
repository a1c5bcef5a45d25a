"""The table of a list's members by the moment of joining, which the columns of the membership answer by themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.lists import actions
from jalon.lists.table import NAME, members
from jalon.records import queries
from jalon.records.beside import Beside
from tests.lists.steps import follow
from tests.records.steps import contact


@pytest.mark.parametrize("sort", [NAME, f"-{NAME}"])
def test_pages_by_the_moment_of_joining_are_those_of_the_joined_table(every_engine: None, sort: str) -> None:
    ids = [contact(email=f"{number}@example.com") for number in range(7)]
    follow()
    made = actions.create("By hand", "contact", "MANUAL", actor=SYSTEM)
    for some in (ids[:3], ids[3:]):  # two moments, which several share
        actions.add(made.id, some, actor=SYSTEM)
        follow()
    by_itself = members(made.id)
    joined = replace(by_itself, complete=False)
    shown, expected = _walk(by_itself, sort), _walk(joined, sort)
    assert shown == expected
    assert [len(page) for page in shown] == [3, 3, 1, 3, 3]
    assert queries.count(EVERYTHING, "contact", beside=by_itself) == queries.count(EVERYTHING, "contact", beside=joined) == 7


def _walk(beside: Beside, sort: str) -> list[list[int]]:
    """To the last page and back to the first."""
    pages, token = [], ""
    for way in ("next", "next", "next", "previous", "previous"):
        page = queries.page(EVERYTHING, "contact", columns=("email", NAME), sort=sort, after=token, limit=3, beside=beside)
        pages.append([row["id"] for row in page.rows])
        token = getattr(page, way)
        if way == "next" and not token:
            token = page.previous
    return pages
