"""Reading pipelines: which object types have them, their stages, how many records stand in one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from jalon.records import queries
from jalon.records.models import Pipeline, PipelineStage, Record

State = PipelineStage.State


@dataclass(frozen=True, slots=True)
class Kind:
    """How an object type goes through pipelines: the properties that hold it, the states that its stages may have."""

    pipeline: str
    stage: str
    states: tuple[str, ...]
    amount: str = ""  # the number that a board adds up
    due: str = ""  # the date that an open record should not pass

    @property
    def is_forecast(self) -> bool:
        """Whether a stage says how likely its records are won."""
        return State.WON in self.states


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "deal": Kind("pipeline", "dealstage", (State.OPEN, State.WON, State.LOST), amount="amount", due="closedate"),
        "ticket": Kind("hs_pipeline", "hs_pipeline_stage", (State.OPEN, State.CLOSED)),
    }
)


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage of a pipeline."""

    name: str
    label_en: str
    label_fr: str
    state: str = State.OPEN.value
    probability: Decimal = Decimal(0)

    @property
    def closed(self) -> bool:
        return self.state != State.OPEN

    def label(self, language: str) -> str:
        return self.label_fr if language.startswith("fr") else self.label_en


@dataclass(frozen=True, slots=True)
class PipelineView:
    """A pipeline with its stages in their order."""

    name: str
    label_en: str
    label_fr: str
    stages: tuple[StageView, ...]

    def label(self, language: str) -> str:
        return self.label_fr if language.startswith("fr") else self.label_en

    def stage(self, name: str) -> StageView | None:
        return next((stage for stage in self.stages if stage.name == name), None)


def pipelines(object_type: str) -> list[PipelineView]:
    """The pipelines of an object type in their order; none where it has no such thing."""
    if object_type not in KINDS:
        return []
    rows = Pipeline.objects.filter(object_type__name=object_type, archived_at=None).prefetch_related("stages")
    return [PipelineView(row.name, row.label_en, row.label_fr, tuple(map(_stage, _live(row)))) for row in rows]


def pipeline(object_type: str, name: str = "") -> PipelineView | None:
    """The pipeline of that name, else the first."""
    found = pipelines(object_type)
    return next((one for one in found if one.name == name), found[0] if found else None)


def open_stages(object_type: str) -> tuple[str, ...]:
    """The names of the stages in which something is still to be done."""
    return tuple(stage.name for one in pipelines(object_type) for stage in one.stages if not stage.closed)


def holders(object_type: str, stages: list[str]) -> list[int]:
    """The records that stand in one of these stages now, whoever asks; archived ones do not."""
    rows = Record.objects.filter(object_type_id=queries.type_id(object_type), archived_at=None)
    found = rows.filter(**{f"properties__{KINDS[object_type].stage}__in": stages})
    return list(found.order_by("id").values_list("id", flat=True))


def _live(row: Pipeline) -> list[PipelineStage]:
    return [stage for stage in row.stages.all() if stage.archived_at is None]


def _stage(row: PipelineStage) -> StageView:
    return StageView(row.name, row.label_en, row.label_fr, row.state, row.probability)
