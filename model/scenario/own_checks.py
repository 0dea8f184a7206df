"""Own rows of tables that fit their columns, and yet no world: trade from where nothing is made,
plants with a name that is taken. Each costs one clear message.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any, Final

from coercivity.agents.base.arrays import FloatArray
from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.errors import InputError, shorten
from coercivity.model.basis.goods import GOOD, STATE
from coercivity.model.basis.names import GOODS, STATES
from coercivity.model.basis.overlay import Beginning, OwnRow, is_new, table_of

LEAST: Final = 1e-9  # t/month
NEAR: Final = 0.005  # of what a state buys: as near as a share has to come


def check_own_rows(begin: Beginning, where: str) -> None:
    """What rows can get wrong that each fit their table, in a world that begins so. Raises
    InputError with one line. Costs nothing where there are none.
    """
    where = f"{where}, tables"
    for name, rows in begin.own:
        if name == "trade_prior":
            _check_trade(rows, begin, where)
        elif name == "projects":
            _check_plants(rows, begin, where)


def _check_trade(rows: Sequence[OwnRow], begin: Beginning, where: str) -> None:
    """Refuse shares that cannot be: from a state that makes nothing of the good or not as much, for
    one that uses none, or such that nothing is left for the others to balance.
    """
    from coercivity.model.start.balanced import balanced_start

    others = tuple(one for one in begin.own if one[0] != "trade_prior")
    accounts = balanced_start(begin.start, others)
    wanted = {key: 0.0 for key in product(range(len(GOODS)), range(len(STATES)))}
    shares = {
        (GOOD[row["good"]], STATE[row["origin"]], STATE[row["destination"]]): row["share"]
        for row in table_of("trade_prior", begin.own).where(start=begin.start)
    }
    for number, row in enumerate(map(dict, rows), start=1):
        here = f"{where}, trade_prior row {number}"
        place = GOOD[row["good"]], STATE[row["origin"]], STATE[row["destination"]]
        good, origin, destination = place
        if shares[place]:
            _check_place(row, "origin", "makes", accounts.output[good], begin, here)
        _check_place(row, "destination", "uses", accounts.use[good], begin, here)
        wanted[good, origin] += shares[place] * float(accounts.use[good, destination])
        made = float(accounts.output[good, origin])
        if wanted[good, origin] > made * (1.0 + NEAR):
            raise InputError(
                f"{here}, column share: '{shares[place]:g}' makes your rows take "
                f"{wanted[good, origin]:,.0f} t a month of {row['good']} from {row['origin']}, "
                f"which makes {made:,.0f} at the start; write a smaller share"
            )
    flow = balanced_start(begin.start, begin.own).flow
    for number, row in enumerate(map(dict, rows), start=1):
        place = GOOD[row["good"]], STATE[row["origin"]], STATE[row["destination"]]
        found = float(flow[place] / flow[place[0], :, place[2]].sum())
        if abs(found - shares[place]) > NEAR:
            raise InputError(
                f"{where}, trade_prior row {number}, column share: '{shares[place]:g}' leaves no "
                f"trade by which all that is made is bought ({found:.3g} would be left of it); "
                "write rows for fewer states"
            )


def _check_place(
    row: dict[str, Any], column: str, does: str, tonnes: FloatArray, begin: Beginning, where: str
) -> None:
    """Refuse a state that does nothing with the good at the start."""
    if tonnes[STATE[row[column]]] > LEAST:
        return
    able = [state for state, some in zip(STATES, tonnes, strict=True) if some > LEAST]
    raise InputError(
        f"{where}, column {column}: '{row[column]}' {does} no {row['good']} at the start "
        f"{begin.start}; use one of: {', '.join(able)}"
    )


def _check_plants(rows: Sequence[OwnRow], begin: Beginning, where: str) -> None:
    """Refuse a plant from before the start, and a name that some other plant has."""
    from coercivity.model.start.population import census

    for number, row in enumerate(map(dict, rows), start=1):
        here, month = f"{where}, projects row {number}", row.get("first_month", begin.start)
        if month_index(begin.start, month) < 0:
            raise InputError(
                f"{here}, column first_month: '{month}' is before the start {begin.start}, and "
                f"what ran by then is in the start's output; write {begin.start}, and it opens "
                "with the start and ramps up"
            )
        if is_new("projects", row) and census(*begin).names.count(row["name"]) > 1:
            raise InputError(
                f"{here}, column name: '{shorten(row['name'])}' is a plant of the start already, "
                "or one that may be built; write another name"
            )
