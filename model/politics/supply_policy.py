"""The exporter's supply policy: half-yearly mining quotas and illegal mining (M13)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.phrase import Phrase
from coercivity.agents.governments import mining_quota as rules
from coercivity.agents.tables import OPEN, Firms, Links, Needs
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.ledger import Ledger
from coercivity.model.parts.politics import Politics
from coercivity.model.parts.supply import Places, SupplyPolicy
from coercivity.model.parts.world_view import WorldView
from coercivity.model.politics.memory import is_ended
from coercivity.model.politics.views import covers_now

# year from which smuggling and mining without a quota are pursued harder, and by how much (share;
# smuggled 33-59% of exports in 2008-14, lower after 2014; illegal output 30% before and 20% after
# (Adamas), or 0.45 and 0.25 of what is legal: 0.44; above half of all from 2017 (Kingsnorth): 0)
PURSUED_FROM, ENFORCEMENT_2015 = 2015, 0.4

MAGNETS = ("magnet_standard", "magnet_heat_resistant")
# illegal mining within China's output of ionic clay, where the tables of a start have none (2024)
# (share; below 20% after 2014 (Adamas); 30% in 2005-12; first pass of the history matching
# (decision 0013); history matching on outcomes to 2024 (docs/calibration.md); 0 to 0.4)
ILLEGAL_MINING_SHARE = 0.0869


def places(*, firms: Firms) -> Places:
    """Where supply policy acts; looked up once, for rows never change."""
    facts = firms.facts
    light, heavy = (
        np.flatnonzero(firms.has_quota & (firms.process == facts.process_row[mine]))
        for mine in ("mine_light", "mine_heavy")
    )
    separators = np.flatnonzero(
        (firms.process == facts.process_row["separate_light"]) & (firms.state == facts.china)
    )
    groups = light, heavy, separators
    limited = np.concatenate(groups)
    return Places(
        limited,
        tuple(k for k, group in enumerate(groups) for _ in group),
        tuple(firms.base_run[limited].tolist()),
        float(firms.base_run[separators].sum()),
        np.concatenate(groups[:2]),
        separators,
    )


def magnets_expected(*, needs: Needs) -> float:
    """Magnets that all firms expect to use (t/month): what the exporter plans its NdPr for. Orders
    of oxide also fill and empty the stocks between; a plan that read them would answer its own
    shortage.
    """
    magnets = np.isin(needs.good, [needs.facts.good_row[name] for name in MAGNETS])
    return float(needs.expected[magnets].sum())


def decide_supply(firms: Firms, supply: SupplyPolicy, ledger: Ledger, *, seen: WorldView) -> None:
    """China sets its light mining quota each January and July; the ionic-clay quota has stood still
    since 2018 (fact). What is dug without a quota comes with both, and is separated like the rest.
    """
    at, clock, p = supply.at, seen.clock, seen.p
    supply.preferred += (seen.market.quote - supply.preferred) / 36.0
    light, heavy = supply.light, supply.heavy_base
    if seen.on["M13"]:
        if clock.month and clock.calendar_month in (1, 7):
            light = set_light_quota(supply, ledger, needs=seen.needs, clock=clock, p=p)
        pursuit = illegal_pursuit(supply.ended, clock=clock, p=p)
        light, of_light = dug_tonnes(light, supply.illegal_light, pursuit)
        heavy, of_heavy = dug_tonnes(heavy, supply.illegal_heavy, pursuit)
        beyond = of_light, of_heavy
        supply.illegal[at.mines] = [beyond[k] for k in at.group[: len(at.mines)]]
    home = (at.fed - supply.imported_base) * light / supply.light_base
    total = light, heavy, rules.separation_quota(home, supply.imported, supply.admitted)
    base = supply.light_base, supply.heavy_base, at.fed
    allowed = np.array(
        [run * total[k] / base[k] for run, k in zip(at.base_run, at.group, strict=True)]
    )
    supply.allowed[at.limited] = allowed
    grows = allowed > firms.capacity.take(at.limited)
    if grows.any():
        grows &= firms.status.take(at.limited) == OPEN
        firms.capacity[at.limited[grows]] = allowed[grows]


def count_imports(supply: SupplyPolicy, *, links: Links, politics: Politics, clock: Clock) -> None:
    """Ore that comes in is counted over a quarter; a decree admits what came on its day, until it
    ends: while it is suspended all ore is free, and after that it admits what it did before. Of
    several in force the strictest counts.
    """
    if clock.month:
        came = float(links.shipped[supply.ore_links].sum())
        supply.imported += (came - supply.imported) / 3.0
    stand = {
        event.id
        for event in politics.dates(clock.start).by_kind.get("ore_in_quota", ())
        if covers_now(event, clock=clock) and not is_ended(event, politics=politics, clock=clock)
    }
    before = supply.admitted_by
    supply.admitted_by = {act: before.get(act, supply.imported) for act in sorted(stand)}
    binding = [
        supply.admitted_by[event.id] for event in politics.in_force if event.kind == "ore_in_quota"
    ]
    supply.admitted = min(binding, default=np.inf)


def set_light_quota(
    supply: SupplyPolicy, ledger: Ledger, *, needs: Needs, clock: Clock, p: Parameters
) -> float:
    """The light quotas of a half-year follow the use that the exporter plans for."""
    before = supply.light
    use = magnets_expected(needs=needs) / supply.use_start
    supply.light = rules.mining_quota(before, supply.light_base, use, p.quota_speed)
    told = Phrase.of(
        "China sets its light mining quota {change} for the half-year",
        change=f"{100 * (supply.light / before - 1):+.0f}%",
    )
    ledger.event(clock.month, "China", "mining_quota", told)
    return supply.light


def by_orders(
    part: float, fades: float, ahead: float, *, politics: Politics, clock: Clock
) -> float:
    """Part of what is dug without a quota over the coming months that orders of the state end
    (0-1): 1 - product of (1 - z x c (1 - f)^t).

    x part that an order would end (its `size`), z part of it that is believed to end, or that does,
    c part of the coming T months (`ahead`) that lies before the last day of a campaign (1 of an
    order without one), f what of the whole is gone with each month, t months since the order.
    """
    left = 1.0
    for event in politics.dates(clock.start).by_kind.get("supply_order", ()):
        since = clock.month - event.month_index(clock.start)
        last = event.end_index(clock.start)
        lasts = 1.0 if last is None else min(max(last + 1 - clock.month, 0) / ahead, 1.0)
        if since >= 0:
            left *= 1.0 - part * event.get("size") * lasts * (1.0 - fades) ** since
    return 1.0 - left


def illegal_pursuit(ended: float, *, clock: Clock, p: Parameters) -> float:
    """How far illegal mining is pursued beyond the pursuit of the start: 1 - (1 - since 2015)(1 -
    beyond that)(1 - E). A start after 2014 has what was pursued by then in its tonnes. See decision
    0047.

    E part of it that orders have ended (`by_orders`).
    """
    began = int(clock.start[:4]) < PURSUED_FROM <= clock.year
    return 1.0 - (1.0 - ENFORCEMENT_2015 * began) * (1.0 - p.enforcement) * (1.0 - ended)


def dug_tonnes(plan: float, share: float, pursuit: float) -> tuple[float, float]:
    """(What mines dig of an ore, t/month; part of it without a quota): the legal part of what is
    planned, and as much beside it as was dug without a quota at the start, less what is pursued.

    t = P (1 - s) (1 + i),  i = s / (1 - s) (1 - e)

    P plan (t/month), s part of the start's that has no quota, e pursuit (0-1). Prices draw no more
    of it: 30% of output in all years from 2005 to 2012, while prices rose tenfold (facts:
    illegal_share_china_*). See decisions 0047 and 0100.
    """
    beside = share / (1.0 - share) * (1.0 - pursuit)
    return plan * (1.0 - share) * (1.0 + beside), beside / (1.0 + beside)


def illegal_at_start(start: str, p: Parameters) -> tuple[float, float]:
    """Part of light ore and of ionic clay that is dug without a quota at the start (0-1): what
    stage_output.csv has of it; of ionic clay where it has none, `ILLEGAL_MINING_SHARE`.
    """
    facts = p.facts
    beyond = {
        row["process"]: row["beyond_quota"] / row["tonnes_per_year"]
        for row in facts.table("stage_output").where(start=start)
        if row["state"] == facts.states[facts.china] and row["beyond_quota"] is not None
    }
    return beyond.get("mine_light", 0.0), beyond.get("mine_heavy", ILLEGAL_MINING_SHARE)
