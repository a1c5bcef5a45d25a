"""Reading pipelines: which object types have them, their stages, how many records stand in one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from sqlglot import exp

from jalon.accounts.access import Access
from jalon.records import queries
from jalon.records.models import Association, Pipeline, PipelineStage, Record
from jalon.warehouse import current, query

State = PipelineStage.State


@dataclass(frozen=True, slots=True)
class Kind:
    """How an object type goes through pipelines: the properties that hold it, the states that its stages may have."""

    pipeline: str
    stage: str
    states: tuple[str, ...]
    amount: str = ""  # the number on a card, in the record's own currency
    home_amount: str = ""  # the same in the account's, which a board adds up; calculated a moment later
    due: str = ""  # the date that an open record should not pass

    @property
    def is_forecast(self) -> bool:
        """Whether a stage says how likely its records are won."""
        return State.WON in self.states


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "deal": Kind(
            "pipeline",
            "dealstage",
            (State.OPEN, State.WON, State.LOST),
            amount="amount",
            home_amount="amount_in_home_currency",
            due="closedate",
        ),
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


@dataclass(frozen=True, slots=True)
class StageTotal:
    """What stands in a stage: how many records, and the sum of their amounts."""

    count: int = 0
    amount: Decimal = Decimal(0)


def totals(access: Access, object_type: str, where: exp.Expression | None = None, search: str = "") -> dict[str, StageTotal]:
    """What stands in each stage now, under this person's rights; "" for the records without a stage."""
    kind = KINDS[object_type]
    stage = query.column(kind.stage)
    amount: exp.Expression = query.number(0)
    if kind.amount:
        amount = query.total(exp.Coalesce(this=query.column(kind.home_amount), expressions=[query.column(kind.amount)]))
    tree = query.select(stage, query.count(), amount).from_(query.table(queries.catalog(object_type).plural))
    rows = current.engine().rows(tree.where(queries.matching(access, object_type, where, search)).group_by(stage.copy()))
    return {name or "": StageTotal(count, amount or Decimal(0)) for name, count, amount in rows}


def companies(access: Access, object_type: str, ids: Sequence[int]) -> dict[int, str]:
    """The company of each record, the primary one first; those that this person may not see have no name here."""
    links = Association.objects.filter(from_record_id__in=ids, type__from_type__name=object_type, type__to_type__name="company")
    pairs = dict(links.order_by("is_primary", "-id").values_list("from_record_id", "to_record_id"))
    seen = set(queries.reachable(access, "company", list(set(pairs.values())), "view"))
    names = dict(Record.objects.filter(id__in=seen).values_list("id", "properties__name"))
    return {id: names[company] or "" for id, company in pairs.items() if company in names}


def holders(object_type: str, stages: list[str]) -> list[int]:
    """The records that stand in one of these stages now, whoever asks; archived ones do not."""
    rows = Record.objects.filter(object_type_id=queries.type_id(object_type), archived_at=None)
    found = rows.filter(**{f"properties__{KINDS[object_type].stage}__in": stages})
    return list(found.order_by("id").values_list("id", flat=True))


def _live(row: Pipeline) -> list[PipelineStage]:
    return [stage for stage in row.stages.all() if stage.archived_at is None]


def _stage(row: PipelineStage) -> StageView:
    return StageView(row.name, row.label_en, row.label_fr, row.state, row.probability)
