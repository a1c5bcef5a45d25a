"""Definitions: read whole, every problem told at once in the reader's language, written back as they were."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given, settings

from jalon.criteria.tree import Filter, all_of
from jalon.figures.measures import Measure
from jalon.figures.periods import Choice, Preset, Unit
from jalon.reports import wording
from jalon.reports.kinds.definition import Definition, DefinitionError, Style, read, written
from tests.reports.conftest import CATALOG
from tests.reports.test_figures_are_right import DEFINITIONS

WRONG: dict[str, Any] = {
    "kind": "contact",
    "version": 7,
    "colour": "red",
    "criteria": {"groups": [{"filters": [{"property": "sorce", "operator": "any_of", "values": ["ads"]}]}]},
    "date_property": "city",
    "period": {"first": "2026-03-31", "last": "2026-03-01"},
    "grouping": "fortnight",
    "breakdown": "scource",
    "number": "city",
    "measure": "mode",
    "style": "pie",
}


def problems(raw: Any, language: str = "en") -> list[str]:
    with override(language), pytest.raises(DefinitionError) as refused:
        read(raw, CATALOG)
    with override(language):
        return wording.problems(refused.value)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    told = " ".join(problems(WRONG))
    for part in (
        "“contact” is not a kind of report",
        "not version 7",
        "“colour” is not an option",
        "“City” is not a date",
        "before it begins on 2026-03-31",
        "“fortnight” is not a possible value of “grouping”. Choose one of: day, week, month, quarter, year.",
        "There is no property “scource”. Did you mean “source”?",
        "“City” is not a number",
        "“mode” is not a possible value",
        "“pie” is not a possible value",
        "sorce",
    ):
        assert part in told
    assert len(problems(WRONG)) >= 11


def test_the_problems_are_told_in_french() -> None:
    told = " ".join(problems(WRONG, "fr"))
    assert "Vouliez-vous dire « source » ?" in told
    assert "« City (fr) » n’est pas une date" in told


@pytest.mark.parametrize("raw", [None, [], "contacts", 3, {"period": 3}, {"period": {}}, {"criteria": "x"}, {"breakdown": ["source"]}])
def test_no_shape_of_json_breaks_it(raw: Any) -> None:
    assert problems(raw)


def test_a_sum_needs_a_number() -> None:
    assert problems({"measure": "sum"}) == [
        "A sum, an average or a median needs a number: choose the number property, or count the contacts."
    ]


def test_nothing_but_the_usual_is_a_report_of_all_contacts_by_month_of_creation() -> None:
    assert read({}, CATALOG) == Definition()


def test_a_whole_definition_is_read() -> None:
    raw = {
        "kind": "contacts",
        "version": 1,
        "criteria": {"version": 1, "groups": [{"filters": [{"property": "source", "operator": "any_of", "values": ["ads"]}]}]},
        "date_property": "birthday",
        "period": {"first": "2026-01-01", "last": "2026-03-31"},
        "grouping": "week",
        "breakdown": "interests",
        "number": "revenue",
        "measure": "average",
        "style": "cumulative",
    }
    assert read(raw, CATALOG) == Definition(
        criteria=all_of(Filter("source", "any_of", ("ads",))),
        date_property="birthday",
        period=Choice(Preset.CUSTOM, date(2026, 1, 1), date(2026, 3, 31)),
        grouping=Unit.WEEK,
        breakdown="interests",
        number="revenue",
        measure=Measure.AVERAGE,
        style=Style.CUMULATIVE,
    )


@settings(max_examples=60, deadline=None)
@given(DEFINITIONS)
def test_what_is_written_is_read_back(definition: Definition) -> None:
    assert read(json.loads(json.dumps(written(definition))), CATALOG) == definition


@pytest.mark.parametrize(
    ("definition", "english", "french"),
    [
        (Definition(), "Contacts by Createdate, all time", "Contacts par Createdate (fr), depuis le début"),
        (
            Definition(period=Choice(Preset.LAST_30_DAYS), breakdown="source", number="revenue"),
            "Contacts by Createdate, last 30 days by Source sum of Revenue",
            "Contacts par Createdate (fr), 30 derniers jours, par Source (fr), somme de Revenue (fr)",
        ),
        (
            Definition(period=Choice(Preset.CUSTOM, date(2026, 3, 1), date(2026, 3, 31)), number="revenue", measure=Measure.AVERAGE),
            "Contacts by Createdate, Mar 1\u2009–\u200931, 2026 average of Revenue",
            "Contacts par Createdate (fr), 1–31 mars 2026, moyenne de Revenue (fr)",
        ),
    ],
)
def test_the_title_follows_the_options(definition: Definition, english: str, french: str) -> None:
    with override("en"):
        assert wording.title(definition, CATALOG) == english
    with override("fr"):
        assert wording.title(definition, CATALOG) == french
