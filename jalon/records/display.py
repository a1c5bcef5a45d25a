"""Values as people read them: an option's label, a user's name, an amount in the account's currency, a local date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext

from jalon.accounts.queries import account, users
from jalon.records import looks, richtext
from jalon.records.columns import CURRENCY, FieldType, PropertySpec, Source
from jalon.records.values import parse_instant
from jalon.warehouse.schema import Kind
from jalon.warehouse.words import N_
from jalon.web import formats

TONES = 8  # colors of avatars

SOURCES = {
    Source.USER: N_("By hand"),
    Source.FORM: N_("Form"),
    Source.CONVERSATION: N_("Conversation"),
    Source.BOT: N_("Bot"),
    Source.WORKFLOW: N_("Workflow"),
    Source.INTEGRATION: N_("Integration"),
    Source.API: N_("API"),
    Source.BULK_EDIT: N_("Bulk edit"),
    Source.IMPORT: N_("Import"),
    Source.UNDO: N_("Undo"),
    Source.MERGE: N_("Merging"),
    Source.CALCULATED: N_("Calculated"),
    Source.SYSTEM: N_("Jalon"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A value ready for a page. `parts` are the labels of its options; `tone` colors a single option, unless it has an emoji."""

    text: str = ""
    title: str = ""
    kind: Kind = Kind.STRING
    parts: tuple[str, ...] = ()
    tone: int = -1
    link: str = ""
    emoji: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)


NOTHING = Shown()


class Display:
    """Shows values to one reader; made once per page, so that users are read once."""

    def __init__(self, names: Mapping[int, str] | None = None) -> None:
        self.language = get_language() or "en"
        self.currency = account().currency
        self.now = timezone.now()
        self._names = names
        self._tones: dict[int, Mapping[str, int]] = {}  # by the identity of a property: those of a catalog outlive a page

    @property
    def names(self) -> Mapping[int, str]:
        if self._names is None:
            self._names = {user.id: user.name for user in users()}
        return self._names

    def person(self, id: int | None) -> str:
        """Who did something: a user by name, or Jalon itself."""
        if id is None:
            return "Jalon"
        return self.names.get(id) or gettext("User %(id)s") % {"id": id}

    def show(self, spec: PropertySpec, value: Any, record: Mapping[str, Any] | None = None) -> Shown:
        """A value of the columns or of a record, typed or canonical text; an amount may be in a currency that the record names."""
        if value is None or value == "":
            return NOTHING
        match spec.kind:
            case Kind.NUMBER | Kind.INTEGER:
                return Shown(self._number(spec, value, record or {}), kind=spec.kind)
            case Kind.BOOL:
                return Shown(gettext("Yes") if value in (True, "true") else gettext("No"), kind=spec.kind)
            case Kind.ENUMERATION:
                return self._option(spec, str(value))
            case Kind.MULTI:
                parts = tuple(self._label(spec, part) for part in str(value).strip(";").split(";"))
                return Shown(", ".join(parts), kind=spec.kind, parts=parts)
            case Kind.DATE:
                day = value if isinstance(value, date) else date.fromisoformat(str(value))
                return self._when(spec, day, formats.day(day), "")
            case Kind.DATETIME:
                moment = value if isinstance(value, datetime) else parse_instant(str(value))
                return self._when(spec, moment, formats.day(moment), formats.full_moment(moment))
            case Kind.USER:
                return Shown(self.person(int(value)), kind=spec.kind)
        text = richtext.plain(str(value)) if spec.field_type is FieldType.HTML else str(value)
        return Shown(text, text if len(text) > 40 else "", Kind.STRING, link=_link(spec, text))

    def _number(self, spec: PropertySpec, value: Any, record: Mapping[str, Any]) -> str:
        match spec.hint:
            case "unformatted":
                return f"{Decimal(str(value)):f}"
            case "currency":
                return formats.money(value, self.currency)
            case "record_currency":
                return formats.money(value, record.get(CURRENCY) or self.currency)
            case "percentage" | "probability":
                return formats.percent(value)
            case "duration":
                return formats.duration(int(Decimal(str(value))))
        return formats.number(value)

    def _when(self, spec: PropertySpec, when: date | datetime, absolute: str, full: str) -> Shown:
        """A day as it is, or how far it lies from now; what is not shown stands behind it."""
        if spec.hint == "absolute_with_relative":
            return Shown(f"{absolute} ({formats.apart(when, self.now)})", full, spec.kind)
        if spec.hint in ("time_since", "time_until"):
            return Shown(formats.apart(when, self.now), full or absolute, spec.kind)
        return Shown(absolute, full, spec.kind)

    def _option(self, spec: PropertySpec, value: str) -> Shown:
        tones = self._tones.get(id(spec))
        if tones is None:
            tones = self._tones[id(spec)] = looks.tones(spec.options)
        option = spec.option(value)
        emoji = option.emoji if option else ""
        return Shown(option.label(self.language) if option else value, kind=Kind.ENUMERATION, tone=tones.get(value, -1), emoji=emoji)

    def _label(self, spec: PropertySpec, value: str) -> str:
        """An option that was taken away keeps its internal value."""
        option = spec.option(value)
        return option.label(self.language) if option else value


def source_words(source: str, detail: str = "") -> str:
    """Where a change came from: "Import · contacts.csv"."""
    words = gettext(SOURCES[Source(source)]) if source in {known.value for known in Source} else source
    return f"{words} · {detail}" if detail else words


def _link(spec: PropertySpec, text: str) -> str:
    if spec.hint == "email":
        return f"mailto:{text}"
    if spec.hint == "phone":
        return f"tel:{''.join(letter for letter in text if letter.isdigit() or letter == '+')}"
    if spec.hint == "domain" and " " not in text:
        return text if text.startswith(("http://", "https://")) else f"https://{text}"
    return ""
