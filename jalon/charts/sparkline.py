"""A line without axes beside a number: which way it went, day by day. An SVG path, drawn by the server."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

WIDTH, HEIGHT, MARGIN = 120, 32, 2


def path(values: Sequence[Decimal | int]) -> str:
    """The `d` of a path over 120 x 32 units, zero at the bottom; "" where there is nothing to draw a line through."""
    highest = max(values, default=0)
    if len(values) < 2 or highest <= 0:
        return ""
    step = Decimal(WIDTH) / (len(values) - 1)
    scale = Decimal(HEIGHT - 2 * MARGIN) / Decimal(highest)
    points = [(step * place, HEIGHT - MARGIN - scale * max(Decimal(value), Decimal(0))) for place, value in enumerate(values)]
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
