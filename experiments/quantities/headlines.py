"""The headline numbers of a run: what a minister would read first, each by one small function of a
few arrays.

``model/data/headlines.csv`` names them (id, label, formula in words, unit) and serves the terminal,
JSON, the page and the sweep. Everything is seen from one state, the target (Japan where none is
named), and counted from the focal measure; None means that a number is not defined in this run
(nothing stopped, or the run ends too soon), never zero. The arrays come from the tables of a Result
(``TableSource``) or, at a fraction of the cost, from a watch on a world that keeps no tables
(``experiments/quantities/outcomes.py``): the formulas are the same.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from coercivity.model.basis.calendar import parse_date
from coercivity.model.basis.facts import Facts, cached_by_facts
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.scenario import Scenario

if TYPE_CHECKING:
    from coercivity.agents.base.arrays import FloatArray

FOCUS: Final = "Japan"
EXPORTER: Final = "China"
EXPORT_CONTROLS: Final = (
    "quota",
    "export_duty",
    "licensing",
    "dual_use_ban",
    "entity_list",
    "blanket_ban",
    "cut",
    "customs_halt",
    "extraterritorial",
)
MEASURES: Final = (*EXPORT_CONTROLS, "import_tariff", "technology_ban")
Values: TypeAlias = Mapping[str, float | None]  # headlines of a run, by id


@dataclass(frozen=True)
class Headline:
    """One row of the headline table; ``formula`` is in words."""

    id: str
    label: str
    formula: str
    unit: str


@cached_by_facts
def headline_table(facts: Facts, target: str = FOCUS) -> tuple[Headline, ...]:
    """Return the rows of ``model/data/headlines.csv`` for a target state, in the order in which
    they are shown; where the target is the exporter itself, what names both stands once.
    """
    rows: dict[str, Headline] = {}
    for row in headline_rows(facts):
        name = row["id"].format(target=name_in_id(target))
        label, formula = (row[column].format(target=target) for column in ("label", "formula"))
        rows.setdefault(name, Headline(name, label, formula, row["unit"]))
    return tuple(rows.values())


@cached_by_facts
def headline_rows(facts: Facts) -> tuple[Mapping[str, str], ...]:
    """The rows of ``model/data/headlines.csv`` with {target} in them. Rows about a sector that
    stand together are told sector by sector.
    """
    found: list[Mapping[str, str]] = []
    for each, some in itertools.groupby(
        facts.table("headlines"), lambda row: "{sector}" in row["id"]
    ):
        rows = list(some)
        for sector in facts.sectors if each else ("",):
            found += [_of_sector(facts, row, sector) if each else row for row in rows]
    return tuple(found)


def _of_sector(facts: Facts, row: Mapping[str, str], sector: str) -> Mapping[str, str]:
    said = {"{sector}": sector, "{sector_label}": facts.sector_labels[sector]}
    out = dict(row)
    for column, text in row.items():
        for name, value in said.items():
            text = text.replace(name, value)
        out[column] = text
    return out


def name_in_id(state: str) -> str:
    """A state as the ids of headlines write it."""
    return state.lower().replace(" ", "_")


def focal_event(scenario: Scenario, months: Sequence[str], focus: str = FOCUS) -> Event | None:
    """Return the event from which the headlines count, or None when the run has none.

    The first measure that names *focus* as a target; else the first export control that covers it
    (through "World" or "EU"); else the first tariff on it; else the first event of any kind. Events
    after the last month do not count.
    """
    events = sorted(
        (event for event in (*scenario.events, *scenario.choices) if event.date[:7] <= months[-1]),
        key=lambda event: event.date,
    )
    named = [event for event in events if event.kind in MEASURES and focus in event.targets]
    by_name = (event for event in named if event.kind != "import_tariff")
    covering = (
        event
        for event in events
        if event.kind in EXPORT_CONTROLS and focus in event.target_states()
    )
    found = (next(by_name, None), next(covering, None), *named[:1], next(iter(events), None))
    return next((event for event in found if event is not None), None)


def focal_date(scenario: Scenario, months: Sequence[str], focus: str = FOCUS) -> str:
    """Return the day 'YYYY-MM-DD' from which the headlines count: that of the focal event, or the
    first day of the run.
    """
    event = focal_event(scenario, months, focus)
    start = f"{months[0]}-01"
    return max(event.date, start) if event else start


class Source(Protocol):
    """What the formulas read of a run, from the tables of a Result or from a watch on a world; NaN
    is unknown or nothing. Axes are those of the name lists.
    """

    @property
    def months(self) -> tuple[str, ...]: ...
    @property
    def target(self) -> str: ...
    @property
    def facts(self) -> Facts: ...
    def stops(self, of: str) -> Iterable[tuple[str, str, str]]:
        """Sector, firm and first day of every spell in which a line of an end-use firm in the
        target state stood.
        """

    def firms(self, of: str) -> Mapping[str, int]:
        """Number of end-use firms in the target state by sector; empty when unknown."""

    def flow(self, of: str) -> FloatArray:
        """One flow of the table macro for the target state, months x sectors, USD million."""

    def home_price(self, of: str) -> FloatArray:
        """Home price of a good, months x states, USD/kg."""

    def dependence(self, of: str) -> FloatArray:
        """Share of the target state's purchases by tonnage, all rare earths, that come from the
        exporter on one basis, by month.
        """

    def separation(self, of: str) -> FloatArray:
        """Separated oxides made, months x states x goods, t."""


class View:
    """One run seen from the target state and the focal day *since*; what formulas share is read
    once. usual: the run whose half year before is the base of prices, None for this one.
    """

    def __init__(self, source: Source, since: str, usual: Source | None = None) -> None:
        self.source, self.since, self.months = source, since, tuple(source.months)
        self.usual = self if usual is None else View(usual, since)
        self.held: dict[tuple[str, str], Any] = {}

    def read(self, kind: str, of: str) -> Any:
        """What *source* gives of this kind."""
        if (kind, of) not in self.held:
            self.held[kind, of] = getattr(self.source, kind)(of)
        return self.held[kind, of]

    @cached_property
    def at(self) -> int:
        """Position of the month of the focal day."""
        return self.months.index(self.since[:7])

    def row(self, state: str) -> int:
        """Place of a state on the axes of states."""
        return self.source.facts.state_row[state]

    def before(self, months: int) -> slice:
        """Positions of at most *months* months before the focal month; the first month when there
        is none.
        """
        return slice(max(0, self.at - months), self.at) if self.at else slice(0, 1)

    @cached_property
    def first_stops(self) -> Mapping[str, list[int]]:
        """Days from the focal day to the first stop on or after it of each end-use firm in the
        target state that stops, by sector.
        """
        first: dict[tuple[str, str], int] = {}
        origin = parse_date(self.since)
        for sector, firm, day in self.read("stops", ""):
            days = (dt.date.fromisoformat(day) - origin).days
            if days >= 0:
                first[sector, firm] = min(days, first.get((sector, firm), days))
        return {
            sector: sorted(days for (of, _), days in first.items() if of == sector)
            for sector in self.source.facts.sectors
        }

    def stops(self, sector: str) -> list[int]:
        """Days to the first stop of each firm that stops, in order: of a sector or of all ('')."""
        chosen = (sector,) if sector else self.source.facts.sectors
        return sorted(day for name in chosen for day in self.first_stops[name])

    def count(self, sector: str) -> int | None:
        """Number of firms of one sector, or of all (''); None when unknown or none."""
        firms: Mapping[str, int] = self.read("firms", "")
        return (firms.get(sector, 0) if sector else sum(firms.values())) or None


def _first_stop(view: View, sector: str) -> float | None:
    stops = view.stops(sector)
    return float(stops[0]) if stops else None


def _median_stop(view: View, sector: str) -> float | None:
    stops, count = view.stops(sector), view.count(sector)
    if count is None or 2 * len(stops) < count:
        return None
    return float(stops[(count + 1) // 2 - 1])


def _count_stopped_lines(view: View, sector: str) -> float | None:
    return float(len(view.stops(sector)))


def _stopped_share(view: View, sector: str) -> float | None:
    count = view.count(sector)
    return len(view.stops(sector)) / count if count else None


def _flow(view: View, name: str) -> FloatArray:
    """USD million by month: the sum over sectors, rounded once, so that it does not depend on how
    they stand.
    """
    import numpy as np

    return np.array([math.fsum(month) for month in view.read("flow", name).tolist()])


def _money(view: View, name: str, months: int | None = None) -> float | None:
    """USD bn: over *months* from the focal month, None when the run ends sooner; over the whole run
    without *months*.
    """
    flow = _flow(view, name)
    if months is None:
        return float(flow.sum()) / 1e3
    window = flow[view.at : view.at + months]
    return float(window.sum()) / 1e3 if len(window) == months else None


def monthly_gdp(facts: Facts, state: str, months: Sequence[str]) -> FloatArray:
    """A state's GDP in each of these months in a row, USD million, at the prices of its losses."""
    from coercivity.model.use.gdp import gdp_path

    return gdp_path(facts, months[0], len(months))[:, facts.state_row[state]]


