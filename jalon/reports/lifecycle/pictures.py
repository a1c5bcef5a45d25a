"""The funnel of the lifecycle report as a picture, by the ending of its file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from jalon.charts import funnel, pictures
from jalon.charts.plot import WIDTH
from jalon.reports.lifecycle import files, shown


def drawn(sheet: shown.Sheet, width: int = WIDTH, *, titled: bool = True) -> str:
    return funnel.drawn(files.funnel(sheet, titled=titled), width)


def png(sheet: shown.Sheet) -> bytes:
    return pictures.png_of(drawn(sheet))


def svg(sheet: shown.Sheet) -> bytes:
    return drawn(sheet).encode()


FORMS: Final[Mapping[str, Callable[[shown.Sheet], bytes]]] = {"png": png, "svg": svg}
