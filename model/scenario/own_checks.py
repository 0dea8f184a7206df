"""Own rows of tables that fit their columns, and yet no world: trade from where nothing is made,
plants with a name that is taken. Each costs one clear message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.errors import InputError, shorten
from coercivity.model.basis.goods import GOOD, STATE
from coercivity.model.basis.names import GOODS, STATES
from coercivity.model.basis.overlay import Beginning, is_new, table_of

LEAST: Final = 1e-9  # t/month
Named: TypeAlias = tuple[str, dict[str, Any]]  # a row, and what it is called in a message
NEAR: Final = 0.005  # of what a state buys: as near as a share has to come


def check_own_rows(
    begin: Beginning, where: str, numbers: Mapping[str, Sequence[int]] = MappingProxyType({})
) -> None:
    """What rows can get wrong that each fit their table, in a world that begins so. *numbers*: what
    the rows of a table are called, where these are not 1, 2, ... Raises InputError with one line.
    Costs nothing where there are none.
    """
    checks = {"trade_prior": _check_trade, "projects": _check_plants}
    for name, rows in begin.own:
        if name in checks:
            called = numbers.get(name, range(1, len(rows) + 1))
            named = [
                (f"{where}, {name} row {number}", dict(row))
                for number, row in zip(called, rows, strict=True)
            ]
            checks[name](named, begin)


def _check_trade(rows: Sequence[Named], begin: Beginning) -> None:
    """Refuse shares that cannot be: from a state that makes nothing of the good or not as much, for
    one that uses none, or such that the others cannot be balanced around them.
    """
    from coercivity.model.start.balanced import balanced_start

    others = tuple(one for one in begin.own if one[0] != "trade_prior")
    accounts = balanced_start(begin.start, others)
    wanted = np.zeros((len(GOODS), len(STATES)))
    shares = {
        (GOOD[row["good"]], STATE[row["origin"]], STATE[row["destination"]]): row["share"]
        for row in table_of("trade_prior", begin.own).where(start=begin.start)
    }
    for here, row in rows:
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
    for here, row in rows:
        place = GOOD[row["good"]], STATE[row["origin"]], STATE[row["destination"]]
        found = float(flow[place] / flow[place[0], :, place[2]].sum())
        if abs(found - shares[place]) > NEAR:
            raise InputError(
                f"{here}, column share: '{shares[place]:g}' cannot be balanced: for all that is "
                f"made to be bought it would be {found:.4g}; write that, or rows for fewer states"
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


def _check_plants(rows: Sequence[Named], begin: Beginning) -> None:
    """Refuse a plant from before the start, and a name that some other plant has."""
    from coercivity.model.start.population import census

    for here, row in rows:
        month = row.get("first_month", begin.start)
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
