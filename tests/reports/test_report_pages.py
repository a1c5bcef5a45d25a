"""Pages of reports in the demo's company: made, looked at, renamed, copied, exported, deleted; each reader sees their own contacts."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pyarrow as pa
import pytest
from django.test import Client
from django.utils import timezone

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.accounts.models import User
from jalon.criteria import queries as criteria_queries
from jalon.criteria.tree import Associated, Filter, all_of, to_text
from jalon.jobs import actions as jobs
from jalon.lists import actions as lists
from jalon.lists.models import List
from jalon.records import actions as records_actions
from jalon.records import queries as records
from jalon.records.actions import Row
from jalon.records.columns import Origin, Source
from jalon.records.definitions import actions as definitions
from jalon.reports.kinds import cells
from jalon.reports.models import Report
from jalon.reports.snapshots import actions as snapshots
from tests.lists.steps import follow
from tests.people import signed_in
from tests.reports.compiling import compiled
from tests.world import World

OPTIONS = {
    "date_property": "createdate",
    "period": "all_time",
    "grouping": "month",
    "breakdown": "hs_analytics_source",
    "number": "total_revenue",
    "measure": "sum",
    "style": "standard",
}


@pytest.fixture
def alice(cabrelle: World) -> Client:
    User.objects.update(language="en")
    return signed_in(cabrelle.user("alice"))


def create(client: Client, **changes: str) -> str:
    answer = client.post("/reports/new/contacts/create/", OPTIONS | changes)
    assert answer.status_code == 302, answer.content.decode()
    compiled()
    return str(answer.headers["Location"])


def source(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def text(client: Client, address: str) -> str:
    return unescape(source(client, address))


def saved(address: str) -> Report:
    return Report.objects.get(id=int(address.strip("/").rpartition("/")[2]))


def plot(page: str) -> dict[str, Any]:
    found = re.search(r'data-plot="([^"]*)"', page)
    assert found
    drawn: dict[str, Any] = json.loads(unescape(found[1]))
    return drawn


def table(client: Client, address: str) -> list[dict[str, str]]:
    answer = client.get(f"{address}table.csv")
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def without_address(point: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in point.items() if name != "href"}


def total(client: Client, address: str) -> int:
    return int(table(client, address)[-1]["Contacts"])


def test_a_report_is_made_and_says_what_it_counts(cabrelle: World, alice: Client) -> None:
    page = text(alice, create(alice))
    everybody = records.count(cabrelle.access("alice"), "contact")
    assert f">{everybody}</a>" in page
    assert "Property not set" in page and "By month" in page
    assert "Sum of" in page


def test_the_title_is_edited_in_place_and_follows_the_options_again_once_emptied(alice: Client) -> None:
    address = create(alice)
    automatic = saved(address).title
    alice.post(f"{address}title/", {"title": "  Ma   belle\nannée "})
    assert "Ma belle année" in text(alice, address)
    alice.post(f"{address}title/", {"title": ""})
    assert saved(address).title == automatic == ""


def test_options_that_cannot_be_run_are_refused_with_every_reason_and_kept_in_the_form(alice: Client) -> None:
    before = Report.objects.count()
    answer = alice.post("/reports/new/contacts/create/", OPTIONS | {"period": "custom", "first": "", "last": "soon", "breakdown": "x"})
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    for sentence in ("needs its first and its last day", "“soon” is not a day", "There is no property “x”"):
        assert sentence in page
    assert 'value="soon"' in page
    assert Report.objects.count() == before


def test_an_edited_report_has_the_new_options(alice: Client) -> None:
    address = create(alice)
    assert 'value="hs_analytics_source" selected' in text(alice, f"{address}edit/")
    alice.post(f"{address}change/", OPTIONS | {"breakdown": "lifecyclestage"})
    compiled()
    assert "Lifecycle stage" in text(alice, address)
    assert saved(address).definition["breakdown"] == "lifecyclestage"


def test_whoever_overwrites_the_options_of_somebody_else_is_told_first(cabrelle: World, alice: Client) -> None:
    address = create(alice)
    mark = re.compile(r'name="was" value="(\w+)"')
    opened = mark.findall(source(alice, f"{address}edit/"))[0]
    signed_in(cabrelle.user("bruno")).post(f"{address}change/", OPTIONS | {"was": opened, "grouping": "year"})
    told = alice.post(f"{address}change/", OPTIONS | {"was": opened, "grouping": "day"})
    assert told.status_code == 422 and saved(address).definition["grouping"] == "year"
    page = unescape(told.content.decode())
    assert "Bruno Lefèvre changed the options of this report while you had them open." in page and 'value="day" selected' in page
    assert alice.post(f"{address}change/", OPTIONS | {"was": mark.findall(page)[0], "grouping": "day"}).status_code == 302
    assert saved(address).definition["grouping"] == "day"


def test_a_compile_of_former_options_does_not_replace_that_of_the_new_ones(alice: Client) -> None:
    address = create(alice)
    before = saved(address)
    alice.post(f"{address}change/", OPTIONS | {"grouping": "year"})
    compiled()
    after = saved(address)
    with pytest.raises(snapshots.Changed):
        snapshots.keep(after.pk, before.definition, before.definition, pa.table({}), as_of=date(2026, 1, 1), asked_at=timezone.now())
    assert saved(address).snapshot_id == after.snapshot_id != before.snapshot_id


def test_a_copy_has_the_same_options_and_a_deleted_report_is_gone(alice: Client) -> None:
    address = create(alice)
    copy = alice.post(f"{address}duplicate/").headers["Location"]
    assert saved(copy).definition == saved(address).definition and copy != address
    assert alice.post(f"{address}delete/").headers["Location"] == "/reports/"
    assert alice.get(address).status_code == 404
    assert alice.get(copy).status_code == 200


def test_the_preview_shows_what_the_report_will_show(alice: Client) -> None:
    preview = plot(source(alice, "/reports/preview/?" + "&".join(f"{name}={value}" for name, value in OPTIONS.items())))
    report = plot(source(alice, create(alice)))
    assert [without_address(point) for point in preview["data"]["values"]] == [without_address(point) for point in report["data"]["values"]]


def test_cumulative_ends_at_the_number_of_the_table(alice: Client) -> None:
    address = create(alice, number="", measure="", breakdown="")
    drawn = plot(source(alice, f"{address}?style=cumulative"))
    assert drawn["layer"][0]["mark"]["type"] == "line"
    assert drawn["data"]["values"][-1]["value"] == total(alice, address)


def test_table_chart_and_page_say_the_same(alice: Client) -> None:
    address = create(alice)
    rows, drawn = table(alice, address), plot(source(alice, address))
    sums = {row["Original source"]: Decimal(row["Sum of Total revenue"] or 0) for row in rows[:-1]}
    charted: dict[str, Decimal] = {}
    for value in drawn["data"]["values"]:
        charted[value["label"]] = charted.get(value["label"], Decimal(0)) + Decimal(str(value["value"] or 0))
    assert {label: total for label, total in charted.items() if total} == {label: total for label, total in sums.items() if total}
    assert sum(int(row["Contacts"]) for row in rows[:-1]) == int(rows[-1]["Contacts"])


def test_every_address_on_the_page_opens_that_many_contacts(alice: Client) -> None:
    page = text(alice, create(alice, period="custom", first="2025-11-10", last="2026-03-10"))
    links = re.findall(r'<td class="is-number" data-exact="(\d+)"><a href="(/contacts/\?criteria=[^"]+)">', page)
    assert len(links) > 8
    for number, address in links:
        shown = alice.get(address)
        assert shown.status_code == 200
        assert shown.context["total"] == int(number)


def test_the_contacts_of_a_report_are_exported_whole(alice: Client) -> None:
    address = create(alice)
    answer = alice.get(f"{address}contacts.csv")
    lines = answer.getvalue().decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(lines)))) == total(alice, address) + 1


def test_the_chart_is_drawn_as_a_picture(alice: Client) -> None:
    answer = alice.get(f"{create(alice)}chart.png")
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")


def test_a_reader_of_their_own_contacts_counts_only_these(cabrelle: World, alice: Client) -> None:
    address = create(alice)
    chloe = signed_in(cabrelle.user("chloe"))
    own = records.count(cabrelle.access("chloe"), "contact")
    page = text(chloe, address)
    everybody = total(alice, address)
    assert 0 < own < everybody
    assert f'data-exact="{own}"' in page
    assert f'data-exact="{everybody}"' not in page
    cut = "Only the contacts that you may see are counted"
    assert cut in page and cut not in text(alice, address)
    whole = all_of(cells.fact(saved(address).pk, cells.Cell()))
    assert chloe.get(f"/contacts/?{urlencode({'criteria': to_text(whole)})}").context["total"] == own
    lines = chloe.get(f"{address}contacts.csv").getvalue().decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(lines)))) == own + 1
    assert int(table(chloe, address)[-1]["Contacts"]) == own


def test_a_report_on_linked_records_is_not_open_to_who_sees_only_some_of_these(cabrelle: World, alice: Client) -> None:
    asked = all_of(Associated("deal", (Filter("hs_is_closed", "equal", ("false",)),)))
    address = create(alice, breakdown="", criteria=to_text(asked))
    behind = all_of(cells.fact(saved(address).pk, cells.Cell()))
    assert 0 < total(alice, address) == records.count(EVERYTHING, "contact", criteria_queries.where(behind, "contact", EVERYTHING))
    chloe, her = signed_in(cabrelle.user("chloe")), cabrelle.access("chloe")
    for told in (chloe.get(address), chloe.get("/reports/preview/", OPTIONS | {"criteria": to_text(asked)})):
        assert told.status_code == 403
        assert "linked records of which you may see only some (Deals)" in unescape(told.content.decode())
    assert records.count(her, "contact", criteria_queries.where(behind, "contact", her)) == 0


def test_who_may_only_read_cannot_make_edit_or_export(cabrelle: World, alice: Client) -> None:
    address = create(alice)
    david = signed_in(cabrelle.user("david"))
    assert david.get(address).status_code == 200
    assert "/edit/" not in text(david, address) and "table.csv" not in text(david, address)
    for path in (f"{address}edit/", f"{address}table.csv", f"{address}contacts.csv", "/reports/new/"):
        assert david.get(path).status_code == 403


def test_a_report_on_a_property_that_has_gone_says_so_and_keeps_what_it_found(alice: Client) -> None:
    address = create(alice)
    before = total(alice, address)
    report = saved(address)
    report.definition["breakdown"] = "favourite_color"
    report.save()
    alice.post(f"{address}refresh/")
    compiled()
    page = text(alice, address)
    assert "could not be compiled" in page and "There is no property “favourite_color”" in page
    assert total(alice, address) == before
    assert "There is no property “favourite_color”" in alice.get(f"{address}edit/").content.decode()


def test_a_report_keeps_its_automatic_title_when_its_property_is_archived(alice: Client) -> None:
    address = create(alice, breakdown="renewal_date")
    definitions.archive_property("contact", "renewal_date", actor=SYSTEM)
    assert "by Renewal date" in text(alice, address) and "by Renewal date" in text(alice, "/reports/")
    page = unescape(alice.get(f"{address}edit/").content.decode())
    assert "There is no property “renewal_date”" in page


def test_a_report_about_a_list_that_is_gone_says_so_without_counting_filters(cabrelle: World, alice: Client) -> None:
    made = lists.create("Salon", "contact", List.Kind.MANUAL, all_of(), actor=SYSTEM)
    address = create(alice, population="list", list=str(made.id))
    lists.delete(made.id, actor=SYSTEM, even_if_used=True)
    page = unescape(alice.get(f"{address}edit/").content.decode())
    assert "The list Salon" in page or f"The list {made.id}" in page or "“Salon”" in page
    assert "Group 1" not in page


def test_starting_points_that_name_what_the_account_has_are_offered(alice: Client) -> None:
    page = text(alice, "/reports/new/contacts/begin/")
    assert "Start from scratch" in page and "Revenue generated last month by contacts" in page
    assert "Breakdown of lifecycle stages" in page and "Best converting offers" in page
    assert 'value="first_conversion_event_name" selected' in text(alice, "/reports/new/contacts/?from=offers")


def test_a_goal_is_drawn_prorated_and_its_progress_told(alice: Client) -> None:
    address = create(alice, number="", measure="", breakdown="")
    everybody = total(alice, address)
    alice.post(f"{address}goal/", {"number": "1 200", "every": "year"})
    page = source(alice, address)
    layers = [layer for layer in plot(page)["layer"] if layer.get("data", {}).get("name") == "goal"]
    goals = {value["goal"] for value in layers[0]["data"]["values"]}
    assert 100 in goals  # whole months; the first and the last may be cut
    assert f"{everybody} of" in unescape(page) and "a year" in page
    cumulated = plot(source(alice, f"{address}?style=cumulative"))
    (line,) = [layer for layer in cumulated["layer"] if layer.get("data", {}).get("name") == "goal"]
    amounts = [value["goal"] for value in line["data"]["values"]]
    assert amounts == sorted(amounts) and amounts[-1] > 200
    assert 'value="1,200"' in page
    alice.post(f"{address}goal/", {"number": "1,200", "every": "month"})
    assert saved(address).display["goal"] == {"number": "1200", "every": "month"}
    alice.post(f"{address}goal/", {"number": "", "every": "year"})
    assert "report-goal" not in source(alice, address)


def test_a_goal_of_contacts_says_nothing_about_a_sum(alice: Client) -> None:
    address = create(alice)
    alice.post(f"{address}goal/", {"number": "50000.5", "every": "year", "measure": "sum"})
    contacts, summed = (text(alice, f"{address}?measure={measure}") for measure in ("count", "sum"))
    assert "report-goal" in summed and 'value="50,000.5"' in summed
    assert "report-goal" not in contacts and "The goal of this report is for: Sum of Total revenue." in contacts
    alice.post(f"{address}goal/", {"number": "", "every": "year", "measure": "count"})
    assert saved(address).display["goal"] == {"number": "50000.5", "every": "year", "measure": "sum"}
    told = alice.post(f"{address}goal/", {"number": "3", "every": "year", "measure": "mode"}, follow=True).content.decode()
    assert "“mode” is not a possible value of “measure”" in unescape(told)


def test_a_goal_that_is_no_number_is_refused_in_a_sentence(alice: Client) -> None:
    address = create(alice)
    page = alice.post(f"{address}goal/", {"number": "a lot", "every": "year"}, follow=True).content.decode()
    assert "“a lot” is not a goal. Type a number above 0." in unescape(page)
    page = alice.post(f"{address}goal/", {"number": "NaN", "every": "year"}, follow=True).content.decode()
    assert "“NaN” is not a goal." in unescape(page)
    page = alice.post(f"{address}goal/", {"number": "3", "every": "hour"}, follow=True).content.decode()
    assert "“hour” is not how often a goal can return" in unescape(page)


def test_a_chosen_color_stays_with_its_value(alice: Client) -> None:
    address = create(alice)
    before = plot(source(alice, address))["encoding"]["color"]["scale"]
    alice.post(f"{address}color/", {"value": before["domain"][0], "color": "#123456"})
    alice.post(f"{address}refresh/")
    compiled()
    after = plot(source(alice, address))["encoding"]["color"]["scale"]
    assert after["range"][0] == "#123456" and after["range"][1:] == before["range"][1:]
    assert source(alice, address).count("Give the color back to the palette") == 1
    alice.post(f"{address}color/", {"value": before["domain"][0], "color": ""})
    given_back = source(alice, address)
    assert plot(given_back)["encoding"]["color"]["scale"]["range"] == before["range"]
    assert "Give the color back" not in given_back
    assert "is not a color" in unescape(alice.post(f"{address}color/", {"value": "x", "color": "red"}, follow=True).content.decode())


def test_figures_stay_as_compiled_until_the_report_is_refreshed(cabrelle: World, alice: Client) -> None:
    address = create(alice, breakdown="city")
    rows = table(alice, address)
    contact = records.page(cabrelle.access("alice"), "contact", columns=["city"], limit=1).rows[0]["id"]
    records_actions.write("contact", [Row({"city": "Ytterby"}, contact)], actor=SYSTEM, origin=Origin(Source.USER))
    cabrelle.catch_up()
    assert table(alice, address) == rows
    alice.post(f"{address}refresh/")
    compiled()
    assert "Ytterby" in {row["City"] for row in table(alice, address)}


def test_contacts_that_are_archived_leave_the_report_and_it_says_how_many(cabrelle: World, alice: Client) -> None:
    address = create(alice, breakdown="city")
    before = total(alice, address)
    ids = [row["id"] for row in records.page(cabrelle.access("alice"), "contact", columns=["city"], limit=3).rows]
    records_actions.archive("contact", ids, actor=SYSTEM, origin=Origin(Source.USER))
    cabrelle.catch_up()
    assert total(alice, address) == before - 3
    assert "3 contacts have been archived, merged or erased since" in text(alice, f"{address}gone/")


def test_a_report_as_of_a_past_date_knows_only_who_was_there(cabrelle: World, alice: Client) -> None:
    address = create(alice, as_of="2025-12-31", breakdown="lifecyclestage")
    page = text(alice, address)
    assert "as of Dec 31, 2025" in page
    earlier = total(alice, create(alice, period="custom", first="2000-01-01", last="2025-12-31", breakdown=""))
    assert total(alice, address) == earlier
    refused = alice.post("/reports/new/contacts/create/", OPTIONS | {"as_of": "2999-01-01"})
    assert refused.status_code == 422 and "lies in the future" in refused.content.decode()


def test_a_page_opened_before_the_compile_waits_and_says_so(alice: Client) -> None:
    address = alice.post("/reports/new/contacts/create/", OPTIONS).headers["Location"]
    assert "The report is being compiled." in text(alice, address)
    assert alice.get(f"{address}chart.png").status_code == 302
    assert "HX-Refresh" not in alice.get(f"{address}compiling/").headers
    compiled()
    assert alice.get(f"{address}compiling/").headers["HX-Refresh"] == "true"
    assert "Compiled on" in text(alice, address)


def test_a_report_whose_first_compile_was_cancelled_says_so_and_is_compiled_again(alice: Client) -> None:
    address = str(alice.post("/reports/new/contacts/create/", OPTIONS).headers["Location"])
    jobs.cancel(saved(address).compiling_id or 0)
    page = text(alice, address)
    assert "This report was not compiled to the end." in page and f'action="{address}refresh/"' in page and "chart.png" not in page
    alice.post(f"{address}refresh/")
    compiled()
    assert "This report was not compiled to the end." not in text(alice, address)
    alice.post(f"{address}refresh/")
    jobs.cancel(saved(address).compiling_id or 0)
    assert "The last compile was cancelled." in text(alice, address)


def test_the_contacts_behind_a_number_become_a_static_list_and_no_live_one(cabrelle: World, alice: Client) -> None:
    address = create(alice, breakdown="")
    criteria = all_of(cells.fact(saved(address).pk, cells.Cell(date(2025, 4, 1), date(2025, 6, 30))))
    wanted = records.count(cabrelle.access("alice"), "contact", criteria_queries.where(criteria, "contact", EVERYTHING))
    assert 0 < wanted < total(alice, address)
    with pytest.raises(lists.ListError, match="does not follow changes"):
        lists.create("Spring, live", "contact", List.Kind.DYNAMIC, criteria, actor=SYSTEM)
    frozen = lists.create("Spring", "contact", List.Kind.SNAPSHOT, criteria, actor=SYSTEM)
    follow()
    assert List.objects.get(pk=frozen.id).size == wanted
