"""Own rows of tables that fit their columns, and yet no world: trade from where nothing is made,
plants with a name that is taken. Each costs one clear message.
"""

from __future__ import annotations

from typing import Any, Final

from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.errors import InputError, shorten
from coercivity.model.basis.goods import GOOD, STATE
from coercivity.model.basis.names import STATES
from coercivity.model.basis.overlay import Beginning, is_new

LEAST: Final = 1e-9  # t/month


def check_own_rows(begin: Beginning, where: str) -> None:
    """What rows can get wrong that each fit their table, in a world that begins so. Raises
    InputError with one line. Costs nothing where there are none.
    """
    for name, rows in begin.own:
        check = {"trade_prior": _check_trade, "projects": _check_plant}.get(name)
        for number, row in enumerate(rows if check else (), start=1):
            if check is not None:
                check(dict(row), begin, f"{where}, tables, {name} row {number}")


def _check_trade(row: dict[str, Any], begin: Beginning, where: str) -> None:
    """Refuse a share from a state that makes nothing of the good, or for one that uses none."""
    from coercivity.model.start.balanced import balanced_start

    accounts, good = balanced_start(begin.start, begin.own), GOOD[row["good"]]
    for column, tonnes, does in (
        ("origin", accounts.output[good], "makes"),
        ("destination", accounts.use[good], "uses"),
    ):
        if tonnes[STATE[row[column]]] > LEAST or (column == "origin" and not row.get("share", 1)):
            continue
        able = [state for state, some in zip(STATES, tonnes, strict=True) if some > LEAST]
        raise InputError(
            f"{where}, column {column}: '{row[column]}' {does} no {row['good']} at the start "
            f"{begin.start}; use one of: {', '.join(able)}"
        )


def _check_plant(row: dict[str, Any], begin: Beginning, where: str) -> None:
    """Refuse a plant from before the start, and a name that some other plant has."""
    from coercivity.model.start.population import census

    month = row.get("first_month", begin.start)
    if month_index(begin.start, month) < 0:
        raise InputError(
            f"{where}, column first_month: '{month}' is before the start {begin.start}, and what "
            f"ran by then is in the start's output; write {begin.start}, and it opens with the "
            "start and ramps up"
        )
    if is_new("projects", row) and census(*begin).names.count(row["name"]) > 1:
        raise InputError(
            f"{where}, column name: '{shorten(row['name'])}' is a plant of the start already, or "
            "one that may be built; write another name"
        )
