"""Leverage: what a cut-off of a target by a sender, starting in some month, would cost both. An
experiment on forks of a world, never part of a run.

The world is run to the month and forked twice with the same luck: in one fork nothing may go from
the sender to the target for twelve months, in the other nothing new happens. Both are followed for
three years; the difference is the leverage.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray
from coercivity.experiments.quantities.headlines import monthly_gdp
from coercivity.experiments.quantities.watch import Trace, run_watched
from coercivity.experiments.worlds.asked_facts import Data, find_facts
from coercivity.experiments.worlds.run import Source, parameters_of_call, scenario_to_run
from coercivity.experiments.worlds.world_class import class_for, make_world
from coercivity.model.basis.calendar import (
    day_at,
    days_in_month,
    month_index,
    month_name,
    month_names,
    parse_month,
)
from coercivity.model.basis.errors import InputError, suggest, unknown_value_error
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import STAGES
from coercivity.model.basis.luck import read_seeds
from coercivity.model.results.provenance import class_of
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.event_checks import event_from_dict
from coercivity.model.scenario.scenario import MAX_MONTHS, Scenario, with_changes
from coercivity.model.world import World

if TYPE_CHECKING:
    import pandas as pd

BAN_MONTHS: Final = 12
FOLLOWED: Final = 36
UNITS: Final = {
    "first_stop_days": (
        "days from the cut-off to the first line of an end user that stands because of it; "
        "null when none does in 36 months"
    ),
    "firms_stopped": (
        "share of the target's end users with a line that stands because of it within 12 months"
    ),
    "output_lost": "USD million in 36 months, target",
    "cost_paid": "USD million in 36 months, target",
    "made_up": "USD million in 36 months, target",
    "gdp_share": "% of the target's GDP of the same months, worst 12 in a row; negative is a loss",
    "exports_lost": (
        "USD million in 36 months, sender, to all; negative where dearer exports earn more"
    ),
    "sales_lost": "USD million of sales to the target in the 12 months, sender",
    "share_separation": "points of the world's separated oxides after 36 months, sender",
    "share_magnets": "points of the world's magnets after 36 months, sender",
    "gain_per_cost": "USD of the target's loss per USD of sales to it lost in the 12 months",
}


@dataclass(frozen=True)
class CutOff:
    """What one cut-off cost in one world, as differences from the fork without it."""

    seed: int
    month: str
    sender: str
    target: str
    output_lost: float
    cost_paid: float
    made_up: float
    gdp_share: float
    exports_lost: float
    sales_lost: float
    share_separation: float
    share_magnets: float
    first_stop_days: float | None = None
    firms_stopped: float = 0.0

    @property
    def loss(self) -> float:
        """Output lost and extra cost paid, USD million: the loss that the sender can impose."""
        return self.output_lost + self.cost_paid

    @property
    def gain_per_cost(self) -> float | None:
        """Loss imposed per dollar of sales to the target that the sender loses while the ban lasts;
        None where it loses none.
        """
        return self.loss / self.sales_lost if self.sales_lost > 0 else None


@dataclass(frozen=True, eq=False)
class Leverage:
    """Cut-offs of one month over several worlds, with what made them. world: the class that ran,
    as `Result.world` has it.
    """

    scenario: Scenario
    at: str
    sender: str
    target: str
    cut_offs: tuple[CutOff, ...]
    world: str = "World"

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seeds of the worlds."""
        return tuple(one.seed for one in self.cut_offs)

    def table(self) -> pd.DataFrame:
        """One row a world: seed, month, sender, target, then what the cut-off costs both; units in
        `.attrs["units"]`.
        """
        import pandas as pd

        frame = pd.DataFrame(
            [{**asdict(one), "gain_per_cost": one.gain_per_cost} for one in self.cut_offs]
        )
        for name in ("gain_per_cost", "first_stop_days"):
            frame[name] = frame[name].astype(float)
        frame.attrs["units"] = dict(UNITS)
        return frame

    def spread(self) -> dict[str, tuple[float, float, float]]:
        """{quantity: (median, 5th, 95th percentile)} over the worlds, without days to the first
        stop, which may never come (`days`).
        """
        names = [
            field.name
            for field in fields(CutOff)
            if field.name in UNITS and field.name != "first_stop_days"
        ]
        found = {name: np.array([getattr(one, name) for one in self.cut_offs]) for name in names}
        return {
            name: (float(middle), float(low), float(high))
            for name, values in found.items()
            for middle, low, high in [np.quantile(values, (0.5, 0.05, 0.95))]
        }

    def days(self) -> tuple[float | None, float | None, float | None]:
        """Days to the first stop over the worlds: median, 5th and 95th percentile (each a day of a
        world); None where no line ever stands.
        """
        ordered = np.array(
            [
                np.inf if one.first_stop_days is None else one.first_stop_days
                for one in self.cut_offs
            ]
        )
        ends = np.quantile(ordered, (0.05, 0.95), method="inverted_cdf")
        found = (np.median(ordered), *ends)
        median, low, high = (float(v) if np.isfinite(v) else None for v in found)
        return median, low, high


