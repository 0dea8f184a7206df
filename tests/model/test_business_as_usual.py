"""Ten years without events: calm from month to month, alive from year to year, nothing stopping
without a cause.

Metrics and thresholds were written before the first run (seeds, start 2024-01, 120 months); the one
without noise after the first runs, when a cycle was seen that the others let through.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from coercivity.agents.firms.end_user import STOP_THRESHOLD
from coercivity.model.basis.facts import load_table
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.use.demand import growth_path
from coercivity.model.world import World
from tests.facts import FACTS
from tests.model.lived import begun
from tests.names import FIRST_SECTOR, GOOD, PROCESS, PROCESSES

SEEDS = (1, 2, 3)
MONTHS = 120
CALM = "business-as-usual"
PRICES: tuple[str, ...] = ("ndpr_oxide", "dysprosium_oxide", "terbium_oxide")
PRICES += ("magnet_standard", "magnet_heat_resistant")


class Decade:
    """Series of one world: quotes, bounds, magnet output, stops."""

    def __init__(self, seed: int) -> None:
        self.world = world = begun(CALM, MONTHS, seed=seed)
        end = world.firms.is_end
        presses = (world.firms.process >= PROCESS["make_magnet_standard"]) & (
            world.firms.process <= PROCESS["make_magnet_heat_resistant"]
        )
        quotes, magnets = [], []
        floor: list[list[float]] = []
        self.stops = self.unexplained = 0
        for _ in range(MONTHS):
            world.step()
            quotes.append(world.market.quote.copy())
            magnets.append(world.firms.run[presses].sum())
            weight = world.offers.sales + 1e-12
            offers = world.offers
            at = offers.ask <= offers.floor * 1.0001
            floor.append([np.average(at[r], weights=weight[r]) for r in self.rows()])
            stopped = end & (world.firms.run < STOP_THRESHOLD * world.firms.plan)
            lacking = np.zeros(len(world.firms), dtype=bool)
            lacking[world.needs.firm[world.needs.lacking]] = True
            self.stops += int(stopped.sum())
            self.unexplained += int((stopped & ~lacking).sum())
        self.firm_months = int(end.sum()) * MONTHS
        self.quote, self.magnets = np.array(quotes), np.array(magnets)
        self.at_floor = np.array(floor) > 0.5

    def rows(self) -> list[np.ndarray]:
        """Offers of each lead good."""
        return [np.flatnonzero(self.world.offers.good == GOOD[good]) for good in PRICES]


@pytest.fixture(scope="module")
def decades() -> list[Decade]:
    return [Decade(seed) for seed in SEEDS]


def longest(spell: np.ndarray) -> int:
    """Months of the longest spell of True."""
    best = run = 0
    for value in spell:
        run = run + 1 if value else 0
        best = max(best, run)
    return best


def test_prices_and_output_do_not_oscillate_from_month_to_month(decades: list[Decade]) -> None:
    """Monthly log changes: lag-1 autocorrelation, and the part that turns the sign."""
    for decade in decades:
        series = [decade.quote[:, GOOD[good]] for good in PRICES]
        for values in (decade.magnets, *series):
            change = np.diff(np.log(values))
            assert float(np.corrcoef(change[1:], change[:-1])[0, 1]) >= -0.3
        for values in series:
            change = np.diff(np.log(values))
            assert float((change[1:] * change[:-1] < 0).mean()) <= 0.7


QUIET = dict.fromkeys(("demand_noise_sector", "demand_noise_state"), 0.0)


@cache
def swing_without_noise() -> dict[str, float]:
    """Standard deviation of the log of runs from their trend, by process."""
    world, runs = begun(CALM, MONTHS, parameters=QUIET), []
    for _ in range(MONTHS):
        world.step()
        runs.append(np.bincount(world.firms.process, world.firms.run)[:FIRST_SECTOR])
    logs, time = np.log(np.array(runs)[12:]), np.arange(MONTHS - 12)
    return {
        PROCESSES[k]: float((logs[:, k] - np.polyval(np.polyfit(time, logs[:, k], 2), time)).std())
        for k in range(FIRST_SECTOR)
    }


def test_without_noise_there_is_no_cycle() -> None:
    swing = swing_without_noise()
    found = {process for process, value in swing.items() if value > 0.05}
    assert found <= {"separate_heavy"}, f"cycles without noise: {swing}"


@pytest.mark.xfail(
    strict=True,
    reason="0.063: heavy ore in store runs out in 2028; a price that hears of it would mend it",
)
def test_without_noise_heavy_separators_have_no_cycle() -> None:
    assert swing_without_noise()["separate_heavy"] <= 0.05


def test_no_lead_price_stays_at_its_floor(decades: list[Decade]) -> None:
    for decade in decades:
        for k, good in enumerate(PRICES):
            assert longest(decade.at_floor[:, k]) <= 12, good


def test_no_price_stands_still_for_a_year(decades: list[Decade]) -> None:
    """Nor that of what comes along with another good: to the cent in a hundred dollars."""
    for decade in decades:
        for good in (*PRICES, "lanthanum_oxide", "cerium_oxide", "yttrium_oxide"):
            moved = np.abs(np.diff(np.log(decade.quote[:, GOOD[good]])))
            assert longest(moved < 1e-4) < 12, good


def record_swing() -> float:
    """Standard deviation of yearly log changes of NdPr oxide at home, annual means ex VAT."""
    rows = load_table("record").where(episode="2013-2024", series="price.ndpr_oxide.home_ex_vat")
    prices = [row["value"] for row in sorted(rows, key=lambda row: str(row["period"]))]
    return float(np.diff(np.log(prices)).std(ddof=1))


@pytest.mark.xfail(
    strict=True,
    reason="a tenth of the swing on record: prices answer believed use, into which noise of demand "
    "hardly enters; larger or longer swings of demand would mend it",
)
def test_ndpr_swings_from_year_to_year_as_the_record_does(decades: list[Decade]) -> None:
    changes = [
        np.diff(np.log(d.quote[:, GOOD["ndpr_oxide"]].reshape(-1, 12).mean(axis=1)))
        for d in decades
    ]
    swing, record = float(np.sqrt(np.mean([c.var(ddof=1) for c in changes]))), record_swing()
    assert 0.5 * record <= swing <= 1.5 * record, f"yearly swing {swing:.3f}, record {record:.3f}"


def fact_growth(world: World) -> float:
    """Yearly growth of magnet use by growth.csv: mean of 2032-33 over mean of 2024."""
    firms, needs = world.firms, world.needs
    kinds = ("standard", "heat_resistant")
    contains = [GOOD[f"{what}_{kind}"] for what in ("magnet", "motor") for kind in kinds]
    rows = np.isin(needs.good, contains) & (firms.process[needs.firm] >= FIRST_SECTOR)
    firm = needs.firm[rows]
    path = growth_path(FACTS, "2024-01", MONTHS + 1)
    level = np.exp(path[:MONTHS, firms.state[firm], firms.sector[firm]]) @ needs.base_use[rows]
    return float(np.log(level[96:].mean() / level[:12].mean()) / 8.5)


def test_magnet_output_grows_as_the_demand_facts_say(decades: list[Decade]) -> None:
    """The demand swings of a seed last about a year, so the mean over seeds is compared."""
    grown = [float(np.log(d.magnets[96:].mean() / d.magnets[:12].mean()) / 8.5) for d in decades]
    fact = fact_growth(decades[0].world)
    assert abs(np.mean(grown) - fact) <= 0.02


def test_stops_are_rare_and_none_is_without_a_cause(decades: list[Decade]) -> None:
    for decade in decades:
        assert decade.unexplained == 0
        assert decade.stops < 0.01 * decade.firm_months


@pytest.mark.parametrize(("seed", "thought"), [(1, {}), (2, {}), (1, {"scarcity_elasticity": 0.7})])
def test_a_shortage_that_comes_slowly_is_a_price_and_not_a_halt(
    seed: int, thought: dict[str, float]
) -> None:
    """Demand that grows by 1.4 of what sources foresee finds more ore, thrift and plants within
    fourteen years: of what end users plan less than a thousandth is missing (decision 0098),
    also where holders think that use answers twice as fast as it does (0104).
    """
    calm = load_scenario(CALM)
    grown = {**dict(calm.parameters), "demand_growth_scale": 1.4, **thought}
    world = World(with_changes(calm, parameters=grown, months=168), seed, record=False)
    missing = planned = 0.0
    for _ in range(168):
        world.step()
        firms = world.firms
        worth = firms.value_added * firms.is_end
        missing += float((np.maximum(firms.plan - firms.run, 0.0) * worth).sum())
        planned += float((firms.plan * worth).sum())
    assert missing < 1e-3 * planned


def test_every_plant_that_runs_has_a_margin(decades: list[Decade]) -> None:
    """The median margin of running plants after ten years, by stage."""
    for decade in decades:
        firms = decade.world.firms
        for stage in range(FIRST_SECTOR):
            rows = (firms.process == stage) & (firms.run > 0)
            assert np.median(firms.margin[rows]) > -0.05, stage
