"""`{% load records %}`: what the templates of records ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString

from jalon.accounts.access import Access
from jalon.records.columns import Source
from jalon.web import icons

register = template.Library()

SOURCE_ICONS = {
    Source.USER: "pencil",
    Source.FORM: "forms",
    Source.CONVERSATION: "message",
    Source.BOT: "robot",
    Source.WORKFLOW: "sitemap",
    Source.INTEGRATION: "plug",
    Source.API: "api",
    Source.BULK_EDIT: "edit",
    Source.IMPORT: "file-import",
    Source.UNDO: "arrow-back-up",
    Source.MERGE: "arrow-merge",
    Source.CALCULATED: "calculator",
    Source.SYSTEM: "settings",
}


@register.filter
def may(access: Access, permission: str) -> bool:
    return access.may(permission)


@register.simple_tag
def source_icon(source: str) -> SafeString:
    """The drawing for where a change came from; the words beside it say it too."""
    return icons.icon({known.value: name for known, name in SOURCE_ICONS.items()}.get(source, "point"))


@register.filter
def get(values: Mapping[str, Any], name: str) -> Any:
    """The value under a name that only the template knows."""
    return values.get(name)
