"""The demo in a home: filled once, gone on with after a kill, the same for everybody who reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from benchmarks.agreement import compare
from jalon.accounts.access import EVERYTHING
from jalon.demo import actions, parts
from jalon.demo.chapters.reports import SAVED
from jalon.demo.chapters.views import VIEWS
from jalon.demo.company import PASSWORD
from jalon.demo.models import Chapter
from jalon.demo.year import Year
from jalon.figures.periods import Preset
from jalon.imports import queries as imports
from jalon.jobs import runner
from jalon.jobs.models import Job, State
from jalon.records import address, pages, queries
from jalon.records.columns import Catalog
from jalon.records.duplicates import actions as duplicates
from jalon.records.duplicates import queries as duplicate_queries
from jalon.records.models import Record
from jalon.records.saved_views import queries as saved_views
from jalon.reports import queries as reports
from jalon.reports.by_kind import table
from tests.people import People
from tests.world import END, World, fill


def silent(label: str, share: float) -> None:
    """Nobody looks at the progress."""


def test_log_records_and_columns_agree_about_the_filled_year(cabrelle: World) -> None:
    found = compare()
    assert found.disagreements == []
    assert found.records["contact"] == 500
    assert found.records["company"] == 38
    assert min(found.records.values()) > 10
    assert found.history_lines > 1_000


def test_started_again_it_keeps_what_is_there(cabrelle: World) -> None:
    before = compare()
    assert actions.fill(actions.begin(date(2027, 1, 1), 9), silent) is False
    assert actions.begin(date(2027, 1, 1), 9) == Year(END, 500)
    assert compare() == before


class Killed(BaseException):
    """The process ends here."""


def dying_at(times: int) -> Callable[[str, float], None]:
    shown = iter(range(times))

    def show(label: str, share: float) -> None:
        if next(shown, None) is None:
            raise Killed

    return show


def test_killed_in_the_midst_of_portions_it_goes_on_without_holes_or_doubles(house: None) -> None:
    """`show` is called inside the transaction of a portion, so raising there is dying before the commit."""
    year = actions.begin(END, 1_200)
    for times in (0, 1, 2, 3, 1):
        with pytest.raises(Killed):
            actions.fill(year, dying_at(times))
    world = fill(1_200)
    world.catch_up()
    found = compare()
    assert found.disagreements == []
    assert (found.records["contact"], found.records["company"]) == (1_200, 90)


def test_every_value_is_one_that_the_catalog_knows(cabrelle: World) -> None:
    """A property that was renamed would otherwise be refused only when somebody starts the demo."""
    known = queries.catalogs()
    for story in cabrelle.year.stories():
        assert unknown(story.person.values, known["contact"]) == set()
        for deal in story.deals:
            assert unknown(deal.values, known["deal"]) == set()


def unknown(values: dict[str, str], catalog: Catalog) -> set[str]:
    return set(values) - set(catalog.properties)


def test_a_salesperson_sees_only_her_own_contacts_and_a_reader_all(cabrelle: World) -> None:
    whole = queries.count(EVERYTHING, "contact")
    chloe, emilie = cabrelle.access("chloe"), cabrelle.access("emilie")
    assert queries.count(cabrelle.access("david"), "contact") == whole == 500
    assert 0 < queries.count(chloe, "contact") < whole
    page = queries.page(chloe, "contact", columns=["hubspot_owner_id"])
    assert {row["hubspot_owner_id"] for row in page.rows} == {cabrelle.users["chloe"]}
    assert queries.count(emilie, "contact") == 0
    assert 0 < queries.count(emilie, "ticket") < queries.count(EVERYTHING, "ticket")


def test_the_past_is_older_than_the_filling(cabrelle: World) -> None:
    """Movements lie at their own instants, the earliest in the first days of the year."""
    rows = queries.page(EVERYTHING, "contact", columns=["lifecyclestage"], sort="createdate").rows
    first = next(row for row in rows if row["lifecyclestage"])
    lines = queries.history(EVERYTHING, "contact", first["id"], "lifecyclestage")
    assert lines[-1].at < datetime(2025, 4, 1, tzinfo=UTC)
    assert lines[0].new == first["lifecyclestage"]


def test_each_part_is_noted_as_finished(cabrelle: World) -> None:
    assert {chapter.name for chapter in Chapter.objects.filter(is_finished=True)} == {part.name for part in parts.parts()}


def test_every_saved_report_of_the_demo_shows_something(cabrelle: World) -> None:
    saved = reports.reports(EVERYTHING)
    assert len(saved) == len(SAVED)
    for report in saved:
        if report.definition().period.preset is not Preset.LAST_MONTH:  # the year of the tests ends in the past
            found = table.of(report).freeze(report.definition(), datetime(2026, 3, 15, 12, tzinfo=UTC))
            assert found.count > 20, report.title


def test_the_sign_in_page_of_a_demo_says_who_may_come_in(cabrelle: World) -> None:
    page = Client().get("/sign-in/").content.decode()
    assert "alice@cabrelle.example" in page
    assert PASSWORD in page


def test_the_sign_in_page_of_any_other_home_does_not(people: People) -> None:
    page = Client().get("/sign-in/").content.decode()
    assert "cabrelle" not in page


def test_every_view_that_somebody_saved_shows_something(cabrelle: World) -> None:
    for view in VIEWS:
        access, catalog = cabrelle.access(view.owner), queries.catalog(view.object_type)
        saved = next(one for one in saved_views.tabs(access, catalog).shown if one.name == view.name)
        asked = pages.narrower().read(saved.base.criteria, catalog, EVERYTHING)
        assert (asked.problems, saved.base.columns) == ((), view.columns or address.usual(catalog))
        if "from_now" not in saved.base.criteria:  # the year of the tests ends in the past
            assert queries.count(access, view.object_type, where=asked.where) > 0, view.name


def test_there_are_duplicates_to_be_found_and_records_put_away(cabrelle: World) -> None:
    runner.run(duplicates.look_for("contact", user_id=None).pk)
    assert duplicate_queries.pairs(EVERYTHING, "contact").total >= 4
    archived = Record.objects.filter(object_type__name="contact").exclude(archived_at=None)
    assert (archived.filter(merged_into_id=None).count(), archived.exclude(merged_into_id=None).count()) == (4, 3)


def test_open_deals_have_a_day_on_which_they_are_hoped_to_close_and_some_are_rentals(cabrelle: World) -> None:
    deals = [deal for story in cabrelle.year.stories() for deal in story.deals]
    dated = [deal for deal in deals if deal.is_open and "closedate" in deal.values]
    assert 0.8 < len(dated) / sum(deal.is_open for deal in deals) < 1
    assert {deal.values["pipeline"] for deal in deals} == {"default", "rental"}
    assert all(deal.values["closedate"] > deal.values["createdate"] for deal in dated)


def test_a_file_from_the_fair_comes_in_by_itself_and_three_of_its_rows_do_not_fit(cabrelle: World) -> None:
    actions.set_going(cabrelle.year)
    actions.set_going(cabrelle.year)
    for job in Job.objects.filter(kind="import", state=State.QUEUED):
        runner.run(job.pk)
    tried, done = imports.recent(EVERYTHING)
    assert (done.state, done.created, done.refused) == ("done", 0, 3)
    assert done.updated > 50
    assert (tried.state, tried.tried["created"], tried.tried["updated"], tried.tried["refused"]) == ("tried", 3, 8, 1)
