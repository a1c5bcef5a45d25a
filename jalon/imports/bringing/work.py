"""One file at work: a slice of its rows is prepared, then written or tried, and each row gets its verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.utils.translation import gettext

from jalon.accounts.access import EVERYTHING, Scope
from jalon.accounts.queries import access_of
from jalon.imports import queries, targets
from jalon.imports.bringing import queries as keys
from jalon.imports.bringing.beside import Beside
from jalon.imports.bringing.links import Linking, Met
from jalon.imports.bringing.verdict import Counts, Sentences, Verdict
from jalon.imports.models import File
from jalon.imports.plan import Plan, Prepared
from jalon.imports.reading import Slice
from jalon.imports.trouble import Trouble
from jalon.imports.verdicts.store import CREATED, REFUSED, UNCHANGED, UPDATED, RowVerdict
from jalon.imports.words import sentence
from jalon.records import queries as records
from jalon.records.actions import Outcome, PastValue, Row, write, write_history
from jalon.records.columns import Origin, Source
from jalon.warehouse.words import N_

R = TypeVar("R")  # a row, or a value of the past

NOT_YOURS = N_("This row names a record that you may not edit.")


class Work:
    """One file at work: its plan, whose rights it has, where its values come from."""

    def __init__(self, file: File, met: Met | None = None) -> None:
        self.file = file
        user_id = file.of.user_id
        self.access = access_of(user_id) if user_id else EVERYTHING
        self.origin = Origin(Source.IMPORT, str(file.of_id))
        self.plan: Plan | None = None if file.is_history else queries.plan_of(file)
        self.history = queries.history_plan_of(file) if file.is_history else None
        self.wanted = keys.wanted_columns(file.of, file.place)
        self.named = [] if file.is_history else keys.wanted_properties(file.of, file.object_type)
        mapping = {} if file.is_history else file.mapping
        self.beside = [Beside(file, name, columns, self.access, self.origin) for name, columns in targets.beside(mapping).items()]
        self.linking = Linking(file, self.access, self.origin, {} if met is None else met)

    def remember(self, part: Slice) -> None:
        """Pass over a slice that was written before a restart."""
        if self.plan is not None:
            self.plan.remember(part)

    def prepare(self, part: Slice) -> Any:
        """The slice with its cells converted: most of the work that needs no transaction."""
        if self.history is not None:
            return self.history.prepare(part)
        assert self.plan is not None
        prepared = self.plan.prepare(part)
        for other in self.beside:
            other.prepare(part, prepared)
        return prepared

    def write(self, part: Slice, prepared: Any, *, dry_run: bool) -> Verdict:
        """Write a prepared slice, or find out what writing it would do."""
        return self._write_history(part, prepared, dry_run) if self.history else self._write_rows(part, prepared, dry_run)

    def _write_rows(self, part: Slice, prepared: Prepared, dry_run: bool) -> Verdict:
        verdict = _told(part, prepared)
        rows = [Row(values, key) for values, key in zip(prepared.values, prepared.keys, strict=True)]
        indexes = prepared.indexes
        if self.access.scope(self.file.object_type, "edit") is not Scope.ALL:
            rows, indexes = self._only_mine(rows, indexes, part, verdict.refused)
        outcome = self._write(rows, dry_run)
        _add_refusals(outcome, indexes, part, verdict)
        ids = {index: id for index, id in zip(indexes, outcome.ids, strict=True) if part.lines[index] not in verdict.refused}
        verdict.ids = list(ids.values())
        for other in self.beside:
            other.write(part, ids, verdict, dry_run=dry_run)
        self.linking.associate(part, ids, verdict, dry_run=dry_run)
        self._remember_keys(part, ids, dict(zip(prepared.indexes, prepared.values, strict=True)), verdict)
        seen = self._seen_before(rows, outcome) if dry_run else set()
        created = len(outcome.created) - len({rows[place].key for place in seen})
        updated = len(rows) - created - outcome.unchanged - len(outcome.refused)
        counts = Counts(created, updated, outcome.unchanged, len(verdict.refused), len(verdict.told))
        verdict.counts.add(counts)
        if dry_run:
            verdict.rows = _rows(part, verdict, {indexes[place]: place for place in range(len(rows))}, outcome, seen)
        return verdict

    def _write(self, rows: list[Row], dry_run: bool) -> Outcome:
        file = self.file
        return write(
            file.object_type,
            rows,
            actor=self.access.actor,
            origin=self.origin,
            match=file.match,
            mode=file.mode,
            dry_run=dry_run,
            is_canonical=True,
        )

    def _seen_before(self, rows: Sequence[Row], outcome: Outcome) -> set[int]:
        """Which rows of a dry run name a record that an earlier slice of the file would have created already."""
        assert self.plan is not None
        before = self.plan.repeated
        refused = {refusal.index for refusal in outcome.refused}
        return {index for index, row in enumerate(rows) if outcome.ids[index] is None and index not in refused and row.key in before}

    def _only_mine(self, rows: list[Row], indexes: list[int], part: Slice, refused: Sentences) -> tuple[list[Row], list[int]]:
        """Rows of a user who may not edit every record: those that name a record out of reach are refused."""
        return self._kept(self._write(rows, dry_run=True), rows, indexes, part, refused)

    def _kept(self, found: Outcome, rows: list[R], indexes: list[int], part: Slice, refused: Sentences) -> tuple[list[R], list[int]]:
        """Without the rows that name a record out of reach: nothing is told of it but that."""
        named = {id for id in found.ids if id}
        mine = set(records.reachable(self.access, self.file.object_type, sorted(named), "edit"))
        kept = [place for place, id in enumerate(found.ids) if not id or id in mine]
        for place in set(range(len(rows))).difference(kept):
            refused[part.lines[indexes[place]]] = [gettext(NOT_YOURS)]
        return [rows[place] for place in kept], [indexes[place] for place in kept]

    def _remember_keys(
        self, part: Slice, ids: Mapping[int, int | None], values: Mapping[int, Mapping[str, str | None]], verdict: Verdict
    ) -> None:
        for name in self.named:
            space = keys.object_space(self.file.object_type, name)
            said = ((values[index].get(name), id) for index, id in ids.items())
            verdict.keys += [(space, text.casefold(), id or 0) for text, id in said if text]
        for heading in self.wanted:
            column, space = self.file.headings.index(heading), keys.column_space(self.file.place, heading)
            cells = ((part.rows[index][column].strip().casefold(), id) for index, id in ids.items())
            found = [(space, cell, id or 0) for cell, id in cells if cell]
            self.linking.met.setdefault(space, set()).update(cell for _, cell, _ in found)
            verdict.keys += found

    def _write_history(self, part: Slice, prepared: Any, dry_run: bool) -> Verdict:
        verdict = _told(part, prepared)
        detail = str(self.file.of_id)
        values = [PastValue(row.key, row.property, row.value, row.at, row.source, row.detail or detail) for row in prepared.rows]
        indexes = prepared.indexes
        if self.access.scope(self.file.object_type, "edit") is not Scope.ALL:
            found = write_history(self.file.object_type, values, actor=self.access.actor, match=self.file.match, dry_run=True)
            values, indexes = self._kept(found, values, indexes, part, verdict.refused)
        outcome = write_history(self.file.object_type, values, actor=self.access.actor, match=self.file.match, dry_run=dry_run)
        _add_refusals(outcome, indexes, part, verdict)
        updated = len(values) - outcome.unchanged - len(outcome.refused)
        verdict.counts = Counts(0, updated, outcome.unchanged, len(verdict.refused), len(verdict.told))
        if dry_run:
            verdict.rows = [
                RowVerdict(line, REFUSED if line in verdict.refused else UPDATED, 0, {}, verdict.refused.get(line, []))
                for line in part.lines
            ]
        return verdict


def _told(part: Slice, prepared: Any) -> Verdict:
    refused = {part.lines[index]: [sentence(trouble) for trouble in troubles] for index, troubles in prepared.refused.items()}
    told: Mapping[int, Trouble] = getattr(prepared, "told", {})
    return Verdict(refused=refused, told={part.lines[index]: [sentence(trouble)] for index, trouble in told.items()})


def _add_refusals(outcome: Outcome, indexes: Sequence[int], part: Slice, verdict: Verdict) -> None:
    for refusal in outcome.refused:
        line = part.lines[indexes[refusal.index]]
        verdict.refused[line] = list(refusal.sentences)
        verdict.told.pop(line, None)


def _rows(part: Slice, verdict: Verdict, places: Mapping[int, int], outcome: Outcome, seen: set[int]) -> list[RowVerdict]:
    """The verdict of each row of a dry run, in the order of the file."""
    found = []
    for index, line in enumerate(part.lines):
        if line in verdict.refused:
            found.append(RowVerdict(line, REFUSED, 0, {}, verdict.refused[line]))
            continue
        place = places[index]
        id, delta = outcome.ids[place], outcome.deltas[place]
        known = UNCHANGED if delta is None else UPDATED
        verb = CREATED if id is None and place not in seen and delta is not None and delta.is_new else known
        found.append(RowVerdict(line, verb, id or 0, dict(delta.delta) if delta else {}, verdict.told.get(line, [])))
    return found
