"""Raw input becomes canonical text, or a sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.records.columns import FieldType, Option, PropertySpec, Type
from jalon.records.values import ISO, BadValue, Formats, canonical

OPTIONS = (Option("b", "Big", "Grand"), Option("s", "Small", "Petit"))
FRENCH = Formats(date_order="dmy", zone="Europe/Paris", decimal=",", labels=True, users={"alice@example.com": 7})
AMERICAN = Formats(date_order="mdy", zone="America/New_York", labels=True)


def spec(type: Type, field: FieldType | None = None, hint: str = "") -> PropertySpec:
    options = OPTIONS if type is Type.ENUMERATION else ()
    return PropertySpec("p", type, field or FieldType.TEXT, "P", "P", options=options, hint=hint)


@pytest.mark.parametrize(
    ("type", "raw", "text"),
    [
        (Type.STRING, "  x ", "x"),
        (Type.STRING, "   ", None),
        (Type.NUMBER, "0012.500", "12.5"),
        (Type.NUMBER, "-0", "0"),
        (Type.NUMBER, "1e3", "1000"),
        (Type.NUMBER, "0.0000005", "0.000001"),
        (Type.NUMBER, "0.0000004", "0"),
        (Type.NUMBER, 0.1, "0.1"),
        (Type.NUMBER, "1,234.5", "1234.5"),
        (Type.BOOL, True, "true"),
        (Type.BOOL, "FALSE", "false"),
        (Type.ENUMERATION, "s", "s"),
        (Type.DATE, "2024-05-06", "2024-05-06"),
        (Type.DATE, "1714953600000", "2024-05-06"),
        (Type.DATE, "2024-05-06T23:59:59Z", "2024-05-06"),
        (Type.DATETIME, "2024-05-06T07:08:09.1239Z", "2024-05-06T07:08:09.123Z"),
        (Type.DATETIME, "2024-05-06T07:08:09+02:00", "2024-05-06T05:08:09.000Z"),
        (Type.DATETIME, 1714953600123, "2024-05-06T00:00:00.123Z"),
        (Type.DATETIME, date(2024, 5, 6), "2024-05-06T00:00:00.000Z"),
        (Type.USER, "12", "12"),
    ],
)
def test_the_api_writes_iso(type: Type, raw: Any, text: str | None) -> None:
    assert canonical(spec(type), raw, formats=ISO) == text


@pytest.mark.parametrize(
    ("type", "raw", "text"),
    [
        (Type.NUMBER, "1 234,56", "1234.56"),
        (Type.NUMBER, "1.234,56", "1234.56"),
        (Type.NUMBER, "1 234", "1234"),
        (Type.BOOL, "Oui", "true"),
        (Type.ENUMERATION, "petit", "s"),
        (Type.ENUMERATION, "Small", "s"),
        (Type.DATE, "06/05/2024", "2024-05-06"),
        (Type.DATE, "6.5.24", "2024-05-06"),
        (Type.DATE, "2024-05-06", "2024-05-06"),
        (Type.DATETIME, "06/05/2024 14:30", "2024-05-06T12:30:00.000Z"),
        (Type.DATETIME, "06/05/2024", "2024-05-05T22:00:00.000Z"),
        (Type.USER, "Alice@example.com", "7"),
    ],
)
def test_a_french_file_is_read_as_it_is_written(type: Type, raw: str, text: str) -> None:
    assert canonical(spec(type), raw, formats=FRENCH) == text


def test_an_american_file_has_the_month_first_and_afternoons() -> None:
    assert canonical(spec(Type.DATE), "5/6/2024", formats=AMERICAN) == "2024-05-06"
    assert canonical(spec(Type.DATETIME), "5/6/2024 2:30 PM", formats=AMERICAN) == "2024-05-06T18:30:00.000Z"


def test_several_options_come_in_the_order_of_the_property() -> None:
    several = spec(Type.ENUMERATION, FieldType.CHECKBOX)
    assert canonical(several, "s; b;s") == "b;s"
    assert canonical(several, " ; ") is None
    assert canonical(several, "Petit;Grand", formats=FRENCH) == "b;s"


@pytest.mark.parametrize(
    ("type", "raw", "sentence"),
    [
        (Type.NUMBER, "twelve", "“twelve” is not a number; write it like 1234.56."),
        (Type.NUMBER, "NaN", "“NaN” is not a number; write it like 1234.56."),
        (Type.NUMBER, "1234567890123", "“1234567890123” is too large; at most 12 digits fit before the decimal point."),
        (Type.NUMBER, "999999999999.9999999", "“999999999999.9999999” is too large; at most 12 digits fit before the decimal point."),
        (Type.NUMBER, True, "“True” is not a number; write it like 1234.56."),
        (Type.BOOL, "maybe", "“maybe” is neither yes nor no; write true or false."),
        (Type.ENUMERATION, "Small", "“Small” is not one of the options (b, s)."),
        (Type.DATE, "2024-02-30", "“2024-02-30” is not a date; write it like 2024-05-31."),
        (Type.DATETIME, "2024-05-06 25:00", "“2024-05-06 25:00” is not a date and time; write it like 2024-05-31 14:30."),
        (Type.USER, "nobody@example.com", "Nobody here is called “nobody@example.com”; name the owner by e-mail address."),
        (Type.STRING, "x" * 70_000, "The text has 70000 characters; at most 65536 fit."),
        (Type.STRING, "a\x00b", "The text holds characters that cannot be stored (a NUL byte or half a character); remove them."),
    ],
)
def test_what_does_not_fit_gets_a_sentence(type: Type, raw: Any, sentence: str) -> None:
    with pytest.raises(BadValue) as refused:
        canonical(spec(type), raw)
    assert str(refused.value) == sentence


@pytest.mark.parametrize("address", ["plain", "a@b", "a b@example.com", "a@@example.com", "a@example..com", "é" * 255 + "@example.com"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(BadValue):
        canonical(spec(Type.STRING, hint="email"), address)


@given(st.decimals(-(10**11), 10**11, places=6))
def test_numbers_stay_exact(number: Decimal) -> None:
    text = canonical(spec(Type.NUMBER), str(number))
    assert text is not None
    assert Decimal(text) == number
    assert "E" not in text.upper()


@given(st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001  (hypothesis wants them so)
def test_instants_stay_exact_to_the_millisecond(moment: datetime) -> None:
    text = canonical(spec(Type.DATETIME), moment)
    assert text is not None
    assert datetime.fromisoformat(text) == moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@given(st.text(max_size=40))
def test_whatever_comes_in_is_stored_or_refused(raw: str) -> None:
    for type in Type:
        for formats in (ISO, FRENCH, AMERICAN):
            try:
                text = canonical(spec(type), raw, formats=formats)
            except BadValue:
                continue
            assert text is None or canonical(spec(type), text) == text, "canonical text is canonical"
