"""C3, C12, C14, C16: the record since 2009, demand cases, and discipline at the centre."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from coercivity.experiments.claims import readers
from coercivity.experiments.claims.bans_on_japan import extra
from coercivity.experiments.claims.setting import BAN, Experiment, Setting
from coercivity.experiments.quantities.dependence import yearly_dependence
from coercivity.experiments.questions.shared_runs import Ask
from coercivity.experiments.worlds.run import run_worlds
from coercivity.model.basis.facts import Facts
from coercivity.model.use.demand import case_events

Found = Mapping[str, Any]
FROM_2009: Final = 192  # months from January 2009 to December 2024
CASES: Final = ("ev", "ai_hardware", "defence", "clean_energy")
AT: Final = 48  # January 2030
TO_2038: Final = 156


# C3
# --------------------------------------------------------------------------------------------------


def _ask_path_since_2009(setting: Setting) -> dict[str, Ask]:
    return {"path": setting.ask(setting.scenario("embargo-2010", FROM_2009), yearly_dependence)}


def _in_2024(answers: Found) -> float | None:
    return float(answers["path"][-1]) if np.isfinite(answers["path"][-1]) else None


def _path(answers: Found) -> dict[str, float | None]:
    lowest = int(np.nanargmin(answers["path"]))
    shown: dict[str, float | None] = {
        f"{2009 + year}, %": float(answers["path"][year]) for year in (0, 3, 6, 9, 12, 15)
    }
    return {
        **shown,
        "lowest, %": float(answers["path"][lowest]),
        "year of the lowest": float(2009 + lowest),
    }


def dependence_by_measure(
    seeds: Sequence[int], years: Sequence[int] = (2009, 2014, 2018, 2024)
) -> list[dict[str, Any]]:
    """China's share of Japan's purchases by basis, measure and element, median over seeds at
    shipped values, %: the same dependence told in many ways.
    """
    import pandas as pd

    frames = []
    for result in run_worlds("embargo-2010", seeds, months=FROM_2009):
        table = result.table("dependence").query("state == 'Japan' and supplier == 'China'")
        frames.append(
            table.assign(year=table["month"].astype(str).str[:4].astype(int), seed=result.seed)
        )
    keys = ["basis", "measure", "group"]
    every = pd.concat(frames, ignore_index=True).astype(dict.fromkeys(keys, str))
    middle = (
        every.groupby([*keys, "year", "seed"])["share"].mean().groupby([*keys, "year"]).median()
    )
    return [
        {
            **dict(zip(keys, names, strict=True)),
            **{
                str(year): 100.0 * float(middle.get((*names, year), float("nan"))) for year in years
            },
        }
        for names in sorted({month[:3] for month in middle.index})
    ]


# C12 and C14
# --------------------------------------------------------------------------------------------------


def scale_demand(facts: Facts, case: str, scale: float) -> list[dict[str, Any]]:
    """The events of a demand case with its extra growth multiplied, from the first month of the
    claims' world on: what has grown before is in its tables.
    """
    return [
        {
            **event,
            "date": max(str(event["date"]), f"{BAN}-01"),
            "growth": min(float(str(event["growth"])) * scale, 2.0),
        }
        for event in case_events(facts, case)
    ]


def _ask_alone_and_together(setting: Setting) -> dict[str, Ask]:
    scale, base = setting.lever("case_scale", 1.0), setting.without_acts("japan-2026")
    arms = {
        "none": [],
        **{case: scale_demand(setting.facts, case, scale) for case in CASES},
        "all": [event for case in CASES for event in scale_demand(setting.facts, case, scale)],
    }
    return {
        name: setting.lever_ask(setting.scenario(base, AT + 1, events), AT)
        for name, events in arms.items()
    }


def _more_than_sum(answers: Found) -> float | None:
    none = answers["none"].loss
    if none <= 0:
        return None
    return (
        100.0
        * ((answers["all"].loss - none) - sum(answers[case].loss - none for case in CASES))
        / none
    )


def _each_case(answers: Found) -> dict[str, float | None]:
    none = answers["none"].loss
    return {"loss without cases, USD bn": none / 1e3} | {
        f"{case} adds, USD bn": (answers[case].loss - none) / 1e3 for case in (*CASES, "all")
    }


def _robots(setting: Setting) -> dict[str, Ask]:
    base = setting.without_acts("japan-2026")
    boom = scale_demand(setting.facts, "humanoid", setting.lever("case_scale", 1.0))
    return {
        "boom": setting.ask(setting.scenario(base, TO_2038, boom), price_and_loss),
        "free": setting.ask(setting.scenario(base, TO_2038), price_and_loss),
    }


def price_and_loss(trace: Any) -> tuple[np.ndarray, float]:
    """Yearly world price of NdPr oxide, USD/kg, and Japan's output lost and cost paid over the run,
    USD bn.
    """
    return readers.yearly_price(trace), (
        trace["output_lost"].sum() + trace["cost_paid"].sum()
    ) / 1e3


def _price_rise(answers: Found) -> float:
    return 100.0 * float((answers["boom"][0] / answers["free"][0]).max() - 1.0)


def _when_dearer(answers: Found) -> dict[str, float | None]:
    more = 100.0 * (answers["boom"][0] / answers["free"][0] - 1.0)
    above = np.flatnonzero(more >= 5.0)
    return {
        "in 2030, %": float(more[4]),
        "in 2035, %": float(more[9]),
        "in 2038, %": float(more[12]),
        "first year 5% above the twin": float(2026 + above[0]) if len(above) else None,
        "loss of Japan more, USD bn": answers["boom"][1] - answers["free"][1],
    }


# C16
# --------------------------------------------------------------------------------------------------


def _ask_with_enforcement(setting: Setting) -> dict[str, Ask]:
    """Discipline at the mines and at the border, none or full: since decision 0039 the two have a
    parameter each.
    """
    ban, twin = "japan-blanket-ban", setting.without_acts("japan-blanket-ban")
    return {
        f"{name} {share:g}": setting.ask(
            setting.scenario(base, enforcement=share, border_enforcement=share), bite
        )
        for name, base in (("ban", ban), ("free", twin))
        for share in (0.0, 1.0)
    }


def bite(trace: Any) -> dict[str, Any]:
    """Losses by month, and what still came in from China in the twelve months of the ban, t of
    oxides and metal.
    """
    bites = {name: trace[name].sum(axis=1) for name in ("output_lost", "cost_paid")}
    return {**bites, "leaked": float(trace["raw_from_sender"][:12].sum())}


def _loss(answers: Found, share: str) -> float:
    pair = {"ban": answers[f"ban {share}"], "free": answers[f"free {share}"]}
    return extra(pair, "output_lost") + extra(pair, "cost_paid")


def _loss_rise_by_enforcement(answers: Found) -> float | None:
    lax = _loss(answers, "0")
    return 100.0 * (_loss(answers, "1") / lax - 1.0) if lax > 0 else None


def _leaks(answers: Found) -> dict[str, float | None]:
    return {
        "loss with no enforcement, USD bn": _loss(answers, "0") / 1e3,
        "loss with full enforcement, USD bn": _loss(answers, "1") / 1e3,
        "raw tonnes into Japan during the ban, none": answers["ban 0"]["leaked"],
        "raw tonnes into Japan during the ban, full": answers["ban 1"]["leaked"],
    }


EXPERIMENTS: Final[Mapping[str, Experiment]] = {
    "C3": Experiment(_ask_path_since_2009, _in_2024, _path),
    "C12": Experiment(_ask_alone_and_together, _more_than_sum, _each_case),
    "C14": Experiment(_robots, _price_rise, _when_dearer),
    "C16": Experiment(_ask_with_enforcement, _loss_rise_by_enforcement, _leaks),
}
