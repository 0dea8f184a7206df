"""What each rule is worth: one mechanism off at a time, the naive thing in its place, and what that
does to the headlines.

`simpler_models.py` has the opposite, the world with every rule naive at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.quantities.headlines import monthly_gdp
from coercivity.experiments.quantities.watch import Trace
from coercivity.experiments.questions.leverage import worst_year
from coercivity.experiments.questions.market_power import band
from coercivity.experiments.questions.shared_runs import Ask, answer_all
from coercivity.experiments.worlds.draws import Draw
from coercivity.model.basis.calendar import month_index, month_names
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.scenario import load_scenario, with_changes

Row = dict[str, Any]
MONTHS: Final = 120
BAN: Final = "2026-01"
SCENARIOS: Final = ("japan-blanket-ban", "business-as-usual")
ALONE: Final = {
    "friend-shoring-together": ("M10",),
    "governments-decide-2024": ("M12",),
}  # rules with little to act on elsewhere, each where it has
# where a rule has nothing to act on: no export control (M6, M8), no act of support (M10), no
# government that decides (M12)
NOT_ASKED: Final = {
    "japan-blanket-ban": ("M12",),
    "business-as-usual": ("M6", "M8", "M10", "M12"),
}
NAIVE: Final[Mapping[str, str]] = {
    "M3": "suppliers as at the start",
    "M5": "prices as at the start",
    "M6": "no export controls",
    "M7": "nobody takes alarm or remembers",
    "M8": "nothing leaks",
    "M9": "nobody builds beyond what is under way",
    "M10": "no public money",
    "M11": "recipes as at the start",
    "M12": "no tension, no answers",
    "M13": "mining quotas as at the start, no illegal mining",
    "M14": "no finished stock, no catching up",
}
LABELS: Final[Mapping[str, str]] = {
    "output_lost": "output lost in Japan, 36 months from January 2026, USD bn",
    "cost_paid": "extra cost paid in Japan, the same months, USD bn",
    "made_up": "output made up in Japan, the same months, USD bn",
    "gdp": "GDP effect in Japan, worst 12 months, %",
    "dy_price": "highest world price of Dy oxide over that before 2026",
    "ndpr_price": "highest world price of NdPr oxide over that before 2026",
    "share": "China's share of Japan's raw imports in the last year, %",
    "separation": "China's share of separated oxides in the last year, %",
}


def numbers(trace: Trace) -> dict[str, float]:
    """The numbers of LABELS for one world, read without a recorded run."""
    facts = Facts.default()
    month = month_index(trace.start, BAN)
    gdp = monthly_gdp(Facts.default(), "Japan", month_names(trace.start, len(trace["gdp_effect"])))
    nothing = Trace(
        trace.start,
        {"gdp_effect": np.zeros_like(trace["gdp_effect"])},
        trace.press_run,
        trace.press_normal,
        (),
    )
    numbers_of = {
        name: trace.total(name, month, 36) / 1e3 for name in ("output_lost", "cost_paid", "made_up")
    }
    numbers_of["gdp"] = 100.0 * worst_year(trace, nothing, month, gdp)
    for name, good in (("dy_price", "dysprosium_oxide"), ("ndpr_price", "ndpr_oxide")):
        price = trace["world_price"][:, facts.goods.index(good)]
        before = price[month - 12 : month] if month else price[:1]
        numbers_of[name] = float(price[month:].max() / before.mean())
    bought = trace["raw_imports"][-12:].sum()
    numbers_of["share"] = (
        100.0 * float(trace["raw_from_sender"][-12:].sum() / bought) if bought > 0 else float("nan")
    )
    oxides = [k for k, good in enumerate(facts.goods) if good.endswith("_oxide")]
    numbers_of["separation"] = 100.0 * float(
        1.0 - trace["made_outside"][-12:, oxides].sum() / trace["made_world"][-12:, oxides].sum()
    )
    return numbers_of


def switched_off_arms() -> dict[str, tuple[str, ...]]:
    """Scenario -> mechanisms switched off in it."""
    return {
        **{
            scenario: tuple(arm for arm in NAIVE if arm not in NOT_ASKED[scenario])
            for scenario in SCENARIOS
        },
        **ALONE,
    }


def ablate(
    draws: Sequence[Draw],
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
    months: int = MONTHS,
    only: Sequence[str] = tuple(NAIVE),
) -> list[Row]:
    """One row a scenario, mechanism and number: the whole model, the model with the mechanism off,
    and the difference twin by twin (off less whole).

    only: mechanisms that are asked about. Not asked where a rule has nothing to act on; M10 and M12
    are asked in a scenario with public money and in one with governments that decide. worth:
    whether the difference has one sign in at least 80% of the worlds and is at least a tenth of the
    whole model's median.
    """
    size = len(draws)
    plan = {
        scenario: arms
        for scenario, every in switched_off_arms().items()
        if (arms := [arm for arm in every if arm in only])
    }
    answers = answer_all(_asks(plan, draws, months), workers, progress)
    rows: list[Row] = []
    left = iter(answers)
    for scenario, mechanisms in plan.items():
        of = {arm: [next(left) for _ in range(size)] for arm in ("", *mechanisms)}
        for arm in mechanisms:
            for name in LABELS:
                whole, without = (
                    np.array([answer[name] for answer in of[which]]) for which in ("", arm)
                )
                rows.append(
                    {
                        "scenario": scenario,
                        "mechanism": arm,
                        "naive": NAIVE[arm],
                        "number": name,
                        "whole": band(list(whole)),
                        "off": band(list(without)),
                        "difference": band(list(without - whole)),
                        "worth": _is_worth(whole, without),
                        "worlds": size,
                    }
                )
    return rows


def _asks(plan: Mapping[str, Sequence[str]], draws: Sequence[Draw], months: int) -> list[Ask]:
    """Every scenario whole and with each of its mechanisms off, with every draw."""
    asks = []
    for scenario, mechanisms in plan.items():
        base = load_scenario(scenario)
        for arm in ("", *mechanisms):
            off = {arm: False} if arm else {}
            asks += [
                Ask(
                    with_changes(
                        base, months=months, parameters=dict(draw.parameters), mechanisms=off
                    ),
                    draw.seed,
                    numbers,
                )
                for draw in draws
            ]
    return asks


def _is_worth(whole: FloatArray, without: FloatArray) -> bool:
    """Whether a mechanism moves a number one way in most worlds, and not by little."""
    gap = without - whole
    one_sign = max(float((gap > 0).mean()), float((gap < 0).mean()))
    large = abs(float(np.median(gap))) >= 0.1 * max(abs(float(np.median(whole))), 1e-9)
    return bool(one_sign >= 0.8 and large)
