"""Three reckonings without a model, which the model has to beat. They know the record before the
event, and what the measure takes away on paper.

Columns of evidence.csv: before (the value before the event), hit (share of supply that the measure
takes away on paper), event (its month).

- no_change: everything stays at `before`. A change against a base window is then 0 (a ratio 1), and
  so is a deviation of yearly changes.
- proportional: from the event on output, flows and shares are `before` x (1 - hit), and prices
  `before` / (1 - hit), a unit elasticity, at most
  PRICE_BOUND times `before`. Lines: the share `hit` of those that ran stops. Output lost: `hit` of
  the value added that depends on the part. First stop: COVER_MONTHS of stock make up for the
  missing share, so they last COVER_MONTHS / hit.
- exponential: the proportional value at the event, from which it returns to `before` with a
  half-life of HALF_LIFE months, averaged over the window. First
  stop: stock runs out when the missing share, which fades, has eaten it; never, if it fades sooner.

None where a column that is needed is empty: `hit` is empty where a share of legal supply says
nothing, as of what is smuggled.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.backtest.evidence_targets import AGAINST_BASE, PERCENT, RULES, Target
from coercivity.model.basis.calendar import month_index, month_name, parse_date
from coercivity.model.basis.facts import Facts
from coercivity.model.use.macro import dependent_value_added

HALF_LIFE: Final = 6.0  # months; assumed
COVER_MONTHS: Final = 2.0  # of stock that a firm holds; assumed
PRICE_BOUND: Final = 10.0  # a price rises at most so many times; assumed
DAYS: Final = 30.4  # in a month
NAMES: Final = ("no_change", "proportional", "exponential")

PRICES: Final = ("price_home", "price_abroad", "price_export", "export_unit_value")
STOPS: Final = ("first_stop", "firms_stopped_share", "output_lost")

Fade = Callable[
    [FloatArray], FloatArray
]  # months since the event: part of the first effect that is left


def benchmarks(target: Target) -> dict[str, float | None]:
    """What each of NAMES says of a target, in its unit; None where it says nothing."""
    return {
        "no_change": no_change(target),
        "proportional": _value_under_effect(target, _constant_effect),
        "exponential": _value_under_effect(target, _fading_effect),
    }


def no_change(target: Target) -> float | None:
    """The value before the event; of a change, none."""
    if target.statistic in ("log_change", "sd_yearly_log"):
        return 0.0
    return 1.0 if target.statistic == "ratio" else target.before


def effect(target: Target) -> float | None:
    """Factor by which the measure moves a flow, a share or a price on paper; None without a hit."""
    if target.hit is None:
        return None
    left = 1.0 - target.hit
    return (
        min(1.0 / left if left > 0 else math.inf, PRICE_BOUND)
        if target.quantity in PRICES
        else left
    )


def _constant_effect(since: FloatArray) -> FloatArray:
    return np.ones(len(since))


def _fading_effect(since: FloatArray) -> FloatArray:
    return np.asarray(0.5 ** (since / HALF_LIFE))


def _value_under_effect(target: Target, fade: Fade) -> float | None:
    """The statistic of a path that leaves `before` at the event by the effect of the measure, of
    which a part is left later.
    """
    factor = effect(target)
    if factor is None or target.hit is None or not target.event:
        return None
    if target.quantity in STOPS:
        return _stop_statistic(target, target.hit, fade)
    path = 1.0 + (factor - 1.0) * _effect_left(target, target.first, target.last, fade)
    if target.statistic in AGAINST_BASE:
        base = 1.0 + (factor - 1.0) * _effect_left(
            target, target.base_first, target.base_last, fade
        )
        ratio = float(path.mean()) / float(base.mean()) if base.mean() > 0 else math.nan
        if target.statistic == "ratio":
            return _finite_or_none(ratio)
        return _finite_or_none(math.log(ratio) if ratio > 0 else math.nan)
    if target.statistic == "sd_yearly_log":
        return _finite_or_none(RULES[target.statistic](path))
    if target.before is None:
        return None
    rule = "mean" if target.statistic == "sum" else target.statistic
    return _finite_or_none(target.before * RULES[rule](path))


def _effect_left(target: Target, first: str, last: str, fade: Fade) -> FloatArray:
    """Part of the effect in each month of a window; none before the event."""
    since = np.arange(
        month_index(target.event, first), month_index(target.event, last) + 1, dtype=np.float64
    )
    return np.where(since >= 0, fade(np.maximum(since, 0.0)), 0.0)


def _stop_statistic(target: Target, hit: float, fade: Fade) -> float | None:
    """First stop in days, share of lines that stop, or output lost: what a sheet makes of a missing
    share.
    """
    facts = Facts.default()
    missing = hit * _effect_left(target, target.first, target.last, fade)
    if target.quantity == "firms_stopped_share":
        scale, before = (100.0 if target.unit in PERCENT else 1.0), target.before or 0.0
        return before + (scale - before) * float(missing.max())
    if target.quantity == "output_lost":
        sectors = [
            facts.sector_row[name]
            for name in (target.good.split("+") if target.good else facts.sectors)
        ]
        value = (
            dependent_value_added(Facts.default(), target.event[:7])[
                np.ix_(
                    [facts.state_row[state] for state in facts.states_of(target.state or "World")],
                    sectors,
                )
            ].sum()
            / 1000.0
        )
        return float(value * (missing.mean() if target.statistic == "mean" else missing.sum()))
    months = _months_of_stock(hit, fade is _fading_effect)
    if months is None:
        return None
    before = (
        parse_date(f"{month_name(target.event, 0)}-01") - parse_date(f"{target.first}-01")
    ).days
    return before + months * DAYS


def _months_of_stock(hit: float, fading: bool) -> float | None:
    """Months until the cover is eaten: C / h, or from h L / ln 2 (1 - 2^(-t / L)) = C; None if
    never.
    """
    if hit <= 0:
        return None
    if not fading:
        return COVER_MONTHS / hit
    left = 1.0 - COVER_MONTHS * math.log(2.0) / (hit * HALF_LIFE)
    return -HALF_LIFE * math.log2(left) if left > 0 else None


def _finite_or_none(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
