"""Rows of a visitor's own over shipped tables: the shipped rows of a state as a text to change, and
a pasted text as the scenario that has its rows.

Texts are CSV with a line of column names, with commas, semicolons or tabs between the cells, as
spreadsheets write and copy them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from coercivity.model.basis.csv_tables import Row, cell_place, no_column
from coercivity.model.basis.errors import InputError, Phrase, shorten, unknown_value_error
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.overlay import (
    MOST_ROWS,
    OWN_TABLES,
    SAID,
    Beginning,
    OwnRow,
    OwnRows,
    check_own,
    key_of,
    lay_over,
    merge_own_rows,
    raw_own_rows,
    read_row,
    remove_own_row,
    row_place,
    says_nothing,
    shipped_row,
    table_of,
    too_many_rows,
)
from coercivity.model.basis.yaml_text import dump_yaml
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.own_checks import check_own_rows
from coercivity.model.scenario.scenario import (
    Scenario,
    load_shipped,
    scenario_from_dict,
    scenario_place,
)

SUFFIX: Final = "-own-tables"  # behind the name of a shipped scenario that carries own rows
MOST_TEXT: Final = 100_000  # characters of a pasted table
BETWEEN: Final = ("\t", ";", ",")  # cells
PASTED: Final = Phrase("your table")


def columns_of(name: str) -> tuple[str, ...]:
    """Columns that a text for this table is asked for: not where a row comes from, nor the start,
    which is the scenario's.
    """
    return tuple(
        column for column in Facts.default().specs[name].names if column not in (*SAID, "start")
    )


def state_rows(scenario: Scenario, name: str, state: str) -> list[dict[str, Any]]:
    """The rows of a table that hold for a state in a scenario: its own, and where it has none those
    of all states, as its own.
    """
    table, of_state = table_of(scenario.facts, name, scenario.tables), OWN_TABLES[name].of_state
    rows: dict[tuple[Any, ...], Row] = {}
    for wanted in ("All", state):
        for row in table:
            if row[of_state] == wanted and row.get("start", scenario.start) == scenario.start:
                mine = dict(row) | {of_state: state}
                rows[key_of(scenario.facts, name, mine)] = mine
    return [{column: row[column] for column in columns_of(name)} for row in rows.values()]


def state_csv(scenario: Scenario, name: str, state: str) -> str:
    """The rows that hold for a state (`state_rows`) as CSV, to be changed and pasted."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns_of(name), lineterminator="\n")
    writer.writeheader()
    for row in state_rows(scenario, name, state):
        writer.writerow({column: _cell(value) for column, value in row.items()})
    return stream.getvalue()


def with_csv(scenario: Scenario, name: str, text: object) -> Scenario:
    """The scenario with the rows of a pasted text over a table: those with the key of one that is
    there take its place, those that say nothing new are left out. Raises InputError, one line.
    """
    check_own(name, PASTED)
    read = [
        read_row(scenario.facts, name, row, scenario.start, row_place(PASTED, name, number))
        for number, row in enumerate(_rows_in(name, text), start=1)
    ]
    rows = [_drop_unchanged_fields(scenario, name, row) for row in _with_keys(name, read)]
    mine = {key_of(scenario.facts, name, dict(row)) for row in rows}
    before = dict(scenario.tables).get(name, ())
    kept = [row for row in before if key_of(scenario.facts, name, dict(row)) not in mine]
    lay_over(scenario.facts, name, [*rows, *kept], PASTED)
    new = [
        number
        for number, row in enumerate(rows, start=1)
        if not says_nothing(scenario.facts, name, row)
    ]
    numbers = [*new, *range(len(rows) + 1, len(rows) + len(kept) + 1)]
    others = tuple(one for one in scenario.tables if one[0] != name)
    tables = merge_own_rows(
        scenario.facts, others, [(name, (*(rows[number - 1] for number in new), *kept))]
    )
    firms = round(scenario.parameter_values().firms_per_sector)
    check_own_rows(
        Beginning(scenario.facts, scenario.start, firms, tables), PASTED, {name: numbers}
    )
    return with_tables(scenario, tables)


def _drop_unchanged_fields(scenario: Scenario, name: str, row: OwnRow) -> OwnRow:
    """A row of a text without what it leaves as it is in the scenario, so that what follows from
    the rest follows from what was changed.
    """
    facts = Facts.default()
    key = key_of(scenario.facts, name, dict(row))
    before = next(
        (
            dict(own)
            for own in dict(scenario.tables).get(name, ())
            if key_of(scenario.facts, name, dict(own)) == key
        ),
        {},
    )
    laid = (
        one
        for one in table_of(scenario.facts, name, scenario.tables)
        if key_of(scenario.facts, name, one) == key
    )
    holds = next(laid, None) or shipped_row(scenario.facts, name, dict(row)) or {}
    given: dict[str, Any] = {}
    for column, value in row:
        if column in facts.specs[name].key or value != holds.get(column):
            given[column] = value
        elif column in before:
            given[column] = before[column]
    for column in SAID:
        if column in before:
            given.setdefault(column, before[column])
    return tuple((column, given[column]) for column in facts.specs[name].names if column in given)


def without_row(scenario: Scenario, name: str, key: Sequence[Any]) -> Scenario:
    """The scenario with one own row taken back, which is then as shipped. Raises InputError where
    what is left makes no world.
    """
    return with_tables(scenario, remove_own_row(scenario.facts, scenario.tables, name, key))


