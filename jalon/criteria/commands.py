"""`jalon query` and `jalon export`: the records that meet criteria, on the screen or as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils.translation import get_language, gettext
from sqlglot import exp

from jalon.accounts.access import EVERYTHING
from jalon.accounts.audit.actions import exported
from jalon.criteria import queries as criteria_queries
from jalon.criteria import validate
from jalon.criteria.problems import CriteriaError
from jalon.criteria.tree import from_text
from jalon.exports.files import write
from jalon.exports.sheet import SHEET_ROWS, Batch, ExportError, Format, Sheet
from jalon.jobs.console import Progress, fail, output
from jalon.records import queries, sheets
from jalon.records.columns import Catalog, PropertySpec
from jalon.records.display import Display
from jalon.records.values import instant_text
from jalon.warehouse.schema import Kind


def export(
    object_type: Annotated[str, typer.Argument(metavar="OBJECT", help="The object type: contact, company, deal, ticket, ...")],
    file: Annotated[Path, typer.Option("--output", "-o", help="The file to write; .xlsx gives Excel, anything else CSV.")],
    criteria: Annotated[str, typer.Option(help="Only records that meet these criteria, as JSON.")] = "",
    columns: Annotated[str, typer.Option(help="Properties, joined by commas. Default: all of them.")] = "",
    search: Annotated[str, typer.Option(help="Only records that hold these words.")] = "",
    sort: Annotated[str, typer.Option(help="A property, with - in front for descending.")] = "",
    values: Annotated[bool, typer.Option("--values", help="Internal names and values, which an import reads back unchanged.")] = False,
    bom: Annotated[bool, typer.Option("--bom", help="Begin a CSV file with a byte order mark, so that Excel knows it is UTF-8.")] = False,
) -> None:
    """Write records into a CSV or Excel file."""
    catalog = known_type(object_type)
    queries.wait_for_all()
    names = _names(catalog, columns)
    if sort:
        _known(catalog, [sort.lstrip("-")])
    sheet = sheets.sheet(EVERYTHING, catalog, names, where=predicate(catalog, criteria), search=search, sort=sort, labels=not values)
    file_format = Format.XLSX if file.suffix.lower() == ".xlsx" else Format.CSV
    if file_format is Format.XLSX and sheet.total > SHEET_ROWS:
        fail(
            gettext("A sheet takes at most 1,048,575 rows and this export has %(rows)s. Name the file .csv.") % {"rows": sheet.total},
            code=2,
        )
    console = output()
    try:
        with console.progress(gettext("Exporting %(name)s") % {"name": sheet.name}, total=sheet.total) as progress:
            write(replace(sheet, batches=_shown(sheet, progress)), file, file_format, bom=bom)
        what = catalog.plural_label(get_language() or "en")
        exported(what, sheet.total, link=f"/{catalog.plural}/", actor=EVERYTHING.actor)
    except ExportError as error:
        fail(gettext(error.message) % error.values)
    except OSError as error:
        fail(gettext("“%(file)s” cannot be written: %(reason)s") % {"file": file, "reason": error.strerror or error})
    console.line(gettext("%(rows)s rows are in %(file)s.") % {"rows": sheet.total, "file": file})
    console.json({"file": str(file), "format": file_format.value, "rows": sheet.total})


def query(
    object_type: Annotated[str, typer.Argument(metavar="OBJECT", help="The object type: contact, company, deal, ticket, ...")],
    criteria: Annotated[str, typer.Option(help="Only records that meet these criteria, as JSON.")] = "",
    columns: Annotated[str, typer.Option(help="Properties, joined by commas. Default: the naming ones and the creation date.")] = "",
    search: Annotated[str, typer.Option(help="Only records that hold these words.")] = "",
    sort: Annotated[str, typer.Option(help="A property, with - in front for descending.")] = "-createdate",
    limit: Annotated[int, typer.Option(min=0, max=10_000, help="How many records at most.")] = 50,
) -> None:
    """Show the records that meet criteria, and how many there are."""
    catalog = known_type(object_type)
    queries.wait_for_all()
    _known(catalog, [sort.lstrip("-")])
    names = _names(catalog, columns or ",".join(name for name in (*catalog.primary, "email", "createdate") if name in catalog.properties))
    page = queries.page(
        EVERYTHING, catalog.object_type, columns=names, where=predicate(catalog, criteria), search=search, sort=sort, limit=limit
    )
    console = output()
    records = [{"id": row["id"], **{name: canonical_text(row[name], catalog.properties[name]) for name in names}} for row in page.rows]
    console.json({"total": page.total, "records": records})
    if not console.wants_json:
        display, language = Display(), get_language() or "en"
        specs = [catalog.properties[name] for name in names]
        rows = [[str(row["id"]), *(display.show(spec, row[spec.name]).text for spec in specs)] for row in page.rows]
        console.table(["ID", *(spec.label(language) for spec in specs)], rows)
        console.line(gettext("%(shown)s of %(total)s records.") % {"shown": len(rows), "total": page.total})


def canonical_text(value: Any, spec: PropertySpec) -> str | None:
    """A value of the columns as the canonical text it came from; None where there is none."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    if isinstance(value, datetime):
        return instant_text(value)
    return str(value).strip(";") if spec.kind is Kind.MULTI else str(value)


def known_type(object_type: str) -> Catalog:
    """The catalog of an object type, by its name or its plural."""
    catalogs = queries.catalogs()
    found = next((catalog for name, catalog in catalogs.items() if object_type in (name, catalog.plural)), None)
    if found is None:
        told = {"name": object_type, "names": ", ".join(catalogs)}
        fail(gettext("There is no object type “%(name)s”. The types are: %(names)s.") % told, code=2)
    return found


def predicate(catalog: Catalog, text: str) -> exp.Expression | None:
    """The criteria compiled, or the command's end with every problem they have."""
    try:
        criteria = from_text(text)
    except CriteriaError as error:
        fail("\n".join(validate.sentences(error)), code=2)
    if problems := criteria_queries.problems(criteria, catalog.object_type):
        fail("\n".join(problems), code=2)
    return criteria_queries.where(criteria, catalog.object_type, EVERYTHING)


def _names(catalog: Catalog, columns: str) -> list[str]:
    wanted = [name.strip() for name in columns.split(",") if name.strip()]
    _known(catalog, wanted)
    return [name for name in wanted or catalog.properties if name not in ("id", "hs_object_id")]


def _known(catalog: Catalog, names: list[str]) -> None:
    unknown = [name for name in names if name not in catalog.properties and name != "id"]
    if unknown:
        fail("\n".join(gettext("There is no property “%(name)s”.") % {"name": name} for name in unknown), code=2)


def _shown(sheet: Sheet, progress: Progress) -> Iterator[Batch]:
    done = 0
    for batch in sheet.batches:
        yield batch
        done += len(batch)
        progress.update(done)
