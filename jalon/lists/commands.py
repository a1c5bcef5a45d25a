"""`jalon list`: lists on the command line, with the sentences and the numbers of the pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils import timezone
from django.utils.translation import gettext

from jalon.accounts.access import EVERYTHING, SYSTEM, Refused
from jalon.accounts.queries import account
from jalon.criteria import queries as criteria_queries
from jalon.criteria import tree, validate
from jalon.criteria.problems import CriteriaError
from jalon.exports.files import write
from jalon.exports.sheet import ExportError, Format
from jalon.folders import actions as folders
from jalon.jobs.console import fail, output
from jalon.lists import actions, queries, wording
from jalon.lists.membership import runner
from jalon.lists.models import List
from jalon.lists.queries import ListView
from jalon.lists.table import LATEST, NAME, members
from jalon.records import address, sheets
from jalon.records import queries as records
from jalon.records.columns import Catalog
from jalon.records.values import instant_text

KINDS = {"active": List.Kind.DYNAMIC, "frozen": List.Kind.SNAPSHOT, "manual": List.Kind.MANUAL}
WORDS = {kind: word for word, kind in KINDS.items()}

Which = Annotated[str, typer.Argument(metavar="LIST", help="The name of the list, or its number.")]
Ids = Annotated[list[int], typer.Argument(metavar="RECORD...", help="Numbers of records.")]


def ls(
    object_type: Annotated[str, typer.Option("--object", help="Only lists of this object type.")] = "",
    kind: Annotated[str, typer.Option(help="Only these: active, frozen or manual.")] = "",
    search: Annotated[str, typer.Option(help="Only lists with these words in their name or description.")] = "",
    deleted: Annotated[bool, typer.Option("--deleted", help="The deleted ones instead.")] = False,
) -> None:
    """The lists: number, name, object, kind, size and state."""
    wanted = _type(object_type).object_type if object_type else ""
    found = queries.found(EVERYTHING, wanted, kind=_kind(kind) if kind else "", search=search, deleted=deleted)
    rows = [(one.id, one.name, one.object_type, WORDS[one.kind], one.size, _state(one)) for one in found]
    output().table(("list", "name", "object", "kind", "size", "state"), rows)


def show(which: Which) -> None:
    """One list: its criteria in words, its state, where it is used."""
    view = _list(which, deleted=True)
    console = output()
    console.json(_told(view))
    if not console.wants_json:
        console.line(f"{view.name} ({view.id})")
        console.line(f"{wording.objects(view)} · {wording.kind(view.kind).label} · {wording.standing(view, timezone.now(), 0).words}")
        for sentence in view.trouble:
            console.problem(sentence)
        console.line(gettext("%(size)s members") % {"size": view.size})
        for words in _words(view):
            console.line(f"  {words}")
        for use in queries.uses(view.id):
            console.line(gettext("Used in: %(kind)s “%(name)s”") % {"kind": use.kind, "name": use.name})
        if planned := wording.conversion(view):
            console.line(planned)


def create(
    name: Annotated[str, typer.Argument(help="What the list is called.")],
    object_type: Annotated[str, typer.Option("--object", help="The object type of its records.")] = "contact",
    kind: Annotated[str, typer.Option(help="active, frozen (by criteria, once) or manual.")] = "",
    criteria: Annotated[str, typer.Option(help="Who is in it, as JSON.")] = "",
    folder: Annotated[str, typer.Option(help="The folder it lies in; it is made where there is none. Inner ones after a slash.")] = "",
    description: Annotated[str, typer.Option(help="What it is for.")] = "",
) -> None:
    """Create a list. With criteria it is active, without any by hand, unless the kind says otherwise."""
    catalog = _type(object_type)
    asked = _criteria(criteria, catalog)
    chosen = _kind(kind) if kind else List.Kind.DYNAMIC if asked.groups else List.Kind.MANUAL
    with _sentences():
        view = actions.create(
            name, catalog.object_type, chosen, asked, folders.at(queries.SHELF, folder, actor=SYSTEM), description, actor=SYSTEM
        )
    _settled(view.id)


def show_members(
    which: Which,
    columns: Annotated[str, typer.Option(help="Properties, joined by commas. Default: the naming ones.")] = "",
    limit: Annotated[int, typer.Option(min=0, max=10_000, help="How many at most, those who joined last first.")] = 50,
) -> None:
    """Who is in a list, and since when."""
    view, catalog = _with_catalog(which)
    names = _names(catalog, columns)
    page = records.page(EVERYTHING, view.object_type, columns=(*names, NAME), sort=LATEST, limit=limit, beside=members(view.id))
    console = output()
    lines = [{"id": row["id"], "joined": instant_text(row[NAME]), **{name: _text(row[name]) for name in names}} for row in page.rows]
    console.json({"total": page.total, "members": lines})
    if not console.wants_json:
        console.table(("ID", gettext("Joined"), *names), [tuple(line.values()) for line in lines])
        console.line(gettext("%(shown)s of %(total)s records.") % {"shown": len(lines), "total": page.total})


def add(which: Which, ids: Ids) -> None:
    """Put records into a static list."""
    _by_hand(which, ids, joins=True)


def remove(which: Which, ids: Ids) -> None:
    """Take records out of a static list."""
    _by_hand(which, ids, joins=False)


def convert(
    which: Which,
    at: Annotated[str, typer.Option(help="On this day (2026-12-31). Default: now.")] = "",
    after: Annotated[int, typer.Option(help="After so many days on which nobody joined or left.")] = 0,
    cancel: Annotated[bool, typer.Option("--cancel", help="It stays active after all.")] = False,
) -> None:
    """Make an active list static: now, on a day, or once it stands still."""
    view = _list(which)
    with _sentences():
        if cancel:
            actions.cancel_conversion(view.id, actor=SYSTEM)
        else:
            actions.convert(view.id, at=_day(at), after_days=after or None, actor=SYSTEM)
    _settled(view.id)


def clone(which: Which, name: Annotated[str, typer.Option(help="What the copy is called.")] = "") -> None:
    """A second list like this one."""
    view = _list(which)
    with _sentences():
        copy = actions.clone(view.id, name, actor=SYSTEM)
    _settled(copy.id)


def delete(
    which: Which, even_if_used: Annotated[bool, typer.Option("--even-if-used", help="Also where something asks for it.")] = False
) -> None:
    """Delete a list; its records stay, and it can be restored."""
    view = _list(which)
    try:
        actions.delete(view.id, even_if_used=even_if_used, actor=SYSTEM)
    except actions.ListError as refused:
        fail("\n".join([*refused.sentences, *(f"{use.kind}: {use.name}" for use in refused.uses)]))
    output().line(
        gettext("“%(name)s” is deleted. `jalon list restore %(number)s` brings it back.") % {"name": view.name, "number": view.id}
    )
    output().json({"list": view.id, "state": "deleted"})


def restore(which: Which) -> None:
    """Bring a deleted list back."""
    view = _list(which, deleted=True)
    with _sentences():
        actions.restore(view.id, actor=SYSTEM)
    _settled(view.id)


def test(which: Which, record: Annotated[int, typer.Argument(metavar="RECORD", help="The number of a record.")]) -> None:
    """Whether a record meets the criteria of a list, filter by filter."""
    view, catalog = _with_catalog(which)
    if not view.criteria.groups:
        fail(gettext("“%(name)s” has no criteria: its records were chosen by hand.") % {"name": view.name}, code=2)
    tested = criteria_queries.verdicts(view.criteria, catalog.object_type, record, EVERYTHING)
    if tested is None:
        fail(gettext("There is no record %(number)s of this kind.") % {"number": record}, code=2)
    words = criteria_queries.speaker(catalog.object_type, *(node for _, node in view.criteria.walk()))
    nodes = dict(view.criteria.walk())
    lines = [(place, words.chip(nodes[place]), verdict) for place, verdict in tested.filters.items()]
    said = [
        {"place": list(place), "filter": text, "holds": verdict.holds, "problems": list(verdict.problems)} for place, text, verdict in lines
    ]
    console = output()
    console.json({"list": view.id, "record": record, "holds": tested.holds, "filters": said})
    for place, text, verdict in lines:
        mark = "?" if verdict.holds is None else "+" if verdict.holds else "-"
        console.line(f"{'  ' * (len(place) - 2)}{mark} {text}")
    console.line(gettext("It meets the criteria.") if tested.holds else gettext("It does not meet the criteria."))


def export(
    which: Which,
    file: Annotated[Path, typer.Option("--output", "-o", help="The file to write; .xlsx gives Excel, anything else CSV.")],
    columns: Annotated[str, typer.Option(help="Properties, joined by commas. Default: all of them.")] = "",
    values: Annotated[bool, typer.Option("--values", help="Internal names and values, which an import reads back unchanged.")] = False,
) -> None:
    """Write the members of a list into a CSV or Excel file, with the moment at which each joined."""
    view, catalog = _with_catalog(which)
    beside = members(view.id)
    names = _names(catalog, columns) if columns else [name for name in catalog.properties if name not in ("id", "hs_object_id")]
    sheet = sheets.sheet(EVERYTHING, beside.widen(catalog), [*names, NAME], sort=LATEST, labels=not values, beside=beside)
    file_format = Format.XLSX if file.suffix.lower() == ".xlsx" else Format.CSV
    try:
        write(sheet, file, file_format)
    except ExportError as error:
        fail(gettext(error.message) % error.values)
    except OSError as error:
        fail(gettext("“%(file)s” cannot be written: %(reason)s") % {"file": file, "reason": error.strerror or error})
    output().line(gettext("%(rows)s rows are in %(file)s.") % {"rows": sheet.total, "file": file})
    output().json({"file": str(file), "format": file_format.value, "rows": sheet.total})


# What was typed


def _by_hand(which: str, ids: Sequence[int], *, joins: bool) -> None:
    view = _list(which)
    verb = actions.add if joins else actions.remove
    with _sentences():
        asked = verb(view.id, ids, actor=SYSTEM)
    if asked < len(set(ids)):
        output().problem(gettext("%(count)s of these records are not there, or not of this kind.") % {"count": len(set(ids)) - asked})
    _settled(view.id)


@contextmanager
def _sentences() -> Iterator[None]:
    """What is refused ends the command with its sentences."""
    try:
        yield
    except Refused as refused:
        fail("\n".join(refused.sentences))


def _list(which: str, *, deleted: bool = False) -> ListView:
    found = queries.named(EVERYTHING, which)
    if found is None and deleted:
        found = next((one for one in queries.found(EVERYTHING, deleted=True) if which in (str(one.id), one.name)), None)
    if found is None:
        fail(gettext("There is no list “%(name)s”.") % {"name": which}, code=2)
    return found


def _with_catalog(which: str) -> tuple[ListView, Catalog]:
    view = _list(which)
    if view.catalog is None:
        fail(gettext("Its object type is archived."), code=2)
    runner.catch_up()
    return view, view.catalog


def _type(name: str) -> Catalog:
    catalogs = records.catalogs()
    found = next((catalog for own, catalog in catalogs.items() if name in (own, catalog.plural)), None)
    if found is None:
        told = {"name": name, "names": ", ".join(catalogs)}
        fail(gettext("There is no object type “%(name)s”. The types are: %(names)s.") % told, code=2)
    return found


def _kind(text: str) -> str:
    if text not in KINDS:
        fail(gettext("There is no kind “%(name)s”. The kinds are: %(names)s.") % {"name": text, "names": ", ".join(KINDS)}, code=2)
    return KINDS[text]


def _criteria(text: str, catalog: Catalog) -> tree.Criteria:
    try:
        asked = tree.from_text(text)
    except CriteriaError as error:
        fail("\n".join(validate.sentences(error)), code=2)
    if problems := criteria_queries.problems(asked, catalog.object_type):
        fail("\n".join(problems), code=2)
    return asked


def _day(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.combine(datetime.fromisoformat(text).date(), time(), account().tz)
    except ValueError:
        fail(gettext("“%(text)s” is no day. Write it like 2026-12-31.") % {"text": text}, code=2)


def _names(catalog: Catalog, columns: str) -> list[str]:
    wanted = [name.strip() for name in columns.split(",") if name.strip()]
    if unknown := [name for name in wanted if name not in catalog.properties]:
        fail("\n".join(gettext("There is no property “%(name)s”.") % {"name": name} for name in unknown), code=2)
    return wanted or list(address.name_columns(catalog))


# What is answered


def _settled(list_id: int) -> None:
    """Does what was asked for, beside the beat of a server or in its place, and tells the list."""
    runner.catch_up()
    view = queries.one(EVERYTHING, list_id)
    assert view is not None
    told = {"name": view.name, "number": view.id, "size": view.size}
    output().line(gettext("“%(name)s” (%(number)s) has %(size)s members.") % told)
    output().json(_told(view))


def _told(view: ListView) -> dict[str, Any]:
    return {
        "list": view.id,
        "name": view.name,
        "object": view.object_type,
        "kind": WORDS[view.kind],
        "description": view.description,
        "folder": view.folder_id,
        "criteria": tree.to_json(view.criteria),
        "size": view.size,
        "state": _state(view),
        "trouble": list(view.trouble),
        "converts_at": view.converts_at and view.converts_at.isoformat(),
        "converts_after_days": view.converts_after_days,
        "used_in": [{"kind": use.kind, "name": use.name, "url": use.url} for use in queries.uses(view.id)],
    }


def _state(view: ListView) -> str:
    """For scripts: one word."""
    if view.deleted_at is not None:
        return "deleted"
    if view.trouble:
        return "trouble"
    return "done" if view.is_settled else "working"


def _words(view: ListView) -> list[str]:
    if view.catalog is None or not view.criteria.groups:
        return []
    speaker = criteria_queries.speaker(view.object_type, *(node for _, node in view.criteria.walk()))
    return [speaker.chip(node) for group in view.criteria.groups for node in group.filters]


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