def worst_share(gap: FloatArray, gdp: FloatArray, months: int = 12) -> float | None:
    """Lowest ratio of the sums of a flow and of GDP over the same months in a row, %; None when
    fewer are left.
    """
    import numpy as np

    if len(gap) < months:
        return None
    window = np.ones(months)
    return float(
        100.0 * (np.convolve(gap, window, "valid") / np.convolve(gdp, window, "valid")).min()
    )


def _gdp_effect(view: View, name: str, worst: bool) -> float | None:
    """% of the GDP of the same months: the 12 from the focal month, or the worst 12 in a row from
    then on.
    """
    flow = _flow(view, name)[view.at :]
    gdp = monthly_gdp(view.source.facts, view.source.target, view.months)[view.at :]
    return worst_share(flow, gdp) if worst else worst_share(flow[:12], gdp[:12])


def usual_price(view: View, good: str, state: str) -> float | None:
    """Mean home price of a good in a state in the half year before the focal month, USD/kg: the
    base of every price multiple.
    """
    return _mean(view.read("home_price", good)[view.before(6), view.row(state)])


def price_multiple(view: View, good: str, state: str) -> float | None:
    """Highest home price of a good in a state from the focal month on over its usual price; None
    where one of them is not defined. Of two runs that are compared both have the usual price of
    the one whose measure is counted from.
    """
    peak = _highest(view.read("home_price", good)[view.at :, view.row(state)])
    usual = usual_price(view.usual, good, state)
    return peak / usual if usual and peak is not None else None


