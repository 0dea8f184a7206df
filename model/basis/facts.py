"""Curated tables of ``model/data``, with those of a data folder laid over them (layers.py).

Each table has a specification in ``table_specs``: columns, types, allowed values, ranges, key.
Every row keeps its source and its confidence.
"""

from __future__ import annotations

from functools import lru_cache

from coercivity.model.basis.csv_tables import Table
from coercivity.model.basis.errors import InputError, shorten, suggest
from coercivity.model.basis.inputs import is_name
from coercivity.model.basis.laid import folder_table, likes, read_laid
from coercivity.model.basis.layers import data_folders, shipped_folder
from coercivity.model.basis.table_specs import SPECS


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
        raise InputError(f"table '{shorten(name)}' is not known; {suggest(name, list_tables())}")
    return shipped_table(name)


@lru_cache(maxsize=64)
def shipped_table(name: str) -> Table:
    """The table, kept once it has been read."""
    check_folder()
    return read_laid(name, SPECS[name])


@lru_cache(maxsize=1)
def check_folder() -> None:
    """All tables of the data folder, read before the first table is given out. Raises InputError,
    one line, for a broken row of any of them, also of one that nobody asks for.
    """
    for folder in data_folders()[1:]:
        likes()
        for name in sorted(SPECS):
            folder_table(folder / f"{name}.csv", SPECS[name])
