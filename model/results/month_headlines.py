"""The headlines of a month, as Mesa's DataCollector asks for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from mesa.datacollection import DataCollector

from coercivity.model.basis.calendar import month_name
from coercivity.model.parts.world_view import WorldView

QUOTED = ("ndpr_oxide", "dysprosium_oxide", "terbium_oxide")


def quote_of(good: str) -> Callable[[WorldView], float]:
    """What the world reads of a good's price (USD/kg)."""
    return lambda seen: float(seen.market.quote[seen.facts.good_row[good]])


def output_of_plan(seen: WorldView) -> float:
    """Share of end users' plan that was made, by value added."""
    firms = seen.firms
    worth = firms.value_added  # that of end users; no other firm has any
    return float((firms.run * worth).sum() / max(float((firms.plan * worth).sum()), 1e-300))


def lines_short(seen: WorldView) -> int:
    """End users that made less than they planned."""
    firms = seen.firms
    return int(np.count_nonzero((firms.run < firms.plan * (1.0 - 1e-9)) & firms.is_end))


def magnets_made(seen: WorldView) -> float:
    """Magnets made this month (t)."""
    firms = seen.firms
    before = firms.process < firms.facts.process_row["make_motor_standard"]
    return float(firms.run[firms.is_press & before].sum())


def exporter_share_of_separation(seen: WorldView) -> float:
    """The exporter's share of what is separated."""
    firms = seen.firms
    run = firms.run * firms.is_separator
    return float(run[firms.state == firms.facts.china].sum() / max(float(run.sum()), 1e-300))


def last_month(seen: WorldView) -> str:
    """The month that is over, YYYY-MM."""
    clock = seen.clock
    return month_name(clock.start, max(clock.month - 1, 0))


READINGS: dict[str, Callable[[WorldView], Any]] = {
    "month": last_month,
    **{f"price_{good}": quote_of(good) for good in QUOTED},
    "magnets_made": magnets_made,
    "output_of_plan": output_of_plan,
    "lines_short": lines_short,
    "exporter_share_of_separation": exporter_share_of_separation,
    "alarm": lambda seen: float(seen.beliefs.exporter_alarm.mean()),  # over states
}
NAMES = tuple(READINGS)


def collector() -> DataCollector:
    """A DataCollector with the headlines of the month."""
    return DataCollector(model_reporters={name: partial(read_headline, name) for name in NAMES})


def read_headline(name: str, model: Any) -> Any:
    """Return one headline of a world's month."""
    return READINGS[name](model.seen)
