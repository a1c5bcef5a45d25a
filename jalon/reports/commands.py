"""`jalon report`: the same evaluator as the pages, for scripts."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils.translation import gettext

from jalon.accounts.access import EVERYTHING
from jalon.figures.measures import Figures
from jalon.figures.results import Series
from jalon.jobs.console import fail, output
from jalon.records.queries import wait_for_all
from jalon.reports import files, queries, wording
from jalon.reports.kinds.definition import Definition, DefinitionError, Style, written
from jalon.reports.sheet import Desk
from jalon.reports.shown import Line, Sheet


def run(
    definition: Annotated[Path, typer.Option(help="The file with the definition, as JSON.")],
    csv: Annotated[bool, typer.Option("--csv", help="The table as CSV.")] = False,
) -> None:
    """Run a report: its figures by bucket and by value of the breakdown, each with the address of its records."""
    console = output()
    wait_for_all()
    try:
        asked = queries.read_definition(_parsed(definition))
        desk = _desk(asked)
    except DefinitionError as error:
        fail("\n".join(wording.problems(error)), code=2)
    if csv:
        console.line(files.table(desk.sheet()).decode("utf-8-sig").rstrip("\r\n"))
    elif console.wants_json:
        console.json(figures(desk))
    else:
        _show(desk.sheet())


def _parsed(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        fail(gettext("“%(file)s” cannot be read: %(reason)s") % {"file": path, "reason": error.strerror or error}, code=2)
    except ValueError as error:
        fail(gettext("“%(file)s” is not JSON: %(reason)s") % {"file": path, "reason": error}, code=2)


def _desk(definition: Definition) -> Desk:
    with queries.asked(EVERYTHING, definition) as question:
        return Desk(question, queries.answer_in_full(question))


def _show(sheet: Sheet) -> None:
    """For people: the title, the table of the breakdown, the table of the buckets."""
    console = output()
    console.line(f"{sheet.title}\n{sheet.subtitle}")
    heads = [gettext("Contacts"), *([gettext("Sum"), gettext("Average")] if sheet.number else [])]
    if sheet.breakdown:
        console.table((sheet.breakdown, *heads), [_row(line) for line in (*sheet.values, sheet.total)])
    console.table((sheet.grouping.capitalize(), *heads), [_row(line) for line in sheet.buckets])
    for note in sheet.notes:
        console.line(note)


def _row(line: Line) -> list[str]:
    return [line.label, *(each.text for each in (line.contacts, line.sum, line.average) if each)]


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
    return {"contacts": figures.count, "valued": figures.valued, "sum": _text(figures.sum), "average": _text(figures.average)}


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize(), "f") if value else "0"
