"""Notes, tasks, calls and meetings: written on records, told in their timeline, done on the page of one's tasks, reminded once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.accounts.models import Notice
from jalon.records import actions as records
from jalon.records import pages, queries, richtext
from jalon.records.activities import actions, runner
from jalon.records.activities import queries as activities
from jalon.records.links import queries as links
from jalon.records.values import instant_text
from tests.people import People, signed_in
from tests.records.steps import BY_HAND, contact

HTMX = {"HX-Request": "true"}
NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def ada(people: People, columns: None) -> int:
    """A contact that Bob owns."""
    return contact(email="ada@example.com", firstname="Ada", lastname="Lovelace", hubspot_owner_id=str(people.bob.pk))


def note(on: int, body: str, at: datetime = NOW, owner: int | None = None) -> int:
    values = {"hs_note_body": body, **({"hubspot_owner_id": str(owner)} if owner else {})}
    return actions.log("note", values, [("contact", on)], actor=SYSTEM, now=at).created[0]


def task(on: int, subject: str, **values: str) -> int:
    return actions.log("task", {"hs_task_subject": subject, **values}, [("contact", on)], actor=SYSTEM, now=NOW).created[0]


def kinds_told(id: int, *kinds: str) -> list[str]:
    lines, _ = pages.timeline_page(EVERYTHING, "contact", id, kinds=kinds, before=None, limit=100)
    return [line.kind for line in lines]


def test_a_note_is_written_on_the_page_and_told_in_the_timeline(people: People, ada: int) -> None:
    client = signed_in(people.bob)
    answer = client.post(f"/contacts/{ada}/activities/note/", {"property-hs_note_body": "Prefers <b>calls</b>"}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (204, "activity-logged")
    page = client.get(f"/contacts/{ada}/").text
    assert "Prefers <b>calls</b>" in page
    assert "Bob" in page


def test_an_empty_note_gets_a_sentence(people: People, ada: int) -> None:
    answer = signed_in(people.bob).post(f"/contacts/{ada}/activities/note/", {"property-hs_note_body": ""}, headers=HTMX)
    assert answer.status_code == 422
    assert "Write a few words first." in answer.text


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("two\nlines", "two<br>lines"),
        ('<p onclick="x()">a</p><script>alert(1)</script>', "<p>a</p>"),
        ('<a href="javascript:x()">a</a>', '<a rel="noopener noreferrer">a</a>'),
        ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
        ('<img src="x" onerror="x()">ok', "ok"),
    ],
)
def test_rich_text_is_kept_harmless_however_it_comes_in(people: People, ada: int, written: str, kept: str) -> None:
    assert queries.values_of(note(ada, written))["hs_note_body"] == kept


def test_cleaning_twice_changes_nothing() -> None:
    for text in ("a & b", "<ul><li>x</li></ul>", "1 < 2", "two\nlines", '<a href="https://example.com">x</a>'):
        assert richtext.clean(richtext.clean(text)) == richtext.clean(text)


def test_what_bulk_writes_brought_uncleaned_is_cleaned_when_it_is_shown(people: People, ada: int) -> None:
    id = note(ada, "harmless")
    raw = [records.Row({"hs_note_body": "<script>alert(1)</script>words"}, id)]
    records.write("note", raw, actor=SYSTEM, origin=BY_HAND, mode="update", is_canonical=True)
    assert "<script>alert" not in signed_in(people.bob).get(f"/contacts/{ada}/").text


def test_the_timeline_joins_activities_changes_stages_links_and_the_record_itself(people: People, ada: int) -> None:
    records.write("contact", [records.Row({"lifecyclestage": "hot_lead", "city": "Lyon"}, ada)], actor=SYSTEM, origin=BY_HAND)
    (firm,) = records.write("company", [records.Row({"name": "Engines"})], actor=SYSTEM, origin=BY_HAND).created
    records.associate("contact_to_company", [(ada, firm)], actor=SYSTEM, origin=BY_HAND)
    note(ada, "met at the fair")
    assert set(kinds_told(ada)) == {"note", "lifecycle", "change", "link", "life"}
    assert (kinds_told(ada, "lifecycle"), kinds_told(ada, "stage")) == (["lifecycle"], [])
    page = signed_in(people.bob).get(f"/contacts/{ada}/?show=link").text
    assert "Engines" in page
    assert "met at the fair" not in page
    assert "Ada Lovelace" in signed_in(people.bob).get(f"/companies/{firm}/?show=link").text


def test_pages_of_the_timeline_tell_everything_once_in_the_order_of_time(people: People, ada: int) -> None:
    at = [NOW - timedelta(hours=number // 3) for number in range(40)]  # three at the same instant
    written = [note(ada, f"note {number}", when) for number, when in enumerate(at)]
    seen: list[int] = []
    before: datetime | None = None
    for _ in range(20):
        lines, before = pages.timeline_page(EVERYTHING, "contact", ada, kinds=["note"], before=before, limit=7)
        seen += [line.content.id for line in lines]
        if before is None:
            break
    assert sorted(seen) == sorted(written)
    assert [at[written.index(id)] for id in seen] == sorted(at, reverse=True)


def test_the_address_keeps_filters_and_place(people: People, ada: int) -> None:
    for number in range(45):
        note(ada, f"note {number:02}", NOW - timedelta(days=number))
    client = signed_in(people.bob)
    page = client.get(f"/contacts/{ada}/?show=note")
    assert page.context["more_url"].startswith(f"/contacts/{ada}/?show=note&before=")
    older = client.get(page.context["more_url"], headers=HTMX).text
    assert "note 44" in older
    assert "note 10" not in older


def test_an_activity_may_hang_on_several_records(people: People, ada: int) -> None:
    (firm,) = records.write("company", [records.Row({"name": "Engines"})], actor=SYSTEM, origin=BY_HAND).created
    records.associate("contact_to_company", [(ada, firm)], actor=SYSTEM, origin=BY_HAND)
    client = signed_in(people.alice)
    sent = {"property-hs_note_body": "both", "also": [f"company-{firm}", "company-999999"]}
    client.post(f"/contacts/{ada}/activities/note/", sent, headers=HTMX)
    assert "both" in client.get(f"/companies/{firm}/").text
    assert "Ada Lovelace" in client.get(f"/companies/{firm}/").text


def test_activities_are_seen_by_owner_like_every_record_so_that_counts_agree(
    people: People, columns: None, sync: Callable[[], None]
) -> None:
    mine = contact(firstname="Mine", hubspot_owner_id=str(people.charlie.pk))
    note(mine, "of Charlie", owner=people.charlie.pk)
    note(mine, "of Bob", owner=people.bob.pk)
    sync()
    access = people.access(people.charlie)
    page = signed_in(people.charlie).get(f"/contacts/{mine}/").text
    assert "of Charlie" in page
    assert "of Bob" not in page
    told = activities.told(access, ["note"], "contact", mine, None, 50)
    assert len(told) == queries.count(access, "note") == queries.page(access, "note", columns=("hs_note_body",)).total == 1


def test_a_note_is_edited_deleted_and_brought_back(people: People, ada: int) -> None:
    client, id = signed_in(people.alice), note(ada, "first words")
    stem = f"/contacts/{ada}/activities/note/{id}/"
    assert "first words" in client.get(f"{stem}edit/", headers=HTMX).text
    client.post(f"{stem}edit/", {"property-hs_note_body": "second words"}, headers=HTMX)
    assert "second words" in client.get(stem, headers=HTMX).text
    gone = client.post(f"{stem}delete/", headers=HTMX).text
    assert "Undo" in gone
    assert "second words" not in client.get(f"/contacts/{ada}/").text
    client.post(f"{stem}back/", headers=HTMX)
    assert "second words" in client.get(f"/contacts/{ada}/").text


def test_an_activity_of_another_record_is_not_there(people: People, ada: int) -> None:
    other = note(contact(firstname="Grace"), "about Grace")
    client = signed_in(people.alice)
    assert client.get(f"/contacts/{ada}/activities/note/{other}/").status_code == 404
    assert client.post(f"/contacts/{ada}/activities/note/{other}/delete/").status_code == 404


def test_a_pinned_note_stays_on_top(people: People, ada: int) -> None:
    client, id = signed_in(people.bob), note(ada, "keep in mind", LONG_AGO)
    client.post(f"/contacts/{ada}/activities/note/{id}/pin/", headers=HTMX)
    assert client.get(f"/contacts/{ada}/").context["pinned"].id == id
    client.post(f"/contacts/{ada}/activities/note/{id}/pin/", {"off": "1"}, headers=HTMX)
    assert client.get(f"/contacts/{ada}/").context["pinned"] is None


def test_a_call_keeps_its_duration_in_milliseconds_and_is_typed_in_minutes(people: People, ada: int) -> None:
    client = signed_in(people.bob)
    sent = {"property-hs_call_title": "Offer", "property-hs_call_duration": "12.5", "property-hs_call_direction": "OUTBOUND"}
    client.post(f"/contacts/{ada}/activities/call/", sent, headers=HTMX)
    (line,) = activities.told(EVERYTHING, ["call"], "contact", ada, None, 5)
    assert line.values["hs_call_duration"] == "750000"
    assert 'value="12.5"' in client.get(f"/contacts/{ada}/activities/call/{line.id}/edit/", headers=HTMX).text


def test_open_tasks_stand_on_top_and_done_ones_in_the_timeline(people: People, ada: int) -> None:
    id = task(ada, "Send the offer", hs_timestamp=instant_text(NOW))
    client = signed_in(people.alice)
    assert [card.id for card in client.get(f"/contacts/{ada}/").context["open_tasks"]] == [id]
    assert "task" not in kinds_told(ada)
    client.post(f"/contacts/{ada}/activities/task/{id}/complete/", headers=HTMX)
    assert client.get(f"/contacts/{ada}/").context["open_tasks"] == []
    assert kinds_told(ada, "task") == ["task"]


def test_my_tasks_come_in_four_views_with_counts_that_agree(people: People, ada: int, sync: Callable[[], None]) -> None:
    now = datetime.now(UTC)
    mine = {"hubspot_owner_id": str(people.bob.pk)}
    task(ada, "Late", hs_timestamp=instant_text(now - timedelta(days=2)), **mine)
    task(ada, "Someday", **mine)
    task(ada, "Of Alice", hs_timestamp=instant_text(now - timedelta(days=2)), hubspot_owner_id=str(people.alice.pk))
    done = task(ada, "Finished", **mine)
    actions.complete([done], actor=SYSTEM, now=now)
    sync()
    client = signed_in(people.bob)
    page = client.get("/my-tasks/")
    assert {name: count for name, _, count, _ in page.context["tabs"]} == {"overdue": 1, "today": 0, "upcoming": 1, "done": 1}
    assert [row.title for row in page.context["rows"]] == ["Late"]
    assert "Ada Lovelace" in page.text
    assert 'class="rail-count">1<' in page.text
    assert [row.title for row in client.get("/my-tasks/?view=overdue&whose=all").context["rows"]] == ["Late", "Of Alice"]
    assert "Late" in client.get("/").text


def test_a_task_is_completed_opened_again_and_given_to_somebody_else(people: People, ada: int, sync: Callable[[], None]) -> None:
    id = task(ada, "Call back", hubspot_owner_id=str(people.bob.pk))
    client = signed_in(people.bob)
    assert "is done" in client.post(f"/my-tasks/{id}/complete/", headers=HTMX).text
    assert queries.values_of(id)["hs_task_status"] == "COMPLETED"
    client.post(f"/my-tasks/{id}/complete/", {"open": "1"}, headers=HTMX)
    assert queries.values_of(id)["hs_task_status"] == "NOT_STARTED"
    assert "hs_task_completion_date" not in queries.values_of(id)
    client.post(f"/my-tasks/{id}/assign/", {"to": str(people.bea.pk)}, headers=HTMX)
    assert queries.values_of(id)["hubspot_owner_id"] == str(people.bea.pk)


def test_nobody_completes_the_task_of_somebody_out_of_reach(people: People, ada: int) -> None:
    id = task(ada, "Of Bob", hubspot_owner_id=str(people.bob.pk))
    assert signed_in(people.charlie).post(f"/my-tasks/{id}/complete/").status_code == 404


def reminded(now: datetime) -> int:
    runner.forget()
    runner.remind(now)
    return Notice.objects.filter(kind="task").count()


def test_a_reminder_is_sent_once_and_again_only_for_another_hour(people: People, ada: int, sync: Callable[[], None]) -> None:
    soon = {"hs_task_reminders": instant_text(NOW), "hubspot_owner_id": str(people.bob.pk)}
    id = task(ada, "Ring Ada", **soon)
    sync()
    assert reminded(NOW - timedelta(minutes=1)) == 0
    assert reminded(NOW + timedelta(minutes=1)) == 1
    assert reminded(NOW + timedelta(minutes=2)) == 1  # the columns do not know yet; the task's own row does
    sync()
    assert reminded(NOW + timedelta(minutes=3)) == 1
    later = instant_text(NOW + timedelta(hours=1))
    records.write("task", [records.Row({"hs_task_reminders": later}, id)], actor=SYSTEM, origin=BY_HAND)
    sync()
    assert reminded(NOW + timedelta(hours=2)) == 2
    notice = Notice.objects.filter(kind="task").latest("pk")
    assert (notice.user_id, notice.params["task"], notice.link) == (people.bob.pk, "Ring Ada", f"/tasks/{id}/")


def test_a_crash_between_notice_and_mark_leaves_neither(
    people: People, ada: int, sync: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    task(ada, "Ring Ada", hs_task_reminders=instant_text(NOW), hubspot_owner_id=str(people.bob.pk))
    sync()

    def killed(*arguments: object, **named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(records, "write", killed)
        runner.forget()
        with pytest.raises(KeyboardInterrupt):
            runner.remind(NOW)
    assert Notice.objects.filter(kind="task").count() == 0
    assert reminded(NOW) == 1


def test_no_reminder_for_what_is_done_nobodys_or_long_past(people: People, ada: int, sync: Callable[[], None]) -> None:
    at, bob = instant_text(NOW), str(people.bob.pk)
    done = task(ada, "Done", hs_task_reminders=at, hubspot_owner_id=bob)
    task(ada, "Nobody's", hs_task_reminders=at)
    task(ada, "Long past", hs_task_reminders=instant_text(NOW - timedelta(days=3)), hubspot_owner_id=bob)
    actions.complete([done], actor=SYSTEM, now=NOW)
    sync()
    assert reminded(NOW + timedelta(minutes=1)) == 0


def test_activities_have_no_panel_and_no_place_in_the_menu(people: People, ada: int) -> None:
    assert not {type.there.object_type for type in links.link_types("contact")} & set(activities.NAMES)
    page = signed_in(people.alice).get(f"/contacts/{ada}/").text
    assert 'href="/notes/"' not in page
    assert 'href="/calls/new/"' not in page


def test_an_address_that_is_none_of_ours_is_not_kept(people: People, ada: int) -> None:
    alice = signed_in(people.alice)
    for forged in ("http://[", "https://elsewhere.example/contacts/", "//elsewhere.example/contacts/"):
        answer = alice.get(f"/contacts/{ada}/preview/", headers={"HX-Request": "true", "HX-Current-URL": forged})
        assert answer.status_code == 200
        assert "HX-Push-Url" not in answer.headers
    answer = alice.get(f"/contacts/{ada}/preview/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/contacts/?page=2"})
    assert answer.headers["HX-Push-Url"] == f"/contacts/?page=2&open={ada}"
