"""Leverage over time: after signals, after an episode, with and without reach into third countries,
and how long restrictions keep their bite.

Every answer is a list of plain rows with the median and the 5th and 95th percentile over worlds;
twins share their luck.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.quantities.watch import Trace
from coercivity.experiments.questions.acts import act, signal_acts
from coercivity.experiments.questions.leverage import CutOff, leverage
from coercivity.experiments.questions.shared_runs import Ask, Progress, answer_all
from coercivity.experiments.worlds.draws import Draw
from coercivity.model.basis.calendar import month_index, month_name
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.scenario import Scenario, load_scenario, with_changes
from coercivity.model.trade.export_quota import QUOTA_WEIGHT

Row = dict[str, Any]
BASE: Final = "business-as-usual"
SINCE: Final = "2026-01"
HELD: Final = {
    "light": ("ndpr_oxide", "ndpr_metal"),
    "heavy": ("dysprosium_oxide", "terbium_oxide"),
}  # the first is the one whose price is read
QUOTA_SHARE: Final = (
    0.5  # part of the raw exports of the free twin that a frozen restriction lets out
)


def band(values: Sequence[float | None]) -> dict[str, float | None]:
    """Median, 5th and 95th percentile of what is defined."""
    known = np.array([value for value in values if value is not None and np.isfinite(value)])
    if not len(known):
        return {"median": None, "p05": None, "p95": None}
    middle, low, high = np.quantile(known, (0.5, 0.05, 0.95))
    return {"median": float(middle), "p05": float(low), "p95": float(high)}


def draw_scenario(
    base: str | Scenario, draw: Draw, months: int, choices: Iterable[Mapping[str, Any]] = ()
) -> Scenario:
    """A base with a draw's parameters and some acts on top."""
    return with_changes(
        load_scenario(base), months=months, parameters=dict(draw.parameters), choices=choices
    )


def after_signals(
    draws: Sequence[Draw], at: str = "2030-01", workers: int = 1, progress: Progress | None = None
) -> list[Row]:
    """Leverage over Japan after 0, 1, 2 and 3 threats, carried out or not, as a change from the
    twin without any, and the sender's own cost.

    change: leverage over that of the twin - 1, %. sender_cost: exports lost to all from 2025 to the
    month asked about, USD million. rivals: capacity outside China built and being built
    (separation, metal, magnets) over the twin, %. stalled: share of draws in which signals slow
    rivals down.
    """
    month = month_index(load_scenario(BASE).start, at)
    arms = [
        (count, carried) for carried in (False, True) for count in range(4) if count or not carried
    ]
    asks: list[Ask] = []
    for count, carried in arms:
        for draw in draws:
            scenario = draw_scenario(BASE, draw, month + 1, signal_acts(count, carried))
            asks += [
                Ask(scenario, draw.seed, lever=month),
                Ask(scenario, draw.seed, sender_and_rivals),
            ]
    answers = answer_all(asks, workers, progress)
    by_arm = {
        arm: answers[2 * len(draws) * at : 2 * len(draws) * (at + 1)] for at, arm in enumerate(arms)
    }
    none = by_arm[0, False]
    return [
        {
            "signals": count,
            "carried_out": carried,
            **_set_against(got, none),
            "worlds": len(draws),
        }
        for (count, carried), got in by_arm.items()
    ]


def _set_against(got: Sequence[Any], none: Sequence[Any]) -> Row:
    """Answers of one arm, loss and trace by turns, against those of the twins without any
    signal.
    """
    losses, twins = _losses(got[::2]), _losses(none[::2])
    cost = [twin[0] - answer[0] for answer, twin in zip(got[1::2], none[1::2], strict=True)]
    rivals = [
        100.0 * (answer[1] / twin[1] - 1.0)
        for answer, twin in zip(got[1::2], none[1::2], strict=True)
    ]
    changes = [
        100.0 * (answer / twin - 1.0) if twin > 0 else None
        for answer, twin in zip(losses, twins, strict=True)
    ]
    return {
        "leverage": band(losses),
        "change": band(changes),
        "sender_cost": band(cost),
        "rivals": band(rivals),
        "stalled": float(np.mean(np.array(rivals) < -0.5)),
    }


