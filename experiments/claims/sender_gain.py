"""C2, C10, C11, C13: what coercion brings the sender, and what it costs it later."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from coercivity.experiments.claims import readers
from coercivity.experiments.claims.bans_on_japan import extra
from coercivity.experiments.claims.setting import Experiment, Setting
from coercivity.experiments.questions.acts import act, signal_acts
from coercivity.experiments.questions.shared_runs import Ask
from coercivity.model.scenario.scenario import Scenario

Found = Mapping[str, Any]
WITHIN: Final = 36.0  # months in which a concession counts
LASTING: Final = 10.0  # points of China's share of raw imports, 60 months later
COURT: Final = 120  # months of the runs in which a dispute may end a measure
DECIDING: Final = dict.fromkeys(("Japan", "United States", "EU"), "autonomous")
AFTER: Final = 72  # January 2030, three years after the last signal


# C2
# --------------------------------------------------------------------------------------------------


def _concession(setting: Setting) -> dict[str, Ask]:
    months, answers = 66, {"Japan": "autonomous"}
    return {
        "ban": setting.ask(
            setting.scenario("japan-2026", months, governments=answers),
            readers.months_until_concession,
        ),
        "free": setting.ask(
            setting.scenario(setting.without_acts("japan-2026"), months, governments=answers),
            readers.months_until_concession,
        ),
    }


def _bare_concession(answers: Found) -> float:
    """1 for a concession within three years without lasting diversification; 0 for both or neither;
    -1 for diversification alone.
    """
    return float(_concedes_in_time(answers)) - float(_diversifies_for_good(answers))


def _concedes_in_time(answers: Found) -> bool:
    return bool(answers["ban"][0] <= WITHIN)


def _diversifies_for_good(answers: Found) -> bool:
    return bool(answers["free"][1] - answers["ban"][1] >= LASTING)


def _odds(answers: Found) -> dict[str, float | None]:
    when = answers["ban"][0]
    return {
        "gives way within 36 months": float(_concedes_in_time(answers)),
        "months until it gives way": None if math.isnan(when) else when,
        "diversifies for good": float(_diversifies_for_good(answers)),
        "China's share after 60 months, points below the twin": answers["free"][1]
        - answers["ban"][1],
    }


# C10
# --------------------------------------------------------------------------------------------------


def _ask_court_case(setting: Setting) -> dict[str, Ask]:
    def framed(framing: str) -> Ask:
        measure = act(
            "licensing",
            "2026-01-06",
            None,
            actor="China",
            targets=["World"],
            goods="raw_materials",
            framing=framing,
        )
        scenario = setting.scenario("business-as-usual", COURT, [measure], DECIDING)
        return setting.ask(scenario, months_until_lifted)

    return {framing: framed(framing) for framing in ("security", "conservation")}


def months_until_lifted(trace: Any) -> tuple[float, float]:
    """Months from the measure until it ends (the whole run when it never does), and Japan's output
    lost and cost paid by then, USD bn.
    """
    since = readers.ban_month(trace)
    left = COURT - since
    ends = readers.months_until_event(trace, "end of licensing", "China", since)
    lost = trace.total("output_lost", since, left) + trace.total("cost_paid", since, left)
    return (float(left) if math.isnan(ends) else ends), lost / 1e3


def _duration_difference(answers: Found) -> float:
    return float(answers["security"][0] - answers["conservation"][0])


def _court_numbers(answers: Found) -> dict[str, float | None]:
    return {
        f"months until it ends, {framing}": answers[framing][0]
        for framing in ("security", "conservation")
    } | {"loss of Japan more, USD bn": answers["security"][1] - answers["conservation"][1]}


# C11
# --------------------------------------------------------------------------------------------------


def _signals(setting: Setting) -> dict[str, Ask]:
    months = AFTER + 1
    base = "business-as-usual"
    arms = {"none": (0, False), "threats": (3, False)}
    if setting.full:
        arms["carried out"] = (3, True)
    return {
        name: setting.lever_ask(setting.scenario(base, months, signal_acts(*arm)), AFTER)
        for name, arm in arms.items()
    }


def change(answers: Found, arm: str) -> float | None:
    """Leverage of an arm over that of the twin without signals, %."""
    return (
        100.0 * (answers[arm].loss / answers["none"].loss - 1.0)
        if answers["none"].loss > 0
        else None
    )


def _after_threats(answers: Found) -> float | None:
    return change(answers, "threats")


def _signal_numbers(answers: Found) -> dict[str, float | None]:
    return {
        "leverage without signals, USD bn": answers["none"].loss / 1e3,
        "change when the three are carried out, %": change(answers, "carried out"),
    }


# C13
# --------------------------------------------------------------------------------------------------


def _instruments(setting: Setting) -> dict[str, Ask]:
    scenarios: dict[str, Scenario | str] = {
        "targeted": "targeted-pressure",
        "blunt": "blunt-instrument",
        "free": setting.without_acts("targeted-pressure"),
    }
    return {
        name: setting.ask(setting.scenario(base), readers.flows) for name, base in scenarios.items()
    }


def gain(answers: Found, arm: str) -> tuple[float, float]:
    """Loss imposed in 36 months and sales to the target lost in the twelve months of the measure,
    USD million.
    """
    pair = {"ban": answers[arm], "free": answers["free"]}
    return extra(pair, "output_lost") + extra(pair, "cost_paid"), -extra(pair, "to_target", 12)


def _gain_ratio(answers: Found) -> float | None:
    (aimed, cost_aimed), (blunt, cost_blunt) = gain(answers, "targeted"), gain(answers, "blunt")
    if cost_blunt <= 0 or blunt <= 0 or cost_aimed <= 0:
        return None
    return (aimed / cost_aimed) / (blunt / cost_blunt)


def _gain_numbers(answers: Found) -> dict[str, float | None]:
    out: dict[str, float | None] = {}
    for arm in ("targeted", "blunt"):
        loss, cost = gain(answers, arm)
        out[f"loss imposed, {arm}, USD bn"], out[f"sales lost, {arm}, USD bn"] = (
            loss / 1e3,
            cost / 1e3,
        )
    out["targeted costs no sales (1), so that the ratio is undefined"] = float(
        gain(answers, "targeted")[1] <= 0
    )
    return out


EXPERIMENTS: Final[Mapping[str, Experiment]] = {
    "C2": Experiment(_concession, _bare_concession, _odds),
    "C10": Experiment(_ask_court_case, _duration_difference, _court_numbers),
    "C11": Experiment(_signals, _after_threats, _signal_numbers),
    "C13": Experiment(_instruments, _gain_ratio, _gain_numbers),
}
