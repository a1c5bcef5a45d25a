"""A stage looks the same wherever it is shown: by what was chosen for it, not by what it is called."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jalon.accounts.access import SYSTEM
from jalon.charts import palette
from jalon.lifecycle import actions, queries
from jalon.lifecycle.actions import StageDraft
from jalon.lifecycle.columns import StageKind
from jalon.records import looks
from jalon.records import queries as records
from jalon.records.columns import Option
from tests.lifecycle.steps import follow
from tests.people import People, signed_in
from tests.records.steps import contact

pytestmark = pytest.mark.usefixtures("columns")


def stage_options() -> tuple[Option, ...]:
    return records.catalog("contact").properties["lifecyclestage"].options


def test_its_options_have_its_color_and_emoji_and_say_how_it_ends() -> None:
    actions.add(StageDraft("Trial", "Essai", emoji="🧪", color="purple"), actor=SYSTEM)
    actions.add(StageDraft("Gone", "Parti", StageKind.LOST), actor=SYSTEM)
    trial, gone, won = (next(option for option in stage_options() if option.value == name) for name in ("trial", "gone", "customer"))
    assert (trial.color, trial.emoji, trial.state) == ("purple", "🧪", "")
    assert (gone.state, won.state) == ("lost", "won")


def test_the_dot_of_an_index_page_and_the_bar_of_a_chart_have_one_color() -> None:
    draft = StageDraft("Hot lead", "Lead chaud", color="red")
    actions.change("hot_lead", draft, actor=SYSTEM)
    options, names = stage_options(), [stage.name for stage in queries.stages()]
    drawn = looks.colors(names, options)
    assert drawn["hot_lead"] == palette.BY_NAME["red"] and drawn["customer"] == palette.WON
    assert {name: looks.DOTS[tone] for name, tone in looks.tones(options).items()} == drawn
    actions.change("hot_lead", replace(draft, color=""), actor=SYSTEM)
    assert looks.colors(names, stage_options())["hot_lead"] != palette.BY_NAME["red"]


def test_an_index_page_shows_the_emoji_in_the_place_of_the_dot(people: People) -> None:
    contact(email="ada@example.com", lifecyclestage="hot_lead")
    follow()
    client = signed_in(people.alice)
    assert 'class="dot tone-1"' in client.get("/contacts/").content.decode()
    actions.change("hot_lead", StageDraft("Hot lead", "Lead chaud", emoji="🔥"), actor=SYSTEM)
    assert '<span class="emoji" aria-hidden="true">🔥</span>Hot lead' in client.get("/contacts/").content.decode()


def test_of_a_long_list_only_what_was_given_a_color_has_one() -> None:
    options = [Option(f"o{place}", "", "") for place in range(looks.MOST)]
    assert len(looks.tones(options)) == looks.MOST
    assert looks.tones([*options, Option("more", "", "", color="pink")]) == {"more": palette.NAMES.index("pink")}
