"""Troubles in the present language, and the names that pages and commands show."""

from __future__ import annotations

from django.utils.translation import gettext

from jalon.imports.dates import Order
from jalon.imports.trouble import Trouble


def sentence(trouble: Trouble) -> str:
    """What is wrong, in the present language, with the column it is about."""
    values = {name: gettext(value.label) if isinstance(value, Order) else value for name, value in trouble.values.items()}
    text = gettext(trouble.message) % values if values else gettext(trouble.message)
    return gettext("%(column)s: %(sentence)s") % {"column": trouble.column, "sentence": text} if trouble.column else text
