"""What tests read off a world after a month: one function per quantity, in the words of
sign_table.csv.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from coercivity.model.world import World
from tests.names import CHINA, FIRST_SECTOR, GOOD, GOOD_GROUPS, PROCESS, STATE

JAPAN, US = STATE["Japan"], STATE["United States"]
RAW = [GOOD[g] for g in GOOD_GROUPS["raw_materials"]]
CONTROLLED = [GOOD[g] for g in GOOD_GROUPS["controlled_2025"]]
MAGNETS = [GOOD[g] for g in GOOD_GROUPS["magnets"]]
PRESSES = [
    PROCESS[p] for p in ("make_magnet_standard", "make_magnet_heat_resistant", "make_magnet_smco")
]
MAKERS = list(range(PROCESS["make_metal"], FIRST_SECTOR))
FREE = [GOOD[g] for g in ("ndpr_oxide", "ndpr_metal", "magnet_standard")]


def shipped(
    world: World, of: list[int], exporter: int | None = None, importer: int | None = None
) -> float:
    """Tonnes that crossed a border in the month, of some goods."""
    links = world.links
    rows = np.isin(links.good, of) & (links.exporter != links.importer)
    if exporter is not None:
        rows &= links.exporter == exporter
    if importer is not None:
        rows &= links.importer == importer
    return float(world.links.shipped[rows].sum())


def run_of(
    world: World,
    processes: list[int],
    column: str = "run",
    state: int | None = None,
    abroad: bool = False,
) -> float:
    firms = world.firms
    rows = np.isin(firms.process, processes)
    if state is not None:
        rows &= firms.state == state
    if abroad:
        rows &= firms.state != CHINA
    return float(getattr(firms, column)[rows].sum())


def cover_abroad(world: World, of: list[int]) -> float:
    """Months of expected use that firms outside China hold, goods weighted by value."""
    needs = world.needs
    rows = np.isin(needs.good, of) & (world.firms.state[needs.firm] != CHINA)
    value = needs.price_start[rows]
    return float((needs.stock[rows] * value).sum() / (needs.expected[rows] * value).sum())


def end_use(world: World, state: int) -> float:
    """Output of a state's end users, in firms of full size."""
    rows = world.firms.is_end & (world.firms.state == state)
    return float((world.firms.run * world.firms.size)[rows].sum())


def loss(world: World, kind: str, state: int) -> float:
    """One of the loss accounts of a state's end users, in months of output of firms of full size
    (linkage and postponed: USD million).
    """
    firms = world.firms
    weight = 1.0 if kind in ("linkage", "postponed") else firms.size
    lost = getattr(firms, f"loss_{kind}") * weight
    return float(lost[firms.is_end & (firms.state == state)].sum())


def paid(world: World, good: str, state: int) -> float:
    """What a state's firms pay for a good, weighted by normal use (USD/kg)."""
    needs = world.needs
    rows = (needs.good == GOOD[good]) & (world.firms.state[needs.firm] == state)
    return float(np.average(needs.paid[rows], weights=needs.base_use[rows]))


def home_price(world: World, good: str) -> float:
    """What Chinese sellers ask at home, weighted by sales (USD/kg)."""
    offers = world.offers
    rows = (offers.good == GOOD[good]) & (world.firms.state[offers.firm] == CHINA)
    return float(np.average(offers.ask[rows], weights=offers.sales[rows] + 1e-12))


def export_price(world: World, good: str) -> float:
    """Delivered cost of Chinese exports of a good, weighted by relationship (USD/kg)."""
    links = world.links
    rows = (links.good == GOOD[good]) & (links.exporter == CHINA) & (links.importer != CHINA)
    weight = links.prior * world.needs.base_use[links.need] + 1e-12
    return float(np.average(links.cost[rows], weights=weight[rows]))


def share_from_china(world: World, state: int, of: list[int]) -> float:
    """China's part of what a state's firms mean to buy abroad, by value at starting costs."""
    links = world.links
    rows = np.isin(links.good, of) & (links.importer == state) & (links.exporter != state)
    value = links.orders * links.base_cost
    return float(value[rows & (links.exporter == CHINA)].sum() / max(value[rows].sum(), 1e-12))


def dy_intensity(world: World) -> float:
    """Dysprosium per heat-resistant magnet relative to the recipe of the start."""
    needs = world.needs
    hot = world.firms.process == PROCESS["make_magnet_heat_resistant"]
    rows = (needs.good == GOOD["dysprosium_oxide"]) & hot[needs.firm]
    return float(np.average((needs.coefficient / needs.recipe)[rows], weights=needs.base_use[rows]))


