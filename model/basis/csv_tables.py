"""CSV files read as tables, each against its specification: columns, types, allowed values, ranges,
key. A broken row gives one message with file, row, column, value and fix.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from coercivity.model.basis.calendar import parse_date, parse_month
from coercivity.model.basis.errors import InputError, shorten, suggest
from coercivity.model.basis.layers import called
from coercivity.model.basis.table_columns import Column, Spec

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Table:
    """A read-only table: column names, rows as read-only mappings, and the file line of each
    row.
    """

    name: str
    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    lines: tuple[int, ...]
    added: int = 0  # rows at the end that a scenario adds to the shipped ones (overlay.py)
    files: tuple[str, ...] = ()  # the file of each row, where a data folder is laid over (laid.py)

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def where(self, **wanted: Any) -> tuple[Row, ...]:
        """Return the rows whose columns equal *wanted*, for example ``table.where(start="2024-01",
        state="Japan")``.
        """
        for column in wanted:
            if column not in self.columns:
                raise InputError(
                    f"{self.file}: column '{column}' is not known; {suggest(column, self.columns)}"
                )
        return tuple(
            row
            for row in self.rows
            if all(row[column] == value for column, value in wanted.items())
        )

    def column(self, name: str) -> tuple[Any, ...]:
        """Return the values of one column, top to bottom."""
        if name not in self.columns:
            raise InputError(
                f"{self.file}: column '{name}' is not known; {suggest(name, self.columns)}"
            )
        return tuple(row[name] for row in self.rows)

    def place(self, number: int) -> str:
        """Where row *number* (0, 1, ...) stands, as messages say it: file and line."""
        file = self.files[number] if self.files else self.file
        return f"{file} row {self.lines[number]}"

    def frame(self) -> pd.DataFrame:
        """Return the table as a new pandas frame."""
        import pandas as pd

        return pd.DataFrame([dict(row) for row in self.rows], columns=list(self.columns))


def read_table(path: Path, spec: Spec) -> Table:
    """Return the table in the CSV file *path*, checked against *spec*. Raises InputError with file,
    row, column, value and fix.
    """
    file = called(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"table '{file}' is not there; expected the file {path}") from None
    except OSError as error:
        raise InputError(
            f"table '{file}' cannot be read ({error.strerror}); make {path} a file that can"
        ) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError(
            f"{file} row {line}: byte {error.object[error.start]:#x} is not UTF-8 "
            "text; save the file as UTF-8"
        ) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    lines: list[int] = []
    header: list[str] = []
    seen: dict[tuple[Any, ...], int] = {}
    line = 1
    try:
        for cells in reader:
            here, line = line, reader.line_num + 1
            if not header:
                header = _header(cells, spec, file)
                continue
            if not any(cell.strip() for cell in cells):
                continue
            row = _row(cells, header, spec, f"{file} row {here}")
            key = tuple(row[column] for column in spec.key)
            if key and key in seen:
                named = ", ".join(
                    f"{column} '{value}'" for column, value in zip(spec.key, key, strict=True)
                )
                raise InputError(
                    f"{file} row {here}, column {spec.key[0]}: {named} is already in "
                    f"row {seen[key]}; keep one of the two"
                )
            seen[key] = here
            rows.append(row)
            lines.append(here)
    except csv.Error as error:
        raise InputError(
            f"{file} row {line}: not a CSV row ({error}); put a cell with commas or "
            "quotes in double quotes"
        ) from None
    if not header:
        raise InputError(
            f"{file} row 1: the file is empty; write the header {','.join(spec.names)}"
        )
    return Table(path.stem, file, tuple(header), tuple(rows), tuple(lines))


def _header(cells: Iterable[str], spec: Spec, file: str) -> list[str]:
    header = [cell.strip() for cell in cells]
    for name in spec.names:
        if name not in header:
            strange = [column for column in header if column not in spec.names]
            hint = suggest(name, strange) if strange else ""
            fix = (
                f"the header has {hint.removeprefix('did you mean ').rstrip('?')}, rename it"
                if hint.startswith("did")
                else "add it to the header"
            )
            raise InputError(f"{file} row 1, column {name}: '{name}' is missing; {fix}")
    for column in header:
        if header.count(column) > 1:
            raise InputError(
                f"{file} row 1, column {column}: '{column}' stands {header.count(column)} "
                "times; keep one"
            )
    return header


def _row(cells: list[str], header: list[str], spec: Spec, where: str) -> Row:
    if len(cells) != len(header):
        shown = shorten(cells[-1] if cells else "", 30)
        last = header[min(len(cells), len(header)) - 1]
        raise InputError(
            f"{where}, column {last}: {len(cells)} cells, last '{shown}', for "
            f"{len(header)} columns; quote or add a comma"
        )
    columns = spec.by_name
    pairs = zip(header, cells, strict=True)
    return MappingProxyType(
        {
            name: read_cell(
                cell.strip(),
                columns.get(name) or Column(name, blank=True),
                f"{where}, column {name}",
            )
            for name, cell in pairs
        }
    )


def read_cell(text: str, column: Column, where: str) -> Any:
    """The value that a cell's text means. Raises InputError, *where* first, for one that does not
    fit its column.
    """
    if not text:
        if column.blank:
            return None if column.is_number else ""
        raise InputError(f"{where}: '' is empty; {wanted(column)}")
    if column.is_number:
        return _number(text, column, where)
    if column.options and text not in column.options:
        raise InputError(
            f"{where}: '{shorten(text)}' is not known; {suggest(text, column.options)}"
        )
    if column.kind == "month":
        parse_month(text, where)
    elif column.kind == "date":
        parse_date(text, where)
    return text


def _number(text: str, column: Column, where: str) -> float | int:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in text or (column.kind == "whole" and value != int(value)):
        raise InputError(
            f"{where}: '{shorten(text)}' is not a "
            f"{'whole ' if column.kind == 'whole' else ''}number; {wanted(column)}"
        )
    if not column.low <= value <= column.high:
        raise InputError(f"{where}: '{text}' is out of range; {wanted(column)}")
    return int(value) if column.kind == "whole" else value


def wanted(column: Column) -> str:
    """What a cell of a column may hold, as the fix of a message."""
    if column.options:
        return suggest("", column.options)
    if column.is_number:
        low, high = (
            f"{bound:.10g}" if math.isfinite(bound) else "" for bound in (column.low, column.high)
        )
        bounds = f" from {low} to {high}" if low and high else f", {low} or more" if low else ""
        return (
            f"use a {'whole ' if column.kind == 'whole' else ''}number{bounds} without unit or "
            "comma"
        )
    return {"month": "write YYYY-MM", "date": "write YYYY-MM-DD"}.get(column.kind, "write a text")