def _dependence(view: View, basis: str, after: int | str) -> float | None:
    """Share of purchases by tonnage: mean of the year before, of the 3 months that end *after*
    months later, or of the last 3.
    """
    share = view.read("dependence", basis)
    if after == "before":
        return _mean(share[view.before(12)])
    if after == "end":
        return _mean(share[-3:])
    last = view.at + int(after)
    return _mean(share[last - 2 : last + 1]) if last < len(share) else None


def _world_price(view: View, good: str) -> float | None:
    import numpy as np

    outside = np.delete(view.read("home_price", good)[-3:], view.row(EXPORTER), axis=1)
    known = [month[month == month] for month in outside]
    return _mean(np.array([np.median(prices) for prices in known if len(prices)]))


def _separation_share(view: View, _: str) -> float | None:
    made = view.read("separation", "")[-12:]
    known = made == made
    world, own = float(made[known].sum()), view.row(EXPORTER)
    return float(made[:, own][known[:, own]].sum()) / world if world > 0 else None


def _mean(values: FloatArray) -> float | None:
    known = values[values == values]  # NaN is not equal to itself
    return float(known.mean()) if len(known) else None


def _highest(values: FloatArray) -> float | None:
    known = values[values == values]
    return float(known.max()) if len(known) else None


@dataclass(frozen=True)
class Formula:
    """The function behind a headline, what it is asked about, and what it reads: (kind, of which),
    as ``Source`` has them.
    """

    rule: Callable[[View, str], float | None]
    of: str
    reads: tuple[tuple[str, str], ...]

    def __call__(self, view: View) -> float | None:
        return self.rule(view, self.of)


