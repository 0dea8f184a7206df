"""What a world tells month by month to whoever collects: the headlines of a month, as Mesa's
DataCollector asks for them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from mesa.datacollection import DataCollector

from coercivity.model.basis.calendar import month_name
from coercivity.model.basis.goods import CHINA, GOOD, PROCESS

if TYPE_CHECKING:
    from coercivity.model.seen import Seen


def headlines_of_month(seen: Seen) -> dict[str, Any]:
    """By name: the month; quotes (USD/kg); share of end users' plan that was made; end users that
    lack an input; output lost (months of normal output); the exporter's share of separation outside
    which nobody can buy; mean alarm about it.
    """
    firms, clock = seen.firms, seen.clock
    end = firms.is_end
    separators = firms.is_separator
    run = firms.run * separators
    return {
        "month": month_name(clock.start, max(clock.month - 1, 0)),
        **{f"price_{good}": float(seen.market.quote[GOOD[good]]) for good in QUOTED},
        "magnets_made": float(firms.run[firms.is_press & (firms.process < MOTORS)].sum()),
        "output_of_plan": float(
            (firms.run * firms.value_added)[end].sum()
            / max(float((firms.plan * firms.value_added)[end].sum()), 1e-300)
        ),
        "lines_short": int(((firms.run < firms.plan * (1.0 - 1e-9)) & end).sum()),
        "exporter_share_of_separation": float(
            run[firms.state == CHINA].sum() / max(float(run.sum()), 1e-300)
        ),
        "alarm": float(np.mean(seen.beliefs.exporter_alarm)),
    }


QUOTED = ("ndpr_oxide", "dysprosium_oxide", "terbium_oxide")
MOTORS = PROCESS["make_motor_standard"]
NAMES = (
    "month",
    *(f"price_{good}" for good in QUOTED),
    "magnets_made",
    "output_of_plan",
    "lines_short",
    "exporter_share_of_separation",
    "alarm",
)


def collector() -> DataCollector:
    """A DataCollector with the headlines of the month; they are looked up once a month."""
    return DataCollector(model_reporters={name: reporter(name) for name in NAMES})


def reporter(name: str) -> Callable[[Any], Any]:
    """One headline of a world's month."""

    def report(model: Any) -> Any:
        return headlines_of_month(model.seen)[name]

    return report
