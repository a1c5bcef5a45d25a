"""Another object in the same rows: a contact and its company. Found or created by its key, then associated with the row's record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext

from jalon.accounts.access import Access, Scope
from jalon.imports import queries
from jalon.imports.bringing import queries as keys
from jalon.imports.bringing.joining import join
from jalon.imports.bringing.verdict import Verdict, add_beside
from jalon.imports.mapping import RECORD_ID
from jalon.imports.models import File
from jalon.imports.plan import UPDATE, Prepared
from jalon.imports.reading import Slice
from jalon.imports.targets import Link
from jalon.records import queries as records
from jalon.records.actions import Row, write
from jalon.records.columns import Origin
from jalon.warehouse.words import N_

NO_KEY = N_("The row says something of %(object)s, but its “%(key)s” is empty, so that part was left out.")
MISSING = N_("No record of %(objects)s has %(label)s “%(key)s”, so nothing was associated.")
NOT_CHANGED = N_("You may not edit the record of %(objects)s that this row names, so it was only associated.")


@dataclass(slots=True)
class Met:
    """All that the rows of a slice say of one other record: the later row wins."""

    values: dict[str, str | None] = field(default_factory=dict)
    indexes: list[int] = field(default_factory=list)


class Beside:
    """One other object of the rows at work."""

    def __init__(self, file: File, object_type: str, mapping: Mapping[str, str], access: Access, origin: Origin) -> None:
        self.file, self.object_type, self.access, self.origin = file, object_type, access, origin
        self.plan = queries.beside_plan_of(file, object_type, mapping)
        self.by = file.companions[object_type]["by"]
        name, _, side = file.companions[object_type]["link"].partition(":")
        self.link = Link(name, side == "from", self.by)
        self.space = keys.object_space(object_type, self.by)
        self.catalog = records.catalog(object_type)
        self.prepared = Prepared()

    def prepare(self, part: Slice, rows: Prepared) -> None:
        """Convert the columns; a row with a bad cell in them is refused as a whole, since it comes back as a whole."""
        self.prepared = self.plan.prepare(part)
        for index, troubles in self.prepared.refused.items():
            if index not in part.troubles:
                rows.refused.setdefault(index, []).extend(troubles)
                rows.told.pop(index, None)
        kept = [place for place, index in enumerate(rows.indexes) if index not in rows.refused]
        rows.indexes, rows.values, rows.keys = ([column[place] for place in kept] for column in (rows.indexes, rows.values, rows.keys))  # type: ignore[assignment]

    def write(self, part: Slice, ids: Mapping[int, int | None], verdict: Verdict, *, dry_run: bool) -> None:
        """Find, create and update the other records of the rows that went in, and associate the two."""
        met = self._met(part, ids, verdict)
        found = keys.of_import(self.file.of_id, self.space, met)
        found |= keys.by_property(self.access, self.object_type, self.by, [key for key in met if key not in found])
        known = self._write_known(part, met, {key: ids[0] for key, ids in found.items()}, verdict, dry_run)
        made = self._write_new(part, {key: one for key, one in met.items() if key not in found}, verdict, dry_run)
        if dry_run:
            return
        verdict.keys += [(self.space, key, id) for key, id in made.items()]
        pairs = {
            keys.sides(self.link, own, other): part.lines[index]
            for key, other in (known | made).items()
            for index in met[key].indexes
            if (own := ids[index])
        }
        verdict.counts.linked += join(self.link.type_name, pairs, actor=self.access.actor, origin=self.origin, verdict=verdict)

    def _met(self, part: Slice, ids: Mapping[int, int | None], verdict: Verdict) -> dict[str, Met]:
        met: dict[str, Met] = {}
        prepared = self.prepared
        for index, values, key in zip(prepared.indexes, prepared.values, prepared.keys, strict=True):
            if index not in ids:
                continue
            if not key:
                if any(values.values()):
                    said = {"object": self.catalog.label(self.file.of.language), "key": self._label()}
                    verdict.tell(part.lines[index], gettext(NO_KEY) % said)
                continue
            one = met.setdefault(key.casefold(), Met())
            one.values.update(values)
            one.indexes.append(index)
        return met

    def _write_known(
        self, part: Slice, met: Mapping[str, Met], found: Mapping[str, int], verdict: Verdict, dry_run: bool
    ) -> dict[str, int]:
        mine = set(found.values())
        if self.access.scope(self.object_type, "edit") is not Scope.ALL:
            mine = set(records.reachable(self.access, self.object_type, sorted(mine), "edit"))
            for key in (key for key, id in found.items() if id not in mine):
                said = gettext(NOT_CHANGED) % {"objects": self.catalog.plural_label(self.file.of.language)}
                self._tell(part, met[key], said, verdict)
        wanted = {key: id for key, id in found.items() if id in mine}
        self._write([Row(met[key].values, id) for key, id in wanted.items()], list(wanted), part, met, verdict, dry_run)
        return dict(found)

    def _write_new(self, part: Slice, met: Mapping[str, Met], verdict: Verdict, dry_run: bool) -> dict[str, int]:
        if self.by == RECORD_ID or self.file.mode == UPDATE:
            for key, one in met.items():
                said = {"objects": self.catalog.plural_label(self.file.of.language), "label": self._label(), "key": key}
                self._tell(part, one, gettext(MISSING) % said, verdict)
            return {}
        return self._write([Row(one.values) for one in met.values()], list(met), part, met, verdict, dry_run)

    def _write(
        self, rows: Sequence[Row], names: Sequence[str], part: Slice, met: Mapping[str, Met], verdict: Verdict, dry_run: bool
    ) -> dict[str, int]:
        if not rows:
            return {}
        actor, origin = self.access.actor, self.origin
        outcome = write(self.object_type, rows, actor=actor, origin=origin, dry_run=dry_run, is_canonical=True)
        for refusal in outcome.refused:
            self._tell(part, met[names[refusal.index]], " ".join(refusal.sentences), verdict)
        counts = {"created": len(outcome.created), "updated": len(outcome.updated), "unchanged": outcome.unchanged}
        add_beside(verdict.counts.beside, {self.object_type: counts})
        return {name: id for name, id in zip(names, outcome.ids, strict=True) if id}

    def _tell(self, part: Slice, one: Met, sentence: str, verdict: Verdict) -> None:
        for index in one.indexes:
            verdict.tell(part.lines[index], sentence)

    def _label(self) -> str:
        return self.catalog.properties[self.by].label(self.file.of.language)
