"""Contacts as they were at an instant, as a table of the columns for as long as a report asks it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import count
from time import time
from typing import Final

from jalon.records.columns import Catalog
from jalon.records.then import texts
from jalon.warehouse.engine import Batch, Engine, Put
from jalon.warehouse.schema import Column, Kind, Table

PREFIX: Final = "then_"
FORGOTTEN: Final = 3_600  # seconds after which a table is of a process that was killed
_number = count(1)


@contextmanager
def standing(engine: Engine, catalog: Catalog, names: Collection[str], until: datetime) -> Iterator[Catalog]:
    """The object type with the values that these properties had; its table is gone afterwards.

    What the history tells are the texts of the change log, which become values, days and hours as they do at sync.
    """
    wanted = [catalog.properties[name] for name in sorted({*names, "createdate"} - {"hs_object_id"})]
    name = f"{PREFIX}{int(time())}_{next(_number)}_{catalog.plural}"
    table = Table(name, (Column("id", Kind.ID), *(Column(spec.name, spec.kind) for spec in wanted)))
    engine.drop([name for name in engine.tables() if _is_forgotten(name)])
    rows = engine.arrow(texts(catalog, [spec.name for spec in wanted], until))
    engine.ensure([table])
    try:
        engine.apply(Batch((Put(table, rows),)))
        yield replace(catalog, plural=name, properties={spec.name: spec for spec in wanted})
    finally:
        engine.drop([name])


def _is_forgotten(name: str) -> bool:
    stamp = name.removeprefix(PREFIX).partition("_")[0] if name.startswith(PREFIX) else ""
    return stamp.isdigit() and int(stamp) < time() - FORGOTTEN
