"""Prints what rules cost in the month of the reference run: `python -m
tools.benchmarks.rule_costs`.

Each rule's own time with what it calls, the least of some runs, over that of the whole month. Where
a rule calls another of the list both count it.
"""

from __future__ import annotations

import functools
import importlib
import sys
import time
from collections.abc import Callable
from typing import Any, Final

from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.world import World
from tools.benchmarks.measure import REFERENCE, hardware

RULES: Final = {  # what was added or rebuilt since 0.4.0, with the decision that says why
    "days at both ends of an act (0021)": "model.politics.acts_in_force:cut_by_days",
    "what becomes of orders by days (0021)": "model.trade.licensing:by_days",
    "what waits is still wanted (0021)": "model.trade.licensing:still_wanted",
    "habit moves with distrust (0023)": "agents.firms.buyer:habit",
    "beliefs of borders (0091)": "model.trade.expectations:believe",
    "use at usual prices (0091)": "model.trade.expectations:use_at_usual_prices",
    "believed supply (0091)": "model.trade.expectations:believed_supply",
    "worth abroad (0091)": "model.trade.believed_prices:value_abroad",
    "scarcity by offer (0091)": "model.trade.believed_prices:scarcity_of_offers",
    "prices look ahead (0091)": "model.trade.believed_prices:look_ahead",
    "freight by lanes": "model.trade.freight:ship",
    "small pits (0019)": "model.plants.small_mines:dig",
    "money of the month (0024)": "model.plants.costs:costs_rise",
    "learning (0023)": "model.plants.costs:learn",
    "separators: quota and orders (0019)": "agents.firms.processor:separated_quota",
    "losses with a ceiling (0022)": "model.use.macro:account_losses",
    "runs of all plants": "agents.firms.run_planning:Together.plan_run",
    "orders of all buyers": "agents.firms.buyer:Buyer.order",
    "licences, quotas and leaks": "model.trade.licensing:license",
    "the market clears": "model.trade.clearing:clear",
    "prices are posted": "agents.firms.seller:Seller.post_prices",
    "plants are decided on": "model.world:World.decide_on_plants",
}


def main(rounds: int = 7) -> None:
    """Measure and print, the dearest first."""
    spent: dict[str, float] = {}
    for name, place in RULES.items():
        _watch(place, name, spent)
    scenario = load_scenario(REFERENCE)
    least: dict[str, float] = {}
    for _ in range(rounds):
        spent.clear()
        world = World(scenario, 1, record=False, collect=False)
        begin = time.perf_counter()
        for _ in range(scenario.months):
            world.step()
        spent["month"] = time.perf_counter() - begin
        least = {name: min(value, least.get(name, value)) for name, value in spent.items()}
    print(hardware())
    for name, value in sorted(least.items(), key=lambda item: -item[1]):
        share = 100.0 * value / least["month"]
        print(f"{name:<44} {1e6 * value / scenario.months:8.0f} us {share:6.1f}%")


def find_rule(place: str) -> tuple[Any, str, Callable[..., Any]]:
    """Return the module or class in which a rule stands, its name there, and the rule."""
    module, _, path = place.partition(":")
    *outer, last = path.split(".")
    home: Any = importlib.import_module(f"coercivity.{module}")
    for part in outer:
        home = getattr(home, part)
    return home, last, getattr(home, last)


def _watch(place: str, name: str, spent: dict[str, float]) -> None:
    """Put a clock around a rule, wherever it has been imported to."""
    home, last, rule = find_rule(place)

    @functools.wraps(rule)
    def timed(*args: Any, **kwargs: Any) -> Any:
        begin = time.perf_counter()
        try:
            return rule(*args, **kwargs)
        finally:
            spent[name] = spent.get(name, 0.0) + time.perf_counter() - begin

    if isinstance(home, type):
        setattr(home, last, timed)
        return
    for other in list(sys.modules.values()):
        if other.__name__.startswith("coercivity") and getattr(other, last, None) is rule:
            setattr(other, last, timed)


if __name__ == "__main__":
    main()
