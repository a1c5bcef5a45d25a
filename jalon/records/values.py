"""Raw input to canonical text, one compiled function per property. Pure.

Canonical text is what PostgreSQL, the change log, files and the API hold: "12.5", "true", "a;b", "2024-05-06",
"2024-05-06T07:08:09.123Z". A value that does not fit is refused with a sentence, never mended in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import partial
from typing import Any, Final
from unicodedata import normalize
from zoneinfo import ZoneInfo

from jalon.records import richtext
from jalon.records.columns import FieldType, PropertySpec
from jalon.warehouse.characters import is_storable
from jalon.warehouse.schema import Kind
from jalon.warehouse.words import N_

MAX_TEXT: Final = 65_536
SIX_PLACES: Final = Decimal("0.000001")
LARGEST: Final = Decimal(10) ** 12
TRUE: Final = frozenset({"true", "yes", "oui", "vrai", "1", "x", "on"})
FALSE: Final = frozenset({"false", "no", "non", "faux", "0", "off"})
EMAIL: Final = re.compile(r"[^@\s<>()\[\],;:\"]+@[^@\s<>()\[\],;:\".]+(\.[^@\s<>()\[\],;:\".]+)+")
WHOLE: Final = re.compile(r"-?[1-9]\d{0,11}|0")
EPOCH_MS: Final = re.compile(r"-?\d{9,14}")
DATE_PARTS: Final = re.compile(r"(\d{1,4})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{1,4})")
TIME_PARTS: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6}))?)?\s*([AaPp][Mm])?")

Canonicalizer = Callable[[Any], str | None]


class BadValue(ValueError):
    """A value that does not fit. `message` is an English message id with named places, filled by `params`."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message % params if params else message)
        self.message = message
        self.params = params


@dataclass(frozen=True, slots=True)
class Formats:
    """How raw input is written. The defaults are the API's; an import says what its file does.

    `date_order` is one of "iso", "dmy", "mdy", "ymd"; `zone` is that of instants without one; `labels` lets options be
    named by their label in either language and booleans by yes/no words; `users` names owners by e-mail or name.
    """

    date_order: str = "iso"
    zone: str = "UTC"
    decimal: str = "."
    labels: bool = False
    users: Mapping[str, int] = field(default_factory=dict)


ISO: Final = Formats()


def canonicalizer(spec: PropertySpec, formats: Formats = ISO) -> Canonicalizer:
    """A function from one raw value of `spec` to its canonical text, None for an empty one; raises BadValue."""
    parse = _parser(spec, formats)
    return parse if parse is _text else partial(_known, parse)


def canonical(spec: PropertySpec, raw: Any, *, formats: Formats = ISO) -> str | None:
    """One value; many of them want `canonicalizer`, which looks the property over once."""
    return canonicalizer(spec, formats)(raw)


def _known(parse: Callable[[Any], str | None], raw: Any) -> str | None:
    if raw is None:
        return None
    if isinstance(raw, str):
        raw = raw.strip()
        if not raw:
            return None
    return parse(raw)


def _parser(spec: PropertySpec, formats: Formats) -> Callable[[Any], str | None]:
    match spec.kind:
        case Kind.NUMBER:
            return partial(_number, formats.decimal)
        case Kind.BOOL:
            return _bool
        case Kind.ENUMERATION:
            return partial(_option, _choices(spec, formats), spec)
        case Kind.MULTI:
            order = {option.value: place for place, option in enumerate(spec.options)}
            return partial(_options, _choices(spec, formats), order, spec)
        case Kind.DATE:
            return partial(_date, formats.date_order)
        case Kind.DATETIME:
            return partial(_instant, formats.date_order, ZoneInfo(formats.zone))
        case Kind.USER:
            return partial(_user, formats.users)
        case _ if spec.hint == "email":
            return _email
        case _ if spec.field_type is FieldType.HTML:
            return _rich
        case _:
            return _text


def _text(raw: Any) -> str | None:
    """Most of all values are text, so this one does without `_known`."""
    if raw is None:
        return None
    text = (raw if isinstance(raw, str) else str(raw)).strip()
    if len(text) > MAX_TEXT:
        raise BadValue(N_("The text has %(length)d characters; at most %(most)d fit."), length=len(text), most=MAX_TEXT)
    if not is_storable(text):
        raise BadValue(N_("The text holds characters that cannot be stored (a NUL byte or half a character); remove them."))
    if not text.isascii():
        text = normalize("NFC", text)  # an accent typed as two characters is the same letter
    return text or None


def _rich(raw: Any) -> str | None:
    text = _text(raw)
    return richtext.clean(text) or None if text else None


def _email(raw: Any) -> str:
    text = (_text(raw) or "").lower()
    if len(text) > 254 or not EMAIL.fullmatch(text):
        raise BadValue(N_("“%(value)s” is not an e-mail address; one looks like name@example.com."), value=_short(text))
    return text


def _number(decimal: str, raw: Any) -> str:
    if isinstance(raw, str):
        if WHOLE.fullmatch(raw):
            return raw
        text = re.sub("[\\s\u00a0\u202f']", "", raw)
        text = text.replace(".", "").replace(",", ".") if decimal == "," else text.replace(",", "")
    else:
        text = repr(raw) if isinstance(raw, float) else str(raw)
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(raw, bool) or not number.is_finite():
        raise BadValue(N_("“%(value)s” is not a number; write it like 1234.56."), value=_short(raw))
    if abs(number) >= LARGEST:
        raise BadValue(N_("“%(value)s” is too large; at most 12 digits fit before the decimal point."), value=_short(raw))
    number = number.quantize(SIX_PLACES, ROUND_HALF_UP)
    if abs(number) >= LARGEST:
        raise BadValue(N_("“%(value)s” is too large; at most 12 digits fit before the decimal point."), value=_short(raw))
    plain = f"{number:f}".rstrip("0").rstrip(".")
    return "0" if plain == "-0" else plain


