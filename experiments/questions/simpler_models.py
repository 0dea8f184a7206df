"""What simpler reckonings say beside the model: a stock-and-cover spreadsheet, and the same world
with every rule naive.

Where the three agree, the agents add nothing, and the summary says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray, group_sum
from coercivity.agents.firms.end_user import STOP_THRESHOLD
from coercivity.experiments.quantities.headlines import FOCUS, focal_event, name_in_id
from coercivity.experiments.worlds.spreads import spread
from coercivity.model.basis.calendar import month_index, month_names
from coercivity.model.basis.parameters import Parameters
from coercivity.model.scenario.scenario import Scenario, with_changes
from coercivity.model.use.macro import dependent_value_added
from coercivity.model.world import World

# Rules that a naive firm does without: fixed suppliers, fixed prices, no beliefs, no leaks, no
# building, no redesign, no supply policy.
NAIVE: Final = ("M3", "M5", "M7", "M8", "M9", "M11", "M13")
DY: Final = "price_multiple_dy_japan"
SHOWN: Final = (
    "first_stop_days",
    "median_stop_days",
    "firms_stopped_share",
    "output_lost_24m",
    DY,
)
SAME: Final = 0.1  # relative difference below which agents are said to add nothing
DAYS: Final = 30.4


def compared_headlines(state: str = FOCUS) -> tuple[str, ...]:
    """The headlines that are set beside each other, as those of a state are called."""
    return tuple(f"price_multiple_dy_{name_in_id(state)}" if name == DY else name for name in SHOWN)


def naive_scenario(scenario: Scenario) -> Scenario:
    """The scenario with every behavioural rule switched off; measures, demand and production
    stay.
    """
    return with_changes(scenario, mechanisms=dict.fromkeys(NAIVE, False))


def spreadsheet(scenario: Scenario, seed: int = 1, state: str = FOCUS) -> dict[str, float | None]:
    """Stops and losses in a state as a stock-and-cover sheet has them.

    A firm loses the share L of an input that the measure cuts off at its suppliers or theirs; its
    stock makes up for it for cover / L months, after its suppliers' own stocks; then it runs at 1 -
    L and stops if that is below the stop threshold. No prices, no diversion, nobody else.
    Counted for the focal measure alone, over its duration (to the end of the run where it is open).
    Returns headline ids in days, shares and USD bn.
    """
    world = World(scenario, seed, record=False, collect=False)
    focus = world.facts.state_row[state]
    cut, months = _measure(scenario, world.p, state)
    lost, until = _reach(world, cut, focus)
    firms = world.firms
    users = world.firms.is_end & (firms.state == focus)
    stopped = users & (1.0 - lost < STOP_THRESHOLD) & (until < months)
    days = np.where(stopped, until * DAYS, np.inf)
    headlines: dict[str, float | None] = {
        "first_stop_days": _first_day(days[users]),
        "median_stop_days": _finite_or_none(
            float(np.quantile(days[users], 0.5, method="inverted_cdf"))
        ),
        "firms_stopped_share": float(stopped.sum() / max(users.sum(), 1)),
        "output_lost_24m": float(
            (_value(world) * lost * np.clip(min(months, 24.0) - until, 0.0, None))[users].sum()
        )
        if months
        else 0.0,
        f"price_multiple_dy_{name_in_id(state)}": 1.0,
    }
    for k, sector in enumerate(world.facts.sectors):
        headlines[f"first_stop_days_{sector}"] = _first_day(days[users & (firms.sector == k)])
    return headlines


def _measure(scenario: Scenario, p: Parameters, state: str) -> tuple[FloatArray, float]:
    """Share of each good that the focal measure cuts off, and for how many months; nothing where
    there is none.
    """
    row, months = scenario.facts.good_row, 0.0
    cut = np.zeros(len(row))
    event = focal_event(scenario, month_names(scenario.start, scenario.months), state)
    if event is None or event.actor != "China" or state not in event.target_states():
        return cut, months
    part = event.get("share") if event.kind == "cut" else _cut_share(event.kind, p.over_compliance)
    cut[[row[g] for g in event.goods if g in row]] = part
    begin = month_index(scenario.start, event.date)
    end = scenario.months if not event.end else month_index(scenario.start, event.end) + 1
    months = float(min(end, scenario.months) - begin)
    return cut, min(months, p.licence_clock_months) if event.kind == "licensing" else months


def _reach(world: World, cut: FloatArray, focus: int) -> tuple[FloatArray, FloatArray]:
    """By firm: share of output that it cannot make once stocks are gone, and the months until then,
    down the chain.
    """
    firms, needs, links = world.firms, world.needs, world.links
    lost, until = np.zeros(len(firms)), np.full(len(firms), np.inf)
    direct = np.where(
        (links.exporter == world.facts.china) & (links.importer == focus), cut[links.good], 0.0
    )
    seller = world.offers.firm[links.offer]
    for good in range(len(cut)):  # goods are in the order of the chain
        links_of_good = (links.good == good) & (links.importer == focus)
        upstream = np.where(links.exporter == focus, lost[seller], 0.0)
        part = np.where(links_of_good, links.share * np.maximum(direct, upstream), 0.0)
        missing = group_sum(part, links.need, len(needs))
        delay = np.where(
            (direct > 0) | (part <= 0), 0.0, until[seller] + world.offers.cover[links.offer] - 1.0
        )
        first = group_sum(part * delay, links.need, len(needs)) / np.maximum(
            missing, 1e-12
        )  # share-weighted: when the missing part stops coming
        rows = np.flatnonzero((needs.good == good) & (missing > 1e-6))
        np.maximum.at(lost, needs.firm[rows], missing[rows])
        np.minimum.at(until, needs.firm[rows], first[rows] + needs.cover[rows] / missing[rows])
    return lost, until


def _value(world: World) -> FloatArray:
    """Value added of each firm that rests on the parts, USD bn a month."""
    firms = world.firms
    worth = dependent_value_added(world.facts, world.clock.start, world.p.dependent_scale)
    return np.asarray(worth[firms.state, np.maximum(firms.sector, 0)] * firms.size / 1000.0)


def _first_day(days: FloatArray) -> float | None:
    """The first of some days, None where there is none or it never comes."""
    return _finite_or_none(days.min() if len(days) else np.inf)


def _cut_share(kind: str, over_compliance: float) -> float:
    """Share of civilian supply that a measure of this kind takes away, as a sheet would put it."""
    return {
        "blanket_ban": 1.0,
        "customs_halt": 1.0,
        "licensing": 1.0,
        "dual_use_ban": over_compliance,
    }.get(kind, 0.0)


def _finite_or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def adds_nothing(model: float | None, other: float | None, unit: str = "days") -> bool:
    """Whether two reckonings of one headline say the same: within a tenth of each other, or both of
    a stop that never comes. What is undefined for another reason says nothing.
    """
    if model is None or other is None:
        return unit == "days" and model is None and other is None
    return abs(model - other) <= SAME * max(abs(model), abs(other), 1e-9)


def medians(
    headlines: Sequence[Mapping[str, float | None]], name: str, unit: str = "days"
) -> float | None:
    """Median over worlds of one headline, as summaries have it (`spreads.spread`)."""
    return spread([one.get(name) for one in headlines], unit).median
