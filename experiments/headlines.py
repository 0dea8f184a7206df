"""The headline numbers of a run: what a minister would read first, each from the tables of a Result by one small function.

``model/data/headlines.csv`` names them (id, label, formula in words, unit) and serves the terminal, JSON, the page and the sweep.
Everything is seen from the focus state (Japan) and counted from the focal measure; None means that a number is not defined in this
run (nothing stopped, or the run ends too soon), never zero.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Final, Protocol

from coercivity.model.calendar import parse_date
from coercivity.model.events import Event
from coercivity.model.facts import load_table
from coercivity.model.names import SECTORS
from coercivity.model.scenario import Scenario

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

FOCUS: Final = "Japan"
EXPORTER: Final = "China"
EXPORT_CONTROLS: Final = (
    "quota", "export_duty", "licensing", "dual_use_ban", "entity_list", "blanket_ban", "customs_halt", "extraterritorial",
)  # fmt: skip
MEASURES: Final = (*EXPORT_CONTROLS, "import_tariff", "technology_ban")


class FinishedRun(Protocol):
    """What the headlines need of a Result."""

    @property
    def scenario(self) -> Scenario: ...
    @property
    def seed(self) -> int: ...
    @property
    def months(self) -> tuple[str, ...]: ...
    @property
    def tables(self) -> Iterable[str]: ...
    def table(self, name: str) -> pd.DataFrame: ...


@dataclass(frozen=True)
class Headline:
    """One row of the headline table; ``formula`` is in words."""

    id: str
    label: str
    formula: str
    unit: str


@cache
def headline_table() -> tuple[Headline, ...]:
    """Return the rows of ``model/data/headlines.csv`` in the order in which they are shown."""
    return tuple(Headline(row["id"], row["label"], row["formula"], row["unit"]) for row in load_table("headlines"))


def focal_event(scenario: Scenario, months: Sequence[str], focus: str = FOCUS) -> Event | None:
    """Return the event from which the headlines count, or None when the run has none.

    The first measure that names *focus* as a target; else the first export control that covers it (through "World" or "EU"); else
    the first event of any kind. Events after the last month do not count.
    """
    events = sorted((event for event in (*scenario.events, *scenario.choices) if event.date[:7] <= months[-1]), key=lambda event: event.date)
    by_name = (event for event in events if event.kind in MEASURES and focus in event.targets)
    covering = (event for event in events if event.kind in EXPORT_CONTROLS and focus in event.target_states())
    return next(by_name, None) or next(covering, None) or next(iter(events), None)


def focal_date(scenario: Scenario, months: Sequence[str], focus: str = FOCUS) -> str:
    """Return the day 'YYYY-MM-DD' from which the headlines count: that of the focal event, or the first day of the run."""
    event = focal_event(scenario, months, focus)
    start = f"{months[0]}-01"
    return max(event.date, start) if event else start


@dataclass(frozen=True)
class View:
    """One result seen from the focus state and the focal day, with the tables that the headlines share read once."""

    result: FinishedRun
    since: str  # the focal day, YYYY-MM-DD

    @property
    def months(self) -> tuple[str, ...]:
        """All months of the run."""
        return tuple(self.result.months)

    @cached_property
    def at(self) -> int:
        """Position of the month of the focal day."""
        return self.months.index(self.since[:7])

    def before(self, months: int) -> slice:
        """Positions of at most *months* months before the focal month; the first month when there is none."""
        return slice(max(0, self.at - months), self.at) if self.at else slice(0, 1)

    @cached_property
    def home_prices(self) -> pd.DataFrame:
        """Home prices in USD/kg: one row a month, columns (good, state)."""
        frame = self.result.table("prices")[["month", "state", "good", "home"]].astype({"month": str, "state": str, "good": str})
        return frame.pivot(index="month", columns=["good", "state"], values="home").reindex(list(self.months))

    @cached_property
    def macro(self) -> pd.DataFrame:
        """The four flows of macro in USD million for the focus state, summed over sectors: one row a month."""
        frame = self.result.table("macro")
        frame = frame[frame["state"] == FOCUS]
        columns = ["output_lost", "cost_paid", "made_up", "gdp_effect"]
        return frame.groupby(frame["month"].astype(str))[columns].sum().reindex(list(self.months), fill_value=0.0)

    @cached_property
    def dependence(self) -> pd.DataFrame:
        """Share of the focus state's purchases by tonnage, all rare earths, that come from the exporter: one row a month, a column a basis."""
        frame = self.result.table("dependence")
        for column, value in (("state", FOCUS), ("supplier", EXPORTER), ("measure", "tonnes"), ("group", "all")):
            frame = frame[frame[column] == value]
        frame = frame[["month", "basis", "share"]].astype({"month": str, "basis": str})
        return frame.pivot(index="month", columns="basis", values="share").reindex(index=list(self.months), columns=["last_origin", "separated_in"])

    @cached_property
    def first_stops(self) -> Mapping[str, list[int]]:
        """Days from the focal day to the first stop on or after it of each end-use firm in the focus state that stops, by sector."""
        frame = self.result.table("stoppages")
        rows = frame[(frame["state"] == FOCUS) & (frame["stage"] == "end_use")]
        first: dict[tuple[str, str], int] = {}
        origin = parse_date(self.since)
        for firm, sector, day in zip(rows["firm"], rows["sector"], rows["first_day"], strict=True):
            days = (dt.date.fromisoformat(day) - origin).days if isinstance(day, str) and day else -1
            if days >= 0:
                key = (str(sector), str(firm))
                first[key] = min(days, first.get(key, days))
        return {sector: sorted(days for (of, _), days in first.items() if of == sector) for sector in SECTORS}

    @cached_property
    def firms(self) -> Mapping[str, int]:
        """Number of end-use firms in the focus state by sector; empty when the result does not say."""
        name = "firms" if "firms" in self.result.tables else "stoppages"
        frame = self.result.table(name)
        rows = frame[(frame["state"] == FOCUS) & (frame["stage"] == "end_use")]
        if name == "stoppages" and not rows["first_day"].isna().any():
            return {}  # only firms that stopped are listed, so their number says nothing about the others
        return {str(sector): int(count) for sector, count in rows.groupby(rows["sector"].astype(str))["firm"].nunique().items()}

    def stops(self, sector: str | None) -> list[int]:
        """Days to the first stop of each firm that stops, in order: of one sector, or of all."""
        chosen = SECTORS if sector is None else (sector,)
        return sorted(day for name in chosen for day in self.first_stops[name])

    def count(self, sector: str | None) -> int | None:
        """Number of firms of one sector, or of all; None when unknown or none."""
        return (sum(self.firms.values()) if sector is None else self.firms.get(sector, 0)) or None


