"""A JSON Schema as a file."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from coercivity.experiments.interchange.schema_parts import Schema
from coercivity.experiments.worlds.atomic import write_whole
from coercivity.experiments.worlds.new_file import check_new_file
from coercivity.model.basis.errors import InputError, Phrase, shorten


def write_schema(schema: Schema, to: str | Path) -> Path:
    """Write a schema into a new file and return its path. Raises InputError for another ending, a
    file that is there already, or a place that cannot be written.
    """
    path = check_new_file(to, "--out", (".json",), "scenario.schema")
    text = json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
    try:
        write_whole(path, partial(_put, text=text))
    except OSError as error:
        raise InputError(
            "--out '{folder}' cannot be written ({reason})",
            "choose a folder where you may write",
            folder=Phrase(shorten(to, 200)),
            reason=error.strerror,
        ) from None
    return path


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
