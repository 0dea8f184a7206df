"""Files as a page hands them to the browser."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Iterable
from typing import Final

PACKED: Final = "base64"
ARCHIVE: Final = "application/zip"
DEFLATED: Final = zipfile.ZIP_DEFLATED
FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)  # of every file in an archive, so that bytes do not move


def pack_file(name: str, mime: str, text: str | bytes) -> str:
    """A file as the template takes it: JSON with the text in base64, so that nothing in it can be
    read as markup.
    """
    data = text.encode() if isinstance(text, str) else text
    return json.dumps({"name": name, "mime": mime, PACKED: base64.b64encode(data).decode()})


def archive(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Files by name in one archive: the same bytes for the same files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", DEFLATED) as held:
        for name, data in files:
            held.writestr(zipfile.ZipInfo(name, FIRST_DAY), data, DEFLATED)
    return stream.getvalue()
