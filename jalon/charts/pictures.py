"""Pictures of charts, drawn in a child process: the renderer holds 70 MB once it is used, and gives them back when the child ends."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from jalon.charts import theme
from jalon.charts.paper import Grid
from jalon.charts.plot import WIDTH, Plot, as_picture

LONGEST = 60  # seconds; a chart takes one


class NotDrawn(Exception):
    """The picture could not be made; the message is the renderer's last line."""


def png(plot: Plot, scale: float = 2, width: int = WIDTH) -> bytes:
    return _draw(plot, "png", scale, width)


def svg(plot: Plot) -> bytes:
    return _draw(plot, "svg", 1, WIDTH)


def pdf(plot: Plot, grid: Grid) -> bytes:
    """The chart and its table, on as many sheets as it needs."""
    return _draw(plot, "pdf", 1, WIDTH, grid=asdict(grid))


def png_of(svg: str, scale: float = 2) -> bytes:
    """What is SVG already as PNG."""
    return _ordered({"svg": svg, "scale": scale})


def pdf_of(sheets: Sequence[str]) -> bytes:
    """Sheets that are SVG already as one file."""
    return _ordered({"sheets": list(sheets)})


def _draw(plot: Plot, form: str, scale: float, width: int, **more: Any) -> bytes:
    told = {"config": theme.config(), "locale": dict(plot.locale), "form": form, "scale": scale}
    return _ordered({"spec": as_picture(plot, width), **told, **more})


def _ordered(order: dict[str, Any]) -> bytes:
    command = [sys.executable, "-m", "jalon.charts.draw"]
    try:
        child = subprocess.run(command, input=json.dumps(order).encode(), capture_output=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired as error:
        raise NotDrawn(f"no picture after {LONGEST} seconds") from error
    if child.returncode:
        raise NotDrawn(child.stderr.decode(errors="replace").strip().rpartition("\n")[2])
    return child.stdout
