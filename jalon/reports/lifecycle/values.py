"""The values of a breakdown side by side: what each is called, its color, and how many there are beside them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext

from jalon.charts import palette
from jalon.records import looks
from jalon.records.columns import PropertySpec
from jalon.reports import wording
from jalon.reports.kinds.lifecycle import MOST
from jalon.reports.lifecycle import shown
from jalon.web import formats


def told(spec: PropertySpec, texts: Sequence[str | None]) -> tuple[shown.Value, ...]:
    """A value keeps its color from one page to the next."""
    labels = wording.Labels(spec)
    colors = looks.colors([text for text in texts if text is not None], spec.options)
    return tuple(
        shown.Value(gettext("Property not set"), palette.NOT_SET) if text is None else shown.Value(labels.named(text), colors[text])
        for text in texts
    )


def cut(known: int) -> str:
    """What a reader must know where there are more values than stand side by side."""
    told = gettext("Side by side stand the %(shown)s values with the most journeys, of %(known)s.")
    return told % {"shown": formats.number(MOST), "known": formats.number(known)}
