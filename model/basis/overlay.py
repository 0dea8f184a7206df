"""Tables with a scenario's own rows laid over the shipped ones.

A row is known by its table's key: one with the key of a shipped row takes its place, another is
added at the end. What a row leaves out is that of the shipped row; of a new row that of the row
which would have held for it, where there is one (months of stock of all states), else it has to be
given. Own rows are checked by the very specs of the shipped ones (table_specs.py).

Whoever builds a world reads its tables through `table_of`. Rows are plain tuples, so that they may
stand in the key of whatever is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias

from coercivity.model.basis.csv_tables import (
    Row,
    Table,
    cell_place,
    column_fix,
    no_column,
    read_cell,
    stands_already,
)
from coercivity.model.basis.errors import InputError, Phrase, suggest
from coercivity.model.basis.facts import RECORDS, Facts
from coercivity.model.basis.inputs import is_name, plain_text
from coercivity.model.basis.table_columns import Column
from coercivity.model.basis.table_specs import CONFIDENCE, MOST_COVER

Placed: TypeAlias = tuple[Phrase, Row]  # where a row stands, and the row
OwnRow: TypeAlias = tuple[tuple[str, Any], ...]  # column and value, of those that are given
OwnRows: TypeAlias = tuple[tuple[str, tuple[OwnRow, ...]], ...]  # table and its rows
NO_ROWS: Final[OwnRows] = ()
OWN: Final = "own"  # source and confidence of a row that names none
SAID: Final = ("source", "url", "confidence", "note")  # where a row comes from
MOST_ROWS: Final = 500
LONGEST: Final = 200  # characters of a cell
LEAST_SUM, MOST_SUM = 0.95, 1.0005  # of a buyer's shares; shipped rows leave out up to a thirtieth


class Beginning(NamedTuple):
    """Who there is when a world begins: facts, start, end users a sector and state, own rows."""

    facts: Facts
    start: str
    firms_per_sector: int
    own: OwnRows = NO_ROWS


@dataclass(frozen=True)
class OwnTable:
    """A table that may carry own rows."""

    of_state: str  # column by which a state's rows are found
    # the shipped row that holds where a state has none of its own
    instead: Callable[[Mapping[str, Any], Table], Row | None] = lambda _given, _shipped: None
    # what else follows from what is given
    follow: Callable[[Mapping[str, Any], dict[str, Any]], None] = lambda _given, _row: None
    # what one row alone cannot get wrong: the laid table, its own rows with their places in words
    check: Callable[[Facts, Table, Sequence[Placed]], None] = lambda _facts, _laid, _own: None
    defaults: Mapping[str, Any] = field(default_factory=dict)  # of a new row


def _cover_of_all(given: Mapping[str, Any], shipped: Table) -> Row | None:
    """Months of stock of firms of this kind in all states."""
    return next(
        (row for row in shipped if row["kind"] == given.get("kind") and row["state"] == "All"), None
    )


def _spread_moves(given: Mapping[str, Any], row: dict[str, Any]) -> None:
    """Low and high that are not given keep their ratio to the median."""
    before = row["months_median"]
    if "months_median" in given:
        for name in ("months_low", "months_high"):
            moved = row[name] * given["months_median"] / before
            row[name] = given.get(name, min(moved, MOST_COVER))


def _months_in_order(_facts: Facts, _laid: Table, own: Sequence[Placed]) -> None:
    """Low, median and high of months of stock stand in this order."""
    for where, row in own:
        low, median, high = (row[f"months_{name}"] for name in ("low", "median", "high"))
        if not low <= median <= high:
            raise InputError(
                "'{value}' does not lie between {least} {low} and {most} {high}",
                "write all three, or the median alone",
                where=cell_place(where, "months_median"),
                value=f"{median:g}",
                least=Phrase.of("{field}", field="months_low"),
                most=Phrase.of("{field}", field="months_high"),
                low=f"{low:g}",
                high=f"{high:g}",
            )


def _shares_sum(facts: Facts, laid: Table, own: Sequence[Placed]) -> None:
    """What a state buys of a good comes from somewhere, once."""
    buyer = ("start", "good", "destination")

    def is_shipped(one: Placed) -> bool:
        shipped = shipped_row(facts, "trade_prior", one[1])
        return shipped is not None and shipped["share"] == one[1]["share"]

    for where, row in sorted(own, key=is_shipped):  # what was changed is named first
        parts = laid.where(**{name: row[name] for name in buyer})
        total = sum(part["share"] for part in parts)
        if LEAST_SUM <= total <= MOST_SUM:
            continue
        shares = tuple(
            Phrase.of("{state} {share}", state=part["origin"], share=f"{part['share']:.4g}")
            for part in parts
            if part["share"]
        )
        raise InputError(
            "'{value}' makes the shares of what {state} buys of {good} sum to {total} ({shares})",
            "write rows for the other origins too, so that they sum to 1",
            where=cell_place(where, "share"),
            value=f"{row['share']:g}",
            state=row["destination"],
            good=row["good"],
            total=f"{total:.4g}",
            shares=shares,
        )


OWN_TABLES: Final[Mapping[str, OwnTable]] = MappingProxyType(
    {
        "cover": OwnTable("state", _cover_of_all, _spread_moves, _months_in_order),
        "trade_prior": OwnTable("destination", check=_shares_sum),
        "projects": OwnTable("state", defaults=MappingProxyType({"patient": 0})),
    }
)


def table_of(facts: Facts, name: str, own: OwnRows = NO_ROWS) -> Table:
    """The table *name* as a scenario with these own rows has it; without any, the shipped one."""
    rows = dict(own).get(name, ())
    return _lay_over_scenario(facts, name, rows) if rows else facts.table(name)


@lru_cache(maxsize=32)
def _lay_over_scenario(facts: Facts, name: str, own: tuple[OwnRow, ...]) -> Table:
    return lay_over(facts, name, own, "scenario")


def lay_over(facts: Facts, name: str, own: Sequence[OwnRow], where: str | Phrase) -> Table:
    """The shipped table with own rows laid over it, and checked. Raises InputError, *where* first,
    with table, row, column, value and fix.
    """
    shipped, spec = facts.table(name), facts.specs[name]
    places = {key_of(facts, name, row): place for place, row in enumerate(shipped.rows)}
    rows, lines, mine = list(shipped.rows), list(shipped.lines), list[Placed]()
    met: dict[tuple[Any, ...], int] = {}
    for number, given in enumerate(own, start=1):
        here = row_place(where, name, number)
        row = _complete_row(facts, name, dict(given), shipped, here)
        key = key_of(facts, name, row)
        if key in met:
            raise stands_already(spec, key, met[key], cell_place(here, spec.key[0]))
        met[key] = number
        mine.append((here, row))
        if key in places:
            rows[places[key]] = row
        else:
            rows.append(row)
            lines.append(number)
    added = len(rows) - len(shipped)
    laid = replace(shipped, rows=tuple(rows), lines=tuple(lines), added=added)
    OWN_TABLES[name].check(facts, laid, mine)
    return laid


def row_place(where: str | Phrase, table: str, number: int) -> Phrase:
    """Where an own row stands, as messages say it."""
    return Phrase.of("{place}, {table} row {number}", place=where, table=table, number=number)


def shipped_row(facts: Facts, name: str, given: Mapping[str, Any]) -> Row | None:
    """The shipped row that holds where *given* is not laid over it; None where there is none."""
    shipped, spec = facts.table(name), facts.specs[name]
    if any(column not in given for column in spec.key):
        return None
    same = (row for row in shipped if key_of(facts, name, row) == key_of(facts, name, given))
    return next(same, None) or OWN_TABLES[name].instead(given, shipped)


def is_new(facts: Facts, name: str, given: Mapping[str, Any]) -> bool:
    """Whether a row stands beside the shipped ones and not in the place of one."""
    found = shipped_row(facts, name, given)
    return found is None or key_of(facts, name, found) != key_of(facts, name, given)


def key_of(facts: Facts, name: str, row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a row of a table is known by."""
    return tuple(row[column] for column in facts.specs[name].key)


