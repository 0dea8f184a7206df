"""A file as a page hands it to the browser."""

from __future__ import annotations

import base64
import json
from typing import Final

PACKED: Final = "base64"


def packed(name: str, mime: str, text: str | bytes) -> str:
    """A file as the template takes it: JSON with the text in base64, so that nothing in it can be
    read as markup.
    """
    data = text.encode() if isinstance(text, str) else text
    return json.dumps({"name": name, "mime": mime, PACKED: base64.b64encode(data).decode()})
