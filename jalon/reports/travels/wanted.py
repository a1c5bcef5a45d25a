"""What the pages beside the overview are asked: the report's question, who asks when, and how the trend is to be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from jalon.accounts.access import Access
from jalon.accounts.queries import account
from jalon.figures.periods import Preset, Unit
from jalon.records import queries as records
from jalon.reports import wording
from jalon.reports.lifecycle import asked, queries
from jalon.reports.lifecycle.asked import OBJECT_TYPE, Asked
from jalon.reports.lifecycle.queries import Question
from jalon.reports.travels.trends import METRICS

PERIOD: Final = Preset.LAST_365_DAYS  # times and trends need some past: the two weeks of the overview would tell nothing
RATES: Final = "rates"  # all of them in one chart


@dataclass(frozen=True, slots=True)
class Wanted:
    """`unit` None: as the length of the period asks. `metric` is what is drawn alone."""

    question: Question
    access: Access
    now: datetime
    unit: Unit | None = None
    metric: str = ""

    @property
    def today(self) -> date:
        return self.now.astimezone(account().tz).date()

    @property
    def subtitle(self) -> str:
        return wording.days(self.question.period)


def said(given: Mapping[str, str]) -> Asked:
    """The address, with the usual period of these pages where it says none."""
    told = given if given.get("period") else {**given, "period": PERIOD}
    return asked.read(told, records.catalog(OBJECT_TYPE))


def wanted(given: Mapping[str, str], access: Access, now: datetime) -> Wanted:
    """What cannot be read is the usual. Side by side one metric is drawn, else all rates may be."""
    question = queries.ask(access, said(given).definition, now=now)
    unit = Unit(given["unit"]) if given.get("unit") in (Unit.DAY, Unit.WEEK, Unit.MONTH) else None
    usual = "conversion" if question.definition.breakdown else RATES
    known = METRICS.keys() if question.definition.breakdown else {RATES, *METRICS}
    metric = given.get("metric", "")
    return Wanted(question, access, now, unit, metric if metric in known else usual)
