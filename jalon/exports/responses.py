"""A sheet as the answer to a request: sent while it is made, never held in memory."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from jalon.exports.files import csv_bytes, write_xlsx
from jalon.exports.sheet import Format, Sheet


def csv_response(sheet: Sheet, file_name: str, *, bom: bool = False) -> StreamingHttpResponse:
    """The sheet as a CSV download. A wrong count breaks the transfer off, which the browser shows as a failed download."""
    response = StreamingHttpResponse(csv_bytes(sheet, bom=bom), content_type=Format.CSV.content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, file_name) or "attachment"
    return response


def xlsx_response(sheet: Sheet, file_name: str) -> FileResponse:
    """The sheet as an Excel download; it is whole before the first byte is sent."""
    file = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115  (the response closes it, and it is gone)
    write_xlsx(sheet, Path(file.name))
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=file_name, content_type=Format.XLSX.content_type)


def response(sheet: Sheet, file_format: Format, stem: str, *, bom: bool = True) -> HttpResponseBase:
    """The sheet as a download called `stem` with the ending of its format."""
    name = f"{stem}.{file_format.value}"
    return xlsx_response(sheet, name) if file_format is Format.XLSX else csv_response(sheet, name, bom=bom)
