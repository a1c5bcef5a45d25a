"""Numbers, dates and durations as each language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from jalon.web import formats
from jalon.web.choices import currencies, weekdays, zones

NNBSP, NBSP = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", ("1,234,567.5", "1,234.50", "12.3%", "€1,234.50", "Mar 5, 2026")),
        ("fr", (f"1{NNBSP}234{NNBSP}567,5", f"1{NNBSP}234,50", f"12,3{NBSP}%", f"1{NNBSP}234,50{NBSP}€", "5 mars 2026")),
    ],
)
def test_values_follow_the_language(language: str, shown: tuple[str, ...]) -> None:
    with translation.override(language):
        values = (
            formats.number(Decimal("1234567.5")),
            formats.number(1234.5, 2),
            formats.percent(0.1234),
            formats.money("1234.5", "EUR"),
            formats.day(date(2026, 3, 5)),
        )
    assert values == shown


@pytest.mark.parametrize(
    ("language", "typed", "plain"),
    [
        ("en", "1,234,567.5", "1234567.5"),
        ("en", "1,5", "1.5"),
        ("en", "1200.25", "1200.25"),
        ("fr", f"1{NNBSP}234{NBSP}567,5", "1234567.5"),
        ("fr", "1.200", "1.200"),
        ("fr", " some, more ", "some, more"),
    ],
)
def test_a_number_is_read_as_it_is_shown(language: str, typed: str, plain: str) -> None:
    with translation.override(language):
        assert formats.plain(typed) == plain


@pytest.mark.parametrize("missing", [None, ""])
def test_a_missing_number_is_a_dash_and_not_a_zero(missing: Any) -> None:
    assert [formats.number(missing), formats.money(missing, "EUR"), formats.percent(missing), formats.duration(None)] == ["–"] * 4


def test_whole_numbers_and_whole_percents_have_no_decimals() -> None:
    with translation.override("en"):
        assert [formats.number(12), formats.number("3.000000"), formats.number(2.5, 0), formats.percent(0.5, 0)] == ["12", "3", "2", "50%"]


def test_an_instant_is_shown_on_the_accounts_day() -> None:
    new_year = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    with translation.override("en"), timezone.override(ZoneInfo("Europe/Paris")):
        assert formats.day(new_year) == "Jan 1, 2026"
        assert "12:30" in formats.moment(new_year)
        assert "Central European Standard Time" in formats.full_moment(new_year)


@pytest.mark.parametrize(
    ("milliseconds", "shown"),
    [(0, "0 s"), (950, "0 s"), (61_000, "1 min 1 s"), (3_600_000, "1 h"), (183_900_000, "2 d 3 h"), (-90_000, "−1 min 30 s")],
)
def test_a_duration_shows_its_two_largest_units(milliseconds: int, shown: str) -> None:
    with translation.override("en"):
        assert formats.duration(milliseconds).replace(NBSP, " ") == shown


@pytest.mark.parametrize(
    ("ratio", "english", "french"),
    [
        ("0.125", "+12.5%", "+12,5 %"),
        ("-0.5", "−50.0%", "−50,0 %"),
        ("0", "0.0%", "0,0 %"),
        ("9.99", "+999.0%", "+999,0 %"),
        ("10", "× 11", "× 11"),
        ("1233", "× 1,234", "× 1 234"),
        (None, "–", "–"),
    ],
)
def test_a_change_has_its_sign_and_is_a_factor_where_it_is_many_times_as_much(ratio: str | None, english: str, french: str) -> None:
    for language, shown in (("en", english), ("fr", french)):
        with translation.override(language):
            assert formats.change(ratio).replace(NBSP, " ").replace("\N{NARROW NO-BREAK SPACE}", " ") == shown


def test_choices_speak_the_language() -> None:
    with translation.override("fr"):
        assert weekdays()[0] == (0, "lundi")
        assert ("EUR", "EUR · euro") in currencies()
    assert ("Europe/Paris", "Europe / Paris") in zones()
