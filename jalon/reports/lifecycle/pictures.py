"""The funnel of the lifecycle report as a picture, and the whole of it on paper, by the ending of the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from jalon.charts import funnel, pictures
from jalon.charts.plot import WIDTH
from jalon.reports.lifecycle import files, paper, shown


def drawn(sheet: shown.Sheet, width: int = WIDTH, *, titled: bool = True) -> str:
    return funnel.drawn(files.funnel(sheet, titled=titled), width)


def png(sheet: shown.Sheet) -> bytes:
    return pictures.png_of(drawn(sheet))


def svg(sheet: shown.Sheet) -> bytes:
    return drawn(sheet).encode()


def pdf(sheet: shown.Sheet) -> bytes:
    """The whole report on paper."""
    return pictures.pdf_of(paper.sheets(sheet))


FORMS: Final[Mapping[str, Callable[[shown.Sheet], bytes]]] = {"png": png, "svg": svg, "pdf": pdf}
