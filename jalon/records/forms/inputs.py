"""Inputs for properties: one for each kind of value, and what a person typed into them, read with a sentence for each mistake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import get_language, gettext

from jalon.accounts.queries import account, users
from jalon.records import richtext
from jalon.records.actions import sentence_of
from jalon.records.columns import FieldType, PropertySpec
from jalon.records.values import BadValue, Formats, canonical, parse_instant
from jalon.warehouse.schema import Kind

INPUT_TYPES = {"email": "email", "phone": "tel"}
PREFIX = "property-"


@dataclass(frozen=True, slots=True)
class Input:
    """One property in a form. `control` is the kind of control, `value` what stands in it, `values` the ticked ones of several."""

    spec: PropertySpec
    label: str
    control: str  # text, textarea, date, datetime-local, select, checks
    value: str = ""
    values: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    input_type: str = "text"
    error: str = ""

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.spec.name}"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: canonical text by property ("" clears), and a sentence for each value that does not fit."""

    values: Mapping[str, str]
    errors: Mapping[str, str]


def inputs(specs: Iterable[PropertySpec], values: Mapping[str, str], errors: Mapping[str, str] | None = None) -> list[Input]:
    """The inputs of these properties, filled with a record's canonical values."""
    return [_input(spec, _written(spec, values.get(spec.name, "")), (errors or {}).get(spec.name, "")) for spec in specs]


def inputs_again(specs: Iterable[PropertySpec], posted: QueryDict, errors: Mapping[str, str]) -> list[Input]:
    """The inputs as they were sent, so that nothing is lost on a mistake."""
    return [_input(spec, ";".join(posted.getlist(f"{PREFIX}{spec.name}")), errors.get(spec.name, "")) for spec in specs]


def read(specs: Iterable[PropertySpec], posted: QueryDict) -> Typed:
    """Reads the inputs of a form. A property whose input was not in the form is left alone."""
    formats = Formats(zone=account().zone)
    values, errors = {}, {}
    for spec in specs:
        name = f"{PREFIX}{spec.name}"
        if name not in posted:
            continue
        raw = ";".join(part for part in posted.getlist(name) if part)
        try:
            values[spec.name] = canonical(spec, _local(spec, raw), formats=formats) or ""
        except BadValue as bad:
            errors[spec.name] = sentence_of(bad)
    return Typed(values, errors)


def editable(spec: PropertySpec) -> bool:
    """Whether a person may type a value: not what Jalon keeps, not a file, which has no place yet."""
    return not (spec.read_only_value or spec.is_computed or spec.field_type is FieldType.FILE)


def _input(spec: PropertySpec, value: str, error: str) -> Input:
    language = get_language() or "en"
    label = spec.label(language)
    match spec.kind:
        case Kind.MULTI:
            chosen = tuple(part for part in value.split(";") if part)
            return Input(spec, label, "checks", values=chosen, choices=_options(spec, chosen, language), error=error)
        case Kind.ENUMERATION:
            return Input(spec, label, "select", value, choices=_options(spec, (value,), language), error=error)
        case Kind.BOOL:
            return Input(spec, label, "select", value, choices=(("true", gettext("Yes")), ("false", gettext("No"))), error=error)
        case Kind.USER:
            return Input(spec, label, "select", value, choices=_people(value), error=error)
        case Kind.DATE:
            return Input(spec, label, "date", value, error=error)
        case Kind.DATETIME:
            return Input(spec, label, "datetime-local", value, error=error)
    control = "textarea" if spec.field_type is FieldType.TEXTAREA or spec.hint == "multi_line" else "text"
    control = "rich" if spec.field_type is FieldType.HTML else control
    return Input(spec, label, control, value, input_type=INPUT_TYPES.get(spec.hint, "text"), error=error)


def _options(spec: PropertySpec, chosen: Iterable[str], language: str) -> tuple[tuple[str, str], ...]:
    """The options on offer; a hidden one only where the record has it."""
    kept = set(chosen)
    return tuple((option.value, option.label(language)) for option in spec.options if not option.hidden or option.value in kept)


def _people(value: str) -> tuple[tuple[str, str], ...]:
    return tuple((str(user.id), user.in_pickers) for user in users() if user.active or str(user.id) == value)


def _written(spec: PropertySpec, value: str) -> str:
    """Canonical text as the input writes it: a local instant, a decimal comma in French, a rich text cleaned once more."""
    if value and spec.field_type is FieldType.HTML:
        return richtext.clean(value)
    if value and spec.kind is Kind.DATETIME:
        local = parse_instant(value).astimezone(ZoneInfo(account().zone))
        return local.strftime("%Y-%m-%dT%H:%M")
    if spec.kind is Kind.NUMBER and (get_language() or "en").startswith("fr"):
        return value.replace(".", ",")
    return value


def _local(spec: PropertySpec, raw: str) -> str:
    """A French number has a decimal comma, and its thousands are set off by spaces, never by dots."""
    if spec.kind is Kind.NUMBER and (get_language() or "en").startswith("fr"):
        return raw.replace(",", ".")
    return raw
