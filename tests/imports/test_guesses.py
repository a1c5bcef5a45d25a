"""What a file says of itself: which column is which property, how its dates and numbers are written."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from jalon.imports.converting import Reading, as_bool, as_text, column
from jalon.imports.dates import Order, as_date, as_instant, guess_order
from jalon.imports.mapping import guess_mapping
from jalon.imports.numbers import as_number, guess_decimal
from jalon.imports.trouble import Trouble
from jalon.records.columns import Catalog, FieldType, Option, PropertySpec, Type

PARIS = ZoneInfo("Europe/Paris")


def spec(
    name: str, label_en: str, label_fr: str, type: Type = Type.STRING, field: FieldType = FieldType.TEXT, *options: Option
) -> PropertySpec:
    return PropertySpec(name, type, field, label_en, label_fr, options=options)


CATALOG = Catalog(
    "contact",
    "contacts",
    "Contact",
    "Contact",
    "Contacts",
    "Contacts",
    ("firstname",),
    properties={
        one.name: one
        for one in (
            spec("email", "E-mail", "E-mail"),
            spec("firstname", "First name", "Prénom"),
            spec("lastname", "Last name", "Nom"),
            spec("trial_end", "Trial end date", "Fin de l’essai", Type.DATE, FieldType.DATE),
            spec("city", "City", "Ville"),
        )
    },
)


@pytest.mark.parametrize(
    ("heading", "cells", "name"),
    [
        ("EMAIL", ("a@b.fr",), "email"),
        ("Adresse e-mail", ("a@b.fr",), "email"),
        ("courriel", ("a@b.fr",), "email"),
        ("Contact principal", ("a@b.fr", "c@d.fr", ""), "email"),
        ("firstName", ("Ann",), "firstname"),
        ("PRÉNOM", ("Ann",), "firstname"),
        ("Nom de famille", ("Dupont",), "lastname"),
        ("ville", ("Paris",), "city"),
        ("Trial_end_date", ("31/12/2024",), "trial_end"),
        ("Trial end (date)", ("31/12/2024",), "trial_end"),
        ("End date (trial)", ("maybe", "no"), ""),
        ("Fin de l'essai", ("31/12/2024",), "trial_end"),
        ("Shoe size", ("42",), ""),
    ],
)
def test_a_column_is_known_by_its_heading_or_by_what_it_holds(heading: str, cells: tuple[str, ...], name: str) -> None:
    assert guess_mapping([heading], [cells], CATALOG)[0].property == name


def test_no_property_is_guessed_for_two_columns_and_the_better_reason_wins() -> None:
    guesses = guess_mapping(["mail", "email", "Prénom"], [("a@b.fr",), ("c@d.fr",), ("Ann",)], CATALOG)
    assert [(guess.property, guess.reason) for guess in guesses] == [("", ""), ("email", "name"), ("firstname", "label")]


@pytest.mark.parametrize(
    ("cells", "order", "certain", "mixed"),
    [
        (("10/20/2016", "3/1/2017"), Order.MDY, True, False),
        (("20/10/2016", "3/1/2017"), Order.DMY, True, False),
        (("3/1/2017", "4/5/2017"), Order.DMY, False, False),
        (("5/5/2017",), Order.DMY, True, False),
        (("2017-01-03",), Order.DMY, True, False),
        (("13/1/2016", "1/13/2016"), Order.DMY, True, True),
    ],
)
def test_the_order_of_day_and_month_is_told_from_the_data_and_doubt_is_said(
    cells: tuple[str, ...], order: Order, certain: bool, mixed: bool
) -> None:
    guess = guess_order(cells)
    assert (guess.order, guess.certain, guess.mixed) == (order, certain, mixed)


@pytest.mark.parametrize(
    ("text", "date", "instant"),
    [
        ("06/05/2024", "2024-05-06", "2024-05-05T22:00:00.000Z"),
        ("6.5.24", "2024-05-06", "2024-05-05T22:00:00.000Z"),
        ("2024-05-06T07:08:09.123Z", "2024-05-06", "2024-05-06T07:08:09.123Z"),
        ("06/05/2024 3:04 PM", "2024-05-06", "2024-05-06T13:04:00.000Z"),
        ("6 mai 2024 à 14h30", "2024-05-06", "2024-05-06T12:30:00.000Z"),
        ("lundi 6 mai 2024", "2024-05-06", "2024-05-05T22:00:00.000Z"),
        ("Mon, 6 May 2024 10:11:12 +0200", "2024-05-06", "2024-05-06T08:11:12.000Z"),
        ("1er août 2020", "2020-08-01", "2020-07-31T22:00:00.000Z"),
        ("20240506", "2024-05-06", "2024-05-05T22:00:00.000Z"),
        ("1714953600000", "2024-05-06", "2024-05-06T00:00:00.000Z"),
        ("2024-05-06T23:30:00Z", "2024-05-07", "2024-05-06T23:30:00.000Z"),
    ],
)
def test_dates_are_read_as_people_and_other_systems_write_them(text: str, date: str, instant: str) -> None:
    assert (as_date(text, Order.DMY, PARIS), as_instant(text, Order.DMY, PARIS)) == (date, instant)


@pytest.mark.parametrize("text", ["31/02/2024", "2024-13-01", "tomorrow", "6 mai", "12:30", "06/05/2024 25:00", "32 mai 2024", "1/2"])
def test_what_is_no_date_is_refused(text: str) -> None:
    assert isinstance(as_date(text, Order.DMY, UTC), Trouble)


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [
        ("1 234,5", ",", "1234.5"),
        ("1.234.567,89", ",", "1234567.89"),
        ("1,234.5", ".", "1234.5"),
        ("€ 1 200,00", ",", "1200.00"),
        ("12 %", ".", "12"),
        ("(5.5)", ".", "-5.5"),
        ("−3", ".", "-3"),
        ("1e5", ".", "1e5"),
        (",5", ",", "0.5"),
        ("1'200.5", ".", "1200.5"),
    ],
)
def test_numbers_are_read_with_the_decimal_mark_of_the_import(text: str, mark: str, number: str) -> None:
    assert as_number(text, mark) == number


@pytest.mark.parametrize(("text", "mark"), [("12,5", "."), ("1,23,456", "."), ("12.5", ","), ("twelve", "."), ("1-2", "."), ("", ".")])
def test_a_number_of_the_other_way_of_writing_is_refused_and_never_guessed(text: str, mark: str) -> None:
    assert isinstance(as_number(text, mark), Trouble)


@pytest.mark.parametrize(
    ("cells", "mark"), [(("1 234,5", "12"), ","), (("1,234.5",), "."), (("1100.04",), "."), (("1,234",), "."), (("0,125",), ",")]
)
def test_the_decimal_mark_is_told_from_the_numbers(cells: tuple[str, ...], mark: str) -> None:
    assert guess_decimal(cells) == mark


def test_yes_and_no_are_known_in_both_languages() -> None:
    assert [as_bool(word) for word in ("Oui", "VRAI", "yes", "1", "x")] == ["true"] * 5
    assert [as_bool(word) for word in ("non", "Faux", "No", "0")] == ["false"] * 4
    assert isinstance(as_bool("maybe"), Trouble)


@pytest.mark.parametrize(
    ("text", "value"),
    [("'=1+1", "=1+1"), ("'+33 6 12", "+33 6 12"), ("+33 6 12", "+33 6 12"), ("-", "-"), ("@handle", "@handle"), ("'n Sync", "'n Sync")],
)
def test_texts_that_only_look_like_formulas_go_in(text: str, value: str) -> None:
    assert as_text(text) == value


@pytest.mark.parametrize("text", ["=1+1", "=HYPERLINK(A1)", "+cmd|' /C calc'!A0", "@SUM(A1)", "-Sheet1!A1"])
def test_formulas_are_refused(text: str) -> None:
    assert isinstance(as_text(text), Trouble)


def test_an_internal_value_wins_over_the_label_of_another_option() -> None:
    stages = spec(
        "s", "S", "S", Type.ENUMERATION, FieldType.SELECT, Option("lead", "Customer", "Client"), Option("customer", "Lead", "Piste")
    )
    convert = column(stages, Reading(), lambda text: text)
    assert convert(["lead", "LEAD", "customer", "Piste", "client", " lead ", ""]) == [
        "lead",
        "lead",
        "customer",
        "customer",
        "lead",
        "lead",
        "",
    ]
