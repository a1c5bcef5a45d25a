"""The line beside a number: zero at the bottom, the highest at the top, nothing where there is nothing."""

from __future__ import annotations

from decimal import Decimal

from jalon.charts import sparkline


def test_the_line_goes_from_left_to_right_between_zero_and_the_highest() -> None:
    assert sparkline.path([0, Decimal("2.5"), 5]) == "M0.0 30.0 L60.0 16.0 L120.0 2.0"


def test_nothing_is_drawn_through_nothing() -> None:
    assert [sparkline.path(values) for values in ([], [3], [0, 0, 0])] == ["", "", ""]
