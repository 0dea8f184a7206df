"""Scenario files from visitors: read as text, checked whole, never written to the disk."""

from __future__ import annotations

from typing import Final

from coercivity.experiments.lab.own_scenario import check_size
from coercivity.model.basis.errors import InputError, shorten
from coercivity.model.scenario.scenario import Scenario, parse_scenario

MAX_UPLOAD: Final = 200_000  # bytes; the longest shipped scenario has 14,000


def uploaded_scenario(name: str, text: object) -> Scenario:
    """The scenario in an uploaded YAML text.

    Raises InputError, one line, for what is no text, too large, not a scenario, or too much for a
    page.
    """
    where = shorten(" ".join(name.split()) or "upload", 60)
    if not isinstance(text, str) or not text.strip():
        raise InputError(
            "the file holds no text",
            "upload a scenario as plain YAML, for example what `coercivity scenarios show "
            "japan-2026` prints",
            where=where,
        )
    if "\x00" in text or text.startswith("PK\x03\x04"):
        raise InputError(
            "the file is an archive or a picture",
            "unpack it and upload the .yaml file itself",
            where=where,
        )
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_UPLOAD:
        raise InputError(
            "the file has {count} bytes",
            "a page takes at most {high}, run larger ones with: coercivity run FILE",
            where=where,
            count=f"{size:,}",
            high=f"{MAX_UPLOAD:,}",
        )
    return check_size(parse_scenario(text, where), where)
