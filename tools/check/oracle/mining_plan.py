"""What the exporter lets its firms dig and feed in a month, worked out once more by hand: the plan
of mining, what is dug without a quota, orders that it shall end, and the quota of separation (M13).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import Any

from coercivity.model.basis.facts import Facts
from coercivity.model.world import World

FACTS = Facts.default()
GROUP = {"mine_light": "light", "mine_heavy": "heavy", "separate_light": "fed"}
OF_ORE = {"light": "separate_light", "heavy": "separate_heavy"}
DECISION_MONTHS = (1, 7)
MAGNETS = ("magnet_standard", "magnet_heat_resistant")
PURSUED_FROM = 2015
ENFORCEMENT_2015 = 0.4  # against illegal mining from then on, relative to before
ORDER_FADES = 0.1
ORDER_RETURNS = 0.015  # of what orders ended that is dug again with every month
OPEN = 1


@dataclass
class MiningPlan:
    """What the state knows, in tonnes a month, and what it allows each of its firms."""

    p: Any
    start: dict[str, float]  # light ore, heavy ore, fed to separators of light ore
    light: float  # quota in force
    unlicensed: dict[str, float]  # part of the start's digging that has no quota, by ore
    use: float  # of magnets, that all firms expect, over that of the start
    # part that an order shall end, months since it was given, month of its last day
    orders: list[tuple[float, int, int | None]]
    month: int  # since the start
    calendar_month: int
    first_year: int
    imported: float
    imported_start: float
    admitted: float = inf
    beyond: dict[str, float] = field(default_factory=dict)  # part without a quota now

    @classmethod
    def from_world(cls, world: World) -> MiningPlan:
        """The state of a World before it decides on the month."""
        supply, firms, needs = world.supply, world.firms, world.needs
        year, first_month = (int(part) for part in world.start_name.split("-"))
        use = 0.0
        for good, tonnes in zip(needs.good.tolist(), needs.expected.tolist(), strict=True):
            use += tonnes if FACTS.goods[good] in MAGNETS else 0.0
        fed = sum(
            run
            for run, state, kind in zip(firms.base_run, firms.state, firms.process, strict=True)
            if state == FACTS.china and kind == FACTS.process_row["separate_light"]
        )
        orders = [
            (
                float(event.get("size")),
                world.month - event.month_index(world.start_name),
                event.end_index(world.start_name),
            )
            for event in world.scenario.events
            if event.kind == "supply_order"
        ]
        return cls(
            p=world.p,
            start={"light": supply.light_base, "heavy": supply.heavy_base, "fed": float(fed)},
            light=supply.light,
            unlicensed={"light": supply.illegal_light, "heavy": supply.illegal_heavy},
            use=use / supply.use_start,
            orders=orders,
            month=world.month,
            calendar_month=(first_month - 1 + world.month) % 12 + 1,
            first_year=year,
            imported=supply.imported,
            imported_start=supply.imported_base,
            admitted=supply.admitted,
        )

    def decide(self) -> dict[str, float]:
        """Tonnes of each group that its firms may run (t/month).

        q' = q + v max(q0 U - q, 0) in January and July; of ore the legal part of the plan and
        beside it what is dug without a quota; of separators what mines at home were to dig, over
        its start, and the imported ore that a decree admits.
        """
        if self.month and self.calendar_month in DECISION_MONTHS:
            planned = self.start["light"] * self.use
            self.light += self.p.quota_speed * max(planned - self.light, 0.0)
        dug = {
            "light": self._dug("light", self.light),
            "heavy": self._dug("heavy", self.start["heavy"]),
        }
        home = self.start["fed"] - self.imported_start
        grown = dug["light"] / self.start["light"]
        return dug | {"fed": home * grown + min(self.imported, self.admitted)}

    def believed_to_end(self) -> float:
        """What is feared and what is done over the months that holders look ahead, over what is
        left today.
        """
        ahead = self.p.look_ahead_months
        kept = 1.0 - self._by_orders(self.p.order_believed, ORDER_FADES, ahead)
        kept *= 1.0 - self._by_orders(self.p.order_done, ORDER_RETURNS, ahead)
        return 1.0 - kept / (1.0 - self.ended())

    def ended(self) -> float:
        """The same of what orders do end, and how much of that is dug again each month."""
        return self._by_orders(self.p.order_done, ORDER_RETURNS, 1.0)

    def _by_orders(self, part: float, fades: float, ahead: float) -> float:
        left = 1.0
        for size, since, last in self.orders:
            if since >= 0:
                weight = part * size * (1.0 - fades) ** since
                if last is not None:
                    weight *= min(1.0, max(0.0, (last - self.month + 1) / ahead))
                left *= 1.0 - weight
        return 1.0 - left

    def _dug(self, ore: str, plan: float) -> float:
        part = self.unlicensed[ore]
        legal = plan * (1.0 - part)
        kept = (1.0 - self.p.enforcement) * (1.0 - self.ended())
        if self.first_year < PURSUED_FROM <= self.first_year + self.month // 12:
            kept *= 1.0 - ENFORCEMENT_2015
        illegal = legal * part / (1.0 - part) * kept
        self.beyond[ore] = illegal / (legal + illegal)
        return legal + illegal


def plan_of(world: World) -> tuple[MiningPlan, dict[str, list[float]]]:
    """(The plan of a month; what it lets firms run, what of that has no quota, their capacity)."""
    plan = MiningPlan.from_world(world)
    tonnes, kinds = plan.decide(), (*FACTS.processes, *FACTS.sectors)
    firms = world.firms
    rows = zip(
        firms.state.tolist(),
        firms.process.tolist(),
        firms.has_quota.tolist(),
        firms.base_run.tolist(),
        firms.capacity.tolist(),
        firms.status.tolist(),
        strict=True,
    )
    out: dict[str, list[float]] = {"allowed": [], "illegal": [], "capacity": []}
    for state, kind, has_quota, base_run, capacity, status in rows:
        group = GROUP.get(kinds[kind], "")
        under = has_quota if group in OF_ORE else group == "fed" and state == FACTS.china
        allowed = base_run * tonnes[group] / plan.start[group] if under else inf
        grows = under and status == OPEN
        out["allowed"].append(allowed)
        out["illegal"].append(plan.beyond[group] if under and group in OF_ORE else 0.0)
        out["capacity"].append(max(capacity, allowed) if grows else capacity)
    return plan, out
