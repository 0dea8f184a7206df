"""What the pages ask worker processes for: each a function of plain values that runs a world and
returns text or arrays.

A worker keeps the last few results, as the next question is often about the same run.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from coercivity.experiments.lab.histories import SOON, DrawnHistory, run_history
from coercivity.experiments.lab.levers import first_month
from coercivity.experiments.lab.snapshots import run_from_snapshots
from coercivity.experiments.worlds.run import run_scenario
from coercivity.model.basis.calendar import month_index
from coercivity.model.scenario.scenario import Scenario
from coercivity.viz.server import answer_cache
from coercivity.viz.server.partial_answers import check_wanted, send_part, somebody_listens
from coercivity.viz.words.language import SOURCE, speaking

if TYPE_CHECKING:
    from coercivity.model.results.result import Result

KEPT: Final = 2  # results a worker: some 50 MB each
BEGUN: Final = 12  # months after the levers act that are drawn before the whole is there
_kept: OrderedDict[tuple[str, int], Result] = OrderedDict()


def result_of(
    scenario: Scenario,
    seed: int,
    at: int | None = None,
    heard: Callable[[Result], None] | None = None,
) -> Result:
    """The run of a scenario, from this worker's shelf if it is there. heard: given the result of
    the months before the at-th where these have to be run. Ends when nobody waits for it.
    """
    key = (scenario.fingerprint(), seed)
    if key in _kept:
        _kept.move_to_end(key)
        return _kept[key]
    first = first_month(scenario)
    result = run_from_snapshots(
        scenario, seed, keep=(first,), check=check_wanted, at=at, heard=heard
    )
    _kept[key] = result
    while len(_kept) > KEPT:
        _kept.popitem(last=False)
    return result


def history(scenario: Scenario, seed: int, state: str, since: str, code: str = SOURCE) -> str:
    """What the lab draws of one history (viz/page_data/lab_charts_of_one_history.py), as JSON in
    the language of this code; the first year after the levers act is told before the whole is
    there.
    """
    from coercivity.viz.page_data.lab_charts_of_one_history import begun_json, history_json

    def heard(result: Result) -> None:
        send_part(begun_json(result, state))

    at = month_index(scenario.start, first_month(scenario)) + BEGUN
    whole = result_of(scenario, seed, at, heard if somebody_listens() else None)
    with speaking(code):
        return history_json(whole, state, since)


def draw(
    scenario: Scenario, fixed: tuple[str, ...], number: int, state: str, since: str, soon: bool
) -> bytes:
    """One of many histories (experiments/lab/histories.py), packed: headlines and the series of the
    charts. Parameters named in *fixed* stay as the scenario has them; soon: to two years after the
    levers act is enough. A whole one is kept on disk, and read from there by whoever asks again.
    """
    from coercivity.viz.page_data.lab_charts_of_one_history import drawn_series

    def run() -> bytes:
        months = month_index(scenario.start, since) + SOON + 1 if soon else None
        return run_history(
            scenario,
            fixed,
            number,
            state,
            since,
            lambda lines: drawn_series(lines, state),
            months,
            check_wanted,
        ).packed()

    question = _question(scenario, fixed, number, state, since)
    if soon:
        return answer_cache.find_answer(question) or run()
    return answer_cache.cached_answer(question, run)


def mark_of(scenario: Scenario, *of: Hashable) -> str:
    """What marks an answer as the one to a question: a page compares it with what it asks now."""
    return "/".join(map(str, (scenario.fingerprint(), *of)))


def single_history(scenario: Scenario, seed: int, state: str, since: str) -> bytes:
    """The history of a seed with the scenario's own parameters, read as one of many is (`draw`) and
    packed as these are; kept on disk.
    """
    from coercivity.experiments.lab.history import History
    from coercivity.viz.page_data.lab_charts_of_one_history import drawn_series

    def read() -> bytes:
        history = History(result_of(scenario, seed))
        values = history.headlines(since, state)
        return DrawnHistory(values, drawn_series(history, state), True, scenario.months).packed()

    return answer_cache.cached_answer(_question(scenario, "one", seed, state, since), read)


def stored_draw(
    scenario: Scenario, fixed: tuple[str, ...], number: int, state: str, since: str
) -> bytes | None:
    """A whole history that lies on disk; None where it does not."""
    return answer_cache.find_answer(_question(scenario, fixed, number, state, since))


def is_stored(
    scenario: Scenario, fixed: tuple[str, ...], number: int, state: str, since: str, soon: bool
) -> bool:
    """Whether a whole history lies on disk."""
    return answer_cache.lies_there(_question(scenario, fixed, number, state, since))


@lru_cache(maxsize=256)
def _digest(scenario: Scenario) -> str:
    """Asked for once a draw."""
    return scenario.digest()


def _question(scenario: Scenario, *of: Hashable) -> tuple[Hashable, ...]:
    """What a kept history depends on: all of the scenario that a run reads, and what is drawn and
    read of it.
    """
    return (_digest(scenario), *of)


def explain_history(
    scenario: Scenario,
    base: Scenario,
    seed: int,
    state: str,
    since: str,
    levers: tuple[tuple[str, float], ...],
    code: str = SOURCE,
) -> str:
    """Why a setting does what it does in one history, against its twin, in the language of this
    code: JSON [{text, table, records, first}, ...].
    """
    from coercivity.experiments.findings.pair_causes import find_pair_causes
    from coercivity.viz.words.why_text import reasons_in_words

    mine, twin = result_of(scenario, seed), result_of(base, seed)
    found = find_pair_causes(mine, twin, state, since, dict(levers))
    with speaking(code):
        told = reasons_in_words(found)
    return json.dumps([asdict(one) for one in told], separators=(",", ":"))


def warm_worker(number: int) -> str:
    """Nothing but the first world of this worker, and what reads it."""
    from coercivity.experiments.lab.history import History
    from coercivity.model.scenario.scenario import load_shipped, with_changes

    History(
        run_scenario(with_changes(load_shipped("business-as-usual"), months=13), number)
    ).headlines("2024-01-01")
    return "ready"


def twin(scenario: Scenario, seed: int, state: str, since: str) -> str:
    """The ghost of a history: its main series and headlines, as JSON {state,
    series: {id: values}, headlines: {id: value}}.
    """
    from coercivity.experiments.lab.history import History
    from coercivity.viz.page_data.lab_charts_of_one_history import main_series, number, numbers

    found = History(result_of(scenario, seed))
    series = {
        name: numbers(values)
        for name, values in main_series(found, state).items()
        if np.isfinite(values).any()
    }
    shown = {name: number(value) for name, value in found.headlines(since, state).items()}
    return json.dumps(
        {"state": state, "series": series, "headlines": shown},
        separators=(",", ":"),
        allow_nan=False,
    )
