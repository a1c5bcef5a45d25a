"""Movements and journeys from the change log: which sources count, what imports, merges and deletions do to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.jobs import runner as jobs
from jalon.lifecycle import actions, health, persons, queries, runner
from jalon.lifecycle.actions import StageDraft
from jalon.lifecycle.columns import StageKind
from jalon.records import actions as records
from jalon.records import pages
from jalon.records import runner as columns
from jalon.records.columns import Origin, Source
from jalon.records.erasing import actions as erasing
from jalon.records.holdings import Person
from jalon.records.merging import actions as merging
from jalon.warehouse import current
from tests.lifecycle.steps import follow, journeys, move, movements, past
from tests.records.steps import BY_HAND, BY_IMPORT, asked, contact, values, write

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


@pytest.mark.usefixtures("every_engine")
def test_what_came_by_import_is_no_movement_and_the_next_move_tells_where_it_led() -> None:
    ada = contact(email="ada@example.com", lifecyclestage="new_lead")
    move(ada, "hot_lead", BY_IMPORT)
    move(ada, "payment")
    follow()
    assert movements() == [(ada, None, "new_lead"), (ada, "hot_lead", "payment")]
    assert journeys("number", "entry_stage", "outcome", "furthest") == [(1, "new_lead", "open", 3)]


@pytest.mark.usefixtures("columns")
def test_the_seven_active_sources_move_and_the_others_do_not() -> None:
    who = {source: contact(email=f"{source}@example.com") for source in Source}
    for source, id in who.items():
        move(id, "hot_lead", Origin(source))
    follow()
    moved = {id for (id,) in journeys("record_id")}
    active = ["user", "form", "conversation", "bot", "workflow", "integration", "api"]
    assert sorted(source for source, id in who.items() if id in moved) == sorted(active)
    assert len(movements()) == len(active)


@pytest.mark.usefixtures("columns")
def test_a_past_from_elsewhere_finds_its_place_before_what_was_known() -> None:
    ada = contact(email="ada@example.com")
    past((ada, "payment", day(3), Source.USER), (ada, "customer", day(10), Source.USER))
    follow()
    past((ada, "new_lead", day(0), Source.FORM), (ada, "hot_lead", day(1), Source.IMPORT))
    follow()
    assert movements() == [(ada, None, "new_lead"), (ada, "hot_lead", "payment"), (ada, "payment", "customer")]
    assert journeys("entered_at", "ended_at", "outcome") == [(day(0), day(10), "won")]


@pytest.mark.usefixtures("columns")
def test_a_portrait_tells_every_stage_and_how_it_came_before_the_columns_know() -> None:
    ada = contact(email="ada@example.com", lifecyclestage="new_lead")
    move(ada, "hot_lead", BY_IMPORT)
    (first, second) = persons.portray(Person("contact", (ada,)))
    assert (first["from"], first["to"]) == (None, "new_lead")
    assert (second["from"], second["to"], second["source"]) == ("new_lead", "hot_lead", "import")


@pytest.mark.usefixtures("columns")
def test_of_merged_contacts_the_survivor_keeps_its_own_log_and_the_other_gets_its_own_back() -> None:
    ada, bob = contact(email="ada@example.com"), contact(email="bob@example.com")
    past((ada, "new_lead", day(0), Source.USER), (bob, "hot_lead", day(1), Source.USER), (bob, "customer", day(2), Source.USER))
    (merge,) = merging.merge("contact", ada, [bob], actor=SYSTEM).merges
    follow()
    assert journeys("record_id", "outcome") == [(ada, "open")]
    merging.undo_merge(merge, actor=SYSTEM)
    follow()
    assert journeys("record_id", "outcome") == [(ada, "open"), (bob, "won")]


@pytest.mark.usefixtures("columns")
def test_who_is_archived_or_erased_has_no_journeys() -> None:
    ada, bob = contact(email="ada@example.com", lifecyclestage="new_lead"), contact(email="bob@example.com", lifecyclestage="new_lead")
    follow()
    records.archive("contact", [ada], actor=SYSTEM, origin=BY_HAND)
    erasing.erase("contact", [bob], actor=SYSTEM)
    follow()
    assert (journeys("record_id"), movements()) == ([], [])
    records.restore("contact", [ada], actor=SYSTEM, origin=BY_HAND)
    follow()
    assert journeys("record_id") == [(ada,)]


@pytest.mark.usefixtures("columns")
def test_a_deleted_stage_takes_its_movements_along_and_its_contacts_move_without_one() -> None:
    ada, bob = contact(email="ada@example.com"), contact(email="bob@example.com", lifecyclestage="hot_lead")
    past(*((ada, stage, day(at), Source.USER) for at, stage in enumerate(("new_lead", "hot_lead", "payment", "customer"))))
    follow()
    assert queries.vanishing("hot_lead") == queries.Vanishing(contacts=1, movements=3, journeys=2)
    jobs.run(actions.delete("hot_lead", "payment", actor=SYSTEM).pk)
    follow()
    assert movements() == [(ada, None, "new_lead"), (ada, "payment", "customer")]
    assert journeys("record_id", "entry_stage", "outcome") == [(ada, "new_lead", "won")]
    assert values(bob)["lifecyclestage"] == "payment"
    assert "hot_lead" not in {stage.name for stage in queries.stages()}


@pytest.mark.usefixtures("columns")
def test_how_far_a_journey_came_is_said_in_the_present_order() -> None:
    move(contact(email="ada@example.com"), "hot_lead")
    follow()
    assert journeys("furthest") == [(2,)]
    actions.put_in_order(["payment", "new_lead", "hot_lead"], actor=SYSTEM)
    actions.add(StageDraft("Trial", "Essai"), actor=SYSTEM)
    follow()
    assert journeys("furthest") == [(3,)]
    assert [stage.name for stage in queries.stages()][:5] == ["payment", "new_lead", "hot_lead", "trial", "customer"]


@pytest.mark.usefixtures("columns")
def test_columns_that_are_lost_are_read_again_from_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "FILL", 2)  # contacts at a time, so that one window is laid down while the next is read
    ids = [contact(email=f"p{number}@example.com") for number in range(5)]
    for id, stage in zip(ids, ("customer", "new_lead", "cold_lead", "customer", "hot_lead"), strict=True):
        move(id, stage)
    follow()
    before = movements(), journeys("record_id", "outcome", "at_once")
    current.engine().drop(["stage_movements", "journeys", "stage_visits"])
    columns.rebuild()
    assert (movements(), journeys("record_id", "outcome", "at_once")) == before
    assert len(before[1]) == len(ids)


# Dates of stages


@pytest.mark.usefixtures("columns")
def test_entries_exits_and_the_time_of_a_stage_are_kept_by_whomever_it_was_moved() -> None:
    ada = contact(email="ada@example.com")
    past(
        (ada, "new_lead", day(0), Source.IMPORT),
        (ada, "hot_lead", day(1), Source.USER),
        (ada, "new_lead", day(2), Source.BULK_EDIT),
        (ada, "customer", day(4), Source.USER),
    )
    follow()
    told = values(ada)
    assert [
        told[f"hs_{name}"][:10] for name in ("lifecyclestage_new_lead_date", "v2_date_entered_new_lead", "v2_date_exited_new_lead")
    ] == [
        "2026-01-05",
        "2026-01-07",
        "2026-01-09",
    ]
    assert asked("SELECT hs_v2_date_exited_hot_lead FROM contacts") == [(day(2),)]
    assert "hs_v2_date_exited_customer" not in told
    two_stays = timedelta(days=1) + timedelta(days=2)
    assert told["hs_v2_cumulative_time_in_new_lead"] == str(int(two_stays.total_seconds() * 1000))
    assert asked("SELECT hs_v2_cumulative_time_in_hot_lead FROM contacts") == [(timedelta(days=1).total_seconds() * 1000,)]
    assert "hs_v2_cumulative_time_in_customer" not in told
    past((ada, "payment", day(3), Source.USER))
    follow()
    assert values(ada)["hs_v2_cumulative_time_in_new_lead"] == str(int(timedelta(days=2).total_seconds() * 1000))


@pytest.mark.usefixtures("columns")
def test_dates_that_an_import_brings_along_are_not_those_of_the_import() -> None:
    dated = {"email": "ada@example.com", "lifecyclestage": "hot_lead", "hs_lifecyclestage_hot_lead_date": "2019-05-06T08:00:00Z"}
    (ada,) = write(dated, by=BY_IMPORT).created
    follow()
    assert values(ada)["hs_lifecyclestage_hot_lead_date"] == "2019-05-06T08:00:00.000Z"


# Stages


@pytest.mark.usefixtures("columns")
def test_a_new_stage_comes_before_won_with_its_dates_and_a_lost_one_apart() -> None:
    assert actions.add(StageDraft("Demo", "Démonstration", emoji="🎬"), actor=SYSTEM) == "demo"
    assert actions.add(StageDraft("Left us", "", StageKind.LOST), actor=SYSTEM) == "left_us"
    assert [stage.name for stage in queries.stages()] == [
        "new_lead",
        "hot_lead",
        "payment",
        "demo",
        "customer",
        "cold_lead",
        "no_budget",
        "not_interested",
        "left_us",
    ]
    ada = contact(email="ada@example.com", lifecyclestage="demo")
    follow()
    assert "hs_v2_date_entered_demo" in values(ada)


@pytest.mark.usefixtures("columns")
def test_the_page_of_a_survivor_tells_the_way_of_those_that_were_merged_into_it() -> None:
    first, second, third = (contact(email=f"p{number}@example.com", firstname=name) for number, name in enumerate(("Ada", "Bea", "Cleo")))
    past((first, "hot_lead", day(3), Source.USER), (second, "new_lead", day(0), Source.USER), (third, "payment", day(1), Source.USER))
    follow()
    merging.merge("contact", second, [third], actor=SYSTEM)
    merging.merge("contact", first, [second], actor=SYSTEM)
    follow()
    lines, _ = pages.timeline_page(EVERYTHING, "contact", first, kinds=["lifecycle"], before=None, limit=100)
    told = [(line.content.to, line.content.notes) for line in lines if "Merging" not in line.content.how]
    merged = "of “{}”, merged into this contact: reports do not count it"
    assert told == [
        ("Hot lead", ("journey 1 begins",)),
        ("Payment", (merged.format("Cleo · p2@example.com"),)),
        ("New lead", (merged.format("Bea · p1@example.com"),)),
    ]
    assert movements() == [(first, None, "hot_lead")]


@pytest.mark.usefixtures("columns")
def test_the_page_of_a_contact_says_what_a_deleted_stage_was_called_and_that_it_counts_no_more() -> None:
    one = contact(email="ada@example.com")
    past((one, "hot_lead", day(0), Source.USER), (one, "payment", day(1), Source.USER))
    jobs.run(actions.delete("hot_lead", "", actor=SYSTEM).pk)
    follow()
    lines, _ = pages.timeline_page(EVERYTHING, "contact", one, kinds=["lifecycle"], before=None, limit=100)
    told = [(line.content.came_from, line.content.to, line.content.notes[-1]) for line in lines]
    gone = "a stage that was deleted: reports do not count it"
    assert told == [("Hot lead", "Payment", gone), ("no stage", "Hot lead", gone)]


@pytest.mark.usefixtures("columns")
def test_the_house_says_how_far_journeys_are() -> None:
    told = {"first": "Journeys are read for the first time in a moment.", "all": "Journeys follow every movement."}
    assert [finding.sentence for finding in health.lifecycle()] == [told["first"]]
    follow()
    assert [finding.sentence for finding in health.lifecycle()] == [told["all"]]
    contact(email="ada@example.com", lifecyclestage="hot_lead")
    assert [finding.sentence for finding in health.lifecycle()] == ["Journeys are 1 change behind."]
    actions.add(StageDraft("Trial", "Essai"), actor=SYSTEM)
    assert [finding.sentence for finding in health.lifecycle()][-1] == "The stages were changed: journeys are being read anew."
    follow()
    follow()  # the dates that were kept in the first round are lines of the log themselves
    assert [finding.sentence for finding in health.lifecycle()] == [told["all"]]


@pytest.mark.usefixtures("columns")
def test_a_new_contact_that_writes_in_gets_the_default_stage_and_nobody_else_does() -> None:
    new, staged, cleared = contact(email="new@example.com"), contact(email="staged@example.com"), contact(email="cleared@example.com")
    move(staged, "payment")
    move(cleared, "hot_lead")
    move(cleared, None)
    everybody, by_form = [new, staged, cleared], Origin(Source.FORM, "Contact form")
    assert actions.writes_in(everybody, by_form, actor=SYSTEM) == []
    actions.set_default("new_lead", actor=SYSTEM)
    assert actions.writes_in(everybody, by_form, actor=SYSTEM) == [new]
    assert actions.writes_in(everybody, by_form, actor=SYSTEM) == []
    follow()
    assert (new, None, "new_lead") in movements()
    assert [values(id).get("lifecyclestage") for id in everybody] == ["new_lead", "payment", None]
