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
from coercivity.model.basis.csv_tables import Row, cell_place
from coercivity.model.basis.errors import InputError, Phrase
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.overlay import Beginning, is_new, row_place, table_of
from coercivity.model.start.balanced import balanced_start
from coercivity.model.start.population import census

LEAST: Final = 1e-9  # t/month
Named: TypeAlias = tuple[Phrase, dict[str, Any]]  # where a row stands, and the row
NEAR: Final = 0.005  # of what a state buys: as near as a share has to come


def check_own_rows(
    begin: Beginning,
    where: str | Phrase,
    numbers: Mapping[str, Sequence[int]] = MappingProxyType({}),
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
                (row_place(where, name, number), dict(row))
                for number, row in zip(called, rows, strict=True)
            ]
            checks[name](named, begin)


def _check_trade(rows: Sequence[Named], begin: Beginning) -> None:
    """Refuse shares that cannot be: from a state that makes nothing of the good or not as much, for
    one that uses none, or such that the others cannot be balanced around them.
    """
    facts = begin.facts
    others = tuple(one for one in begin.own if one[0] != "trade_prior")
    accounts = balanced_start(facts, begin.start, others)
    wanted = np.zeros((len(facts.goods), len(facts.states)))
    shares = {
        _cell_of(facts, row): row["share"]
        for row in table_of(facts, "trade_prior", begin.own).where(start=begin.start)
    }
    for here, row in rows:
        place = _cell_of(facts, row)
        good, origin, destination = place
        if shares[place]:
            _check_place(row, "origin", accounts.output[good], begin, here)
        _check_place(row, "destination", accounts.use[good], begin, here)
        wanted[good, origin] += shares[place] * float(accounts.use[good, destination])
        made = float(accounts.output[good, origin])
        if wanted[good, origin] > made * (1.0 + NEAR):
            raise InputError(
                "'{value}' makes your rows take {tonnes} t a month of {good} from {state}, which "
                "makes {made} at the start",
                "write a smaller share",
                where=cell_place(here, "share"),
                value=f"{shares[place]:g}",
                tonnes=f"{wanted[good, origin]:,.0f}",
                good=row["good"],
                state=row["origin"],
                made=f"{made:,.0f}",
            )
    flow = balanced_start(facts, begin.start, begin.own).flow
    for here, row in rows:
        place = _cell_of(facts, row)
        found = float(flow[place] / flow[place[0], :, place[2]].sum())
        if abs(found - shares[place]) > NEAR:
            raise InputError(
                "'{value}' cannot be balanced: for all that is made to be bought it would be "
                "{high}",
                "write that, or rows for fewer states",
                where=cell_place(here, "share"),
                value=f"{shares[place]:g}",
                high=f"{found:.4g}",
            )


def _cell_of(facts: Facts, row: Row) -> tuple[int, int, int]:
    """Good, origin and destination of a row of trade."""
    origin, destination = facts.state_row[row["origin"]], facts.state_row[row["destination"]]
    return facts.good_row[row["good"]], origin, destination


def _check_place(
    row: dict[str, Any], column: str, tonnes: FloatArray, begin: Beginning, where: Phrase
) -> None:
    """Refuse a state that does nothing with the good at the start."""
    facts = begin.facts
    if tonnes[facts.state_row[row[column]]] > LEAST:
        return
    able = [state for state, some in zip(facts.states, tonnes, strict=True) if some > LEAST]
    raise InputError(
        "'{value}' makes no {good} at the start {low}"
        if column == "origin"
        else "'{value}' uses no {good} at the start {low}",
        Phrase.of("use one of: {names}", names=able),
        where=cell_place(where, column),
        value=row[column],
        good=row["good"],
        low=begin.start,
    )


def _check_plants(rows: Sequence[Named], begin: Beginning) -> None:
    """Refuse a plant from before the start, and a name that some other plant has."""
    for here, row in rows:
        month = row.get("first_month", begin.start)
        if month_index(begin.start, month) < 0:
            raise InputError(
                "'{value}' is before the start {low}, and what ran by then is in the start's "
                "output",
                "write {low}, and it opens with the start and ramps up",
                where=cell_place(here, "first_month"),
                value=month,
                low=begin.start,
            )
        if is_new(begin.facts, "projects", row) and census(*begin).names.count(row["name"]) > 1:
            raise InputError(
                "'{value}' is a plant of the start already, or one that may be built",
                "write another name",
                where=cell_place(here, "name"),
                value=row["name"],
            )
