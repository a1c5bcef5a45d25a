"""A sheet for the browser: on the page of the report, in the builder, and on Home."""

from __future__ import annotations

import json
from typing import Any

from jalon.charts import theme
from jalon.charts.plot import on_page
from jalon.reports.shown import Sheet


def drawn(sheet: Sheet) -> dict[str, Any]:
    """The sheet and what the browser needs to draw its chart."""
    look = {"light": theme.config(), "dark": theme.config(dark=True), "locale": sheet.plot.locale}
    return {"sheet": sheet, "plot": _compact(on_page(sheet.plot)), "look": _compact(look)}


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
