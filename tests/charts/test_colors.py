"""Colors: a value keeps its own from report to report, and no two values of a chart share one while there are enough."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jalon.charts.palette import ALIKE, LOST, SERIES, WON, colors

KNOWN = ("subscriber", "lead", "customer", "other")


def test_a_known_value_has_the_color_of_its_place_whoever_stands_beside_it() -> None:
    assert colors(["lead"], KNOWN) == {"lead": SERIES[1]}
    assert colors(["other", "lead", "subscriber"], KNOWN) == {"other": SERIES[3], "lead": SERIES[1], "subscriber": SERIES[0]}


def test_an_unknown_value_keeps_its_color_too() -> None:
    assert colors(["Lyon", "Paris"])["Lyon"] == colors(["Lyon"])["Lyon"]


def test_won_and_lost_have_their_own_colors() -> None:
    found = colors(["customer", "cold", "budget"], KNOWN, won=["customer"], lost=["cold", "budget"])
    assert found == {"customer": WON, "cold": LOST[0], "budget": LOST[1]}


def test_beside_won_and_lost_no_other_value_has_a_color_like_theirs() -> None:
    found = colors(["a", "b", "c", "d", "customer"], ["a", "b", "c", "d"], won=["customer"])
    assert not set(found.values()) & set(ALIKE.values())
    assert len(set(found.values())) == 5


def test_a_chosen_color_is_its_value_s_alone() -> None:
    found = colors(["subscriber", "lead", "customer"], KNOWN, won=["customer"], chosen={"lead": SERIES[0], "customer": SERIES[6]})
    assert found["lead"] == SERIES[0] and found["customer"] == SERIES[6]
    assert found["subscriber"] not in {SERIES[0], SERIES[6]}


def test_where_every_color_is_chosen_the_others_have_shades() -> None:
    everyone = [f"v{place}" for place in range(len(SERIES))]
    found = colors([*everyone, "more"], [*everyone, "more"], chosen=dict(zip(everyone, SERIES, strict=True)))
    assert found["more"] not in SERIES


@given(st.lists(st.text(), unique=True, max_size=len(SERIES)), st.lists(st.text(), max_size=12))
def test_up_to_eight_values_never_share_a_color(values: list[str], known: list[str]) -> None:
    given_colors = colors(values, known)
    assert len(set(given_colors.values())) == len(values)


@given(st.lists(st.text(), unique=True, max_size=30))
def test_more_values_than_colors_are_all_colored(values: list[str]) -> None:
    assert set(colors(values)) == set(values)
