"""`jalon lifecycle` as somebody types it: stages out and in as a file, the journal, journeys read anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jalon.accounts.access import SYSTEM
from jalon.config import wiring
from jalon.config.handover import Request
from jalon.config.program import do
from jalon.lifecycle import actions, queries
from jalon.lifecycle.columns import TABLES
from jalon.records.columns import Source
from jalon.warehouse import current
from tests.lifecycle.steps import follow, journeys, past
from tests.lists.test_command import Paper
from tests.people import People
from tests.records.steps import contact

pytestmark = pytest.mark.usefixtures("columns")
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def typed(*words: str, code: int = 0, as_json: bool = True) -> Paper:
    paper = Paper()
    paper.wants_json = as_json
    request = Request(("lifecycle", *words), language="en", folder=str(Path.cwd()))
    assert do(request, paper, lambda needs: nullcontext(), wiring.commands) == code, paper.problems
    return paper


@pytest.fixture
def ada() -> Iterator[int]:
    id = contact(email="ada@example.com", firstname="Ada")
    past((id, "new_lead", START, Source.FORM), (id, "hot_lead", START + timedelta(days=1), Source.USER))
    follow()
    yield id


def test_what_it_shows_it_lays_out_again(tmp_path: Path) -> None:
    actions.set_default("new_lead", actor=SYSTEM)
    file = tmp_path / "stages.json"
    (told,) = typed("show").values
    told["stages"].insert(1, {"name": "trial", "kind": "primary", "en": "Trial", "fr": "Essai", "emoji": "🧪", "color": "green"})
    file.write_text(json.dumps(told))
    (again,) = typed("define", str(file)).values
    assert again == told
    assert [(one.name, one.emoji) for one in queries.stages()][:2] == [("new_lead", ""), ("trial", "🧪")]


def test_a_file_may_be_written_by_hand(tmp_path: Path) -> None:
    file = tmp_path / "stages.toml"
    names = [("lead", "primary"), ("client", "won"), ("gone", "lost")]
    rows = "\n".join(f'[[stages]]\nname = "{name}"\nkind = "{kind}"\nen = "{name.title()}"' for name, kind in names)
    file.write_text(f'default = "lead"\n{rows}')
    assert [one["name"] for one in typed("define", str(file)).values[0]["stages"]] == ["lead", "client", "gone"]
    assert queries.default_stage() == queries.stage("lead")


def test_movements_do_not_go_with_a_stage_by_oversight(ada: int, tmp_path: Path) -> None:
    file = tmp_path / "stages.json"
    (told,) = typed("show").values
    told["stages"] = [stage for stage in told["stages"] if stage["name"] != "new_lead"]
    file.write_text(json.dumps(told))
    assert "new_lead" in typed("define", str(file), code=1).problems[0]
    assert queries.stage("new_lead") is not None
    typed("define", str(file), "--take-away")
    assert queries.stage("new_lead") is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "This is no file of stages"),
        ("{}", "a list of them"),
        ('{"stages": [{"name": "a", "kind": "far"}]}', "Stage 1: its kind is one of primary, won, lost, outside."),
        ('{"stages": [{"nom": "a"}], "default": "b"}', "“nom” is not known"),
        ('{"stages": [{"name": "a"}]}', "Exactly one stage is the one that counts as won."),
    ],
)
def test_a_file_that_does_not_fit_gets_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "stages.json"
    file.write_text(text)
    assert sentence in typed("define", str(file), code=1).problems[0]


def test_the_journal_is_narrowed_and_written_into_a_file(ada: int, people: People, tmp_path: Path) -> None:
    (told,) = typed("journal").values
    assert told["total"] == 2
    assert told["movements"][0] == {
        "contact": ada,
        "from": "new_lead",
        "to": "hot_lead",
        "at": "2026-03-03T09:00:00.000Z",
        "how": "By hand",
        "who": "",
    }
    assert total("--how", "form") == total("--from", "none") == total("--until", "2026-03-02") == total("--to", "hot_lead") == 1
    assert total("--who", people.alice.email) == total("--since", "2026-03-04") == 0
    file = tmp_path / "movements.csv"
    typed("journal", "--how", "form", "--output", str(file))
    assert len(file.read_text().splitlines()) == 2
    wrong_words = {"--how": "no way “no”", "--to": "no stage “no”", "--since": "“no” is no day", "--who": "signs in with “no”"}
    for wrong, sentence in wrong_words.items():
        assert sentence in typed("journal", wrong, "no", code=1).problems[0]


def total(*narrowed: str) -> Any:
    return typed("journal", *narrowed).values[0]["total"]


def test_journeys_are_read_anew(ada: int) -> None:
    current.engine().drop([table.name for table in TABLES])
    current.engine().ensure(TABLES)
    assert journeys("record_id") == []
    assert typed("rebuild").values == [{"stage_movements": 2, "journeys": 1}]
    assert journeys("record_id") == [(ada,)]
