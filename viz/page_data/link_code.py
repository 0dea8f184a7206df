"""A link as a code that a telephone reads (QR), for paper and for a projector."""

from __future__ import annotations

import json
from typing import Final

LONGEST: Final = 700  # characters: a longer link gives squares too small to be read from paper


def code_json(link: str) -> str:
    """The code as JSON {size, path}: the outline of its dark squares in units of one, for an SVG of
    this size; '' for a link that is too long for one.
    """
    if len(link) > LONGEST:
        return ""
    from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

    code = QRCode(None, QRErrorCorrectLevel.L)
    code.addData(link)
    code.make()
    size = code.getModuleCount()
    dark = [
        f"M{column},{row}h1v1h-1z"
        for row in range(size)
        for column in range(size)
        if code.isDark(row, column)
    ]
    return json.dumps({"size": size, "path": "".join(dark)}, separators=(",", ":"))
