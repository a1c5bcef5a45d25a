"""The reports that stand on somebody's Home: rows of the tables that the pages of reports read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext

from jalon.accounts.access import Access
from jalon.dashboards import queries
from jalon.reports.pages import Place, Toggle
from jalon.warehouse.words import N_

PIN = Toggle(N_("Pin to Home"), N_("Unpin from Home"), "pin", "pinned-off", "pin", lambda access: frozenset(queries.pinned(access)))


def places(access: Access) -> Mapping[int, Sequence[Place]]:
    """Somebody's own Home; that of others is their own business."""
    home = Place(gettext("Home"), reverse("home"))
    return dict.fromkeys(queries.pinned(access), (home,))
