"""Where the journeys behind a number are shown, and the contacts that made them."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import reverse

from jalon.criteria.tree import Criteria, Node, to_text
from jalon.figures.addresses import LONGEST, address, narrowed
from jalon.figures.periods import Preset
from jalon.records.columns import Catalog
from jalon.reports.kinds.journeys import Cell, fact, written
from jalon.reports.kinds.lifecycle import Definition


def journeys(cell: Cell, criteria: Criteria, beside: Sequence[Node] = ()) -> str | None:
    """The page with these very journeys; `beside` narrows to a value of the breakdown. None where it does not fit into an address."""
    text = to_text(narrowed(criteria, beside) if beside else criteria)
    said = [("of", operand) for operand in written(cell)] + ([("criteria", text)] if text else [])
    url = f"{reverse('reports:journeys')}?{urlencode(said)}"
    return url if len(url) <= LONGEST else None


def contacts(cell: Cell, criteria: Criteria, catalog: Catalog) -> str | None:
    """The index page with the contacts that made these journeys."""
    return address(catalog.plural, narrowed(criteria, (fact(cell),)))


def asking(definition: Definition, report: int | None = None) -> str:
    """The live report that asks this; with the number of a saved one its options are changed there."""
    chosen = definition.period
    days = {"first": chosen.first, "last": chosen.last} if chosen.preset is Preset.CUSTOM else {}
    said = {"period": chosen.preset.value, **days, "by": definition.breakdown, "criteria": to_text(definition.criteria), "report": report}
    return f"{reverse('reports:lifecycle')}?{urlencode({name: str(value) for name, value in said.items() if value})}"
