"""The starting points of a new contacts report (spec 3.3): definitions that only name properties this account has. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from jalon.figures.measures import Measure
from jalon.figures.periods import Choice, Preset, Unit
from jalon.records.columns import Catalog
from jalon.reports.kinds.definition import Definition
from jalon.warehouse.words import N_


@dataclass(frozen=True, slots=True)
class StartingPoint:
    """A definition to begin with, offered when the account has the properties it names."""

    name: str
    label: str
    help: str
    icon: str
    definition: Definition


STARTING_POINTS = (
    StartingPoint(
        "scratch",
        N_("Start from scratch"),
        N_("All contacts of this year by month. Every option is yours to choose."),
        "file-plus",
        Definition(period=Choice(Preset.THIS_YEAR)),
    ),
    StartingPoint(
        "revenue",
        N_("Revenue generated last month by contacts"),
        N_("What the customers won last month are worth, by week and by where they came from."),
        "cash",
        Definition(
            date_property="closedate",
            period=Choice(Preset.LAST_MONTH),
            grouping=Unit.WEEK,
            breakdown="hs_analytics_source",
            number="total_revenue",
            measure=Measure.SUM,
        ),
    ),
    StartingPoint(
        "stages",
        N_("Breakdown of lifecycle stages"),
        N_("The contacts created this year by month, and the stage each of them is in today."),
        "route",
        Definition(period=Choice(Preset.THIS_YEAR), breakdown="lifecyclestage"),
    ),
    StartingPoint(
        "offers",
        N_("Best converting offers"),
        N_("The contacts of the last 90 days by week, and the form that won each of them first."),
        "trophy",
        Definition(period=Choice(Preset.LAST_90_DAYS), grouping=Unit.WEEK, breakdown="first_conversion_event_name"),
    ),
)


def offered(catalog: Catalog) -> tuple[StartingPoint, ...]:
    """Those whose properties this account has."""
    return tuple(point for point in STARTING_POINTS if _known(point.definition, catalog))


def beginning(name: str, catalog: Catalog) -> Definition:
    """The definition of a starting point; from scratch when there is none of this name."""
    points = {point.name: point for point in offered(catalog)}
    found = points.get(name) or points.get("scratch")
    return found.definition if found else Definition()


def _known(definition: Definition, catalog: Catalog) -> bool:
    names = (definition.date_property, definition.breakdown, definition.number)
    return all(name in catalog.properties for name in names if name)
