"""What the palette finds among lists: those whose name holds all the typed words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from jalon.accounts.access import Access
from jalon.accounts.pages import Hit, HitGroup
from jalon.lists import queries
from jalon.lists.queries import ListView
from jalon.warehouse.folding import fold

SHOWN: Final = 5
ADDRESS: Final = re.compile(r"/lists/(\d{1,18})/")


def find(access: Access, typed: str) -> list[HitGroup]:
    """Lists that the person may see, with the page that shows them all."""
    words = fold(typed).split()
    if not words or not access.may("lists.view"):
        return []
    hits = [_hit(each) for each in queries.found(access) if all(word in fold(each.name) for word in words)]
    url = f"{reverse('lists:index')}?{urlencode({'q': typed})}"
    return [HitGroup(gettext("Lists"), tuple(hits[:SHOWN]), len(hits), url)] if hits else []


def recall(access: Access, paths: Sequence[str]) -> list[Hit]:
    """The lists at these addresses that the person may still see."""
    visited = {int(match[1]) for path in paths if (match := ADDRESS.fullmatch(path))}
    if not visited or not access.may("lists.view"):
        return []
    return [_hit(each) for each in queries.found(access) if each.id in visited]


def _hit(found: ListView) -> Hit:
    return Hit(found.name, found.description, "list-details", reverse("lists:list", args=[found.id]))
