"""A grant against a price floor that secures as much: what each costs (M10)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from coercivity.experiments.questions.friend_shoring import (
    BASE,
    CEILING,
    EQUAL,
    FRIENDS,
    MEMBERS,
    NOTHING,
    SHARE,
    SINCE,
    TOTAL,
    Row,
    SecuredSupply,
    answer,
    coalition,
    programme,
    row,
    tonnes_secured,
)
from coercivity.experiments.worlds.run import Source, run_worlds, scenario_to_run
from coercivity.model.basis.luck import read_seeds
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import Scenario, with_changes


def grant_or_floor(
    base: Source = BASE,
    total: float = TOTAL,
    seeds: Iterable[int] = range(4),
    *,
    members: Sequence[str] = MEMBERS,
    hosts: Sequence[str] = FRIENDS,
    since: str = SINCE,
    months: int = 180,
    low: float = 0.0,
    high: float = 200.0,
    steps: int = 10,
    stage: str = "separation",
    workers: int = 1,
) -> list[Row]:
    """A grant for mines and separation against a floor under NdPr oxide with a result as near to it
    as a floor comes (median over seeds): what each costs.

    Matched: the same tonnes above the twin at the stage that both pay for, as neither pays for the
    scarcest (metal and magnets). The floor's level is found by bisection between low and high
    (USD/kg); its budget is large, and what is really paid counts. The row `floor_level` has the
    level, `reached` 1 if the grant secures any and they lie between what the two ends do. A floor
    brings plants in or does not, so its tonnes go in steps and the nearest level can miss: `gap` is
    the tonnes of the floor over those of the grant at that stage, less 1 (null where the grant
    secures none), and `equal` is 1 only where it lies within a tenth.
    """
    scenario, chosen = scenario_to_run(base, months), read_seeds(seeds)
    twins = tuple(run_worlds(scenario, chosen, workers=workers))
    buyers = _Buyers(scenario, chosen, twins, members, hosts, since, workers)

    def middle(bought: Sequence[SecuredSupply]) -> float:
        return float(np.median([secured.by_stage[stage] for secured in bought]))

    grant = buyers.grant(total)
    target = middle(grant)
    level, floor_bought, reached = _nearest(
        lambda level: buyers.floor(20.0 * total, level), middle, target, (low, high), steps
    )
    gap = middle(floor_bought) / target - 1.0 if target > NOTHING else None
    return [
        *answer("grant", grant),
        *answer("price_floor", floor_bought),
        row("price_floor", "floor_level", "USD/kg", [level]),
        row("price_floor", "reached", "0/1", [float(reached)]),
        row("price_floor", "gap", f"share, tonnes of {stage} over the grant's, less 1", [gap]),
        row("price_floor", "equal", "0/1", [float(gap is not None and abs(gap) <= EQUAL)]),
    ]


@dataclass(frozen=True)
class _Buyers:
    """Members who pool their money for plants in some states, and the worlds in which they do
    not.
    """

    scenario: Scenario
    seeds: Sequence[int]
    twins: Sequence[Result]
    members: Sequence[str]
    hosts: Sequence[str]
    since: str
    workers: int

    def grant(self, budget: float) -> list[SecuredSupply]:
        """What a grant for mines and separation secures."""
        stages = ["mining", "separation"]
        return self._bought("grant", budget, "money", stages=stages, share=SHARE)

    def floor(self, budget: float, level: float) -> list[SecuredSupply]:
        """What a floor under the price of NdPr oxide secures, USD/kg."""
        ceiling = max(CEILING, level)
        return self._bought(
            "price_floor", budget, "floor", floor=level, ceiling=ceiling, upside=0.3
        )

    def _bought(self, kind: str, budget: float, ident: str, **fields: Any) -> list[SecuredSupply]:
        act = programme(kind, self.members[0], budget, ident, self.since, self.hosts, **fields)
        scenario = with_changes(self.scenario, choices=[coalition(self.members, self.since), act])
        runs = run_worlds(scenario, self.seeds, workers=self.workers)
        return [
            tonnes_secured(with_act, twin, since=self.since)
            for with_act, twin in zip(runs, self.twins, strict=True)
        ]


def _nearest(
    buy: Callable[[float], list[SecuredSupply]],
    middle: Callable[[Sequence[SecuredSupply]], float],
    target: float,
    ends: tuple[float, float],
    steps: int,
) -> tuple[float, list[SecuredSupply], bool]:
    """The level that comes nearest to the target, by bisection, what it buys, and whether the ends
    embrace the target.
    """
    tried = {level: buy(level) for level in ends}
    least, most = (middle(bought) for bought in tried.values())
    reached = target > NOTHING and min(least, most) <= target <= max(least, most)
    for _ in range(steps if reached else 0):
        level = 0.5 * (ends[0] + ends[1])
        tried[level] = buy(level)
        ends = (level, ends[1]) if middle(tried[level]) < target else (ends[0], level)
    level = min(tried, key=lambda level_tried: abs(middle(tried[level_tried]) - target))
    return level, tried[level], reached
