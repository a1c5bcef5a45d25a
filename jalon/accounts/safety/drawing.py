"""A QR code as one path of an SVG, which takes the page's colors. The library comes in when somebody needs one."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET = 2  # modules of white around it


def qr_code(text: str, label: str) -> SafeString:
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.main import QRCode

    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    box = f"0 0 {len(rows)} {len(rows)}"
    return format_html(
        '<svg class="qr" viewBox="{}" role="img" aria-label="{}" shape-rendering="crispEdges"><path d="{}"/></svg>', box, label, path
    )
