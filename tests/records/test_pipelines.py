"""Pipelines: their stages are rows, and the properties that hold them offer just these."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from jalon.accounts.access import SYSTEM
from jalon.accounts.actions import Refused
from jalon.records import queries
from jalon.records.actions import Row, write
from jalon.records.models import Property
from jalon.records.pipelines import actions
from jalon.records.pipelines import queries as pipelines
from jalon.records.pipelines.actions import StageDraft
from jalon.records.pipelines.queries import PipelineView
from tests.people import People
from tests.records.steps import BY_IMPORT


def sales() -> PipelineView:
    found = pipelines.pipeline("deal", "default")
    assert found is not None
    return found


def drafts(view: PipelineView) -> list[StageDraft]:
    return [StageDraft(stage.name, stage.label_en, stage.label_fr, stage.state, stage.probability) for stage in view.stages]


def offered(object_type: str = "deal") -> list[str]:
    kind = pipelines.KINDS[object_type]
    return [option.label("en") for option in queries.catalog(object_type).properties[kind.stage].options if not option.hidden]


def lay_out(stages: list[StageDraft]) -> None:
    actions.change("deal", "default", label_en="Sales", label_fr="Ventes", stages=stages, actor=SYSTEM)


def test_every_deployment_starts_with_a_pipeline_for_deals_and_one_for_tickets(house: None) -> None:
    assert [(one.name, len(one.stages)) for one in pipelines.pipelines("deal")] == [("default", 6)]
    assert [stage.state for stage in sales().stages][-2:] == ["won", "lost"]
    assert pipelines.open_stages("ticket") == ("1", "2", "3")
    assert pipelines.pipelines("contact") == []


def test_seeding_again_changes_nothing(house: None) -> None:
    lay_out([*drafts(sales()), StageDraft("", "Paused", "En pause", "open", Decimal("0.1"))])
    actions.seed()
    assert [stage.label_en for stage in sales().stages][-1] == "Paused"


def test_a_new_stage_is_an_option_in_its_place_and_one_can_be_won_in_it(house: None) -> None:
    first, *rest = drafts(sales())
    lay_out([first, StageDraft("", "Demo given", "Démonstration faite", "open", Decimal("0.3")), *rest])
    assert offered()[:2] == ["Appointment scheduled", "Demo given"]
    assert queries.catalog("deal").properties["dealstage"].options[1].value == "demo_given"
    outcome = write("deal", [Row({"dealname": "One", "dealstage": "demo_given"})], actor=SYSTEM, origin=BY_IMPORT)
    assert not outcome.refused


def test_what_is_won_or_lost_is_so_for_certain(house: None) -> None:
    lay_out([replace(stage, probability=Decimal("0.5")) for stage in drafts(sales())])
    assert [stage.probability for stage in sales().stages][-2:] == [1, 0]


def test_a_stage_that_is_left_out_is_refused_with_everything_else_that_is_wrong(house: None) -> None:
    with pytest.raises(Refused) as refused:
        lay_out([StageDraft("", "", "", "asleep", Decimal(3))])
    assert len(refused.value.sentences) == 4


def test_an_archived_stage_keeps_its_label_for_the_past_and_is_offered_no_more(house: None) -> None:
    outcome = write("deal", [Row({"dealname": "One", "dealstage": "contractsent"})], actor=SYSTEM, origin=BY_IMPORT)
    assert pipelines.holders("deal", ["contractsent"]) == list(outcome.created)
    actions.archive_stage("deal", "contractsent", actor=SYSTEM)
    option = queries.catalog("deal").properties["dealstage"].option("contractsent")
    assert option is not None
    assert (option.hidden, option.label("fr")) == (True, "Contrat envoyé")
    assert "Contract sent" not in offered()


def test_the_last_stage_and_the_last_pipeline_stay(house: None) -> None:
    for stage in sales().stages[1:]:
        actions.archive_stage("deal", stage.name, actor=SYSTEM)
    with pytest.raises(Refused):
        actions.archive_stage("deal", sales().stages[0].name, actor=SYSTEM)
    with pytest.raises(Refused):
        actions.archive("deal", "default", actor=SYSTEM)


def test_stages_of_the_same_name_say_their_pipeline_once_there_are_two(house: None) -> None:
    name = actions.add("deal", "Partners", "Partenaires", actor=SYSTEM)
    assert "Closed won (Partners)" in offered()
    assert len(set(offered())) == 12
    actions.put_in_order("deal", [name, "default"], actor=SYSTEM)
    assert [one.label_en for one in pipelines.pipelines("deal")] == ["Partners", "Sales pipeline"]
    actions.archive("deal", name, actor=SYSTEM)
    assert "Closed won" in offered()


def test_nobody_changes_the_options_of_a_stage_behind_the_back_of_its_pipeline(people: People) -> None:
    from jalon.records.definitions.actions import change_property

    with pytest.raises(Refused):
        change_property("deal", "dealstage", actor=SYSTEM, options=())


def test_a_stage_that_is_won_makes_its_deals_won(house: None) -> None:
    *stages, won, lost = drafts(sales())
    lay_out([*stages, won, StageDraft("", "Renewed", "Renouvelée", "won"), lost])
    specs = queries.catalog("deal").properties
    assert specs["hs_is_closed_won"].formula == 'dealstage in ("closedwon", "renewed")'
    assert specs["hs_is_closed"].formula == 'dealstage in ("closedlost", "closedwon", "renewed")'


def test_the_options_say_which_stages_are_won_and_lost_also_where_an_older_version_had_not(house: None) -> None:
    row = Property.objects.get(object_type__name="deal", name="dealstage")
    row.options = [{key: value for key, value in option.items() if key != "state"} for option in row.options]
    row.save(update_fields=["options"])
    actions.seed()
    queries.forget_catalogs()
    states = {option.value: option.state for option in queries.catalog("deal").properties["dealstage"].options if option.state}
    assert states == {"closedwon": "won", "closedlost": "lost"}
