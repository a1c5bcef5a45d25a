"""Everything that changes pipelines. The options of the properties that hold them, and the formulas about them, follow."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from jalon.accounts.access import SYSTEM, Actor
from jalon.accounts.actions import Refused
from jalon.records import queries
from jalon.records.columns import Option
from jalon.records.definitions import actions as definitions
from jalon.records.definitions.names import free_name
from jalon.records.models import ObjectType, Pipeline, PipelineStage
from jalon.records.pipelines.queries import KINDS, State

TOLD = {  # calculated properties, and the states of the stages that make them true
    "hs_is_closed": (State.WON, State.LOST, State.CLOSED),
    "hs_is_closed_won": (State.WON,),
}
ENDS = (State.WON, State.LOST)
UNKNOWN = Decimal("0.5")  # how likely a deal is won in a stage of which nobody has said so


@dataclass(frozen=True, slots=True)
class StageDraft:
    """A stage as somebody wants it; a new one has no name yet."""

    name: str
    label_en: str
    label_fr: str
    state: str = State.OPEN.value
    probability: Decimal = Decimal(0)


def add(object_type: str, label_en: str, label_fr: str, *, stages: Sequence[StageDraft] = (), actor: Actor) -> str:
    """A new pipeline with these stages, or with those that every deployment starts with. Returns its name."""
    if not (label_en or label_fr):
        raise Refused(gettext("Give the pipeline a name in at least one language."))
    with transaction.atomic():
        owner = ObjectType.objects.get(name=object_type)
        mine = Pipeline.objects.filter(object_type=owner)
        name = _named(label_en or label_fr, set(mine.values_list("name", flat=True)))
        last = mine.order_by("-order").values_list("order", flat=True).first() or 0
        row = Pipeline.objects.create(
            object_type=owner, name=name, label_en=label_en or label_fr, label_fr=label_fr or label_en, order=last + 1
        )
        (first, *_) = _seeds(object_type)
        usual = [StageDraft("", english, french, state, Decimal(share)) for _, english, french, state, share in first["stages"]]
        _write_stages(row, stages or usual)
        _options_follow(object_type, actor)
    return name


def change(object_type: str, name: str, *, label_en: str, label_fr: str, stages: Sequence[StageDraft], actor: Actor) -> None:
    """Names a pipeline and lays out its stages. One that is not among them must be archived, since records may stand in it."""
    row = _live(object_type, name)
    problems = list(_problems(object_type, row, label_en or label_fr, stages))
    if problems:
        raise Refused(*problems)
    with transaction.atomic():
        row.label_en, row.label_fr = label_en or label_fr, label_fr or label_en
        row.save()
        _write_stages(row, stages)
        _options_follow(object_type, actor)


def put_in_order(object_type: str, names: Sequence[str], *, actor: Actor) -> None:
    """The pipelines in this order; those that are not named come after."""
    with transaction.atomic():
        rows = Pipeline.objects.filter(object_type__name=object_type, archived_at=None)
        places = {name: place for place, name in enumerate(names)}
        for place, row in enumerate(sorted(rows, key=lambda row: (places.get(row.name, len(places)), row.order))):
            Pipeline.objects.filter(pk=row.pk).update(order=place)
        _options_follow(object_type, actor)


def archive_stage(object_type: str, name: str, *, actor: Actor) -> None:
    """Takes a stage out of use; its label stays for the past. The caller moves the records that stand in it."""
    row = PipelineStage.objects.filter(pipeline__object_type__name=object_type, name=name, archived_at=None).first()
    if row is None:
        raise Refused(gettext("This stage is not there any more."))
    if row.pipeline.stages.filter(archived_at=None).count() < 2:
        raise Refused(gettext("A pipeline needs at least one stage."))
    with transaction.atomic():
        PipelineStage.objects.filter(pk=row.pk).update(archived_at=timezone.now())
        _options_follow(object_type, actor)


def archive(object_type: str, name: str, *, actor: Actor) -> None:
    """Takes a pipeline and its stages out of use. The caller moves the records that stand in them."""
    row = _live(object_type, name)
    if Pipeline.objects.filter(object_type=row.object_type, archived_at=None).count() < 2:
        raise Refused(gettext("At least one pipeline must stay."))
    with transaction.atomic():
        Pipeline.objects.filter(pk=row.pk).update(archived_at=timezone.now())
        row.stages.filter(archived_at=None).update(archived_at=timezone.now())
        _options_follow(object_type, actor)


def _live(object_type: str, name: str) -> Pipeline:
    row = Pipeline.objects.filter(object_type__name=object_type, name=name, archived_at=None).first()
    if row is None:
        raise Refused(gettext("This pipeline is not there any more."))
    return row


def _problems(object_type: str, row: Pipeline, label: str, stages: Sequence[StageDraft]) -> Iterator[str]:
    if not label:
        yield gettext("Give the pipeline a name in at least one language.")
    if not stages:
        yield gettext("A pipeline needs at least one stage.")
    if any(not (stage.label_en or stage.label_fr) for stage in stages):
        yield gettext("Give every stage a name in at least one language.")
    if any(stage.state not in KINDS[object_type].states for stage in stages):
        yield gettext("A stage has a state that does not exist.")
    if any(not 0 <= stage.probability <= 1 for stage in stages):
        yield gettext("A probability lies between 0 and 100 percent.")
    there = set(row.stages.filter(archived_at=None).values_list("name", flat=True))
    if there - {stage.name for stage in stages}:
        yield gettext("A stage was left out. Archive it, so that its records are moved.")


def _write_stages(row: Pipeline, stages: Sequence[StageDraft]) -> None:
    mine = {stage.name: stage for stage in row.stages.filter(archived_at=None)}
    taken = set(PipelineStage.objects.filter(pipeline__object_type=row.object_type).values_list("name", flat=True))
    for place, draft in enumerate(stages):
        stage = mine.get(draft.name) or PipelineStage(pipeline=row, name=_named(draft.label_en or draft.label_fr, taken))
        taken.add(stage.name)
        stage.label_en, stage.label_fr = draft.label_en or draft.label_fr, draft.label_fr or draft.label_en
        stage.order, stage.state, stage.probability = place, draft.state, _probability(draft)
        stage.save()


def _probability(draft: StageDraft) -> Decimal:
    """What is won or lost is so for certain."""
    return {State.WON.value: Decimal(1), State.LOST.value: Decimal(0)}.get(draft.state, draft.probability)


def _named(label: str, taken: Collection[str]) -> str:
    return free_name(label, taken, otherwise="stage", most=80)


# What follows from pipelines


def _options_follow(object_type: str, actor: Actor) -> None:
    """The options of both properties are the pipelines and their stages; archived ones stay as hidden options, for the past."""
    kind = KINDS[object_type]
    rows = list(Pipeline.objects.filter(object_type__name=object_type).prefetch_related("stages"))
    rows.sort(key=lambda row: (row.archived_at is not None, row.order))
    ways = [Option(row.name, row.label_en, row.label_fr, "", place, row.archived_at is not None) for place, row in enumerate(rows)]
    definitions.keep_options(object_type, kind.pipeline, ways, actor=actor)
    definitions.keep_options(object_type, kind.stage, list(_stage_options(rows)), actor=actor)
    _formulas_follow(object_type, actor)


def _stage_options(rows: Sequence[Pipeline]) -> Iterator[Option]:
    """Two stages of the same name say which pipeline they are of."""
    stages = [(row, stage) for row in rows for stage in row.stages.all()]
    stages.sort(key=lambda pair: pair[1].archived_at is not None)
    labels = [stage.label_en for _, stage in stages if stage.archived_at is None]
    for place, (row, stage) in enumerate(stages):
        twice = labels.count(stage.label_en) > 1
        english = f"{stage.label_en} ({row.label_en})" if twice else stage.label_en
        french = f"{stage.label_fr} ({row.label_fr})" if twice else stage.label_fr
        state = stage.state if stage.state in ENDS else ""
        yield Option(stage.name, english, french, "", place, stage.archived_at is not None, state=state)


def _formulas_follow(object_type: str, actor: Actor) -> None:
    """The calculated properties that say whether a record is closed, or won. A formula that somebody wrote otherwise is theirs."""
    stages = PipelineStage.objects.filter(pipeline__object_type__name=object_type)
    specs = queries.catalog(object_type).properties
    stage = KINDS[object_type].stage
    for name, states in TOLD.items():
        named = set(stages.filter(state__in=states).values_list("name", flat=True))
        ours = re.fullmatch(rf"{stage} in \((.*)\)", specs[name].formula) if name in specs else None
        if ours and named and named != set(re.findall(r'"([^"]*)"', ours[1])):
            values = ", ".join(f'"{value}"' for value in sorted(named))
            definitions.change_property(object_type, name, formula=f"{stage} in ({values})", actor=actor)


# Set-up


def seed() -> None:
    """The pipelines that every deployment starts with. One that is older than pipelines keeps the options it had as its stages."""
    with transaction.atomic():
        for object_type, kind in KINDS.items():
            owner = ObjectType.objects.filter(name=object_type).first()
            if owner is None:
                continue
            if not Pipeline.objects.filter(object_type=owner).exists():
                _begin(owner, owner.properties.get(name=kind.stage).options)
            _options_follow(object_type, SYSTEM)  # an older version of Jalon may have told less of them


def _begin(owner: ObjectType, options: Sequence[Mapping[str, Any]]) -> None:
    for place, seed in enumerate(_seeds(owner.name)):
        row = Pipeline.objects.create(object_type=owner, name=seed["name"], label_en=seed["en"], label_fr=seed["fr"], order=place)
        known = {stage[0]: stage for stage in seed["stages"]}
        for order, option in enumerate(options):
            _, _, _, state, probability = known.get(option["value"], ("", "", "", State.OPEN.value, UNKNOWN))
            PipelineStage.objects.create(
                pipeline=row,
                name=option["value"],
                label_en=option["en"],
                label_fr=option["fr"],
                order=order,
                state=state,
                probability=probability,
            )


def _seeds(object_type: str) -> list[dict[str, Any]]:
    """The pipelines of the definition file, each with its name."""
    text = (files("jalon.records") / "objects" / "pipelines.toml").read_text(encoding="utf-8")
    return [{"name": name, **pipeline} for name, pipeline in tomllib.loads(text)[object_type].items()]