@lru_cache(maxsize=128)
def with_tables(scenario: Scenario, tables: OwnRows) -> Scenario:
    """The scenario with just these own rows. A shipped one has another name with them. Kept, as a
    page asks for it many times.
    """
    plain = shipped_below(scenario)
    if plain and not tables:
        return load_shipped(plain)
    raw = scenario.to_dict() | {"tables": raw_own_rows(tables)}
    raw["name"] = f"{plain}{SUFFIX}" if plain else scenario.name
    return replace(scenario_from_dict(raw, scenario_place(scenario)), base=scenario.base)


def shipped_below(scenario: Scenario) -> str:
    """The name of the shipped scenario that this one is but for its own rows; '' for others."""
    name = scenario.name.removesuffix(SUFFIX)
    if name not in list_scenarios():
        return ""
    shipped = load_shipped(name)
    return name if replace(scenario, name=name, tables=()) == replace(shipped, tables=()) else ""


def own_rows(scenario: Scenario) -> list[tuple[str, Row, Row | None]]:
    """Table, row, and the shipped row that would hold without it, of each own row."""
    found = []
    for name, rows in scenario.tables:
        laid = {
            key_of(scenario.facts, name, row): row
            for row in table_of(scenario.facts, name, scenario.tables)
        }
        for row in rows:
            whole = laid[key_of(scenario.facts, name, dict(row))]
            found.append((name, whole, shipped_row(scenario.facts, name, whole)))
    return found


# ---------------------------------------------------------------- a pasted text


def _rows_in(name: str, text: object) -> list[dict[str, str]]:
    """The rows of a text, by column; empty cells are left out."""
    facts = Facts.default()
    names = facts.specs[name].names
    here = Phrase.of("{place}, {table}", place=PASTED, table=name)
    header_wanted = Phrase(",".join(columns_of(name)))
    if not isinstance(text, str) or not text.strip():
        raise InputError(
            "it is empty",
            "write the columns '{header}' and rows below them",
            where=here,
            header=header_wanted,
        )
    if len(text) > MOST_TEXT:
        raise InputError(
            "it has {count} characters",
            "a page takes at most {high}",
            where=here,
            count=f"{len(text):,}",
            high=f"{MOST_TEXT:,}",
        )
    lines = text.lstrip("\ufeff").strip("\r\n").splitlines()
    between = max(BETWEEN, key=lines[0].count)
    try:
        cells = list(csv.reader(lines, delimiter=between, strict=True))
    except csv.Error as error:
        raise InputError(
            "not a table ({reason})",
            "put a cell with commas or quotes in double quotes",
            where=here,
            reason=error,
        ) from None
    header = [_as_named(cell.strip(), names) for cell in cells[0]]
    if not set(header) & set(names):
        raise InputError(
            "the first line '{value}' names no column of {table}",
            "write '{header}'",
            where=here,
            value=shorten(lines[0], 40),
            table=name,
            header=header_wanted,
        )
    for column in header:
        if column not in names:
            raise no_column(column, columns_of(name), here)
        if header.count(column) > 1:
            raise InputError("column '{value}' stands twice", "keep one", where=here, value=column)
    rows = [row for row in cells[1:] if any(cell.strip() for cell in row)]
    if len(rows) > MOST_ROWS:
        raise too_many_rows(len(rows), PASTED)
    for number, row in enumerate(rows, start=1):
        if len(row) != len(header):
            raise InputError(
                "{count} cells, last '{value}', for {high} columns",
                "quote or add a comma",
                where=row_place(PASTED, name, number),
                count=len(row),
                value=shorten(row[-1], 30),
                high=len(header),
            )
    columns = facts.specs[name].by_name
    pairs = (zip(header, (cell.strip() for cell in row), strict=True) for row in rows)
    return [
        {column: _as_named(cell, columns[column].options) for column, cell in row if cell}
        for row in pairs
    ]


def _as_named(cell: str, names: Sequence[str]) -> str:
    """A name as the tables have it, where somebody wrote it with spaces or capitals: 'Months
    median' is months_median.
    """
    if cell in names:
        return cell
    plain = re.sub(r"[ -]+", "_", cell).lower()
    return plain if plain in names else cell


def _with_keys(name: str, rows: Sequence[OwnRow]) -> Sequence[OwnRow]:
    """The rows, if each says which one it is. Raises InputError."""
    for number, row in enumerate(rows, start=1):
        for column in Facts.default().specs[name].key:
            if column not in dict(row):
                raise InputError(
                    "it is missing, and says which row is meant",
                    "write it",
                    where=cell_place(row_place(PASTED, name, number), column),
                )
    return rows


def _cell(value: object) -> str:
    """A value as a cell: a number as short as it is read back."""
    if value is None:
        return ""
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def own_yaml(name: str | None, start: str, state: str, ascii_only: bool = False) -> str:
    """The shipped rows that hold for a state as a scenario file writes its own, to be changed: of a
    table, or of all that take own rows. Raises InputError.
    """
    facts = Facts.default()
    for value, what, known in ((start, "start", facts.starts), (state, "state", facts.states)):
        if value not in known:
            raise unknown_value_error(what, value, known)
    if name is not None:
        check_own(name, "facts")
    plain = Scenario("", start, facts=Facts.default())
    names = OWN_TABLES if name is None else (name,)
    rows = {one: state_rows(plain, one, state) for one in names}
    return dump_yaml({"tables": rows}, ascii_only=ascii_only)
