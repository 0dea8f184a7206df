"""JSON files that notice a change: the last key holds the sha256 of everything else, and whoever
reads one compares.

The sum is taken over the values and not over the bytes, so that a file that was laid out anew by an
editor still counts, and one with another value, another key or a key too few does not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

SEAL: Final = "seal"


def sealed(content: Mapping[str, Any], indent: int | None = None) -> str:
    """Return the text of a file that holds *content* and the seal of it."""
    plain = json.loads(
        json.dumps(content)
    )  # as a reader will find it: lists for tuples, text for keys
    return json.dumps({**plain, SEAL: _sum(plain)}, indent=indent, ensure_ascii=False) + "\n"


def unsealed(data: bytes, *, strict: bool = True) -> dict[str, Any]:
    """Return what a sealed file holds. Raises ValueError for one that is no JSON mapping or does
    not fit its seal.

    strict: also for one that bears no seal at all, as those of version 0.4.0 and before.
    """
    try:
        content = json.loads(data.decode("utf-8"))
        if not isinstance(content, dict):
            raise ValueError("no mapping")
        seal = content.pop(SEAL, None)
        if (strict or seal is not None) and seal != _sum(content):
            raise ValueError("the seal does not fit")
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return content


def _sum(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()
