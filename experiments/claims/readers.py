"""What experiments read from the trace of one world: a few numbers each, so that nothing else has
to be kept.
"""

from __future__ import annotations

from typing import Any, Final

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.claims.setting import BAN
from coercivity.experiments.quantities.dependence import dependence
from coercivity.experiments.quantities.watch import LOSSES, Trace
from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.fixed_names import STAGES

RIVAL_STAGES: Final = [STAGES.index(name) for name in ("separation", "metal", "magnet")]


def flows(trace: Trace) -> dict[str, Any]:
    """Of a world that begins with the ban: losses month by month over all sectors, and civilian
    ones; by sector over two years; sales (see the keys).
    """
    defence = trace.facts.sector_row["aerospace_defence"]
    civil = [k for k in range(trace["planned"].shape[1]) if k != defence]
    found: dict[str, Any] = {"facts": trace.facts}
    found |= {name: trace[name].sum(axis=1) for name in LOSSES}
    found["civil_gdp"], found["civil_planned"] = (
        trace["gdp_effect"][:, civil].sum(axis=1),
        trace["planned"][:, civil].sum(axis=1),
    )
    found["sector_gap"] = trace["gdp_effect"][:24].sum(axis=0)
    found["sector_planned"] = trace["planned"][:24].sum(axis=0)
    found["to_target"], found["exports"] = trace["exports_to_target"][:, 0], trace["exports"][:, 0]
    return found


def ban_month(trace: Trace) -> int:
    """The month of the ban, counted from the start of this world."""
    return month_index(trace.start, BAN)


def press_runs(trace: Trace) -> FloatArray:
    """Magnets pressed by each plant of the target, t/month: months x plants."""
    return trace.press_run


def rivals(trace: Trace, at: int) -> FloatArray:
    """Capacity outside China, in place and being built, t/year, for separation, metal and magnets,
    in a month.
    """
    return (trace["capacity_outside"] + trace["building_outside"])[at, RIVAL_STAGES]


def rival_path(trace: Trace) -> FloatArray:
    """The same at the end of every year: years x stages."""
    return (trace["capacity_outside"] + trace["building_outside"])[11::12][:, RIVAL_STAGES]


def made_outside(trace: Trace, months: int) -> float:
    """NdPr and Dy oxide made outside China, t, over some months from that of the ban."""
    of = [trace.facts.good_row[good] for good in ("ndpr_oxide", "dysprosium_oxide")]
    since = ban_month(trace)
    return float(trace["made_outside"][since : since + months][:, of].sum())


def support_paid(trace: Trace) -> float:
    """What governments paid for plants and stocks over the run, USD million."""
    return float(trace["support"].sum())


def yearly_price(trace: Trace, good: str = "ndpr_oxide") -> FloatArray:
    """Yearly means of the world price, USD/kg."""
    price = trace["world_price"][:, trace.facts.good_row[good]]
    return price[: len(price) // 12 * 12].reshape(-1, 12).mean(axis=1)


def months_until_event(trace: Trace, kind: str, actor: str = "", since: int = 0) -> float:
    """First month from `since` in which an event of this kind (by this actor) is told, counted from
    `since`; NaN if it never is.
    """
    for month, who, what, _ in trace.events:
        if month >= since and what == kind and (not actor or who == actor):
            return float(month - since)
    return float("nan")


def months_until_concession(trace: Trace) -> tuple[float, float]:
    """When Japan gives way (months after the ban, NaN: never), and China's share of its raw imports
    60 months after.
    """
    since = ban_month(trace)
    return months_until_event(trace, "concession", "Japan", since), dependence(trace, since + 54)
