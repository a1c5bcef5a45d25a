"""`jalon list` as somebody types it: every command, in words and as JSON, and the sentence that ends one that cannot be done."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from jalon.accounts.access import SYSTEM
from jalon.config import wiring
from jalon.config.handover import Request
from jalon.config.program import do
from jalon.criteria.tree import all_of, to_text
from jalon.lists import actions
from tests.lists.steps import active, city, follow, member_of, members, static, view
from tests.records.steps import contact, write

pytestmark = pytest.mark.usefixtures("columns")
LYON = to_text(all_of(city("Lyon")))


@pytest.fixture
def ann() -> int:
    id = contact(email="ann@example.com", firstname="Ann", city="Lyon")
    follow()
    return id


class Paper:
    """A console that keeps what was said: to people, to scripts, and on stderr."""

    wants_json = False

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.rows: list[dict[str, Any]] = []
        self.values: list[Any] = []
        self.problems: list[str] = []

    def line(self, text: str) -> None:
        self.lines.append(text)

    def problem(self, sentence: str) -> None:
        self.problems.append(sentence)

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        self.rows += [dict(zip(columns, row, strict=True)) for row in rows]

    def json(self, value: Any) -> None:
        self.values.append(value)

    def progress(self, label: str, total: int | None = None) -> Any:
        return nullcontext()

    @property
    def told(self) -> Any:
        """What it says to scripts."""
        (value,) = self.values
        return value


def typed(*words: str | int | Path, code: int = 0) -> Paper:
    """`jalon list ...`, through the parser that the command line has."""
    paper = Paper()
    request = Request(("list", *map(str, words)), "/", "en")
    assert do(request, paper, lambda needs: nullcontext(), wiring.commands) == code, paper.problems
    return paper


def test_criteria_make_an_active_list_that_is_filled_at_once(ann: int) -> None:
    made = typed("create", "Lyon", "--criteria", LYON, "--folder", "Marketing/Villes", "--description", "Tous").told
    assert (made["kind"], made["size"], made["state"], made["description"]) == ("active", 1, "done", "Tous")
    again = typed("create", "Lyon 2", "--criteria", LYON, "--kind", "frozen", "--folder", "marketing / villes").told
    assert (again["kind"], again["size"], again["folder"]) == ("frozen", 1, made["folder"])
    assert members(made["list"]) == members(again["list"]) == {ann}


def test_without_criteria_a_list_is_filled_by_hand(ann: int) -> None:
    made = typed("create", "Some").told["list"]
    assert view(made).kind == "MANUAL"
    assert typed("add", "some", ann).told["size"] == 1  # by its name, whatever its capitals
    assert typed("remove", made, ann).lines == [f"“Some” ({made}) has 0 members."]  # or by its number
    assert members(made) == set()
    assert typed("add", "Some", ann, ann + 999).problems == ["1 of these records are not there, or not of this kind."]


def test_lists_are_listed_by_object_kind_and_words(ann: int) -> None:
    active("Lyon", city("Lyon"))
    static("Fair of Lyon")
    static("Shops", "company")
    follow()

    def names(*words: str) -> list[str]:
        return [row["name"] for row in typed("ls", *words).rows]

    assert names() == ["Fair of Lyon", "Lyon", "Shops"]
    assert (names("--object", "companies"), names("--kind", "active")) == (["Shops"], ["Lyon"])
    assert names("--search", "lyon") == ["Fair of Lyon", "Lyon"]
    (row,) = typed("ls", "--kind", "active").rows
    assert row == {"list": row["list"], "name": "Lyon", "object": "contact", "kind": "active", "size": 1, "state": "done"}


def test_one_list_is_shown_with_its_criteria_in_words_and_what_uses_it(ann: int) -> None:
    lyon = active("Lyon", city("Lyon"))
    active("Also", member_of(lyon))
    follow()
    shown = typed("show", "Lyon")
    assert shown.lines[0] == f"Lyon ({lyon})"
    assert shown.lines[2:] == ["1 members", "  City is equal to any of Lyon", "Used in: List “Also”"]
    assert [use["name"] for use in shown.told["used_in"]] == ["Also"]


def test_members_are_told_with_the_columns_that_were_asked_for(ann: int) -> None:
    active("Lyon", city("Lyon"))
    found = typed("members", "Lyon", "--columns", "email,city").told
    assert (found["total"], [(row["id"], row["email"], row["city"]) for row in found["members"]]) == (1, [(ann, "ann@example.com", "Lyon")])
    assert typed("members", "Lyon", "--limit", "5").lines == ["1 of 1 records."]


def test_a_list_becomes_static_now_on_a_day_or_after_all_not(ann: int) -> None:
    active("Lyon", city("Lyon"))
    assert typed("convert", "Lyon", "--at", "2990-01-01").told["converts_at"].startswith("2989-12-31T23:00")  # midnight of the account
    assert typed("convert", "Lyon", "--after", "7").told["converts_after_days"] == 7
    assert typed("convert", "Lyon", "--cancel").told["converts_after_days"] is None
    assert typed("convert", "Lyon").told["kind"] == "frozen"
    assert typed("clone", "Lyon", "--name", "Lyon again").told["size"] == 1


def test_a_deleted_list_is_brought_back(ann: int) -> None:
    lyon = active("Lyon", city("Lyon"))
    active("Also", member_of(lyon))
    assert "List: Also" in typed("delete", "Lyon", code=1).problems[0]
    assert f"`jalon list restore {lyon}`" in typed("delete", "Lyon", "--even-if-used").lines[0]
    assert [row["state"] for row in typed("ls", "--deleted").rows] == ["deleted"]
    assert typed("restore", lyon).told["size"] == 1


def test_a_record_is_tested_filter_by_filter(ann: int) -> None:
    bob = contact(email="bob@example.com", city="Paris")
    active("Lyon", city("Lyon"))
    assert typed("test", "Lyon", ann).lines == ["+ City is equal to any of Lyon", "It meets the criteria."]
    tested = typed("test", "Lyon", bob).told
    assert (tested["holds"], [line["holds"] for line in tested["filters"]]) == (False, [False])


@pytest.mark.parametrize(("how", "heads"), [([], {"First name", "Joined the list"}), (["--values"], {"firstname", "_joined_at"})])
def test_the_members_are_written_into_a_file(ann: int, tmp_path: Path, how: list[str], heads: set[str]) -> None:
    active("Lyon", city("Lyon"))
    file = tmp_path / "members.csv"
    assert typed("export", "Lyon", "--output", file, "--columns", "firstname", *how).told["rows"] == 1
    with file.open(encoding="utf-8-sig", newline="") as opened:
        first, *rows = csv.reader(opened)
    assert (heads <= set(first), [row[first.index("firstname" if how else "First name")] for row in rows]) == (True, ["Ann"])


def test_what_cannot_be_done_ends_with_a_sentence(ann: int) -> None:
    lyon = active("Lyon", city("Lyon"))
    static("By hand")
    write({"id": ann, "city": "Paris"}, match="id")
    for words, code, sentence in (
        (("show", "Lion"), 2, "There is no list “Lion”."),
        (("create", "Lyon"), 1, "There is a list called “Lyon” already."),
        (("create", "X", "--object", "planet"), 2, "There is no object type “planet”."),
        (("create", "X", "--kind", "lively"), 2, "There is no kind “lively”."),
        (("create", "X", "--criteria", "{"), 2, "The criteria are not valid JSON."),
        (("add", "Lyon", ann), 1, "is an active list"),
        (("members", "Lyon", "--columns", "colour"), 2, "There is no property “colour”."),
        (("convert", "Lyon", "--at", "soon"), 2, "“soon” is no day."),
        (("convert", "By hand"), 1, "is static already"),
        (("test", "By hand", ann), 2, "its records were chosen by hand"),
        (("test", "Lyon", "999999"), 2, "There is no record 999999 of this kind."),
        (("restore", "Lyon"), 1, "This list is not deleted."),
        (("export", "Lyon", "--output", "/nowhere/members.csv"), 1, "cannot be written"),
    ):
        assert sentence in typed(*words, code=code).problems[0], words
    actions.delete(lyon, actor=SYSTEM)
    typed("members", "Lyon", code=2)
