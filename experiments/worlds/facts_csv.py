"""All sourced facts in one CSV file: a line for each value of each row, with where it comes from.

Columns: table; id (what the row is about, the parts of its key joined by a stroke); column (which
of the row's values, in the unit that its name says where unit is empty); value, unit, source, url,
confidence.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from coercivity.experiments.worlds.atomic import write_text
from coercivity.experiments.worlds.output_path import check_new_file
from coercivity.experiments.worlds.spreadsheet_cells import cell
from coercivity.model.basis.errors import InputError, Phrase, shorten, suggest
from coercivity.model.basis.facts import Facts, list_tables, load_table

COLUMNS: Final = ("table", "id", "column", "value", "unit", "source", "url", "confidence")
NO_VALUE: Final = ("unit", "source", "url", "confidence", "note")
NO_FACTS: Final = "claims"  # what others have claimed has sources too, and is no fact of the model


def sourced_tables() -> tuple[str, ...]:
    """Tables whose every row has a source and a confidence, in alphabetical order."""
    return tuple(
        name
        for name in list_tables()
        if {"source", "confidence"} <= {*load_table(name).columns} and name != NO_FACTS
    )


def fact_lines(tables: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The lines of these tables, in their order."""
    for name in tables:
        table, key = load_table(name), Facts.default().specs[name].key
        values = [column for column in table.columns if column not in (*key, *NO_VALUE)]
        if not values:  # a row says nothing but that its names belong together
            key, values = key[:-1], list(key[-1:])
        for row in table:
            about = " | ".join(_cell(row[column]) for column in key if row[column] is not None)
            tail = [_cell(row.get(column)) for column in ("unit", "source", "url", "confidence")]
            for column in values:
                if row[column] not in (None, ""):
                    yield (name, about, column, _cell(row[column]), *tail)


def write_facts(to: str | Path, table: str | None = None) -> tuple[Path, int]:
    """Write the facts of one table, or of all, into a new file; return its path and the number of
    lines. Raises InputError for a table without sources, another ending, a file that is there
    already, or a place that cannot be written; nothing is written then.
    """
    tables = sourced_tables()
    if table is not None:
        name = load_table(table).name
        if name not in tables:
            raise InputError(
                "table '{value}' has no row with a source", suggest(table, tables), value=table
            )
        tables = (name,)
    path, shown = check_new_file(to, example="facts"), shorten(to, 200)
    lines = list(fact_lines(tables))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *lines])
    try:
        write_text(path, text.getvalue())
    except OSError as error:
        raise InputError(
            "--csv '{file}' cannot be written ({why})",
            "choose a folder where you may write",
            file=Phrase(shown),
            why=error.strerror,
        ) from None
    return path, len(lines)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.15g}" if isinstance(value, float) else str(cell(value))
