"""The color of a stage, wherever it is drawn alone: the one chosen for it, else that of its kind. Pure.

Where stages stand beside each other as values of a breakdown, `records.looks` tells those of the path apart.
"""

from __future__ import annotations

from typing import Final

from jalon.charts import palette
from jalon.lifecycle.columns import StageKind

BY_KIND: Final = {
    StageKind.PRIMARY: palette.SERIES[0],
    StageKind.WON: palette.WON,
    StageKind.LOST: palette.LOST[0],
    StageKind.OUTSIDE: palette.BY_NAME["grey"],
}


def color(name: str, kind: StageKind) -> str:
    """As a chart writes it; `name` is that of the color, "" for none."""
    return palette.BY_NAME.get(name) or BY_KIND[kind]
