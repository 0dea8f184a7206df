"""A net under what experiments read from a world: numbers of short runs as they were in 0.4.0, in
test_golden_readings/*.csv.

As tests/golden/: it tells that something moved, not what is right; that stands in the tests of each
reading. To write them anew after a change that is meant: `python -m pytest
tests/experiments/test_golden_readings.py --force-regen`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pytest_regressions.dataframe_regression import DataFrameRegressionFixture

from coercivity.experiments.backtest.evidence_targets import load_evidence, run_evidence
from coercivity.experiments.backtest.naive import benchmarks
from coercivity.experiments.calibration.emulator import fit_emulator
from coercivity.experiments.calibration.waves import Space, match, propose
from coercivity.experiments.claims import readers
from coercivity.experiments.lab.apply_levers import apply_levers
from coercivity.experiments.lab.levers import lever_table
from coercivity.experiments.quantities.series import series_table
from coercivity.experiments.quantities.watch import Trace, run_watched
from coercivity.experiments.questions.ablation import numbers
from coercivity.experiments.questions.firm_trace import trace_firm
from coercivity.experiments.questions.hazards import (
    default_temper,
    estimate_hazard,
    ratio_of,
    record_panel,
)
from coercivity.experiments.questions.leverage import cut_off
from coercivity.experiments.questions.market_power import sender_and_rivals, yearly
from coercivity.experiments.questions.simpler_models import spreadsheet
from coercivity.experiments.questions.starts import margin_rows, start_report
from coercivity.experiments.worlds.bare_runs import run_series
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World
from coercivity.viz.classroom.engine.debrief import debrief
from coercivity.viz.classroom.engine.game import SEATS, brief, new_game, play_round, reveal, scores
from coercivity.viz.classroom.engine.game_run import read_game
from coercivity.viz.words.firm_text import lines_in_words
from tests.experiments import test_calibration

CLOSE = {"rtol": 1e-7, "atol": 1e-10}
MONTHS = 40


def flat(found: Any, name: str = "") -> dict[str, float]:
    """Every number in mappings, sequences and arrays: a list of rows by place, an array of numbers
    by its sum and its highest, a text by its letters.
    """
    if isinstance(found, str):
        letters = sum((place % 7 + 1) * ord(letter) for place, letter in enumerate(found))
        return {f"{name}: letters": float(letters)}
    if isinstance(found, np.ndarray) and found.dtype.kind in "fib":
        values = np.where(np.isfinite(found.astype(float)), found.astype(float), 0.0)
        highest = float(values.max(initial=0.0))
        return {f"{name}: sum": float(values.sum()), f"{name}: highest": highest}
    if isinstance(found, (bool, int, float, np.number)) or found is None:
        return {name: float("nan") if found is None else float(found)}
    inner = found if isinstance(found, Mapping) else {}
    inner = dict(enumerate(found)) if isinstance(found, Sequence) else inner
    flattened = (flat(one, f"{name} {label}".strip()) for label, one in inner.items())
    return {key: value for held in flattened for key, value in held.items()}


@cache
def watched() -> Trace:
    """A world with a blanket ban under a watch."""
    scenario = with_changes(load_scenario("japan-blanket-ban"), months=MONTHS)
    return run_watched(World(scenario, 1, record=False), MONTHS)


def trace() -> Any:
    one = watched()
    return {
        "series": one.series,
        "runs": one.press_run,
        "stood": one.stood,
        "lasts": one.lasts,
        "numbers": numbers(one),
        "yearly": yearly(one),
        "sender": sender_and_rivals(one),
        "flows": readers.flows(one),
    }


def cut() -> Any:
    world = World(load_scenario("licensing-2025"), 2, record=False)
    for _ in range(14):
        world.step()
    found = cut_off(world), cut_off(world, target="United States", third_countries=True)
    return [{**asdict(one), "loss": one.loss, "gain": one.gain_per_cost} for one in found]


def game() -> Any:
    chain, money = {"stage": "chain"}, {"card": "grant", "stage": "chain", "amount": 600}
    moves = {
        "exporter": [{"card": "blanket_ban", "whom": "target", "goods": "heavy"}],
        "target": [{"card": "loan", "stage": "mines", "amount": 600}],
        "ally": [{"card": "strike_back", "with": "tariff"}, money],
        "bloc": [{"card": "remark", "strength": "strong"}],
    }
    deal = {"kind": "cost_share", "first": "ally", "other": "bloc", "amount": 300, **chain}
    played = play_round(new_game(length=1), moves, (deal,))
    read = read_game(played, played.now + 12)
    points = {
        when: {seat: told["score"] for seat, told in found.items()}
        for when, found in scores(played).items()
        if isinstance(found, dict)
    }
    briefs = {seat: brief(played, seat) for seat in SEATS}
    told = {"briefs": briefs, "reveal": reveal(played), "debrief": debrief(played, 1)}
    for line in told["reveal"]["news"]:
        del line["told"]  # the same in fields, by which pages say it
    return {
        "read": read.series,
        "down": read.down,
        "day": read.day,
        "firm": read.firm_down,
        "suppliers": read.suppliers,
        "points": points,
        "told": {
            f"{name} {part}": sum(flat(inner).values())
            for name, document in told.items()
            for part, inner in document.items()
        },
    }


def series() -> Any:
    scenario = with_changes(load_scenario("japan-blanket-ban"), months=MONTHS)
    headlines, values = run_series(scenario, 1, "2026-01-06")
    rows = enumerate(series_table(Facts.default()))
    return {"headlines": headlines, "series": {one.id: values[:, place] for place, one in rows}}


def sheets() -> Any:
    names = ("japan-blanket-ban", "japan-2026-from-2024", "licensing-2025")
    return {name: spreadsheet(load_scenario(name)) for name in names}


def evidence() -> Any:
    targets = [one for one in load_evidence() if one.scenario == "embargo-2010"]
    return {
        "model": run_evidence(with_changes(load_scenario("embargo-2010"), months=60), 1, targets),
        "naive": {one.id: benchmarks(one) for one in targets},
    }


def hazards() -> Any:
    mood, spans = default_temper(), {"2009-01": 192, "2024-01": 30}
    panels = {start: record_panel(start, months) for start, months in spans.items()}
    weights = (mood.weight_retaliation, mood.weight_future, mood.hazard_power)
    return {
        "panels": panels,
        "ratios": {start: ratio_of(panel) for start, panel in panels.items()},
        "estimate": estimate_hazard(*weights),
    }


def starts() -> Any:
    report = {
        row["id"]: {name: row[name] for name in ("model", "after_24")}
        for row in start_report("2024-01")
    }
    margins = margin_rows(World(load_scenario("business-as-usual"), 1, record=False))
    return report | {row["id"]: row["model"] for row in margins}


def levers() -> Any:
    """Every lever as far as it goes, one at a time: the acts that it writes, by what they say in
    numbers, and how long they are.
    """
    base, found = load_scenario("japan-2026-from-2024"), {}
    for lever, value in ((one, at) for one in lever_table() for at in (one.low, one.high)):
        made = apply_levers(base, {lever.id: value})
        acts = [event.to_dict() for event in (*made.events, *made.choices)]
        days = [act[name] for act in acts for name in ("date", "end") if act.get(name)]
        found[f"{lever.id} {value:g}"] = {
            "acts": len(acts),
            "numbers": sum(number for act in acts for number in flat(act).values()),
            "days": sum(int(day.replace("-", "")) for day in days),
        }
    return found


def firm() -> Any:
    scenario = with_changes(load_scenario("japan-2026-from-2024"), months=30)
    found = trace_firm(scenario, "Shin-Etsu Chemical", 1)
    words = [[lines_in_words(lines) for lines in month] for month in found.lines]
    month = {k: v for k, v in asdict(found.months[26]).items() if not isinstance(v, str)}
    return {"month": month, "words": [sum(flat([*one]).values()) for one in words[::3]]}


def waves() -> Any:
    """A calibration on a formula: three outcomes of two parameters, two seeds."""
    low, high, shipped = np.array([[0.0, -1.0], [2.0, 1.0], [1.0, 0.0]])

    def model(values: np.ndarray, wave: int) -> np.ndarray:
        return test_calibration.formula(np.column_stack([values, values[:, 0]]), wave)

    space = Space(("slope", "level"), low, high, shipped, 2)
    found = match(space, test_calibration.objective(), model, vectors=60, waves=2, seed=1)
    emulator = fit_emulator(found.unit, found.mean)
    return {
        **{name: getattr(found, name) for name in ("unit", "mean", "luck", "each", "likely")},
        "error": emulator.error(),
        "next": propose(found, emulator, 20, 3),
    }


READINGS: dict[str, Callable[[], Any]] = {
    "cut_off": cut,
    **{one.__name__: one for one in (trace, game, series, sheets, evidence, hazards)},
    **{one.__name__: one for one in (starts, levers, firm, waves)},
}


@pytest.mark.parametrize("reading", READINGS)
def test_what_is_read_from_short_runs_stays(
    reading: str, dataframe_regression: DataFrameRegressionFixture
) -> None:
    found = flat(READINGS[reading]())
    frame = pd.DataFrame({"number": list(found), "value": list(found.values())})
    dataframe_regression.check(frame, default_tolerance=CLOSE)
