"""The monthly series that an ensemble keeps of each of its runs: prices, output, dependence, cover
and losses, seen from a target state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.quantities.catalogue import RecordedQuantities
from coercivity.experiments.quantities.headlines import EXPORTER, FOCUS, name_in_id
from coercivity.model.basis.facts import Facts, cached_by_facts
from coercivity.model.results.records import ratio

PRICED: Final = {"ndpr": "ndpr_oxide", "dy": "dysprosium_oxide"}
COVERED: Final = (
    "ndpr_oxide",
    "dysprosium_oxide",
    "magnet_standard",
    "magnet_heat_resistant",
    "motor_heat_resistant",
)
BASES: Final = {"origin": "last_origin", "separated": "separated_in"}
FLOWS: Final = ("output_lost", "cost_paid", "made_up")


@dataclass(frozen=True)
class Series:
    """One monthly series: its id, the figure that it stands in, what it is of (sector, good,
    place), and its unit.
    """

    id: str
    figure: str
    of: str
    unit: str


@cached_by_facts
def series_table(facts: Facts, target: str = FOCUS) -> tuple[Series, ...]:
    """All series of a target state in their order. Output is value added made over planned; losses
    are added up since the start; cover is stock over expected monthly use.
    """
    return (
        *(
            Series(f"price_{key}_{name_in_id(state)}", "prices", f"{good}, {state}", "USD/kg")
            for key, good in PRICED.items()
            for state in _states_with_prices(target)
        ),
        Series("output", "output", "all sectors", "share of plan"),
        *(
            Series(f"output_{sector}", "output", sector, "share of plan")
            for sector in facts.sectors
        ),
        *(
            Series(f"dependence_{key}", "dependence", basis, "share")
            for key, basis in BASES.items()
        ),
        *(Series(f"cover_{good}", "cover", good, "months") for good in COVERED),
        *(Series(f"{flow}_so_far", "loss", flow, "USD bn") for flow in FLOWS),
    )


def _states_with_prices(target: str) -> tuple[str, ...]:
    """States whose prices are kept: the target and the exporter, each once."""
    return tuple(dict.fromkeys((target, EXPORTER)))


def join_series(recorded: RecordedQuantities) -> FloatArray:
    """The series (months x series) in the order of their table."""
    facts = recorded.facts
    prices = [
        recorded["home_price"][:, facts.state_row[state], facts.good_row[good]]
        for good in PRICED.values()
        for state in _states_with_prices(facts.states[recorded.target])
    ]
    focus = recorded.target
    planned = recorded["planned"][:, focus]
    produced = planned + recorded["gdp_effect"][:, focus]
    output = [ratio(produced.sum(axis=1), planned.sum(axis=1)), *ratio(produced, planned).T]
    dependence = [recorded[basis][:, focus] for basis in BASES.values()]
    losses = [recorded[name][:, focus].sum(axis=1).cumsum() / 1e3 for name in FLOWS]
    return np.column_stack([*prices, *output, *dependence, *_cover(recorded), *losses])


def _cover(recorded: RecordedQuantities) -> list[FloatArray]:
    """Stock of all users of a good over what they expect to use in a month, by COVERED."""
    who, records, row = recorded.structure, recorded.records, recorded.facts.good_row
    at_home = who.firm_state[who.need_firm] == recorded.target
    users = [np.flatnonzero(at_home & (who.need_good == row[good])) for good in COVERED]
    return [
        ratio(
            *(records[name].take(rows, axis=1).sum(axis=1) for name in ("need_stock", "expected"))
        )
        for rows in users
    ]
