"""The child process that draws: reads one order as JSON, writes one picture, and ends. Run as `python -m jalon.charts.draw`."""

from __future__ import annotations

import json
import sys
from io import BytesIO
from typing import Any

import vl_convert
from pypdf import PdfWriter

from jalon.charts import paper


def draw(order: dict[str, Any]) -> bytes:
    """The picture of {"spec", "config", "locale", "form": "png" | "svg" | "pdf", "scale", "grid"}: the grid stands below it in a PDF.

    Or of what is drawn already: {"svg", "scale"} as PNG, {"sheets"} as one PDF.
    """
    if "svg" in order:
        return bytes(vl_convert.svg_to_png(order["svg"], order["scale"]))
    if "sheets" in order:
        return _bound([bytes(vl_convert.svg_to_pdf(sheet)) for sheet in order["sheets"]])
    options = {"config": order["config"], "format_locale": order["locale"] or None}
    if order["form"] == "svg":
        return str(vl_convert.vegalite_to_svg(order["spec"], **options)).encode()
    if order["form"] == "pdf":
        chart = str(vl_convert.vegalite_to_svg(order["spec"], **options))
        return _bound([bytes(vl_convert.svg_to_pdf(sheet)) for sheet in paper.sheets(chart, paper.grid_of(order["grid"]))])
    return bytes(vl_convert.vegalite_to_png(order["spec"], scale=order["scale"], **options))


def _bound(sheets: list[bytes]) -> bytes:
    """One file of all sheets: the renderer makes a file for each."""
    if len(sheets) == 1:
        return sheets[0]
    book = PdfWriter()
    for sheet in sheets:
        book.append(BytesIO(sheet))
    book.compress_identical_objects()  # each sheet has the same typefaces in it
    bound = BytesIO()
    book.write(bound)
    return bound.getvalue()


if __name__ == "__main__":
    sys.stdout.buffer.write(draw(json.load(sys.stdin)))
