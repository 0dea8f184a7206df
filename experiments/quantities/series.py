"""The monthly series that an ensemble keeps of each of its runs: prices, output, dependence, cover
and losses, seen from Japan.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.worlds.headlines import EXPORTER, FOCUS, FORMULAS, TableSource, View
from coercivity.model.basis.goods import GOOD, STATE
from coercivity.model.basis.names import SECTORS
from coercivity.model.results.records import Records, by_group, ratio
from coercivity.model.use.macro import dependent_value_added

if TYPE_CHECKING:
    from coercivity.model.results.result import Result
    from coercivity.model.scenario.scenario import Scenario
    from coercivity.model.world import World

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


@cache
def series_table() -> tuple[Series, ...]:
    """All series in their order. Output is value added made over planned; losses are added up since
    the start; cover is stock over expected monthly use.
    """
    return (
        *(
            Series(f"price_{key}_{state.lower()}", "prices", f"{good}, {state}", "USD/kg")
            for key, good in PRICED.items()
            for state in (FOCUS, EXPORTER)
        ),
        Series("output", "output", "all sectors", "share of plan"),
        *(Series(f"output_{sector}", "output", sector, "share of plan") for sector in SECTORS),
        *(
            Series(f"dependence_{key}", "dependence", basis, "share")
            for key, basis in BASES.items()
        ),
        *(Series(f"cover_{good}", "cover", good, "months") for good in COVERED),
        *(Series(f"{flow}_so_far", "loss", flow, "USD bn") for flow in FLOWS),
    )


def run_series(
    scenario: Scenario, seed: int, since: str
) -> tuple[dict[str, float | None], FloatArray]:
    """Run one world without tables: its headlines, counted from the day *since*, and every series
    (months x series), as `series_of` gives them.
    """
    from coercivity.experiments.quantities.outcomes import HeadlineWatch, WatchSource
    from coercivity.model.world import World

    world = World(scenario, seed, record=False, collect=False)
    watch, cover = HeadlineWatch(world), CoverWatch(world)
    for _ in range(scenario.months):
        world.step()
        watch.read(world)
        cover.read(world)
    source = WatchSource(world, watch.parts)
    view = View(source, since)
    return {name: FORMULAS[name](view) for name in watch.wanted}, _join(
        view, planned_value(source.records["firms"]), cover.values()
    )


def series_of(result: Result) -> FloatArray:
    """Every series of a recorded run: months x series, in the order of `series_table`; NaN where
    undefined.
    """
    records = result.records
    if records is None:
        raise ValueError("this run did not record; make it with record=True")
    of = records.structure
    cover = np.column_stack(
        [
            ratio(
                records["need_stock"][:, rows].sum(axis=1), records["expected"][:, rows].sum(axis=1)
            )
            for good in COVERED
            for rows in (
                np.flatnonzero(
                    (of.firm_state[of.need_firm] == STATE[FOCUS]) & (of.need_good == GOOD[good])
                ),
            )
        ]
    )
    return _join(View(TableSource(result), f"{result.months[0]}-01"), planned_value(records), cover)


class CoverWatch:
    """Reads stock and expected use of Japan's users after each step; `values()` are months of
    cover, months x COVERED.
    """

    def __init__(self, world: World) -> None:
        needs = world.needs
        users = world.firms.state[needs.firm] == STATE[FOCUS]
        self.rows = [np.flatnonzero(users & (needs.good == GOOD[good])) for good in COVERED]
        self.stock: list[list[FloatArray]] = [[] for _ in COVERED]
        self.expected: list[list[FloatArray]] = [[] for _ in COVERED]

    def read(self, world: World) -> None:
        """After a step."""
        for at, rows in enumerate(self.rows):
            self.stock[at].append(world.needs.stock[rows])
            self.expected[at].append(world.needs.expected[rows])

    def values(self) -> FloatArray:
        """Stock of all users of a good over what they expect to use in a month."""
        columns = zip(self.stock, self.expected, strict=True)
        return np.column_stack(
            [
                ratio(np.array(stock).sum(axis=1), np.array(use).sum(axis=1))
                for stock, use in columns
            ]
        )


def _join(view: View, planned: FloatArray, cover: FloatArray) -> FloatArray:
    """The series in the order of their table."""
    prices = [
        view.read("home_price", good)[:, STATE[state]]
        for good in PRICED.values()
        for state in (FOCUS, EXPORTER)
    ]
    made = planned + view.read("flow", "gdp_effect")
    output = [ratio(made.sum(axis=1), planned.sum(axis=1)), *ratio(made, planned).T]
    dependence = [view.read("dependence", basis) for basis in BASES.values()]
    losses = [np.nan_to_num(view.read("flow", name)).sum(axis=1).cumsum() / 1e3 for name in FLOWS]
    return np.column_stack([*prices, *output, *dependence, *cover.T, *losses])


def planned_value(records: Records) -> FloatArray:
    """Value added that each end-use sector of Japan plans (months x sectors, USD million a month),
    of what contains the part.
    """
    of = records.structure
    rows = np.flatnonzero((of.firm_state == STATE[FOCUS]) & (of.firm_sector >= 0))
    value = (
        dependent_value_added()[of.firm_state[rows], of.firm_sector[rows]]
        * of.firm_size[rows]
        * records.parameters.dependent_scale
    )
    return by_group(records["plan"][:, rows] * value, of.firm_sector[rows], len(SECTORS))
