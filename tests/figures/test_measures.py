"""Figures: exact sums, averages of those that have a value, and changes that are not told where they mean nothing."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from jalon.figures.measures import Change, Figures, Measure, cumulated, share, together

NUMBERS = st.lists(st.none() | st.decimals(-999_999_999_999, 999_999_999_999, places=6), max_size=40)


def figures(values: list[Decimal | None]) -> Figures:
    known = [value for value in values if value is not None]
    return Figures(len(values), len(known), together(Figures(1, 1, value) for value in known).total)


@given(NUMBERS, NUMBERS)
def test_figures_of_two_groups_add_up_to_the_figures_of_both(left: list[Decimal | None], right: list[Decimal | None]) -> None:
    assert figures(left) + figures(right) == figures(left + right)


def test_a_sum_of_many_small_parts_is_exact() -> None:
    assert together(Figures(1, 1, Decimal("0.1")) for _ in range(1000)).sum == Decimal(100)


def test_a_blank_number_is_not_zero() -> None:
    assert Figures(3, 0).sum is None
    assert Figures(3, 0).average is None
    assert Figures(3, 2, Decimal(0)).sum == 0
    assert Figures(3, 2, Decimal(5)).average == Decimal("2.5")


def test_nobody_at_all_adds_up_to_zero_and_has_no_average() -> None:
    assert Figures().sum == 0
    assert Figures().average is None


def test_a_cumulated_average_is_the_running_sum_by_the_running_number_of_values() -> None:
    run = list(cumulated([Figures(2, 1, Decimal(4)), Figures(1, 0), Figures(3, 3, Decimal(8))]))
    assert [each.count for each in run] == [2, 3, 6]
    assert [each.measured(Measure.AVERAGE) for each in run] == [Decimal(4), Decimal(4), Decimal(3)]


def test_a_change_is_relative_to_the_period_before() -> None:
    assert Change(Decimal(120), Decimal(100)).ratio == Decimal("0.2")
    assert Change(Decimal(0), Decimal(100)).ratio == -1


def test_a_change_from_nothing_or_from_zero_is_not_told() -> None:
    assert Change(Decimal(5), Decimal(0)).ratio is None
    assert Change(Decimal(5), None).ratio is None
    assert Change(None, Decimal(5)).ratio is None


def test_a_rate_changes_in_points_too() -> None:
    change = Change(Decimal("0.4"), Decimal("0.32"), rate=True)
    assert (change.ratio, change.points) == (Decimal("0.25"), Decimal(8))
    assert Change(Decimal(4), Decimal(3)).points is None


def test_the_share_of_nothing_is_not_told() -> None:
    assert share(1, 4) == Decimal("0.25")
    assert share(1, 0) is None
