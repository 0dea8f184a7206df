"""C8, C9, C15: what money, and what an episode, builds outside the sender."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import numpy as np

from coercivity.experiments.claims import readers
from coercivity.experiments.claims.setting import Experiment, Setting
from coercivity.experiments.questions.acts import act
from coercivity.experiments.questions.shared_runs import Ask

Found = Mapping[str, Any]
LATER: Final = 84  # January 2031, in a world of 2024
ALLIES: Final = dict.fromkeys(("Japan", "United States", "EU", "Australia"), "autonomous")
HOSTS: Final = [
    "Japan",
    "United States",
    "France",
    "Australia",
    "Malaysia",
    "Vietnam",
    "India",
    "Brazil",
    "Rest of world",
]
MONEY: Final = 2000.0  # USD million over five years: the size of the packages of 2025-26 (timeline)
EARLY: Final = 500.0  # USD million over three years


def grant(
    stages: list[str],
    budget: float,
    months: int,
    hosts: list[str] | None = None,
    kind: str = "grant",
) -> dict[str, Any]:
    """Public money of Japan for plants of some stages, from January 2026."""
    return act(
        kind,
        "2026-01-06",
        months,
        actor="Japan",
        budget=budget,
        stages=stages,
        hosts=hosts or HOSTS,
        share=0.5,
        id=f"money-for-{'-'.join(stages)}",
    )


# C8
# --------------------------------------------------------------------------------------------------


def equal_money(setting: Setting) -> dict[str, Ask]:
    """The same money into mines, into separation, into both by halves; nothing."""
    arms: dict[str, list[dict[str, Any]]] = {
        "none": [],
        "mines": [grant(["mining"], MONEY, 60)],
        "separation": [grant(["separation"], MONEY, 60)],
    }
    if setting.full:
        arms["both"] = [grant(["mining"], MONEY / 2, 60), grant(["separation"], MONEY / 2, 60)]
    scenarios = {
        name: setting.scenario("business-as-usual", LATER + 1, events)
        for name, events in arms.items()
    }
    asks = {name: setting.lever_ask(scenario, LATER) for name, scenario in scenarios.items()}
    if setting.full:
        asks |= {
            f"{name} paid": setting.ask(scenarios[name], readers.support_paid)
            for name in ("mines", "separation", "both")
        }
    return asks


def avoided_loss(answers: Found, arm: str) -> float | None:
    """Part of the loss without support that an arm avoids, in points."""
    return (
        100.0 * (1.0 - answers[arm].loss / answers["none"].loss)
        if answers["none"].loss > 0
        else None
    )


def _more_than_mines(answers: Found) -> float | None:
    refined, mined = avoided_loss(answers, "separation"), avoided_loss(answers, "mines")
    return None if refined is None or mined is None else refined - mined


def _each_arm(answers: Found) -> dict[str, float | None]:
    return (
        {"loss without support, USD bn": answers["none"].loss / 1e3}
        | {
            f"avoided by {arm}, %": avoided_loss(answers, arm)
            for arm in ("mines", "separation", "both")
        }
        | {
            f"taken up by {arm}, USD million": answers[f"{arm} paid"]
            for arm in ("mines", "separation", "both")
        }
    )


# C9
# --------------------------------------------------------------------------------------------------


def _episode(setting: Setting) -> dict[str, Ask]:
    months = LATER + 1
    return {
        "ban": setting.ask(
            setting.scenario("japan-2026-from-2024", months, governments=ALLIES), readers.rival_path
        ),
        "free": setting.ask(
            setting.scenario("business-as-usual", months, governments=ALLIES), readers.rival_path
        ),
    }


def _capacity_gain(answers: Found) -> float:
    return 100.0 * float((answers["ban"][-1] / np.maximum(answers["free"][-1], 1e-9)).mean() - 1.0)


def _by_year(answers: Found) -> dict[str, float | None]:
    more = 100.0 * ((answers["ban"] / np.maximum(answers["free"], 1e-9)).mean(axis=1) - 1.0)
    return {f"more at the end of {2024 + year}, %": float(value) for year, value in enumerate(more)}


# C15
# --------------------------------------------------------------------------------------------------


def _early_money(setting: Setting) -> dict[str, Ask]:
    arms = {
        "none": [],
        "early": [grant(["mining"], EARLY, 36, ["Rest of world"])],
        "late": [grant(["separation"], EARLY, 36)],
    }
    tonnes = partial(readers.made_outside, months=60)
    scenarios = {
        name: setting.scenario("business-as-usual", LATER + 1, events)
        for name, events in arms.items()
    }
    asks = {name: setting.ask(scenario, tonnes) for name, scenario in scenarios.items()}
    if setting.full:
        asks |= {
            f"{name} paid": setting.ask(scenarios[name], readers.support_paid)
            for name in ("early", "late")
        }
    return asks


def tonnes_ratio(answers: Found) -> float | None:
    """Extra tonnes of early money over those of late money; 0 where early money brings none, None
    where only late money brings none.
    """
    early, late = (max(answers[arm] - answers["none"], 0.0) for arm in ("early", "late"))
    if early < 1.0:
        return 0.0
    return early / late if late >= 1.0 else None


def _tonnes(answers: Found) -> dict[str, float | None]:
    return {
        f"extra tonnes by {arm} money": answers[arm] - answers["none"] for arm in ("early", "late")
    } | {
        f"taken up by {arm} money, USD million": answers[f"{arm} paid"] for arm in ("early", "late")
    }


EXPERIMENTS: Final[Mapping[str, Experiment]] = {
    "C8": Experiment(equal_money, _more_than_mines, _each_arm),
    "C9": Experiment(_episode, _capacity_gain, _by_year),
    "C15": Experiment(_early_money, tonnes_ratio, _tonnes),
}