def _bool(raw: Any) -> str:
    if isinstance(raw, bool):
        return "true" if raw else "false"
    word = str(raw).lower()
    if word in TRUE:
        return "true"
    if word in FALSE:
        return "false"
    raise BadValue(N_("“%(value)s” is neither yes nor no; write true or false."), value=_short(raw))


def _choices(spec: PropertySpec, formats: Formats) -> dict[str, str]:
    """Internal values, and where the formats allow it labels in both languages, which never hide an internal value."""
    named: dict[str, str] = {}
    if formats.labels:
        for option in reversed(spec.options):
            named |= {word.casefold(): option.value for word in (option.label_en, option.label_fr, option.value) if word}
    return named | {option.value: option.value for option in spec.options}


def _option(choices: dict[str, str], spec: PropertySpec, raw: Any) -> str:
    text = raw if isinstance(raw, str) else ("true" if raw is True else "false" if raw is False else str(raw))
    value = choices.get(text) or choices.get(text.casefold())
    if value is None:
        some = ", ".join(option.value for option in spec.options[:6]) + (", …" if len(spec.options) > 6 else "")
        raise BadValue(N_("“%(value)s” is not one of the options (%(options)s)."), value=_short(text), options=some)
    return value


def _options(choices: dict[str, str], order: dict[str, int], spec: PropertySpec, raw: Any) -> str | None:
    parts = raw if isinstance(raw, list | tuple | set | frozenset) else str(raw).split(";")
    values = {_option(choices, spec, part.strip()) for part in parts if part.strip()}
    return ";".join(sorted(values, key=order.__getitem__)) or None


def _date(order: str, raw: Any) -> str:
    if isinstance(raw, datetime):
        return raw.date().isoformat()
    if isinstance(raw, date):
        return raw.isoformat()
    return _day(order, str(raw)).isoformat()


def _day(order: str, text: str) -> date:
    try:
        if order == "iso":
            if EPOCH_MS.fullmatch(text):
                return datetime.fromtimestamp(int(text) / 1000, UTC).date()
            return date.fromisoformat(text[:10]) if len(text) > 10 and text[10] in "T " else date.fromisoformat(text)
        return _ordered_day(order, text)
    except (ValueError, OverflowError, OSError) as error:
        like = {"iso": "2024-05-31", "ymd": "2024/05/31", "dmy": "31/05/2024", "mdy": "05/31/2024"}[order]
        raise BadValue(N_("“%(value)s” is not a date; write it like %(like)s."), value=_short(text), like=like) from error


def _ordered_day(order: str, text: str) -> date:
    parts = DATE_PARTS.fullmatch(text)
    if parts is None:
        return date.fromisoformat(text)
    numbers = [int(part) for part in parts.groups()]
    if len(parts[1]) == 4:  # a year in front says its own order
        order = "ymd"
    year, month, day = (numbers[order.index(letter)] for letter in "ymd")
    if year < 100:
        year += 2000 if year < 70 else 1900
    return date(year, month, day)


def _instant(order: str, zone: ZoneInfo, raw: Any) -> str:
    if isinstance(raw, datetime):
        moment = raw
    elif isinstance(raw, date):
        moment = datetime(raw.year, raw.month, raw.day)  # noqa: DTZ001  (its zone is put on by _instant)
    elif isinstance(raw, int | float) or EPOCH_MS.fullmatch(raw):
        moment = _from_epoch(raw)
    else:
        moment = _moment(order, str(raw))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    try:
        return instant_text(moment)
    except OverflowError as error:
        raise BadValue(N_("“%(value)s” is not a date and time that can be stored."), value=_short(raw)) from error


def _from_epoch(raw: Any) -> datetime:
    try:
        return datetime.fromtimestamp(int(raw) / 1000, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadValue(N_("“%(value)s” is not a date and time that can be stored."), value=_short(raw)) from error


def _moment(order: str, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    day, _, clock = text.partition(" ")
    time = TIME_PARTS.fullmatch(clock.strip()) if clock else None
    if clock and time is None:
        raise BadValue(N_("“%(value)s” is not a date and time; write it like 2024-05-31 14:30."), value=_short(text))
    start = _day(order, day)
    if time is None:
        return datetime(start.year, start.month, start.day)  # noqa: DTZ001  (its zone is put on by _instant)
    hour, minute, second = int(time[1]), int(time[2]), int(time[3] or 0)
    if time[5]:
        hour = hour % 12 + (12 if time[5].lower() == "pm" else 0)
    try:
        return datetime(start.year, start.month, start.day, hour, minute, second, int((time[4] or "0").ljust(6, "0")))  # noqa: DTZ001  (its zone is put on by _instant)
    except ValueError as error:
        raise BadValue(N_("“%(value)s” is not a date and time; write it like 2024-05-31 14:30."), value=_short(text)) from error


def _user(users: Mapping[str, int], raw: Any) -> str:
    text = str(raw)
    found = users.get(text.casefold())
    if found is not None:
        return str(found)
    if text.isascii() and text.isdigit() and len(text) < 19:
        return str(int(text))
    raise BadValue(N_("Nobody here is called “%(value)s”; name the owner by e-mail address."), value=_short(text))


def instant_text(moment: datetime) -> str:
    """An aware instant as canonical text, cut to milliseconds."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def parse_instant(text: str) -> datetime:
    """The aware instant of a canonical text."""
    return datetime.fromisoformat(text)


def _short(raw: Any) -> str:
    text = str(raw)
    return text if len(text) <= 60 else text[:59] + "…"
