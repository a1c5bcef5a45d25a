"""`jalon report`: the same evaluator as the pages, for scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils.translation import gettext

from jalon.accounts.access import EVERYTHING
from jalon.exports import sheet as exports
from jalon.exports.files import csv_bytes, write
from jalon.exports.sheet import SHEET_ROWS, ExportError, Format
from jalon.figures.measures import Figures, Measure
from jalon.figures.results import Series
from jalon.jobs.console import fail, output
from jalon.records.queries import wait_for_all
from jalon.reports import queries, wording
from jalon.reports.by_kind import contacts as contacts_kind
from jalon.reports.by_kind import lifecycle as lifecycle_kind
from jalon.reports.exporting import sheets
from jalon.reports.exporting.queries import NOTHING_YET
from jalon.reports.kinds.definition import LIFECYCLE, DefinitionError, Style, written
from jalon.reports.kinds.question import Question
from jalon.reports.lifecycle import printed as lifecycle
from jalon.reports.portable import actions as arrivals
from jalon.reports.portable import queries as portable
from jalon.reports.portable.actions import NotBrought, Verdict
from jalon.reports.queries import ReportView
from jalon.reports.sheet import Desk
from jalon.reports.shown import Line, Sheet, Shown


def run(
    definition: Annotated[Path | None, typer.Option(help="The file with the definition, as JSON.")] = None,
    report: Annotated[str, typer.Option(help="A saved report, by number or title: what its last compile found.")] = "",
    csv: Annotated[bool, typer.Option("--csv", help="As CSV; on the screen, unless a file is named.")] = False,
    xlsx: Annotated[bool, typer.Option("--xlsx", help="As Excel, in the file that is named.")] = False,
    contacts: Annotated[bool, typer.Option("--contacts", help="One row for each contact instead of the table.")] = False,
    columns: Annotated[str, typer.Option(help="Properties of the contacts, joined by commas. Default: those of the report.")] = "",
    table: Annotated[str, typer.Option(help="Which table of a lifecycle report: funnel, stages, lost, values.")] = "",
    journeys: Annotated[bool, typer.Option("--journeys", help="One row for each journey of a lifecycle report.")] = False,
    file: Annotated[Path | None, typer.Option("--output", "-o", help="The file to write; .xlsx gives Excel, anything else CSV.")] = None,
) -> None:
    """Run a report: its figures by bucket and by value of the breakdown, each with the address of its records."""
    console = output()
    if xlsx and file is None:
        fail(gettext("Excel needs a file: name it with --output."), code=2)
    wait_for_all()
    raw = _compiled(report).raw if report else _parsed(_given(definition))
    form = Format.XLSX if xlsx else Format.CSV if csv else None
    if isinstance(raw, dict) and raw.get("kind") == LIFECYCLE:
        _only("lifecycle", contacts=contacts, columns=columns)
        _run_lifecycle(_lifecycle(raw, report), _table(table), journeys, file, form)
        return
    _only("contacts", table=table, journeys=journeys)
    with _asked(raw, report) as question:
        if form is not None or file is not None:
            _away(_sheet(question, contacts, columns), file, form)
            return
        desk = Desk(question, queries.answer_in_full(replace(question, every_cell=console.wants_json)))
        if console.wants_json:
            console.json(figures(desk))
        else:
            _show(desk.sheet())


def _given(definition: Path | None) -> Path:
    if definition is None:
        fail(gettext("Say what to run: a file with --definition, or a saved report with --report."), code=2)
    return definition


def _compiled(which: str) -> ReportView:
    found = _report(which)
    if found.snapshot is None:
        fail(gettext(NOTHING_YET))
    return found


@contextmanager
def _asked(raw: Any, report: str) -> Iterator[Question]:
    """The question of a definition, or of the last compile of a saved report; what is wrong with it ends the command."""
    if report:
        yield contacts_kind.frozen(_compiled(report), EVERYTHING, {})
        return
    try:
        with queries.asked(EVERYTHING, queries.read_definition(raw)) as question:
            yield question
    except DefinitionError as error:
        fail("\n".join(wording.problems(error)), code=2)


def _only(kind: str, **others: object) -> None:
    """Options that are for another kind of report are not passed over in silence."""
    for name, said in others.items():
        if said:
            told = gettext("A report of the kind “%(kind)s” has no --%(option)s.")
            fail(told % {"kind": kind, "option": name}, code=2)


def _table(name: str) -> lifecycle.Table:
    if name and name not in set(lifecycle.Table):
        told = gettext("There is no table “%(name)s”. The tables are: %(names)s.")
        fail(told % {"name": name, "names": ", ".join(lifecycle.Table)}, code=2)
    return lifecycle.Table(name or lifecycle.Table.STAGES)


def _lifecycle(raw: dict[str, Any], report: str) -> lifecycle.Desk:
    """The figures of a definition as they are now, or of the last compile of a saved report."""
    if report:
        return lifecycle.desk_of(lifecycle_kind.as_compiled(_compiled(report), EVERYTHING))
    try:
        return lifecycle.desk(raw)
    except DefinitionError as error:
        fail("\n".join(wording.problems(error)), code=2)


def _run_lifecycle(desk: lifecycle.Desk, table: lifecycle.Table, journeys: bool, file: Path | None, form: Format | None) -> None:
    """One of its tables or its journeys as a file, all of its figures as JSON, the whole for people."""
    console = output()
    if form is not None or file is not None:
        _away(lifecycle.journeys(desk) if journeys else lifecycle.table(desk.sheet(), table), file, form)
    elif console.wants_json:
        console.json(lifecycle.figures(desk))
    else:
        lifecycle.show(desk.sheet(), console)


def _parsed(path: Path) -> Any:
    """The definition in a file, the whole file of a report among them."""
    content = _content(path)
    try:
        raw = json.loads(content)
    except ValueError as error:
        fail(gettext("“%(file)s” is not JSON: %(reason)s") % {"file": path, "reason": error}, code=2)
    return portable.definition_in(content, path.name) if isinstance(raw, dict) and "jalon" in raw else raw


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        fail(gettext("“%(file)s” cannot be read: %(reason)s") % {"file": path, "reason": error.strerror or error}, code=2)
    except UnicodeDecodeError as error:
        fail(gettext("“%(file)s” is not JSON: %(reason)s") % {"file": path, "reason": error}, code=2)


def _sheet(question: Question, contacts: bool, columns: str) -> exports.Sheet:
    if not contacts:
        return sheets.table(Desk(question, queries.answer_in_full(question)).sheet())
    names = [name.strip() for name in columns.split(",") if name.strip()]
    if unknown := [name for name in names if name not in queries.contacts_catalog().properties]:
        fail("\n".join(gettext("There is no property “%(name)s”.") % {"name": name} for name in unknown), code=2)
    return sheets.contacts(question, names)


def _away(sheet: exports.Sheet, file: Path | None, form: Format | None) -> None:
    """Writes the sheet into its file, or as CSV on the screen."""
    console = output()
    if file is None:
        console.line(b"".join(csv_bytes(sheet)).decode().rstrip("\r\n"))
        return
    form = form or (Format.XLSX if file.suffix.lower() == ".xlsx" else Format.CSV)
    if form is Format.XLSX and sheet.total > SHEET_ROWS:
        told = gettext("A sheet takes at most 1,048,575 rows and this export has %(rows)s. Name the file .csv.")
        fail(told % {"rows": sheet.total}, code=2)
    try:
        write(sheet, file, form)
    except ExportError as error:
        fail(gettext(error.message) % error.values)
    except OSError as error:
        fail(gettext("“%(file)s” cannot be written: %(reason)s") % {"file": file, "reason": error.strerror or error})
    console.line(gettext("%(rows)s rows are in %(file)s.") % {"rows": sheet.total, "file": file})
    console.json({"file": str(file), "format": form.value, "rows": sheet.total})


def export(
    targets: Annotated[list[str], typer.Argument(metavar="REPORT|FOLDER", help="Numbers or titles of reports, and the folder last.")],
    every: Annotated[bool, typer.Option("--all", help="All saved reports.")] = False,
) -> None:
    """Write saved reports as JSON into a folder, one file each: always the same for the same report, for git."""
    *wanted, place = targets
    if not wanted and not every:
        fail(gettext("Say which reports, or --all."), code=2)
    folder, console = Path(place), output()
    found = queries.reports(EVERYTHING) if every else [_report(which) for which in wanted]
    known = portable.names_in(folder)
    told = []
    for report in found:
        file = portable.file_of(report.id)
        if file is None:
            continue
        path = known.get(file.key) or folder / portable.file_name(file, queries.title_of(report))
        told.append((str(path), _kept(path, portable.content(file))))
    console.table(("file", "result"), told)


def _report(which: str) -> ReportView:
    """The report of this number, or of this title."""
    found = queries.report(int(which), EVERYTHING) if which.isdecimal() else None
    named = (
        [found] if found else [report for report in queries.reports(EVERYTHING) if queries.title_of(report).casefold() == which.casefold()]
    )
    if not named:
        fail(gettext("There is no report “%(name)s”.") % {"name": which}, code=2)
    if len(named) > 1:
        numbers = ", ".join(str(report.id) for report in named)
        fail(gettext("Several reports are called “%(name)s”. Say its number: %(numbers)s.") % {"name": which, "numbers": numbers}, code=2)
    return named[0]


def _kept(path: Path, content: str) -> str:
    """Writes a file that says something else than it did; the word for what was done."""
    try:
        if path.exists() and path.read_text(encoding="utf-8") == content:
            return Verdict.UNCHANGED.value
        is_new = not path.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        fail(gettext("“%(file)s” cannot be written: %(reason)s") % {"file": path, "reason": error.strerror or error})
    return (Verdict.CREATED if is_new else Verdict.CHANGED).value


def bring_in(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files of reports, or folders of them.")],
) -> None:
    """Bring saved reports in from files: all of them, or with any problem none. What is here already is changed, or left as it is."""
    paths = [path for given in files for path in (sorted(given.glob("*.json")) if given.is_dir() else [given])]
    try:
        brought = arrivals.bring({str(path): _content(path) for path in paths}, access=EVERYTHING)
    except NotBrought as error:
        fail("\n".join(error.sentences), code=2)
    output().table(("file", "result", "report"), [(each.name, each.verdict.value, each.report_id or "") for each in brought])


def _show(sheet: Sheet) -> None:
    """For people: the title, the table of the breakdown, the table of the buckets."""
    console = output()
    console.line(f"{sheet.title}\n{sheet.subtitle}")
    if sheet.breakdown:
        console.table((sheet.breakdown, *_heads(sheet.total)), [_row(line) for line in (*sheet.values, sheet.total)])
    first = sheet.buckets[0] if sheet.buckets else sheet.total
    console.table((sheet.grouping.capitalize(), *_heads(first)), [_row(line) for line in sheet.buckets])
    for note in sheet.notes:
        console.line(note)


def _heads(line: Line) -> list[str]:
    """The headings of a table with such rows."""
    return [gettext(wording.MEASURES[measure]) for measure, shown in _measured(line) if shown]


def _row(line: Line) -> list[str]:
    return [line.label, *(shown.text for _, shown in _measured(line) if shown)]


def _measured(line: Line) -> tuple[tuple[Measure, Shown | None], ...]:
    return tuple(zip(Measure, (line.contacts, line.sum, line.average, line.median), strict=True))


def figures(desk: Desk) -> dict[str, Any]:
    """For scripts: exact figures as text, a missing one as null, and where the records of each are."""
    result = desk.result
    shown = result.cumulated() if desk.definition.style is Style.CUMULATIVE else result
    period = desk.question.period
    return {
        "title": desk.title,
        "definition": written(desk.definition),
        "period": {"first": period.first and period.first.isoformat(), "last": period.last and period.last.isoformat()},
        "buckets": [{"first": bucket.first.isoformat(), "last": bucket.last.isoformat()} for bucket in result.buckets],
        "all": _series(desk, shown.whole, result.whole, asked=False),
        "series": [_series(desk, running, plain, asked=True) for running, plain in zip(shown.series, result.series, strict=True)],
    }


def _series(desk: Desk, running: Series, plain: Series, *, asked: bool) -> dict[str, Any]:
    value = plain.value if asked else None
    cumulative = desk.definition.style is Style.CUMULATIVE
    cells = [
        {**_numbers(each), "records": desk.href(desk.result, index=index, value=value, cumulative=cumulative)}
        for index, each in enumerate(running.cells)
    ]
    named = {"value": plain.value.text, "label": desk.name(plain), "others": plain.value.others} if asked else {}
    before = {"before": _numbers(plain.before)} if desk.result.compared else {}
    return {**named, **_numbers(plain.total), **before, "records": desk.href(desk.result, value=value), "buckets": cells}


def _numbers(figures: Figures) -> dict[str, Any]:
    """A median is told where it was asked for, and where there is one."""
    told = {"contacts": figures.count, "valued": figures.valued, "sum": _text(figures.sum), "average": _text(figures.average)}
    return told | ({"median": _text(figures.median)} if figures.median is not None else {})


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize(), "f") if value else "0"
