"""C1, C4, C5, C6, C7: what a ban does to Japan's lines (one scenario of the ban and its twin, with
the same luck).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from coercivity.experiments.claims import readers
from coercivity.experiments.claims.setting import (
    BAN,
    MONTHS,
    Experiment,
    Setting,
    ban_of_japan,
)
from coercivity.experiments.claims.written_claims import load_claims
from coercivity.experiments.quantities.headlines import monthly_gdp
from coercivity.experiments.questions.shared_runs import Ask, answer_all
from coercivity.experiments.worlds.draws import Draw
from coercivity.model.basis.calendar import month_names

Found = Mapping[str, Any]
NAMED: Final = ("automotive", "semiconductors_ceramics", "electronics", "ev_drivetrains", "wind")
YEAR: Final = 12
HALF: Final = 6
NEVER: Final = 48.0  # months; a plant that runs through counts as stopping no sooner
PLANT: Final = 0.5  # t/month; workshops of a few kilograms are no plants


def worst_year(gap: np.ndarray, over: np.ndarray | None = None) -> float:
    """Lowest sum over 12 months in a row from the ban on (over: as a share of the same sum of
    this).
    """
    sums = np.convolve(gap, np.ones(YEAR), "valid")
    if over is None:
        return float(sums.min())
    return float((sums / np.convolve(over, np.ones(YEAR), "valid")).min())


def extra(answers: Found, name: str, months: int = 36) -> float:
    """A flow over some months from the ban on, scenario less twin, USD million."""
    return float(answers["ban"][name][:months].sum() - answers["free"][name][:months].sum())


# C1
# --------------------------------------------------------------------------------------------------


def _as_enacted(setting: Setting) -> dict[str, Ask]:
    return {
        "ban": setting.ask(setting.scenario("japan-2026"), readers.flows),
        "free": setting.ask(setting.scenario(setting.without_acts("japan-2026")), readers.flows),
    }


def _civil_loss(answers: Found) -> float:
    return max(
        0.0,
        -100.0
        * worst_year(
            answers["ban"]["civil_gdp"] - answers["free"]["civil_gdp"],
            answers["free"]["civil_planned"],
        ),
    )


def _money(answers: Found) -> dict[str, float | None]:
    return {
        "output lost in 36 months, USD bn": extra(answers, "output_lost") / 1e3,
        "cost paid in 36 months, USD bn": extra(answers, "cost_paid") / 1e3,
        "output made up in 36 months, USD bn": extra(answers, "made_up") / 1e3,
    }


# C4
# --------------------------------------------------------------------------------------------------


def _cut_off(setting: Setting) -> dict[str, Ask]:
    twin = setting.without_acts("japan-blanket-ban")
    return {
        "ban": setting.ask(setting.scenario("japan-blanket-ban"), readers.press_runs),
        "free": setting.ask(setting.scenario(twin), readers.press_runs),
    }


def press_months(answers: Found) -> np.ndarray:
    """Months until each magnet plant of the target runs below half of its mean run in the twin's
    first half-year; the stop falls within its month.
    """
    usual = answers["free"][:HALF].mean(axis=0)
    found = []
    for plant in np.flatnonzero(usual > PLANT):
        run = answers["ban"][:, plant] / usual[plant]
        down = np.flatnonzero(run < 0.5)
        found.append(float(down[0] + min(run[down[0]], 1.0)) if len(down) else NEVER)
    return np.array(found)


def _median_press(answers: Found) -> float | None:
    months = press_months(answers)
    return float(np.quantile(months, 0.5, method="inverted_cdf")) if len(months) else None


def _presses(answers: Found) -> dict[str, float | None]:
    months = press_months(answers)
    return {
        "first plant, months": float(months.min()),
        "last plant, months (48: never)": float(months.max()),
        "plants that run through, share": float((months >= NEVER).mean()),
    }


# C5 and C7
# --------------------------------------------------------------------------------------------------


def _for_so_long(goods: str) -> Any:
    def asks(setting: Setting) -> dict[str, Ask]:
        base = setting.without_acts("japan-2026")
        ban = ban_of_japan(setting.lever("duration_months", 12.0), goods)
        return {
            "ban": setting.ask(setting.scenario(base, choices=[ban]), readers.flows),
            "free": setting.ask(setting.scenario(base), readers.flows),
        }

    return asks


def _share_stopped(answers: Found) -> float | None:
    lost, paid = max(extra(answers, "output_lost"), 0.0), max(extra(answers, "cost_paid"), 0.0)
    return lost / (lost + paid) if lost + paid > 0 else None


def split_by_severity(draws: Sequence[Draw], workers: int = 1) -> list[dict[str, Any]]:
    """Output lost for good, cost paid and output made up over 36 months by severity and duration,
    medians over draws, USD bn, above the twin.
    """
    claim = next(load_claim for load_claim in load_claims() if load_claim.id == "C5")
    arms: dict[str, tuple[str, list[dict[str, Any]]]] = {
        "dual-use ban and lists, as enacted": ("japan-2026", [])
    }
    for goods, words in (
        ("controlled_2025", "controlled goods barred"),
        ("all", "everything barred"),
    ):
        arms |= {
            f"{words}, {months} months": ("", [ban_of_japan(months, goods)])
            for months in (1, 3, 6, 12, 24)
        }
    asks: list[Ask] = []
    for draw in draws:
        setting = Setting(claim, draw)
        base = setting.without_acts("japan-2026")
        scenarios = [
            setting.scenario(base),
            *(setting.scenario(name or base, choices=events) for name, events in arms.values()),
        ]
        asks += [setting.ask(scenario, readers.flows) for scenario in scenarios]
    answers = answer_all(asks, workers)
    size = 1 + len(arms)
    ratios = []
    for k, words in enumerate(arms, start=1):
        pairs = [
            {"ban": answers[size * place + k], "free": answers[size * place]}
            for place in range(len(draws))
        ]
        row = {
            name: float(np.median([extra(pair, name) for pair in pairs])) / 1e3
            for name in ("output_lost", "cost_paid", "made_up")
        }
        ratios.append(
            {
                "severity": words,
                **row,
                "output share": float(np.median([_share_stopped(pair) or 0.0 for pair in pairs])),
            }
        )
    return ratios


def _gdp(answers: Found) -> float:
    gap = answers["ban"]["gdp_effect"] - answers["free"]["gdp_effect"]
    gdp = monthly_gdp(answers["ban"]["facts"], "Japan", month_names(BAN, MONTHS))
    return 100.0 * worst_year(gap, gdp[: len(gap)])


def _growth(answers: Found) -> dict[str, float | None]:
    """Money, and investment put off for fear of measures, above the twin."""
    return {
        **_money(answers),
        "investment postponed in 36 months, USD bn": extra(answers, "investment_postponed") / 1e3,
    }


# C6
# --------------------------------------------------------------------------------------------------


def sector_losses(answers: Found) -> np.ndarray:
    """Share of each sector's dependent output that is lost in two years, scenario less twin."""
    return (answers["free"]["sector_gap"] - answers["ban"]["sector_gap"]) / np.maximum(
        answers["free"]["sector_planned"], 1e-9
    )


def _named_on_top(answers: Found) -> float | None:
    lost = sector_losses(answers)
    if lost.max() <= 1e-6:
        return None  # nobody loses anything: no ranking
    row = answers["free"]["facts"].sector_row
    top = np.argsort(-lost, kind="stable")[:5]
    return float(len(set(top.tolist()) & {row[name] for name in NAMED}))


def _by_sector(answers: Found) -> dict[str, float | None]:
    lost, rows = sector_losses(answers), answers["free"]["facts"].sector_row
    return {f"{name}: share of output lost": float(lost[place]) for name, place in rows.items()}


EXPERIMENTS: Final[Mapping[str, Experiment]] = {
    "C1": Experiment(_as_enacted, _civil_loss, _money),
    "C4": Experiment(_cut_off, _median_press, _presses),
    "C5": Experiment(_for_so_long("all"), _share_stopped, _money),
    "C6": Experiment(_for_so_long("all"), _named_on_top, _by_sector),
    "C7": Experiment(_for_so_long("controlled_2025"), _gdp, _growth),
}
