"""`{% load web %}`: icons, values in the reader's language, form fields, menus."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from jalon.web import formats, icons

register = template.Library()

register.filter("number", formats.number)
register.filter("money", formats.money)
register.filter("percent", formats.percent)
register.filter("duration", formats.duration)


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    return icons.icon(name, classes)


@register.filter
def date_local(value: date | datetime | None) -> SafeString | str:
    """The account-local date; an instant keeps its full self on hover."""
    return _time(value, formats.day(value)) if isinstance(value, datetime) else formats.day(value)


@register.filter
def instant(value: datetime | None) -> SafeString | str:
    """Date and time in the account's zone, the full instant on hover."""
    return _time(value, formats.moment(value)) if value else formats.DASH


def _time(value: datetime, shown: str) -> SafeString:
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), formats.full_moment(value), shown)


@register.filter
def translated(message: str) -> str:
    """A message id kept in a table (N_), in the reader's language."""
    return gettext(message) if message else ""


@register.simple_tag
def field(bound: BoundField, **attributes: str) -> SafeString:
    """A form field in the house's way: label above, help under, errors beside."""
    widget = bound.field.widget
    kind = _kind(widget)
    classes = {"select": "form-select", "check": "form-check-input", "choices": ""}.get(kind, "form-control")
    extra = {name.replace("_", "-"): value for name, value in attributes.items()}
    if bound.errors:
        classes += " is-invalid"
    control = bound.as_widget(attrs={**({"class": classes} if classes else {}), **extra})
    return SafeString(render_to_string("web/_field.html", {"field": bound, "control": control, "kind": kind}))


def _kind(widget: Any) -> str:
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        return "choices"
    if isinstance(widget, CheckboxInput):
        return "check"
    return "select" if isinstance(widget, Select) else "text"


@register.simple_block_tag
def kebab(content: str, id: str, key: Any = "", label: str = "", icon: str = "dots-vertical") -> SafeString:
    """A button that opens a small menu: `{% kebab id="row" key=12 %}<a href="…">…</a>{% endkebab %}`."""
    menu_id = f"{id}-{key}" if key != "" else id
    context = {"id": menu_id, "label": label or gettext("More actions"), "icon": icon, "content": content}
    return SafeString(render_to_string("web/_kebab.html", context))


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The page's own query string with some parameters changed; an empty value removes one."""
    request = context.get("request")
    parameters = request.GET.copy() if request else QueryDict(mutable=True)
    for name, value in changes.items():
        if value in (None, ""):
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}"
