"""How many went from which stage to which: as a table, and as streams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Final

from django.utils.translation import gettext, ngettext

from jalon.charts import palette
from jalon.lifecycle.colors import color
from jalon.lifecycle.columns import Outcome, StageKind
from jalon.lifecycle.journeys.flow import Edge, Flow, Way
from jalon.reports.kinds import journeys
from jalon.reports.lifecycle import beyond, shown
from jalon.reports.lifecycle.queries import Question
from jalon.reports.shown import Shown
from jalon.warehouse import current
from jalon.warehouse.words import N_
from jalon.web import formats

LABELS: Final = {
    Way.ENTRY: N_("Entry"),
    Way.STILL_IN: N_("Still there"),
    Way.CLEARED: N_("Cleared"),
    Way.UNTOLD: N_("Gone without a movement"),
}
AWAY: Final = (Way.CLEARED, Way.UNTOLD, Way.STILL_IN)
COLORS: Final = {Way.ENTRY: "#7A8494", Way.STILL_IN: palette.NOT_SET, Way.CLEARED: palette.OTHERS, Way.UNTOLD: palette.NOT_SET}
HEATS: Final = (0.05, 0.15, 0.3, 0.5)


@dataclass(frozen=True, slots=True)
class Going:
    """A way from one stage to another; `heat` from 0 to 4 by its share of its row. The times are how long they had stayed before."""

    edge: Edge
    count: Shown
    share: str
    median: str
    mean: str
    heat: int
    told: tuple[str, ...]  # all of it in words, the first of them from where to where


@dataclass(frozen=True, slots=True)
class From:
    """A row of the flow: a stage, or the entry; how many left it and where they went. None: nobody did."""

    source: shown.StageName
    total: Shown
    ways: tuple[Going | None, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """The whole table: where to, and from where. Stages and other ends by name, each with its color."""

    targets: tuple[shown.StageName, ...]
    rows: tuple[From, ...]
    names: Mapping[str, shown.StageName]
    colors: Mapping[str, str]
    flow: Flow


def ways(question: Question) -> Ways:
    """How many went where from each stage of the path. What no way leads to is no column."""
    told = Flow.asked(current.engine().rows, question.days, question.among)
    path, names = question.path, _names(question)
    stages: list[str | Way] = [*path.places, *path.lost, *path.outside, *AWAY]
    targets = [target for target in stages if told.into(target)]
    sources: list[str | Way] = [Way.ENTRY, *(stage for stage in path.primary if told.out_of(stage))]
    rows = tuple(_Row(question, told, names, source).row(targets) for source in sources) if targets else ()
    return Ways(tuple(names[target] for target in targets), rows, names, _colors(question), told)


def _names(question: Question) -> dict[str, shown.StageName]:
    return beyond.names(question) | {way.value: shown.StageName(way.value, gettext(label)) for way, label in LABELS.items()}


def _colors(question: Question) -> dict[str, str]:
    """That of the stage; lost stages for which none is chosen have a shade each, so that their bands can be told apart."""
    shades = cycle(palette.LOST)
    own = {
        one.name: next(shades) if one.kind is StageKind.LOST and not one.color else color(one.color, one.kind) for one in question.stages
    }
    return own | {way.value: gray for way, gray in COLORS.items()}


class _Row:
    """Tells the ways out of one stage, or out of the entry."""

    def __init__(self, question: Question, told: Flow, names: Mapping[str, shown.StageName], source: str | Way) -> None:
        self.told, self.names, self.source = told, names, source
        self.href = beyond.hrefs(question)
        self.total = told.out_of(source)

    def row(self, targets: Sequence[str | Way]) -> From:
        cell: dict[str, str | bool] = {} if self.source is Way.ENTRY else {"visited": str(self.source)}
        edges = [self.told.edge(self.source, target) for target in targets]
        total = Shown(formats.number(self.total), self.href(**cell), self.total)
        return From(self.names[self.source], total, tuple(self.going(edge) if edge else None for edge in edges))

    def going(self, edge: Edge) -> Going:
        share = edge.count / self.total
        url = self.href(**_cell(edge))
        median = "" if edge.median_ms is None else formats.duration(edge.median_ms)
        mean = "" if edge.mean_ms is None else formats.duration(edge.mean_ms)
        count = Shown(formats.number(edge.count), url, edge.count)
        heat = sum(share >= heat for heat in HEATS)
        return Going(edge, count, formats.percent(share, 0), median, mean, heat, tuple(self.words(edge, median)))

    def words(self, edge: Edge, median: str) -> list[str]:
        """ "New lead → Hot lead", "440 times, 32 % of those who left", "in 431 journeys", "after 13 d 15 h, half of them earlier"."""
        told = ngettext("%(number)s time", "%(number)s times", edge.count) % {"number": formats.number(edge.count)}
        share = gettext("%(share)s of “%(stage)s”") % {
            "share": formats.percent(edge.count / self.total, 0),
            "stage": self.names[edge.source].label,
        }
        lines = [f"{self.names[edge.source].label} → {self.names[edge.target].label}", f"{told} · {share}"]
        if edge.journeys != edge.count:
            journeys = ngettext("by %(number)s journey", "by %(number)s journeys", edge.journeys)
            lines.append(journeys % {"number": formats.number(edge.journeys)})
        if median:
            lines.append(gettext("half of them within %(time)s") % {"time": median})
        return lines


def _cell(edge: Edge) -> dict[str, str | bool]:
    """The journeys that went this way."""
    if edge.source is Way.ENTRY:
        return {"entry": str(edge.target)}
    if edge.target is Way.STILL_IN:
        return {"last_stage": str(edge.source), "outcome": Outcome.OPEN.value}
    told = {Way.CLEARED: journeys.GONE, Way.UNTOLD: journeys.UNTOLD}
    return {"went": journeys.way(str(edge.source), told[edge.target] if isinstance(edge.target, Way) else edge.target)}


def ended(stage: str) -> str:
    """What `went` says of the journeys that came to this end."""
    told = {Way.CLEARED.value: journeys.GONE, Way.UNTOLD.value: journeys.UNTOLD}
    return journeys.way(journeys.ANYWHERE, told.get(stage, stage))