def _complete_row(
    facts: Facts, name: str, given: dict[str, Any], shipped: Table, where: Phrase
) -> Row:
    """A row with all its columns."""
    spec, table = facts.specs[name], OWN_TABLES[name]
    for part in spec.key:
        if part not in given:
            raise InputError(
                "it is missing, and says which row is meant",
                column_fix(spec.by_name[part]),
                where=cell_place(where, part),
            )
    base = shipped_row(facts, name, given)
    row: dict[str, Any] = dict.fromkeys(shipped.columns, "")
    row.update({column.name: None for column in spec.columns if column.is_number and column.blank})
    row.update({"source": OWN, "confidence": OWN} | dict(table.defaults))
    if base is not None:
        row.update({column: base[column] for column in spec.names if column not in SAID})
        table.follow(given, row)
    row.update(given)
    for column in spec.columns:
        if row[column.name] == "" and not column.blank:
            raise InputError(
                "it is missing, and no shipped row has it",
                column_fix(column),
                where=cell_place(where, column.name),
            )
    return MappingProxyType(row)


# ---------------------------------------------------------------- rows as somebody writes them


def read_tables(facts: Facts, raw: object, start: str, where: str | Phrase) -> OwnRows:
    """Own rows as a scenario file writes them under `tables`: by table a list of rows, each a
    mapping of columns. Raises InputError, one line.
    """
    where = Phrase.of("{place}, tables", place=where)
    if raw is None:
        return NO_ROWS
    if not isinstance(raw, Mapping):
        raise InputError(
            "'{value}' is not a mapping",
            "write a table's name, for example cover:, and its rows below it",
            where=where,
            value=raw,
        )
    for name in raw:
        check_own(name, where)
    found = {name: _read_rows(facts, name, rows, start, where) for name, rows in raw.items()}
    if (count := sum(map(len, found.values()))) > MOST_ROWS:
        raise too_many_rows(count, where)
    for name, rows in found.items():
        lay_over(facts, name, rows, where)
    return tuple((name, found[name]) for name in OWN_TABLES if found.get(name))


