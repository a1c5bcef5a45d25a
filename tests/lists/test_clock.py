"""Lists whose answer the clock alone changes: at the instant, not at the next change of a record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from jalon.accounts.models import Account
from jalon.criteria.tree import Filter
from jalon.lists.membership import runner
from jalon.records import runner as columns
from tests.lists.steps import active, follow, members, story, view
from tests.records.steps import contact

pytestmark = pytest.mark.usefixtures("columns")

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime.now(PARIS).replace(hour=12, minute=0, second=0, microsecond=0)
DATE = "recent_conversion_date"


def test_a_contact_leaves_less_than_3_days_ago_when_the_fourth_day_begins() -> None:
    ann = contact(email="ann@example.com", **{DATE: NOON.isoformat()})
    lately = active("Lately", Filter(DATE, "less_than_days_ago", ("3",)))
    follow(NOON)
    assert members(lately) == {ann}
    midnight = (NOON + timedelta(days=4)).replace(hour=0)
    follow(midnight - timedelta(milliseconds=1))
    assert members(lately) == {ann}
    follow(midnight)
    assert (members(lately), story(lately)[-1]) == (set(), ("out", "clock", (ann,)))


def test_a_moment_that_comes_puts_a_contact_in_at_its_instant() -> None:
    soon = NOON + timedelta(minutes=7)
    ann = contact(email="ann@example.com", **{DATE: soon.isoformat()})
    past = active("Past", Filter(DATE, "less_than_days_ago", ("1",)))
    follow(NOON)
    assert (members(past), view(past).next_at) == (set(), soon + timedelta(milliseconds=1))
    follow(soon - timedelta(seconds=1))
    assert members(past) == set()
    follow(soon + timedelta(milliseconds=1))
    assert (members(past), story(past)) == ({ann}, [("in", "clock", (ann,))])


def test_a_new_contact_brings_its_own_moment_along() -> None:
    past = active("Past", Filter(DATE, "less_than_days_ago", ("1",)))
    follow(NOON)
    soon = NOON + timedelta(minutes=3)
    ann = contact(email="ann@example.com", **{DATE: soon.isoformat()})
    follow(NOON + timedelta(minutes=1))
    follow(soon + timedelta(seconds=1))
    assert members(past) == {ann}


def test_at_midnight_all_records_are_looked_at_window_by_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "WINDOWS", (2, 2))
    people = {contact(email=f"{n}@example.com", **{DATE: NOON.isoformat()}) for n in range(5)}
    today = active("Today", Filter(DATE, "in_this", ("day",)))
    follow(NOON)
    assert members(today) == people
    follow(NOON + timedelta(days=1))
    assert (members(today), {why for what, why, _ in story(today) if what == "out"}) == (set(), {"clock"})


def test_another_zone_is_other_days() -> None:
    late = NOON.replace(hour=23, minute=30)
    ann = contact(email="ann@example.com", **{DATE: late.isoformat()})
    that_day = active("That day", Filter(DATE, "on", (late.date().isoformat(),)))
    follow(NOON)
    assert members(that_day) == {ann}
    Account.objects.update_or_create(pk=1, defaults={"zone": "Asia/Tokyo"})
    columns.sync(datetime.now(UTC))
    follow(NOON)
    assert members(that_day) == set()
