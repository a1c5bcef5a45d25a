"""What the palette finds among reports: those whose title holds all the typed words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from jalon.accounts.access import Access
from jalon.accounts.pages import Hit, HitGroup
from jalon.reports import queries
from jalon.reports.kinds import every
from jalon.reports.queries import ReportView
from jalon.warehouse.folding import fold

SHOWN: Final = 5
ADDRESS: Final = re.compile(r"/reports/(\d{1,18})/")


def find(access: Access, typed: str) -> list[HitGroup]:
    """Reports that the person may see, the last edited first, with the page that shows them all."""
    words = fold(typed).split()
    if not words or not access.may("reports.view"):
        return []
    hits = [_hit(report, title) for report, title in _titles(access) if all(word in fold(title) for word in words)]
    url = f"{reverse('reports:home')}?{urlencode({'q': typed})}"
    return [HitGroup(gettext("Reports"), tuple(hits[:SHOWN]), len(hits), url)] if hits else []


def recall(access: Access, paths: Sequence[str]) -> list[Hit]:
    """The reports at these addresses that the person may still see."""
    visited = {int(match[1]) for path in paths if (match := ADDRESS.fullmatch(path))}
    if not visited or not access.may("reports.view"):
        return []
    return [_hit(report, title) for report, title in _titles(access) if report.id in visited]


def _titles(access: Access) -> list[tuple[ReportView, str]]:
    return [(report, queries.title_of(report)) for report in queries.reports(access)]


def _hit(report: ReportView, title: str) -> Hit:
    return Hit(title, report.owner_name, every.kind_of(report.raw).icon, reverse("reports:report", args=[report.id]))
