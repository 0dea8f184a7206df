"""Tables of several folders laid over each other: a row is known by its table's key, one with the
key of a row below takes its place, another is added at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypeVar

from coercivity.model.basis.csv_tables import Row, Table
from coercivity.model.basis.errors import InputError, suggest
from coercivity.model.basis.table_columns import Spec

Told = TypeVar("Told")


def merge_tables(below: Table, above: Table, spec: Spec) -> Table:
    """Rows of *above* in place of those of *below* with the same key, and behind them."""
    columns = tuple(dict.fromkeys((*below.columns, *above.columns)))
    found = {
        key_of(row, spec): (_complete_row(row, columns), line, table.file)
        for table in (below, above)
        for row, line in zip(table.rows, table.lines, strict=True)
    }
    rows, lines, origins = zip(*found.values(), strict=True) if found else ((), (), ())
    return replace(below, columns=columns, rows=rows, lines=lines, files=origins)


def key_of(row: Row, spec: Spec) -> tuple[Any, ...]:
    """What a row is known by."""
    return tuple(row[part] for part in spec.key)


def _complete_row(row: Row, columns: tuple[str, ...]) -> Row:
    """A row with all columns; those beyond the specification may be left out."""
    return (
        row if len(row) == len(columns) else MappingProxyType({**dict.fromkeys(columns, ""), **row})
    )


def like_starts(
    table: Table, spec: Spec, shipped: int, likes: Mapping[str, tuple[str, ...]]
) -> Table:
    """A table by start, with rows for each start that is like another (`find_likes`): those that
    hold for the other, a data folder's among them, where it has none of its own with the same key.

    They stand behind the *shipped* rows, before those that a data folder adds.
    """
    if not likes:
        return table
    taken: dict[tuple[Any, ...], tuple[Row, int]] = {}  # by key: the row, and where it was taken
    known = {key_of(row, spec) for row in table.rows}
    for start, others in likes.items():
        for other in others:
            for place, row in enumerate(table.rows):
                copy: Row = MappingProxyType({**row, "start": start})
                if row["start"] == other and key_of(copy, spec) not in known:
                    taken.setdefault(key_of(copy, spec), (copy, place))
    rows = tuple(row for row, _ in taken.values())
    places = [place for _, place in taken.values()]
    return replace(
        table,
        rows=table.rows[:shipped] + rows + table.rows[shipped:],
        lines=_with_taken(table.lines, places, shipped),
        files=_with_taken(table.files, places, shipped),
    )


def _with_taken(told: tuple[Told, ...], places: list[int], shipped: int) -> tuple[Told, ...]:
    """What is told of each row, where rows are taken from *places* behind the shipped ones."""
    return told and told[:shipped] + tuple(told[place] for place in places) + told[shipped:]


def find_likes(table: Table) -> Mapping[str, tuple[str, ...]]:
    """For each start of a table of starts that is like another the starts whose rows it takes, the
    nearest first: that one, the one that it is like, and so on. Raises InputError, one line, for
    one that is like no other start, and where starts go round in a circle.
    """
    said = {str(row["start"]): str(row["like"]) for row in table if row["like"]}
    starts = table.column("start")
    found: dict[str, tuple[str, ...]] = {}
    for number, (start, like) in enumerate(zip(starts, table.column("like"), strict=True)):
        where = table.place(number, "like")
        if like and (like == start or like not in starts):
            others = sorted(other for other in starts if other != start)
            raise InputError(
                "'{value}' is no other start", suggest(like, others), where=where, value=like
            )
        chain = [start]
        while chain[-1] in said:
            chain.append(said[chain[-1]])
            if chain[-1] in chain[:-1]:
                raise InputError(
                    "'{value}' goes round in a circle ({names})",
                    "leave like empty for one of them, or write a start outside of it",
                    where=where,
                    value=like,
                    names=chain,
                )
        if like:
            found[str(start)] = tuple(chain[1:])
    return MappingProxyType(found)
