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
from coercivity.model.basis.errors import InputError, Phrase, shorten, suggest
from coercivity.model.basis.table_columns import Column, Spec

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Table:
    """A read-only table: column names, rows as mappings, and the file line of each row."""

    name: str
    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    lines: tuple[int, ...]
    added: int = 0  # rows at the end that a scenario adds to the shipped ones (overlay.py)
    # the file of each row, where a data folder is laid over (table_merging.py)
    files: tuple[str, ...] = ()

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def where(self, **wanted: Any) -> tuple[Row, ...]:
        """Return the rows whose columns equal *wanted*: ``where(start="2024-01")``."""
        for column in wanted:
            if column not in self.columns:
                raise no_column(column, self.columns, self.file)
        return tuple(
            row
            for row in self.rows
            if all(row[column] == value for column, value in wanted.items())
        )

    def column(self, name: str) -> tuple[Any, ...]:
        """Return the values of one column, top to bottom."""
        if name not in self.columns:
            raise no_column(name, self.columns, self.file)
        return tuple(row[name] for row in self.rows)

    def place(self, number: int, column: str = "") -> Phrase:
        """Where row *number* (0, 1, ...) stands, as messages say it: file, line and column."""
        file = self.files[number] if self.files else self.file
        return _place_in_file(file, self.lines[number], column)

    def frame(self) -> pd.DataFrame:
        """Return the table as a new pandas frame."""
        import pandas as pd

        return pd.DataFrame([dict(row) for row in self.rows], columns=list(self.columns))


def read_table(path: Path, spec: Spec) -> Table:
    """Return the table in the CSV file *path*, checked against *spec*. Raises InputError with file,
    row, column, value and fix.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError(
            "table '{file}' is not there", "expected the file {path}", file=path.name, path=path
        ) from None
    except OSError as error:
        raise InputError(
            "table '{file}' cannot be read ({reason})",
            "make {path} a file that can",
            file=path.name,
            reason=error.strerror,
            path=path,
        ) from None
    return parse_table(content, path.stem, spec, path.name)


def parse_table(content: bytes, name: str, spec: Spec, file: str) -> Table:
    """Return the table in a CSV file's *content*, checked, refused as `read_table` does."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError(
            "byte {byte} is not UTF-8 text",
            "save the file as UTF-8",
            where=_place_in_file(file, line),
            byte=f"{error.object[error.start]:#x}",
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
            row = _row(cells, header, spec, file, here)
            key = tuple(row[column] for column in spec.key)
            if key and key in seen:
                raise stands_already(spec, key, seen[key], _place_in_file(file, here, spec.key[0]))
            seen[key] = here
            rows.append(row)
            lines.append(here)
    except csv.Error as error:
        raise InputError(
            "not a CSV row ({reason})",
            "put a cell with commas or quotes in double quotes",
            where=_place_in_file(file, line),
            reason=error,
        ) from None
    if not header:
        raise InputError(
            "the file is empty",
            "write the header {header}",
            where=_place_in_file(file, 1),
            header=Phrase(",".join(spec.names)),
        )
    return Table(name, file, tuple(header), tuple(rows), tuple(lines))


def no_column(name: object, columns: Iterable[str], where: str | Phrase) -> InputError:
    """The error for a column that a table does not have."""
    return InputError(
        "column '{value}' is not known", suggest(name, columns), where=where, value=name
    )


def cell_place(row: Phrase, column: str) -> Phrase:
    """Where a cell of a row stands, as messages say it."""
    return Phrase.of("{place}, column {field}", place=row, field=column)


def _place_in_file(file: str, number: int, column: str = "") -> Phrase:
    """Where a row or a cell of a file stands."""
    row = Phrase.of("{place} row {number}", place=file, number=str(number))
    return cell_place(row, column) if column else row


def stands_already(spec: Spec, key: Iterable[Any], row: int, where: Phrase) -> InputError:
    """The error for a row whose key another *row* has."""
    names = tuple(
        Phrase.of("{field} '{value}'", field=column, value=value)
        for column, value in zip(spec.key, key, strict=True)
    )
    return InputError(
        "{names} is already in row {value}",
        "keep one of the two",
        where=where,
        names=names,
        value=row,
    )


def _header(cells: Iterable[str], spec: Spec, file: str) -> list[str]:
    header = [cell.strip() for cell in cells]
    for name in spec.names:
        if name not in header:
            strange = [column for column in header if column not in spec.names]
            hint = suggest(name, strange) if strange else Phrase("")
            raise InputError(
                "'{value}' is missing",
                Phrase.of("the header has '{value}', rename it", value=hint.fields["name"])
                if "name" in hint.fields
                else "add it to the header",
                where=_place_in_file(file, 1, name),
                value=name,
            )
    for column in header:
        if header.count(column) > 1:
            raise InputError(
                "'{value}' stands {count} times",
                "keep one",
                where=_place_in_file(file, 1, column),
                value=column,
                count=header.count(column),
            )
    return header


def _row(cells: list[str], header: list[str], spec: Spec, file: str, number: int) -> Row:
    if len(cells) != len(header):
        raise InputError(
            "{count} cells, last '{value}', for {high} columns",
            "quote or add a comma",
            where=_place_in_file(file, number, header[min(len(cells), len(header)) - 1]),
            count=len(cells),
            value=shorten(cells[-1] if cells else "", 30),
            high=len(header),
        )
    columns = spec.by_name
    row: dict[str, Any] = {}
    for name, cell in zip(header, cells, strict=True):
        try:
            row[name] = read_cell(cell.strip(), columns.get(name) or Column(name, blank=True))
        except InputError as error:
            raise error.within(_place_in_file(file, number, name)) from None
    return MappingProxyType(row)


def read_cell(text: str, column: Column) -> Any:
    """Return the value of a cell's text. Raises InputError where it does not fit the column."""
    if not text:
        if column.blank:
            return None if column.is_number else ""
        raise InputError("'' is empty", column_fix(column))
    if column.is_number:
        return _number(text, column)
    if column.options and text not in column.options:
        raise InputError("'{value}' is not known", suggest(text, column.options), value=text)
    if column.kind == "month":
        parse_month(text, "")
    elif column.kind == "date":
        parse_date(text, "")
    return text


def _number(text: str, column: Column) -> float | int:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    whole = column.kind == "whole"
    if not math.isfinite(value) or "_" in text or (whole and value != int(value)):
        raise InputError(
            "'{value}' is not a whole number" if whole else "'{value}' is not a number",
            column_fix(column),
            value=text,
        )
    if not column.low <= value <= column.high:
        raise InputError("'{value}' is out of range", column_fix(column), value=text)
    return int(value) if whole else value


def column_fix(column: Column) -> Phrase:
    """What a cell of a column may hold, as the fix of a message."""
    if column.options:
        return suggest("", column.options)
    if column.kind == "month":
        return Phrase("write YYYY-MM")
    if column.kind == "date":
        return Phrase("write YYYY-MM-DD")
    if not column.is_number:
        return Phrase("write a text")
    whole, (low, high) = column.kind == "whole", (column.low, column.high)
    if math.isinf(low):
        return Phrase(
            "use a whole number without unit or comma"
            if whole
            else "use a number without unit or comma"
        )
    if math.isinf(high):
        return Phrase.of(
            "use a whole number, {low} or more without unit or comma"
            if whole
            else "use a number, {low} or more without unit or comma",
            low=f"{low:.10g}",
        )
    return Phrase.of(
        "use a whole number from {low} to {high} without unit or comma"
        if whole
        else "use a number from {low} to {high} without unit or comma",
        low=f"{low:.10g}",
        high=f"{high:.10g}",
    )
