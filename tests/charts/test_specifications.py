"""Specifications: valid Vega-Lite, every point with its number and its records, every value in its color."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from typing import Any

import altair
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.charts import palette, theme
from jalon.charts.plot import Plot, Point, Series, Span, Style, Tick, Words, as_picture, on_page

WORDS = Words("Contacts", "Month", "Source", "Share", "Change", "Formula", "number of contacts")
TICKS = (Tick("2025-12-01", ("Dec", "2025"), "Dec 2025"), Tick("2026-01-01", ("Jan", "2026"), "Jan 2026"))
SOURCES = (Series("a", "Ads “x” & <b>", palette.SERIES[0]), Series("", "Property not set", palette.NOT_SET))


def plot(style: Style = Style.BARS, series: tuple[Series, ...] = SOURCES) -> Plot:
    points = tuple(
        Point(tick.key, each.key, Decimal(3), Decimal("0.25"), None, f"/contacts/?criteria={tick.key}") for tick in TICKS for each in series
    )
    return Plot(style, TICKS, series, points, WORDS, "Contacts by month and source", "Contacts by create date", "2025 to 2026")


def marks(spec: dict[str, Any]) -> list[str]:
    return [layer["mark"]["type"] for layer in spec["layer"]]


@pytest.mark.parametrize("style", list(Style))
@pytest.mark.parametrize("series", [SOURCES, SOURCES[:1], ()])
@pytest.mark.parametrize("dark", [True, False])
def test_a_specification_is_valid_vega_lite(style: Style, series: tuple[Series, ...], dark: bool) -> None:
    for spec in (on_page(plot(style, series)), as_picture(plot(style, series))):
        altair.LayerChart.from_dict({**spec, "config": theme.config(dark=dark)})


@given(st.text(), st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12) | st.none())
def test_any_label_and_any_number_give_a_valid_specification(label: str, value: Decimal | None) -> None:
    series = (Series(label, label, "#3366CC"),)
    altair.LayerChart.from_dict(on_page(replace(plot(series=series), points=(Point(TICKS[0].key, label, value),))))


def test_standard_is_bars_and_cumulative_is_lines_with_points_to_hit() -> None:
    assert marks(on_page(plot(Style.BARS))) == ["bar"]
    assert marks(on_page(plot(Style.LINES))) == ["line", "point"]


def test_what_else_happened_is_marked_on_the_axis_and_where_a_line_may_lie_is_shaded() -> None:
    told = replace(
        plot(Style.LINES),
        marks=((TICKS[1].key, "3 Jan 2026: “x” was added."),),
        spans=(Span(TICKS[0].key, "a", Decimal("0.1"), Decimal("0.4")),),
    )
    for spec in (on_page(told), as_picture(told)):
        assert marks(altair.LayerChart.from_dict(spec).to_dict()) == ["area", "line", "point", "rule", "point"]
        assert [layer["data"]["values"][0]["tick"] for layer in spec["layer"] if "data" in layer] == ["2025-12-01", *["2026-01-01"] * 2]


def test_few_bars_of_one_series_carry_their_number() -> None:
    assert marks(on_page(plot(series=SOURCES[:1]))) == ["bar", "text"]
    many = tuple(Tick(str(number), (str(number),), str(number)) for number in range(40))
    assert marks(on_page(replace(plot(series=SOURCES[:1]), ticks=many, points=()))) == ["bar"]


def test_each_point_opens_its_records_on_the_page_and_nothing_in_a_picture() -> None:
    hrefs = [value["href"] for value in on_page(plot())["data"]["values"]]
    assert hrefs == [point.href for point in plot().points]
    assert on_page(plot())["layer"][0]["encoding"]["href"] == {"field": "href", "type": "nominal"}
    assert not any("href" in value for value in as_picture(plot())["data"]["values"])
    assert "href" not in as_picture(plot())["layer"][0]["encoding"]


def test_a_number_that_is_not_told_is_no_zero() -> None:
    spec = on_page(replace(plot(), points=(Point(TICKS[0].key, "a", None),)))
    assert spec["data"]["values"][0]["value"] is None
    assert "'—'" in spec["transform"][0]["calculate"]


def test_a_picture_carries_title_subtitle_and_legend_which_the_page_shows_itself() -> None:
    picture = as_picture(plot())
    assert picture["title"] == {"text": "Contacts by create date", "subtitle": "2025 to 2026"}
    assert picture["encoding"]["color"]["legend"] is not None
    assert "title" not in on_page(plot()) and on_page(plot())["encoding"]["color"]["legend"] is None


def test_bars_start_at_zero() -> None:
    assert on_page(plot())["encoding"]["y"]["scale"]["zero"] is True


def test_the_renderer_and_altair_are_not_loaded_by_making_specifications() -> None:
    code = "import sys, jalon.charts.pictures; print(sorted({'altair', 'vl_convert', 'numpy', 'pandas', 'django'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
