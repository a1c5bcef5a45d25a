"""The one look of all charts, as two Vega-Lite configurations: light and dark."""

from __future__ import annotations

from typing import Any

FONT = "Inter, Helvetica, Arial, sans-serif"


def config(*, dark: bool = False) -> dict[str, Any]:
    """The configuration for pages (the background is the page's own) and, with `light`, for pictures."""
    ink, quiet, line = ("#E6E8EC", "#9AA3B2", "#2B3140") if dark else ("#1F2937", "#667085", "#E7E9EE")
    words = {"font": FONT, "fontSize": 12, "fill": quiet}
    return {
        "background": "transparent",
        "font": FONT,
        "padding": 4,
        "view": {"stroke": None},
        "mark": {"tooltip": True},
        "bar": {"fill": "#3366CC"},
        "line": {"strokeWidth": 2.25, "strokeJoin": "round", "strokeCap": "round"},
        "text": {**words, "fill": ink},
        "title": {
            "anchor": "start",
            "color": ink,
            "font": FONT,
            "fontSize": 16,
            "fontWeight": 600,
            "subtitleColor": quiet,
            "subtitleFont": FONT,
            "subtitleFontSize": 12,
            "subtitlePadding": 6,
            "offset": 16,
        },
        "axis": {
            "domain": False,
            "ticks": False,
            "gridColor": line,
            "labelColor": quiet,
            "labelFontSize": 12,
            "labelPadding": 8,
            "titleColor": quiet,
            "titleFontSize": 12,
            "titleFontWeight": 400,
            "titlePadding": 12,
        },
        "axisX": {"grid": False, "domain": True, "domainColor": line},
        "legend": {
            "labelColor": ink,
            "labelFontSize": 12,
            "labelLimit": 180,
            "symbolType": "circle",
            "symbolSize": 90,
            "symbolStrokeWidth": 0,
            "title": None,
            "orient": "bottom",
            "columns": 5,
            "offset": 16,
        },
    }
