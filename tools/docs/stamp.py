"""The stamp of a result that the paper kit does not make: the version and the fingerprint of the
model that made it, under the names that the kit's documents use.

Whoever runs for long takes it before the first run: code may change meanwhile.
"""

from __future__ import annotations

import re
from typing import Final

from coercivity.experiments.sweep.sweep_folder import model_code
from coercivity.model.results.result import model_version

LINE: Final = "<!-- made with coercivity {coercivity}, model code {code} -->"
_LINE: Final = re.compile(re.escape(LINE).replace(r"\{", "(?P<").replace(r"\}", r">\S+)"))


def stamp() -> dict[str, str]:
    """Version and model code of this installation."""
    return {"coercivity": model_version(), "code": model_code()}


def stamp_line(made_with: dict[str, str]) -> str:
    """The stamp as a comment of a page, which readers of the site do not see."""
    return LINE.format(**made_with)


def stamp_of(page: str) -> dict[str, str]:
    """The stamp that a page bears, empty where it bears none."""
    found = _LINE.search(page)
    return found.groupdict() if found else {}