_STOPS: Final = (("stops", ""), ("firms", ""))
PRICED_GOODS: Final = {  # by what the ids of price multiples call them
    "ndpr": "ndpr_oxide",
    "dy": "dysprosium_oxide",
    "tb": "terbium_oxide",
    "heat_resistant_magnet": "magnet_heat_resistant",
}


def _formula_of(
    kind: str, name: str, rule: Callable[..., float | None], **keywords: Any
) -> Formula:
    return Formula(partial(rule, **keywords), name, ((kind, name),))


def price_multiples(target: str = FOCUS) -> dict[str, tuple[str, str]]:
    """The headlines that are price multiples, by id: good and state."""
    return {
        f"price_multiple_{key}_{name_in_id(state)}": (good, state)
        for key, good in PRICED_GOODS.items()
        for state in (target, EXPORTER)
    }


@cached_by_facts
def formulas(facts: Facts, target: str = FOCUS) -> Mapping[str, Formula]:
    """The formula of each headline of a target state, by id."""
    return {
        **{
            f"{name}{'_' * bool(sector)}{sector}": Formula(rule, sector, _STOPS)
            for name, rule in (
                ("first_stop_days", _first_stop),
                ("median_stop_days", _median_stop),
                ("firms_stopped_share", _stopped_share),
            )
            for sector in ("", *facts.sectors)
        },
        "firms_stopped": Formula(_count_stopped_lines, "", _STOPS),
        **{
            f"{flow}_24m": _formula_of("flow", flow, _money, months=24)
            for flow in ("output_lost", "cost_paid", "made_up")
        },
        **{
            f"{flow}_total": _formula_of("flow", flow, _money)
            for flow in ("output_lost", "cost_paid", "made_up")
        },
        "gdp_effect_12m": _formula_of("flow", "gdp_effect", _gdp_effect, worst=False),
        "gdp_effect_worst": _formula_of("flow", "gdp_effect", _gdp_effect, worst=True),
        **{
            name: _formula_of("home_price", good, price_multiple, state=state)
            for name, (good, state) in price_multiples(target).items()
        },
        **{
            f"dependence_{name}_{when}": _formula_of("dependence", basis, _dependence, after=after)
            for name, basis in (("origin", "last_origin"), ("separated", "separated_in"))
            for when, after in (("before", "before"), ("12m", 12), ("60m", 60), ("end", "end"))
        },
        "world_price_ndpr_end": _formula_of("home_price", "ndpr_oxide", _world_price),
        "world_price_dy_end": _formula_of("home_price", "dysprosium_oxide", _world_price),
        "china_separation_share_end": _formula_of("separation", "", _separation_share),
    }


def usual_prices(source: Source, since: str) -> dict[str, float | None]:
    """Return {id: USD/kg} of the price multiples: what each is over."""
    view = View(source, since)
    return {name: usual_price(view, *of) for name, of in price_multiples(source.target).items()}


def headlines_of(
    source: Source, since: str, wanted: Iterable[str] | None = None, usual: Source | None = None
) -> dict[str, float | None]:
    """Return {id: value or None} of the headlines *wanted* (None for all, in the order of their
    table), counted from the day *since*. usual: as for `View`.
    """
    view, rules = View(source, since, usual), formulas(source.facts, source.target)
    return {
        name: rules[name](view)
        for name in (
            (row.id for row in headline_table(source.facts, source.target))
            if wanted is None
            else wanted
        )
    }
