"""A figure of Home: its value in the last 14 days, its change against the 14 before, the address of its records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext

from jalon.accounts.access import Access, Scope
from jalon.charts import sparkline
from jalon.criteria.tree import Criteria, Filter, all_of
from jalon.dashboards import queries
from jalon.figures import addresses
from jalon.figures.measures import Change
from jalon.figures.periods import Period, Preset, previous, resolve
from jalon.records.columns import Catalog
from jalon.records.queries import catalogs
from jalon.web import formats

NEGLIGIBLE = Decimal("0.0005")  # shown as 0.0%


@dataclass(frozen=True, slots=True)
class Card:
    """Ready to be drawn. `direction` is up, down or flat; `good` is None where neither is better."""

    label: str
    value: str
    url: str = ""
    change: str = ""
    direction: str = "flat"
    good: bool | None = None
    formula: str = ""
    note: str = ""
    line: str = ""  # the path of its sparkline


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, and on which day."""

    access: Access
    today: date
    now: datetime

    @property
    def period(self) -> Period:
        return resolve(Preset.LAST_14_DAYS, self.today)

    @property
    def before(self) -> Period:
        found = previous(self.period)
        assert found is not None  # 14 days have 14 days before them
        return found

    def catalog(self, object_type: str, *names: str) -> Catalog | None:
        """The object type, if the person sees records of it and it has these properties."""
        catalog = catalogs().get(object_type)
        if catalog is None or self.access.scope(object_type) is Scope.NONE or not set(names) <= set(catalog.properties):
            return None
        return catalog

    def count(self, catalog: Catalog, criteria: Criteria) -> int:
        return queries.counted(self.access, catalog, criteria, self.now)

    def line(self, catalog: Catalog, criteria: Criteria, date: str, number: str = "") -> str:
        """The sparkline of the period, day by day."""
        return sparkline.path(queries.by_day(self.access, catalog, criteria, date, self.period, self.now, number))


def in_days(catalog: Catalog, name: str, period: Period, *more: Filter) -> Criteria:
    """The records whose date lies in the period, and for which the other filters hold."""
    return all_of(addresses.on_days(catalog.properties[name], period.first, period.last), *more)


def drawn(label: str, change: Change, value: str, url: str | None, formula: str, line: str = "") -> Card:
    """A card for a figure of which more is better."""
    words, difference = _words(change)
    direction = "flat" if difference is None or abs(difference) < NEGLIGIBLE else "up" if difference > 0 else "down"
    good = None if direction == "flat" else direction == "up"
    return Card(label, value, url or "", words, direction, good, formula, gettext("14 days, against the 14 before"), line)


def _words(change: Change) -> tuple[str, Decimal | None]:
    if change.rate:
        points = change.points
        return ("" if points is None else gettext("%(points)s pts") % {"points": formats.number(points, 1)}), points
    ratio = change.ratio
    return ("" if ratio is None else formats.change(ratio)), ratio
