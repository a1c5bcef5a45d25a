"""A measured figure, and the table of all of them."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

SCALES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table at one scale. `engine` is the raw engine's figure for the same work, in the same run."""

    measure: str
    value: float
    unit: str
    aim: str = ""
    met: bool | None = None
    engine: float | None = None

    def cell(self) -> str:
        text = f"{_readable(self.value)} {self.unit}"
        if self.engine:
            ratio = self.value / self.engine if self.unit in {"ms", "s"} else self.engine / self.value
            text += f" ({ratio:.2f} x engine's {_readable(self.engine)})"
        return text + {True: " ✓", False: " ✗", None: ""}[self.met]


def _readable(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def typical(work: Callable[[], object], *, times: int = 9) -> float:
    """Milliseconds, the median of several runs after one that warms up."""
    work()
    return statistics.median(_milliseconds(work) for _ in range(times))


def beside(ours: Callable[[], object], engine: Callable[[], object], *, times: int = 9) -> tuple[float, float]:
    """The same of two that take turns: what else the machine does then falls on both."""
    ours(), engine()
    pairs = [(_milliseconds(ours), _milliseconds(engine)) for _ in range(times)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def table(by_scale: dict[str, list[Figure]]) -> str:
    """A Markdown table: one row per measure, one column per scale."""
    scales = [scale for scale in SCALES if scale in by_scale]
    order: dict[str, str] = {}
    for figures in by_scale.values():
        for figure in figures:
            order[figure.measure] = order.get(figure.measure) or figure.aim
    lines = [f"| | {' | '.join(scales)} | aim |", f"|---|{'---:|' * len(scales)}---|"]
    for measure, aim in order.items():
        cells = [next((f.cell() for f in by_scale[scale] if f.measure == measure), "") for scale in scales]
        lines.append(f"| {measure} | {' | '.join(cells)} | {aim} |")
    return "\n".join(lines)


def keep(file: Path, scale: str, figures: Iterable[Figure]) -> dict[str, list[Figure]]:
    """Adds the figures of one scale to those of earlier runs and returns them all."""
    stored: dict[str, list[dict[str, object]]] = json.loads(file.read_text()) if file.exists() else {}
    fresh = {figure.measure: asdict(figure) for figure in figures}
    older = {str(row["measure"]): row for row in stored.get(scale, [])}
    stored[scale] = list((older | fresh).values())
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(stored, indent=1))
    return {name: [Figure(**row) for row in rows] for name, rows in stored.items()}  # type: ignore[arg-type]
