"""The board: a column per stage with its figures, cards a few at a time, and moves under each person's rights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from jalon.accounts.access import SYSTEM
from jalon.records import actions, queries
from jalon.records.actions import Row
from jalon.records.models import Record
from jalon.records.pipelines import actions as pipelines
from tests.people import People, signed_in
from tests.records.steps import BY_IMPORT

BOARD = "/deals/?layout=board"


@pytest.fixture
def desk(people: People, sync: Callable[[], None]) -> People:
    """Thirty deals of Bob's and one of Alice's just scheduled, one of Charlie's won, one without a stage."""
    rows = [
        Row({"dealname": f"Deal {n:02}", "amount": 100, "dealstage": "appointmentscheduled", "hubspot_owner_id": people.bob.pk})
        for n in range(30)
    ]
    rows += [
        Row({"dealname": "Of Alice", "amount": 50, "dealstage": "appointmentscheduled", "hubspot_owner_id": people.alice.pk}),
        Row({"dealname": "Of Charlie", "amount": 7, "dealstage": "closedwon", "hubspot_owner_id": people.charlie.pk}),
        Row({"dealname": "Lost sheep", "amount": 1}),
    ]
    assert not actions.write("deal", rows, actor=SYSTEM, origin=BY_IMPORT).refused
    sync()
    return people


def columns(answer: Any) -> dict[str, Any]:
    return {column.name: column for column in answer.context["columns"]}


def deal(name: str) -> Record:
    return Record.objects.get(properties__dealname=name)


def test_each_stage_tells_its_count_its_sum_and_the_weighted_sum(desk: People) -> None:
    found = columns(signed_in(desk.alice).get(BOARD))
    scheduled = found["appointmentscheduled"]
    assert (scheduled.count, scheduled.amount, scheduled.weighted) == ("31", "€3,050", "€610")
    assert (found["closedwon"].count, found["closedwon"].weighted, found["none"].count) == ("1", "", "1")


def test_a_stage_gives_its_cards_a_few_at_a_time_and_each_once(desk: People) -> None:
    client = signed_in(desk.alice)
    column = columns(client.get(f"{BOARD}&sort=dealname"))["appointmentscheduled"]
    names = [card.name for card in column.cards.cards]
    assert len(names) == 25
    more: Any = client.get(column.cards.more_url)
    names += [card.name for card in more.context["cards"].cards]
    assert names == [*(f"Deal {n:02}" for n in range(30)), "Of Alice"]
    assert more.context["cards"].more_url == ""


def test_the_count_of_a_column_opens_just_its_records(desk: People) -> None:
    client = signed_in(desk.alice)
    answer: Any = client.get(columns(client.get(f"{BOARD}&q=alice"))["appointmentscheduled"].url)
    assert [line.name for line in answer.context["lines"]] == ["Of Alice"]


def test_somebody_with_only_their_own_records_sees_and_counts_only_these(desk: People) -> None:
    found = columns(signed_in(desk.charlie).get(BOARD))
    assert {name: column.count for name, column in found.items() if column.count != "0"} == {"closedwon": "1"}


def test_a_move_writes_stage_and_pipeline_and_gives_the_new_figures(desk: People, sync: Callable[[], None]) -> None:
    client = signed_in(desk.bob)
    id = deal("Deal 00").pk
    told = client.post(f"/deals/{id}/stage/", {"stage": "qualifiedtobuy"}).json()
    sync()
    assert (deal("Deal 00").properties["dealstage"], deal("Deal 00").properties["pipeline"]) == ("qualifiedtobuy", "default")
    assert columns(client.get(BOARD))["qualifiedtobuy"].count == "1"
    assert set(told["columns"]) >= {"appointmentscheduled", "qualifiedtobuy"}
    client.post(told["undo"], headers={"HX-Request": "true"})
    assert deal("Deal 00").properties["dealstage"] == "appointmentscheduled"


def test_a_deal_that_is_won_closes_today_and_the_way_back_opens_it_again(desk: People) -> None:
    client = signed_in(desk.bob)
    told = client.post(f"/deals/{deal('Deal 01').pk}/stage/", {"stage": "closedwon"}).json()
    assert deal("Deal 01").properties["closedate"]
    client.post(told["undo"], headers={"HX-Request": "true"})
    assert "closedate" not in deal("Deal 01").properties


def test_a_past_close_date_stays(desk: People) -> None:
    actions.write("deal", [Row({"closedate": "2025-01-02T10:00:00Z"}, deal("Deal 02").pk)], actor=SYSTEM, origin=BY_IMPORT)
    signed_in(desk.bob).post(f"/deals/{deal('Deal 02').pk}/stage/", {"stage": "closedlost"})
    assert deal("Deal 02").properties["closedate"].startswith("2025-01-02")


def test_nobody_moves_what_they_may_not_edit_and_is_told_why(desk: People) -> None:
    answer = signed_in(desk.bob).post(f"/deals/{deal('Of Charlie').pk}/stage/", {"stage": "closedlost"})
    assert (answer.status_code, deal("Of Charlie").properties["dealstage"]) == (403, "closedwon")
    assert "somebody else" in answer.json()["sentence"]
    assert signed_in(desk.rita).post(f"/deals/{deal('Deal 03').pk}/stage/", {"stage": "closedlost"}).status_code == 403


def test_a_stage_that_is_gone_takes_no_card(desk: People) -> None:
    pipelines.archive_stage("deal", "contractsent", actor=SYSTEM)
    answer = signed_in(desk.alice).post(f"/deals/{deal('Deal 03').pk}/stage/", {"stage": "contractsent"})
    assert (answer.status_code, deal("Deal 03").properties["dealstage"]) == (422, "appointmentscheduled")


def test_a_stage_is_archived_with_its_records_moved_and_that_is_taken_back(desk: People) -> None:
    client = signed_in(desk.alice)
    page = "/settings/pipelines/deals/default/stages/appointmentscheduled/archive/"
    assert client.post(page, {"target": ""}).status_code == 422
    client.post(page, {"target": "qualifiedtobuy"})
    stages = Record.objects.filter(object_type__name="deal").values_list("properties__dealstage", flat=True)
    assert list(stages).count("qualifiedtobuy") == 31
    assert queries.catalog("deal").properties["dealstage"].option("appointmentscheduled").hidden  # type: ignore[union-attr]
    assert "Deal stage: Qualified to buy" in client.get("/deals/bulk/").text


def test_only_what_has_a_pipeline_has_a_board(desk: People) -> None:
    client = signed_in(desk.alice)
    assert not client.get("/contacts/?layout=board").context["is_board"]
    assert client.get("/contacts/board/none/").status_code == 404
    assert client.get("/tickets/?layout=board").context["is_board"]


def test_the_settings_of_a_pipeline_are_for_those_who_may_edit_properties(desk: People) -> None:
    assert signed_in(desk.bob).get("/settings/pipelines/deals/").status_code == 403
    client = signed_in(desk.alice)
    form = {
        "label_en": "Sales",
        "label_fr": "Ventes",
        "stage-name": [],
        "stage-en": [],
        "stage-fr": [],
        "stage-state": [],
        "stage-probability": [],
    }
    assert client.post("/settings/pipelines/deals/default/", form).status_code == 422
    assert client.post("/settings/pipelines/deals/new/", {"label_en": "Partners", "label_fr": ""}).status_code == 302
    assert client.get("/settings/pipelines/deals/partners/").status_code == 200