def too_many_rows(count: int, where: str | Phrase) -> InputError:
    """The error for more own rows than a scenario may have."""
    return InputError(
        "{value} rows are too many", "use at most {high}", where=where, value=count, high=MOST_ROWS
    )


def check_own(name: object, where: str | Phrase) -> None:
    """Refuse a table that takes no own rows."""
    if is_name(name, RECORDS):
        raise InputError(
            "table '{value}' lists what is known of {value} and no rule reads it",
            RECORDS[name],
            where=where,
            value=name,
        )
    if not is_name(name, OWN_TABLES):
        raise InputError(
            "table '{value}' takes no rows of your own",
            suggest(name, OWN_TABLES),
            where=where,
            value=name,
        )


def _read_rows(
    facts: Facts, name: str, raw: object, start: str, where: Phrase
) -> tuple[OwnRow, ...]:
    here = Phrase.of("{place}, {table}", place=where, table=name)
    if raw is not None and not isinstance(raw, (list, tuple)):
        raise InputError(
            "'{value}' is not a list of rows", "begin each row with '- '", where=here, value=raw
        )
    if len(raw or ()) > MOST_ROWS:
        raise too_many_rows(len(raw or ()), here)
    return tuple(
        read_row(facts, name, row, start, row_place(where, name, number))
        for number, row in enumerate(raw or (), start=1)
    )


def read_row(facts: Facts, name: str, raw: object, start: str, where: Phrase) -> OwnRow:
    """The row that somebody wrote: its columns and values, checked one by one, in the order of the
    spec. Raises InputError, *where* first.
    """
    spec = facts.specs[name]
    if not isinstance(raw, Mapping):
        raise InputError(
            "'{value}' is not a row",
            "write columns and values, {example}",
            where=where,
            value=raw,
            example=Phrase(", ".join(f"{column}: ..." for column in spec.key)),
        )
    for column in raw:
        if not is_name(column, spec.names):
            raise no_column(column, spec.names, where)
    given = {
        column.name: _value(raw[column.name], column, cell_place(where, column.name))
        for column in spec.columns
        if column.name in raw
    }
    if "start" in spec.names and given.setdefault("start", start) != start:
        raise InputError(
            "'{value}' is not the start of this scenario, which begins in {low}",
            "leave the column out",
            where=cell_place(where, "start"),
            value=given["start"],
            low=start,
        )
    return tuple((column, given[column]) for column in spec.names if column in given)


def _value(raw: object, column: Column, where: Phrase) -> Any:
    """A value as a cell of the shipped file would hold it."""
    if isinstance(raw, (Mapping, list, tuple)):
        raise InputError("'{value}' is no single value", column_fix(column), where=where, value=raw)
    if column.name == "confidence":
        column = replace(column, options=(*CONFIDENCE, OWN))
    text = "" if raw is None else plain_text(raw, where, LONGEST)
    try:
        return read_cell(text, column)
    except InputError as error:
        raise error.within(where) from None


def merge_own_rows(
    facts: Facts, below: OwnRows, above: Iterable[tuple[str, tuple[OwnRow, ...]]]
) -> OwnRows:
    """Rows of two scenarios together; of two with one key the one above holds."""
    found: dict[str, dict[tuple[Any, ...], OwnRow]] = {}
    for name, rows in (*below, *above):
        for row in rows:
            found.setdefault(name, {})[key_of(facts, name, dict(row))] = row
    return tuple((name, tuple(found[name].values())) for name in OWN_TABLES if found.get(name))


def remove_own_row(facts: Facts, own: OwnRows, name: str, key: Sequence[Any]) -> OwnRows:
    """Own rows but for one of a table."""
    left = {
        table: tuple(
            row for row in rows if table != name or key_of(facts, name, dict(row)) != tuple(key)
        )
        for table, rows in own
    }
    return tuple((table, rows) for table, rows in left.items() if rows)


def says_nothing(facts: Facts, name: str, row: OwnRow) -> bool:
    """Whether a row leaves the shipped one that holds without it as it is."""
    base = shipped_row(facts, name, dict(row))
    if base is None:
        return False
    whole = _complete_row(facts, name, dict(row), facts.table(name), Phrase(name))
    apart = (*SAID, OWN_TABLES[name].of_state)  # the row of all states says the same of one
    return all(
        whole[column] == base[column] for column in facts.specs[name].names if column not in apart
    )


def raw_own_rows(own: OwnRows) -> dict[str, list[dict[str, Any]]]:
    """Own rows as a scenario file writes them."""
    return {name: [dict(row) for row in rows] for name, rows in own}