def _first_stop(view: View, sector: str | None = None) -> float | None:
    stops = view.stops(sector)
    return float(stops[0]) if stops else None


def _median_stop(view: View, sector: str | None = None) -> float | None:
    stops, count = view.stops(sector), view.count(sector)
    if count is None or 2 * len(stops) < count:
        return None
    return float(stops[(count + 1) // 2 - 1])


def _stopped(view: View) -> float | None:
    return float(len(view.stops(None)))


def _stopped_share(view: View, sector: str | None = None) -> float | None:
    count = view.count(sector)
    return len(view.stops(sector)) / count if count else None


def _money(view: View, column: str, months: int | None = None) -> float | None:
    """USD bn: over *months* from the focal month, None when the run ends sooner; over the whole run without *months*."""
    flow = view.macro[column].to_numpy(dtype=float)
    if months is None:
        return float(flow.sum()) / 1e3
    window = flow[view.at : view.at + months]
    return float(window.sum()) / 1e3 if len(window) == months else None


def yearly_gdp(state: str, year: int) -> float | None:
    """Return a state's GDP in USD bn of the latest year in gdp.csv that is not after *year* (else the first); None without a row."""
    known = sorted((row["year"], row["usd_bn"]) for row in load_table("gdp").where(state=state))
    if not known:
        return None
    return float([value for when, value in known if when <= year or when == known[0][0]][-1])


def _gdp_effect(view: View, worst: bool) -> float | None:
    """% of a year's GDP: over the 12 months from the focal month, or over the worst 12 months in a row from then on."""
    flow = view.macro["gdp_effect"].to_numpy(dtype=float)[view.at :]
    gdp = yearly_gdp(FOCUS, int(view.since[:4]))
    if len(flow) < 12 or not gdp:
        return None
    sums = [float(flow[first : first + 12].sum()) for first in range(len(flow) - 11)] if worst else [float(flow[:12].sum())]
    return 100.0 * min(sums) / 1e3 / gdp


def _price_multiple(view: View, good: str, state: str) -> float | None:
    if (good, state) not in view.home_prices:
        return None
    price = view.home_prices[(good, state)].to_numpy(dtype=float)
    usual, peak = _mean(price[view.before(6)]), _highest(price[view.at :])
    return peak / usual if usual and peak is not None else None


def _dependence(view: View, basis: str, after: int | str) -> float | None:
    """Share of purchases by tonnage: mean of the year before, of the 3 months that end *after* months later, or of the last 3."""
    share = view.dependence[basis].to_numpy(dtype=float)
    if after == "before":
        return _mean(share[view.before(12)])
    if after == "end":
        return _mean(share[-3:])
    last = view.at + int(after)
    return _mean(share[last - 2 : last + 1]) if last < len(share) else None


def _world_price(view: View, good: str) -> float | None:
    if good not in view.home_prices.columns.get_level_values(0):
        return None
    outside = view.home_prices.loc[:, [key for key in view.home_prices.columns if key[0] == good and key[1] != EXPORTER]]
    return _mean(outside.iloc[-3:].median(axis="columns").to_numpy(dtype=float))


def _separation_share(view: View) -> float | None:
    frame = view.result.table("output")
    frame = frame[(frame["stage"] == "separation") & frame["month"].astype(str).isin(view.months[-12:])]
    world = float(frame["tonnes"].sum())
    return float(frame["tonnes"][frame["state"] == EXPORTER].sum()) / world if world > 0 else None


def _mean(values: np.ndarray) -> float | None:
    known = values[values == values]  # NaN is not equal to itself
    return float(known.mean()) if len(known) else None


def _highest(values: np.ndarray) -> float | None:
    known = values[values == values]
    return float(known.max()) if len(known) else None


_GOODS: Final = {"ndpr": "ndpr_oxide", "dy": "dysprosium_oxide", "tb": "terbium_oxide", "heat_resistant_magnet": "magnet_heat_resistant"}

FORMULAS: Final[Mapping[str, Callable[[View], float | None]]] = {
    "first_stop_days": _first_stop,
    "median_stop_days": _median_stop,
    **{f"first_stop_days_{sector}": partial(_first_stop, sector=sector) for sector in SECTORS},
    **{f"median_stop_days_{sector}": partial(_median_stop, sector=sector) for sector in SECTORS},
    "firms_stopped": _stopped,
    "firms_stopped_share": _stopped_share,
    **{f"firms_stopped_share_{sector}": partial(_stopped_share, sector=sector) for sector in SECTORS},
    **{f"{flow}_24m": partial(_money, column=flow, months=24) for flow in ("output_lost", "cost_paid", "made_up")},
    **{f"{flow}_total": partial(_money, column=flow) for flow in ("output_lost", "cost_paid", "made_up")},
    "gdp_effect_12m": partial(_gdp_effect, worst=False),
    "gdp_effect_worst": partial(_gdp_effect, worst=True),
    **{
        f"price_multiple_{key}_{state.lower()}": partial(_price_multiple, good=good, state=state)
        for key, good in _GOODS.items()
        for state in (FOCUS, EXPORTER)
    },
    **{
        f"dependence_{name}_{when}": partial(_dependence, basis=basis, after=after)
        for name, basis in (("origin", "last_origin"), ("separated", "separated_in"))
        for when, after in (("before", "before"), ("12m", 12), ("60m", 60), ("end", "end"))
    },
    "world_price_ndpr_end": partial(_world_price, good="ndpr_oxide"),
    "world_price_dy_end": partial(_world_price, good="dysprosium_oxide"),
    "china_separation_share_end": _separation_share,
}


def compute_headlines(result: FinishedRun, since: str | None = None) -> dict[str, float | None]:
    """Return {id: value or None} in the order of the headline table.

    *since* is the focal day 'YYYY-MM-DD'; a twin without measures is counted from the day of the other one's. Without it the
    scenario of the result decides.
    """
    view = View(result, since or focal_date(result.scenario, result.months))
    return {headline.id: FORMULAS[headline.id](view) for headline in headline_table()}


@dataclass(frozen=True)
class Spread:
    """A headline over several worlds: median, 5th and 95th percentile; None where not defined."""

    median: float | None
    p05: float | None
    p95: float | None


def spread(values: Sequence[float | None], unit: str = "") -> Spread:
    """Return the spread of one headline over worlds.

    A day of a stop that never comes counts as later than any day, so that a median of stops exists only where half of the worlds
    have one. Any other undefined value is left out.
    """
    import numpy as np

    never = unit == "days"
    numbers = np.array([np.inf if value is None else value for value in values if value is not None or never], dtype=float)
    if not numbers.size:
        return Spread(None, None, None)
    found = np.quantile(numbers, (0.5, 0.05, 0.95), method="inverted_cdf" if never else "linear")
    median, low, high = (float(value) if np.isfinite(value) else None for value in found)
    return Spread(median, low, high)


def headline_spreads(headlines: Sequence[Mapping[str, float | None]]) -> dict[str, Spread]:
    """Return {id: Spread} over the headlines of several worlds."""
    return {row.id: spread([one[row.id] for one in headlines], row.unit) for row in headline_table()}


def differences(base: Sequence[Mapping[str, float | None]], other: Sequence[Mapping[str, float | None]]) -> list[dict[str, float | None]]:
    """Return other - base for each pair of twins and each id; None where one of the two is not defined."""

    def minus(one: float | None, two: float | None) -> float | None:
        return None if one is None or two is None else one - two

    return [{row.id: minus(twin[row.id], of[row.id]) for row in headline_table()} for of, twin in zip(base, other, strict=True)]