def leverage(
    scenario: Source,
    at: str,
    seeds: Iterable[int] = (1,),
    *,
    sender: str = "China",
    target: str = "Japan",
    third_countries: bool = False,
    progress: Callable[[int, int], None] | None = None,
    world: type[World] | str | None = None,
    data: Data = None,
    parameters: Mapping[str, Any] | None = None,
    **named: Any,
) -> Leverage:
    """What a 12-month cut-off of `target` by `sender` from month `at` (YYYY-MM) would cost both, in
    each world.

    third_countries: the sender also forbids others to pass its goods on to the target. world, data
    and parameters: as for `run`. Raises InputError, one line, for a month outside the scenario, an
    unknown state, or a state that would cut off itself.
    """
    values = parameters_of_call(parameters, named)
    chosen = read_seeds(seeds)
    kind, facts = class_for(world), find_facts(data, scenario)
    scenario_asked = scenario_to_run(scenario, None, values, facts)
    month = check_month(scenario_asked, at)
    check_pair(facts, sender, target)
    scenario_asked = long_enough(scenario_asked, month)
    cut_offs = []
    for seed in chosen:
        lived = make_world(kind, scenario_asked, seed, record=False, collect=False)
        for _ in range(month):
            lived.step()
        cut_offs.append(cut_off(lived, sender, target, third_countries))
        if progress is not None:
            progress(len(cut_offs), len(chosen))
    ran = class_of(type(lived))
    return Leverage(scenario_asked, at, sender, target, tuple(cut_offs), ran)


def check_month(scenario: Scenario, at: str) -> int:
    """Months from the start to `at`. Raises InputError when it is no month, before the start or
    after the last month.
    """
    field = "month of the cut-off"
    if not isinstance(at, str):
        raise InputError(
            "{field} '{value}' is not a month",
            "write YYYY-MM, for example {month}",
            field=field,
            value=at,
            month=scenario.start,
        )
    parse_month(at, field)
    if len(at) != 7:
        raise InputError(
            "{field} '{value}' is a day",
            "write YYYY-MM, for example {month}",
            field=field,
            value=at,
            month=at[:7],
        )
    month, last = month_index(scenario.start, at), month_name(scenario.start, scenario.months - 1)
    if not 0 <= month < scenario.months:
        raise InputError(
            "{field} '{value}' is before the start {low} of scenario '{scenario}'"
            if month < 0
            else "{field} '{value}' is after the last month {high} of scenario '{scenario}'",
            "use a month from {low} to {high}",
            field=field,
            value=at,
            low=scenario.start,
            high=last,
            scenario=scenario.name,
        )
    return month


def check_pair(facts: Facts, sender: str, target: str) -> None:
    """Raise InputError unless the sender is a government and the target another state."""
    if sender not in facts.governments:
        raise InputError(
            "sender '{value}' is not known", suggest(sender, facts.governments), value=sender
        )
    if target not in facts.states:
        raise InputError(
            "target '{value}' is not known", suggest(target, facts.states), value=target
        )
    if target in facts.states_of(sender):
        raise InputError("target '{value}' is the sender's own", "name another state", value=target)


def long_enough(scenario: Scenario, month: int) -> Scenario:
    """The scenario, lengthened where the three years after the month would run past its end."""
    needed = min(month + FOLLOWED, MAX_MONTHS)
    return with_changes(scenario, months=needed) if scenario.months < needed else scenario


def ban_event(
    facts: Facts,
    start: str,
    month: int,
    sender: str,
    target: str,
    months: int = BAN_MONTHS,
    goods: str = "all",
    kind: str = "blanket_ban",
) -> Event:
    """A ban from the first day of a month (counted from the start), for some months."""
    last = month_name(start, month + months - 1)
    raw = {
        "date": f"{month_name(start, month)}-01",
        "end": f"{last}-{days_in_month(last):02d}",
        "id": f"cut-off-{kind}",
        "kind": kind,
        "actor": sender,
        "targets": [target],
        "goods": goods,
        "text": "A cut-off that is asked about.",
    }
    return event_from_dict(facts, raw, "leverage", 1)