def entrants(world: World) -> float:
    """Options that are built or under way, in plants of the size that was planned."""
    firms, rows = world.firms, world.firms.option_rows
    size = (firms.capacity + world.works.pipeline.building)[rows]
    return float((size / firms.option_size[rows]).sum())


def japan_inside(world: World) -> float:
    """Share of the capacity of Japanese makers, built and under way, that stands behind China's
    border.
    """
    processes = np.flatnonzero(world.works.sisters[:, 0] >= 0)
    inside = world.works.sisters[processes, 0]
    size = world.firms.capacity + world.works.pipeline.building
    home = np.isin(world.firms.process, processes) & (world.firms.state == JAPAN)
    there, here = float(size[inside].sum()), float(size[home].sum())
    return there / max(there + here, 1e-12)


def use_left(world: World, state: int) -> float:
    """What a state's end users still use of their recipes, inputs weighted by value."""
    needs = world.needs
    rows = world.firms.is_end[needs.firm] & (world.firms.state[needs.firm] == state)
    left = needs.coefficient[rows] / needs.recipe[rows]
    return float(np.average(left, weights=(needs.base_use * needs.price_start)[rows]))


def over_home(world: World, good: str) -> float:
    """Log of the delivered export price of a good over its price at home."""
    return float(np.log(export_price(world, good) / home_price(world, good)))


QUANTITIES: dict[str, Callable[[World], float]] = {
    "magnet_output": lambda w: run_of(w, PRESSES),
    "magnet_capacity": lambda w: run_of(w, PRESSES, "capacity"),
    "capacity_abroad": lambda w: run_of(w, MAKERS, "capacity", abroad=True),
    "capacity_abroad_magnet": lambda w: run_of(w, PRESSES, "capacity", abroad=True),
    "entrants": entrants,
    "japan_inside": japan_inside,
    "closed": lambda w: float((w.firms.status >= 2).sum()),
    "japan_hot_magnet_output": lambda w: run_of(
        w, [PROCESS["make_magnet_heat_resistant"]], state=JAPAN
    ),
    "heavy_ore": lambda w: run_of(w, [PROCESS["mine_heavy"]]),
    "ore_abroad": lambda w: run_of(w, [PROCESS["mine_light"], PROCESS["mine_heavy"]], abroad=True),
    "ndpr_price": lambda w: float(np.log(w.market.quote[GOOD["ndpr_oxide"]])),
    "dy_price": lambda w: float(np.log(w.market.quote[GOOD["dysprosium_oxide"]])),
    "tb_price": lambda w: float(np.log(w.market.quote[GOOD["terbium_oxide"]])),
    "magnet_price": lambda w: float(np.log(w.market.quote[MAGNETS[:2]]).mean()),
    "hot_magnet_price": lambda w: float(np.log(w.market.quote[GOOD["magnet_heat_resistant"]])),
    "japan_share_from_china": lambda w: share_from_china(w, JAPAN, [*RAW, *MAGNETS]),
    "japan_end_use": lambda w: end_use(w, JAPAN),
    "us_end_use": lambda w: end_use(w, US),
    "japan_imports_from_china": lambda w: shipped(w, [*RAW, *MAGNETS], CHINA, JAPAN),
    "japan_controlled_imports": lambda w: shipped(w, CONTROLLED, CHINA, JAPAN),
    "japan_dy_paid": lambda w: float(np.log(paid(w, "dysprosium_oxide", JAPAN))),
    "japan_made_up": lambda w: loss(w, "made_up", JAPAN),
    "japan_gone": lambda w: loss(w, "gone", JAPAN),
    "recycled": lambda w: float(w.recycling.tonnes.sum()),
    "japan_linkage": lambda w: loss(w, "linkage", JAPAN),
    "japan_postponed": lambda w: loss(w, "postponed", JAPAN),
    "japan_use_left": lambda w: use_left(w, JAPAN),
    "controlled_exports": lambda w: shipped(w, CONTROLLED, CHINA),
    "china_raw_exports": lambda w: shipped(w, RAW, CHINA),
    "export_over_home": lambda w: over_home(w, "ndpr_oxide"),
    "dy_export_over_home": lambda w: over_home(w, "dysprosium_oxide"),
    "quota_rent": lambda w: float(w.border.rent.max()),
    "light_quota": lambda w: float(w.supply.light),
    "dy_intensity": dy_intensity,
    "leaked": lambda w: w.leaks.tonnes["smuggled"] + w.leaks.tonnes["third_country"],
    "re_sold": lambda w: w.leaks.tonnes["third_country"],
    "alarm_us": lambda w: float(w.beliefs.alarm[US, CHINA]),
}
# read as the standard deviation of monthly changes over the window instead of its mean
SWINGS = {"ndpr_monthly_swing": "ndpr_price"}
