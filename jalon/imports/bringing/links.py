"""Columns that name other records: by a property of theirs, or by a column of another file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from jalon.accounts.access import Access
from jalon.imports import queries, targets
from jalon.imports.bringing import queries as keys
from jalon.imports.bringing.joining import join
from jalon.imports.bringing.verdict import Verdict
from jalon.imports.converting import Column, column
from jalon.imports.mapping import RECORD_ID
from jalon.imports.models import File
from jalon.imports.plan import record_id
from jalon.imports.reading import Slice
from jalon.imports.targets import Link
from jalon.imports.trouble import Trouble, shown
from jalon.imports.words import sentence
from jalon.records import queries as records
from jalon.records.columns import Origin
from jalon.warehouse.words import N_

NOBODY = N_("%(column)s: no record of %(objects)s was found by “%(key)s”, so the row was not associated.")
SEVERAL = N_("%(column)s: %(count)s records of %(objects)s are found by “%(key)s”, so the row was not associated with one of them.")
Met = dict[str, set[str]]  # in a dry run: the keys that each column of a file has held so far


@dataclass(frozen=True, slots=True)
class Wanted:
    """One cell's wish: the row's record and the key of its partner."""

    index: int
    record_id: int
    key: str


class Linking:
    """The columns of a file that name other records."""

    def __init__(self, file: File, access: Access, origin: Origin, met: Met) -> None:
        self.file, self.access, self.origin, self.met = file, access, origin, met
        self.links = [] if file.is_history else targets.links(file.mapping)
        ways = {way.token: way for way in queries.link_types(file.object_type)} if self.links else {}
        self.there = {link: ways[queries.token(link.type_name, link.inverse)].there for _, link in self.links}
        self.readers = {link: self._reader(link) for _, link in self.links}

    def _reader(self, link: Link) -> Column:
        if not link.by:
            return Column(lambda text: text)
        if link.by == RECORD_ID:
            return Column(record_id)
        spec = records.catalog(self.there[link]).properties[link.by]
        return column(spec, queries.reading_of(self.file), queries.check_of(spec))

    def associate(self, part: Slice, ids: Mapping[int, int | None], verdict: Verdict, *, dry_run: bool) -> None:
        """Associate the rows that went in with the partners that are there; the others wait until every file is in."""
        for heading, link in self.links:
            wanted = list(self._wanted(part, ids, heading, link, verdict))
            found = keys.partners(self.access, self.file, link, self.there[link], list({one.key for one in wanted}))
            missing = [one for one in wanted if one.key not in found]
            if dry_run:
                self._foretell(part, missing, heading, link, verdict)
            else:
                verdict.waiting += [(part.lines[one.index], one.record_id, str(link), one.key) for one in missing]
            lines = {one.record_id: part.lines[one.index] for one in wanted}
            verdict.counts.linked += self.join(heading, link, [one for one in wanted if one.key in found], found, lines, verdict, dry_run)

    def _wanted(self, part: Slice, ids: Mapping[int, int | None], heading: str, link: Link, verdict: Verdict) -> Iterator[Wanted]:
        place, reader = self.file.headings.index(heading), self.readers[link]
        for index, id in ids.items():
            for cell in filter(None, map(str.strip, part.rows[index][place].split(";"))):
                key = reader[cell]
                if isinstance(key, Trouble):
                    verdict.tell(part.lines[index], sentence(Trouble(key.message, key.values, heading)))
                else:
                    yield Wanted(index, id or 0, key.casefold())

    def _foretell(self, part: Slice, missing: list[Wanted], heading: str, link: Link, verdict: Verdict) -> None:
        """A dry run can only say that a partner is missing where the files of this import cannot bring it."""
        if link.by and any(file.object_type == self.there[link] for file in self.file.of.files.all()):
            return
        space = keys.column_space(link.file, link.heading)
        if not link.by and space not in self.met:
            return
        for one in missing:
            if link.by or one.key not in self.met[space]:
                verdict.tell(part.lines[one.index], self.nobody(heading, link, one.key))

    def join(
        self, heading: str, link: Link, wanted: list[Wanted], found: keys.Found, lines: Mapping[int, int], verdict: Verdict, dry_run: bool
    ) -> int:
        """Associate each row with its one partner; how many associations that made."""
        pairs: dict[tuple[int, int], int] = {}
        for one in wanted:
            if len(found[one.key]) > 1:
                said = {"column": heading, "count": len(found[one.key]), "objects": self._objects(link), "key": shown(one.key)}
                verdict.tell(lines[one.record_id], gettext(SEVERAL) % said)
            else:
                pairs[keys.sides(link, one.record_id, found[one.key][0])] = lines[one.record_id]
        if dry_run:
            return 0
        return join(link.type_name, pairs, actor=self.access.actor, origin=self.origin, verdict=verdict)

    def nobody(self, heading: str, link: Link, key: str) -> str:
        return gettext(NOBODY) % {"column": heading, "objects": self._objects(link), "key": shown(key)}

    def _objects(self, link: Link) -> str:
        return records.catalog(self.there[link]).plural_label(self.file.of.language)