def cut_off(
    world: World, sender: str = "China", target: str = "Japan", third_countries: bool = False
) -> CutOff:
    """Fork the world twice where it stands, cut the target off in one fork, follow both, and take
    the difference. The world itself does not move.

    Raises ValueError for a fork: a fork never forks for leverage.
    """
    if getattr(world, "is_what_if", False):
        raise ValueError("this world is a fork that was made for leverage; ask its parent")
    ban, free = world.fork(), world.fork()
    ban.is_what_if = free.is_what_if = True
    where = (world.facts, world.start_name, world.month, sender, target)
    act = ban_event(*where)
    ban.enact(act)
    if third_countries:
        ban.enact(ban_event(*where, kind="extraterritorial"))
    months = FOLLOWED
    with_ban, without = (
        run_watched(fork, months, target, world.facts.states_of(sender)[0]) for fork in (ban, free)
    )
    gdp = monthly_gdp(world.facts, target, month_names(act.date[:7], months))
    lost = {
        name: with_ban.total(name, 0, months) - without.total(name, 0, months)
        for name in ("output_lost", "cost_paid", "made_up")
    }
    return CutOff(
        seed=world.seed,
        month=act.date[:7],
        sender=sender,
        target=target,
        **lost,
        gdp_share=100.0 * worst_year(with_ban, without, over=gdp),
        exports_lost=without.total("exports", 0, months) - with_ban.total("exports", 0, months),
        sales_lost=without.total("exports_to_target", 0, BAN_MONTHS)
        - with_ban.total("exports_to_target", 0, BAN_MONTHS),
        share_separation=sender_share(with_ban, "separation") - sender_share(without, "separation"),
        share_magnets=sender_share(with_ban, "magnet") - sender_share(without, "magnet"),
        first_stop_days=first_stop(with_ban, without, act.date),
        firms_stopped=stopped_share(with_ban, without),
    )


def idle_against_twin(trace: Trace, twin: Trace) -> BoolArray:
    """Months x end users of the target: whether a line stands that runs in the twin."""
    return trace.stood & ~twin.stood


def stopped_share(trace: Trace, twin: Trace, months: int = BAN_MONTHS) -> float:
    """Share of the target's end users whose line stands within some months although it runs in the
    twin, 0-1.
    """
    stood = idle_against_twin(trace, twin)[:months]
    return float(stood.any(axis=0).mean()) if stood.shape[1] else 0.0


def first_stop(trace: Trace, twin: Trace, since: str) -> float | None:
    """Days from the day *since* (YYYY-MM-DD, in the first month) to the first day on which a line
    stands that runs in the twin; None when none does.

    In the month of a stop the day is that on which the stock ran out.
    """
    months, who = np.nonzero(idle_against_twin(trace, twin))
    if not len(months):
        return None
    first = months == months[0]
    month = month_name(since[:7], int(months[0]))
    day = dt.date.fromisoformat(day_at(month, float(trace.lasts[months[first], who[first]].min())))
    return float(max(0, (day - dt.date.fromisoformat(since)).days))


def worst_year(trace: Trace, twin: Trace, first: int = 0, over: FloatArray | None = None) -> float:
    """Lowest sum of the GDP effect over any 12 months in a row from month `first` (all, where fewer
    are left), as a difference from the twin (USD million; over: as a share of the same sum of this,
    which holds the same months).
    """
    gap = (trace["gdp_effect"] - twin["gdp_effect"]).sum(axis=1)
    window = np.ones(min(12, len(gap[first:])))
    sums = np.convolve(gap[first:], window, "valid")
    if over is not None:
        sums = sums / np.convolve(over[first : len(gap)], window, "valid")
    return float(sums.min())


def sender_share(trace: Trace, stage: str, last: int = 12) -> float:
    """The sender's share of what the world makes at a stage over the last months, % by tonnage."""
    if stage not in STAGES:
        raise unknown_value_error("stage", stage, STAGES)
    stages = trace.facts.good_stage
    goods_of_stage = [row for good, row in trace.facts.good_row.items() if stages[good] == stage]
    world, outside = (
        trace["made_world"][-last:, goods_of_stage].sum(),
        trace["made_outside"][-last:, goods_of_stage].sum(),
    )
    return 100.0 * float(1.0 - outside / max(world, 1e-12))
