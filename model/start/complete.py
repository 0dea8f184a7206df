"""Whether the tables know every state and government that has a name: what is missing costs one
line before a world is built.
"""

from __future__ import annotations

from functools import lru_cache

from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import load_table
from coercivity.model.basis.names import GOVERNMENTS, SECTORS, STATES

NEEDED = (  # table, column, and the names of which each needs a row
    ("states", "state", STATES),
    ("governments", "government", GOVERNMENTS),
    ("counter_leverage", "government", GOVERNMENTS),
)


@lru_cache(maxsize=1)
def check_names() -> None:
    """Raises InputError, one line, for the first state or government that a table does not know,
    and for a state whose economy nobody gives.
    """
    for table, column, names in NEEDED:
        known = {row[column] for row in load_table(table)}
        for name in names:
            if name not in known:
                raise InputError(_missing(table, column, name))
    linked = {(row["state"], row["sector"]) for row in load_table("multipliers")}
    for state in STATES:
        for sector in SECTORS:
            if (state, sector) not in linked:
                raise InputError(
                    f"table multipliers.csv has no row for state '{state}', sector '{sector}': "
                    "add one with its number in column multiplier (docs/add-a-state.md)"
                )
    sized = {row["state"] for table in ("gdp", "value_added") for row in load_table(table)}
    for state in STATES:
        if state not in sized:
            raise InputError(_missing("gdp", "state", state))


def _missing(table: str, column: str, name: str) -> str:
    return (
        f"table {table}.csv has no row for {column} '{name}', which names.py knows; add one "
        "(docs/add-a-state.md)"
    )
