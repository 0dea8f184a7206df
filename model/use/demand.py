"""End-use demand: growth by sector and place, cases of faster growth, slow swings that a sector's
firms share, and noise of their own (M15).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.tables import Firms
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import Switches
from coercivity.model.basis.luck import normals
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.demand import Demand
from coercivity.model.parts.politics import Politics

SMOOTH_AFTER = 2024  # growth of later years is smoothed
FORECAST_FROM = 2024  # first year whose growth is a forecast
SMOOTH = 60  # months
LONGEST = 640  # months; more than the longest run
# persistence of the slow demand swings (per month; assumed: half of a swing is over after a year;
# 0.7 to 0.98)
DEMAND_PERSISTENCE = 0.95
# measurement error of the index of end use at the end of 2023; growth itself is data, growth.csv
# (factor; sums of its sources differ by about a fifth; 0.8 to 1.2)
GROWTH_RECORD = 1.1
# spread of slow swings by sector and state over that of month-to-month demand by firm (assumed)
STATE_OVER_FIRM = 1.5


@lru_cache(maxsize=16)
def growth_path(facts: Facts, start: str, months: int) -> FloatArray:
    """Cumulated log growth since the start, months x states x sectors. The most particular region
    of growth.csv wins: state, then outside China, then world.

    The first months of a longer path: what a run is like does not depend on how long it lasts.
    """
    if months > LONGEST:
        raise ValueError(f"a path of {months} months is longer than {LONGEST}")
    return _whole_path(facts, start)[:months]


@lru_cache(maxsize=4)
def _whole_path(facts: Facts, start: str) -> FloatArray:
    S, K = len(facts.states), len(facts.sectors)
    months = LONGEST + SMOOTH
    years = np.array([int(m[:4]) for m in month_names(start, months)])
    rate = np.zeros((months, S, K))
    every = np.arange(S)
    wide = {"World": every, "Outside China": every[every != facts.china]}  # the widest first
    ranks = {region: rank for rank, region in enumerate(wide)}
    for row in sorted(facts.table("growth"), key=lambda row: ranks.get(row["region"], len(wide))):
        region, sector = row["region"], facts.sector_row[row["sector"]]
        places = wide[region] if region in wide else [facts.state_row[region]]
        end = max(row["end_year"], row["start_year"] + 1)
        within = (years >= row["start_year"]) & (years < end)
        rate[np.ix_(within, places, [sector])] = np.log1p(row["growth_per_year"]) / 12.0
    forecast = years > SMOOTH_AFTER
    # forecasts are means over spans of years; growth moves from one to the next over SMOOTH months,
    # not overnight
    if forecast.any():
        half = SMOOTH // 2
        padded = np.concatenate(
            [np.repeat(rate[:1], half, axis=0), rate, np.repeat(rate[-1:], half, axis=0)]
        )
        sums = np.cumsum(np.concatenate([np.zeros((1, S, K)), padded]), axis=0)
        rate[forecast] = ((sums[2 * half + 1 :] - sums[: -2 * half - 1]) / (2 * half + 1))[forecast]
    path = np.vstack([np.zeros((1, S, K)), np.cumsum(rate, axis=0)[:-1]])
    path.setflags(write=False)
    return path


def scaled_growth(
    facts: Facts, start: str, months: int, record: float, forecast: float
) -> FloatArray:
    """Cumulated log growth as a run has it: G(t) = G0(T') + ln(a) T' / T + b (G0(t) - G0(T')), T' =
    min(t, T), months x states x sectors.

    G0 the growth of growth.csv, T the end of 2023 (its rows from 2024 on are forecasts), a by how
    much the index of end 2023 is mismeasured, b scale of what is forecast. The first is an error of
    data and not a growth to be chosen. See decision 0018.
    """
    path = growth_path(facts, start, months)
    last = max((FORECAST_FROM - int(start[:4])) * 12 - (int(start[5:7]) - 1), 0)
    if last >= months:
        return path + np.log(record) * _elapsed_share(months, last)
    if not last:
        return forecast * path
    known = growth_path(facts, start, last + 1)[last]
    whole = np.concatenate([path[:last], known + forecast * (path[last:] - known)])
    return whole + np.log(record) * _elapsed_share(months, last)


def _elapsed_share(months: int, last: int) -> FloatArray:
    """Share of the years on record that have passed, months x 1 x 1."""
    return np.minimum(np.arange(months) / last, 1.0)[:, None, None]


def plan_use(
    firms: Firms, demand: Demand, *, politics: Politics, clock: Clock, p: Parameters, on: Switches
) -> None:
    """The plan of each end user, in units of its activity at the start.

    y = exp(G(t) + X(t)) exp(z_sector + z_state + e)

    z <- rho z + sigma sqrt(1 - rho^2) n

    G cumulated log growth that everyone foresees (`scaled_growth`), X what demand cases have added
    to it so far (log); z swings with standard deviation sigma (starting at 0), those of a sector
    from FORECAST_FROM on, as growth on record holds its swings; e monthly noise of the firm.
    """
    facts = p.facts
    S, K = len(facts.states), len(facts.sectors)
    if not on["M15"]:
        return
    rho, sigma = DEMAND_PERSISTENCE, p.demand_noise_sector * (clock.year >= FORECAST_FROM)
    step = np.sqrt(1.0 - rho * rho)
    by_state = normals(clock.seed, "demand_state", clock.month, (S, K))
    by_sector = clock.normals("demand_sector", K)
    demand.sector = rho * demand.sector + sigma * step * by_sector
    demand.state = rho * demand.state + p.demand_noise_state * step * by_state
    own = p.demand_noise_state / STATE_OVER_FIRM * clock.normals("demand_firm", len(firms))
    foreseen = demand.growth[min(clock.month, len(demand.growth) - 1)]
    level = foreseen + demand.case + demand.sector[None, :] + demand.state
    plan = np.exp(level[firms.state, np.maximum(firms.sector, 0)] + own)
    firms.plan = np.where(firms.is_end, plan, 0.0)
    grow_cases(demand, politics=politics)


def grow_cases(demand: Demand, *, politics: Politics) -> None:
    """A demand case in force adds to the growth of its sectors and states; the level that it has
    reached stays when it ends.

    X <- X + ln(1 + g) / 12

    each month from date to end; g extra growth (per year, on top of growth.csv). Nobody foresees
    it: plants are planned on orders, which show it as it comes. Magnitudes: demand_cases.csv.
    """
    for event in politics.in_force:
        if event.kind == "demand_case":
            facts = event.facts
            rows = [facts.state_row[s] for s in event.get("states")]
            columns = [facts.sector_row[k] for k in event.get("sectors")]
            demand.case[np.ix_(rows, columns)] += np.log1p(event.get("growth")) / 12.0


def case_events(facts: Facts, case: str) -> list[dict[str, object]]:
    """The events of one case of demand_cases.csv, as a scenario file writes them."""
    rows = [row for row in facts.table("demand_cases") if row["case"] == case]
    return [
        {
            "date": str(row["date"]),
            "end": str(row["end"]),
            "id": f"{case}-{row['sector']}-{str(row['date'])[:4]}",
            "kind": "demand_case",
            "sectors": [row["sector"]],
            "growth": row["growth_per_year"],
            "text": row["note"],
            "source": row["url"] or row["source"],
        }
        for row in rows
    ]