def entry_map(
    draws: Sequence[Draw],
    hurdles: Sequence[float] = (0.0, 0.33, 0.67, 1.0),
    alarms: Sequence[float] = (0.1, 0.35, 0.6),
    at: str = "2030-01",
    workers: int = 1,
    progress: Progress | None = None,
) -> list[Row]:
    """Where signals speed rivals up and where they stall them: capacity outside China after three
    threats, over the twin without any, %.

    Over hurdle_weight (how much of the real-options multiple investors demand) and signal_alarm
    (how far a threat alarms), for threats carried out or not.
    """
    month = month_index(load_scenario(BASE).start, at)
    cells = [(hurdle, alarm) for hurdle in hurdles for alarm in alarms]
    arms = [signal_acts(0, False), signal_acts(3, False), signal_acts(3, True)]
    asks = []
    for hurdle, alarm in cells:
        for draw in draws:
            moved = Draw(
                tuple(
                    sorted(
                        {
                            **dict(draw.parameters),
                            "hurdle_weight": hurdle,
                            "signal_alarm": alarm,
                        }.items()
                    )
                ),
                draw.seed,
            )
            asks += [
                Ask(draw_scenario(BASE, moved, month + 1, events), moved.seed, sender_and_rivals)
                for events in arms
            ]
    rivals_by_run = np.array([rivals for _, rivals in answer_all(asks, workers, progress)]).reshape(
        len(cells), len(draws), len(arms)
    )
    change = 100.0 * (rivals_by_run[:, :, 1:] / rivals_by_run[:, :, :1] - 1.0)
    return [
        {
            "hurdle_weight": hurdle,
            "signal_alarm": alarm,
            "threats": band(list(change[k, :, 0])),
            "carried_out": band(list(change[k, :, 1])),
            "stalled": float((change[k] < 0.0).mean()),
            "worlds": len(draws),
        }
        for k, (hurdle, alarm) in enumerate(cells)
    ]


def sender_and_rivals(trace: Trace) -> tuple[float, float]:
    """The sender's exports from January 2025 on, USD million, and capacity outside it at the end
    (separation, metal and magnets, t/year).
    """
    return float(trace["exports"][12:].sum()), float(
        (trace["capacity_outside"] + trace["building_outside"])[-1, 1:4].sum()
    )


def after_episode(
    draws: Sequence[Draw],
    years: Sequence[int] = (1, 2, 3, 4, 6, 8),
    workers: int = 1,
    progress: Progress | None = None,
) -> list[Row]:
    """Leverage 1 to 8 years after a year-long ban of the controlled goods on Japan, over the twin
    without it, and the half-life of what was lost.

    The half-life is the first year after the deepest loss from which on at most half of it is left;
    None where more is left at the last year asked about.
    """
    ban = act(
        "blanket_ban", f"{SINCE}-06", 12, actor="China", targets=["Japan"], goods="controlled_2025"
    )
    start = load_scenario(BASE).start
    months = [month_index(start, SINCE) + 12 * (1 + year) for year in years]
    asks = []
    for draw in draws:
        for events in ([ban], []):
            scenario = draw_scenario(BASE, draw, months[-1] + 1, events)
            asks += [Ask(scenario, draw.seed, lever=month) for month in months]
    answers = np.array(_losses(answer_all(asks, workers, progress))).reshape(
        len(draws), 2, len(years)
    )
    change = 100.0 * (answers[:, 0] / np.maximum(answers[:, 1], 1e-9) - 1.0)
    rows = [
        {"years_after": year, "change": band(list(change[:, k])), "worlds": len(draws)}
        for k, year in enumerate(years)
    ]
    middle = np.median(change, axis=0)
    return [{**row, "half_life": half_life(years, middle)} for row in rows]


def half_life(years: Sequence[int], change: FloatArray) -> float | None:
    """Years from the deepest loss until at most half of it is left and stays left; None where that
    does not come. A dip and a return is not a half-life.
    """
    deepest = int(np.argmin(change))
    if change[deepest] >= 0:
        return None
    more = np.flatnonzero(change[deepest:] < 0.5 * change[deepest])
    first = deepest + int(more[-1]) + 1
    return float(years[first] - years[deepest]) if first < len(years) else None


def third_countries(
    seeds: Sequence[int],
    at: str = SINCE,
    scenario: str = "licensing-2025",
    compliance: Sequence[float] = (0.0, 0.5, 1.0),
) -> list[Row]:
    """A ban on one target alone, and with a rule that reaches third countries, by how far sellers
    there obey it (parameter extraterritorial_compliance).
    """
    rows = [
        {"rule": False, "compliance": None, **_cut_off_row(leverage(scenario, at, seeds).cut_offs)}
    ]
    for share in compliance:
        answer = leverage(
            scenario, at, seeds, third_countries=True, extraterritorial_compliance=share
        ).cut_offs
        rows.append({"rule": True, "compliance": share, **_cut_off_row(answer)})
    return rows


