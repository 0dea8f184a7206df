"""Curated tables of ``model/data``, with those of a data folder laid over them (layers.py).

Each table has a specification in ``table_specs``: columns, types, allowed values, ranges, key.
Every row keeps its source and its confidence.
"""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import Final

from coercivity.model.basis.csv_tables import Table, read_table
from coercivity.model.basis.errors import InputError, Phrase, unknown
from coercivity.model.basis.inputs import is_name
from coercivity.model.basis.laid import folder_table, key_of, likes, read_laid
from coercivity.model.basis.layers import data_folders, shipped_folder
from coercivity.model.basis.table_specs import SPECS

RECORDS: Final = MappingProxyType(  # tables that no rule reads, and what to write instead
    {
        "plants": Phrase.of(
            "write a new plant under '{new}', and one that runs already under '{output}' and "
            "'{firms}'",
            new="projects",
            output="stage_output",
            firms="firms",
        )
    }
)


def list_tables() -> tuple[str, ...]:
    """Return the names of the tables that have a specification and a shipped file, in alphabetical
    order.
    """
    return tuple(sorted(name for name in SPECS if (shipped_folder() / f"{name}.csv").is_file()))


def load_table(name: str) -> Table:
    """Return the table *name*, read and checked once: the shipped one, with the rows of a data
    folder in place of those with the same key and behind them. Raises InputError for an unknown
    name, and for a broken row of this table or of any of the data folder.
    """
    if not is_name(name, SPECS):
        raise unknown("table", name, list_tables())
    return shipped_table(name)


@lru_cache(maxsize=64)
def shipped_table(name: str) -> Table:
    """The table, kept once it has been read."""
    check_folder()
    return read_laid(name, SPECS[name])


@lru_cache(maxsize=1)
def check_folder() -> None:
    """All tables of the data folder, read before the first table is given out. Raises InputError,
    one line, for a broken row of any of them, also of one that nobody asks for, and for a row that
    takes the place of a shipped one that nothing rests on.
    """
    for folder in data_folders()[1:]:
        likes()
        for name in sorted(SPECS):
            own = folder_table(folder / f"{name}.csv", SPECS[name])
            if own is not None and name in RECORDS:
                _check_record(own, name)


def _check_record(own: Table, name: str) -> None:
    """Raises InputError for a row of a table of records that changes a shipped one."""
    spec = SPECS[name]
    shipped = {key_of(row, spec) for row in read_table(shipped_folder() / f"{name}.csv", spec)}
    for number, row in enumerate(own):
        if key_of(row, spec) in shipped:
            raise InputError(
                "'{value}' ships, and to change it here changes nothing: table {name} lists what "
                "is known of {name} and no rule reads it",
                RECORDS[name],
                where=own.place(number),
                value=row[spec.key[0]],
                name=name,
            )
