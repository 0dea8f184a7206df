"""Tables of several folders laid over each other: a row is known by its table's key, one with the
key of a row below takes its place, another is added at the end.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

from coercivity.model.basis.csv_tables import Row, Table, read_table
from coercivity.model.basis.layers import data_folders
from coercivity.model.basis.name_specs import NAME_SPECS
from coercivity.model.basis.table_columns import Spec


def read_laid(name: str, spec: Spec) -> Table:
    """The table *name* of all folders of this process, each checked against *spec*. Raises
    InputError with file, row, column, value and fix.
    """
    below, *above = data_folders()
    table = like_starts(read_table(below / f"{name}.csv", spec), spec)
    for folder in above:
        path = folder / f"{name}.csv"
        if path.is_file():
            table = laid_over(table, read_table(path, spec), spec)
    return table


def laid_over(below: Table, above: Table, spec: Spec) -> Table:
    """Rows of *above* in place of those of *below* with the same key, and behind them."""
    columns = tuple(dict.fromkeys((*below.columns, *above.columns)))
    found = {
        key_of(row, spec): (_whole(row, columns), line, table.file)
        for table in (below, above)
        for row, line in zip(table.rows, table.lines, strict=True)
    }
    rows, lines, origins = zip(*found.values(), strict=True) if found else ((), (), ())
    return replace(below, columns=columns, rows=rows, lines=lines, files=origins)


def key_of(row: Row, spec: Spec) -> tuple[Any, ...]:
    """What a row is known by."""
    return tuple(row[part] for part in spec.key)


def _whole(row: Row, columns: tuple[str, ...]) -> Row:
    """A row with all columns; those beyond the specification may be left out."""
    return (
        row if len(row) == len(columns) else MappingProxyType({**dict.fromkeys(columns, ""), **row})
    )


def like_starts(table: Table, spec: Spec) -> Table:
    """A table by start, with rows for each start that is like another (starts.csv): those of the
    other, where it has none of its own with the same key. A start of a data folder borrows from the
    shipped tables; the folder's own rows say for which start they stand.
    """
    if "start" not in spec.key or table.name == "starts":
        return table
    likes = [(row["start"], row["like"]) for row in _starts() if row["like"]]
    known = {key_of(row, spec) for row in table.rows}
    rows, lines, origins = list(table.rows), list(table.lines), list(table.files)
    for start, like in likes:
        for place, row in enumerate(table.rows):
            copy: dict[str, Any] = {**row, "start": start}
            if row["start"] == like and key_of(copy, spec) not in known:
                rows.append(MappingProxyType(copy))
                lines.append(table.lines[place])
                if origins:
                    origins.append(table.files[place])
    return replace(table, rows=tuple(rows), lines=tuple(lines), files=tuple(origins))


def _starts() -> Table:
    return read_laid("starts", NAME_SPECS["starts"])