def frozen(
    draws: Sequence[Draw], years: int = 10, workers: int = 1, progress: Progress | None = None
) -> list[Row]:
    """Exports held at half of the free twin's for some years from January 2026, once of NdPr and
    once of Dy and Tb: how long market power lasts.

    power(year) = price paid in Japan over the free twin's - 1. share: China's part of what the
    world makes, points above the twin. lasts: years from the peak until the power is below half of
    it; None where it never is. never_halves: share of draws in which it never is, within the years.
    """
    first = month_index(load_scenario(BASE).start, SINCE)
    months = first + 12 * years
    free = answer_all(
        [Ask(draw_scenario(BASE, draw, months), draw.seed, yearly) for draw in draws],
        workers,
        progress,
    )
    rows: list[Row] = []
    for name, goods in HELD.items():
        asks = []
        for draw, twin in zip(draws, free, strict=True):
            exports = float(twin[f"exports_{name}"][first // 12 - 1])
            quotas = _yearly_quotas(goods, _allowed_exports(exports), years)
            asks.append(Ask(draw_scenario(BASE, draw, months, quotas), draw.seed, yearly))
        bound = answer_all(asks, workers, progress)
        pairs = list(zip(bound, free, strict=True))
        power = np.array([arm[name] / twin[name] - 1.0 for arm, twin in pairs])[:, first // 12 :]
        share = np.array([arm[f"share_{name}"] - twin[f"share_{name}"] for arm, twin in pairs])
        rows += _years_of_power(name, power, share[:, first // 12 :])
    return rows


def _allowed_exports(exports: float) -> float:
    """Tonnes a year that a frozen restriction lets out, in the weight by which quotas count."""
    return QUOTA_SHARE * QUOTA_WEIGHT * exports


def _yearly_quotas(goods: Sequence[str], tonnes: float, years: int) -> list[dict[str, Any]]:
    """The same quota towards the world, year after year."""
    start = load_scenario(BASE).start
    first = month_index(start, SINCE)
    return [
        act(
            "quota",
            f"{month_name(start, first + 12 * year)}-01",
            12,
            actor="China",
            targets=["World"],
            goods=list(goods),
            tonnes=tonnes,
        )
        for year in range(years)
    ]


def _years_of_power(name: str, power: FloatArray, share: FloatArray) -> list[Row]:
    """A row a year, from draws x years."""
    lasting = [years_above_half_peak(path) for path in power]
    return [
        {
            "element": name,
            "year": year + 1,
            "power": band(list(power[:, year])),
            "share": band(list(share[:, year])),
            "lasts": band(lasting),
            "never_halves": float(np.mean([one is None for one in lasting])),
            "worlds": len(power),
        }
        for year in range(power.shape[1])
    ]


def yearly(trace: Trace) -> dict[str, FloatArray]:
    """By year, light and heavy: price paid in Japan (USD/kg), China's share of what the world makes
    (%), China's exports (t).
    """
    years = len(trace["exports"]) // 12

    def by_year(name: str, goods: Sequence[int]) -> FloatArray:
        return np.asarray(
            trace[name][: 12 * years][:, goods].sum(axis=1).reshape(years, 12).sum(axis=1)
        )

    found: dict[str, FloatArray] = {}
    for name, goods in HELD.items():
        rows = [Facts.default().goods.index(good) for good in goods]
        found[name] = by_year("target_price", rows[:1]) / 12.0
        found[f"share_{name}"] = 100.0 * (
            1.0
            - by_year("made_outside", rows[:1]) / np.maximum(by_year("made_world", rows[:1]), 1e-9)
        )
        found[f"exports_{name}"] = by_year("raw_exported", rows)
    return found


def years_above_half_peak(power: FloatArray) -> float | None:
    """Years from the peak of a path until it is below half of the peak; None where it stays above,
    or never rises.
    """
    peak = int(np.argmax(power))
    below = np.flatnonzero(power[peak:] < 0.5 * power[peak])
    return float(below[0]) if len(below) and power[peak] > 0 else None


def _losses(cut_offs: Sequence[CutOff]) -> list[float]:
    return [cut_off.loss for cut_off in cut_offs]


def _cut_off_row(cut_offs: Sequence[CutOff]) -> Row:
    return {
        name: band([getattr(cut_off, name) for cut_off in cut_offs])
        for name in ("output_lost", "cost_paid", "gdp_share", "sales_lost", "exports_lost")
    }
