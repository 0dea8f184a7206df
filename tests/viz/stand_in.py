"""A world that costs nothing, for tests of pages: a recorded run of the real model, bent a little by whatever is asked.

What a scenario sets for all its months (parameters, mechanisms, who decides) and the seed bend the whole run, an act the months from its own on, each by
an amount of its own. So two scenarios that differ show other numbers, two that part in a month are the same before it, and a page that drew anything but
what was asked is found out. How the model itself answers is for the tests of the model, and for test_app_browser.py, where one page has the real one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any
from zlib import crc32

import numpy as np

from coercivity.experiments.lab.causal_trail import Trail
from coercivity.experiments.lab.histories import DRAWS, SOON, DrawnHistory, Histories, is_soon
from coercivity.experiments.lab.history import History
from coercivity.experiments.questions.firm_lines import Line
from coercivity.experiments.questions.firm_month import Application
from coercivity.experiments.questions.firm_trace import FirmTrace
from coercivity.experiments.questions.leverage import CutOff
from coercivity.experiments.worlds.run import run
from coercivity.model.basis.calendar import month_index, month_names
from coercivity.model.basis.errors import Phrase
from coercivity.model.plants.firm_acts import event_phrase
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import Scenario
from coercivity.viz.page_data.lab_charts_of_one_history import drawn_series
from tests.names import STATES

RECORDED = {"2026-01": "japan-2026"}  # by start; any other has the run that lives from 2024
LIVED = "japan-2026-from-2024"
BENT = (  # whatever is measured in money, stocks and output of firms
    *("ask", "paid", "reference", "lane_asked", "lane_quoted", "lane_listed", "lane_value"),
    *("lane_tonnes", "need_stock", "made", "gone", "paid_lines"),
)
CHINA = STATES.index("China")


@cache
def recorded(start: str) -> Result:
    """The run of the real model that stands behind all of this start."""
    return run(RECORDED.get(start, LIVED), 1)


def share(*of: object) -> float:
    """A number from 0 to 1 that is always the same for the same question."""
    return crc32(repr(of).encode()) / 2**32


def bend(scenario: Scenario, seed: int) -> np.ndarray:
    """By how much each month of the recorded run is bent."""
    whole = (scenario.parameters, scenario.mechanisms, scenario.governments, seed)
    by = np.full(scenario.months, 1.0 + 0.3 * share(whole))
    for event in (*scenario.events, *scenario.choices):
        by[max(0, event.month_index(scenario.start)) :] *= 1.0 + 0.4 * (share(event) - 0.5)
    return by


def events(scenario: Scenario) -> tuple[tuple[int, str, str, Phrase], ...]:
    """The acts of a scenario, as a run writes them down on their day."""
    told = (
        (event.month_index(scenario.start), event.actor, event.kind, event_phrase(event))
        for event in scenario.events
    )
    here = (one for one in told if 0 <= one[0] < scenario.months)
    return tuple(sorted(here, key=lambda one: (*one[:3], str(one[3]))))


def result_of(
    scenario: Scenario,
    seed: int,
    at: int | None = None,
    heard: Callable[[Result], None] | None = None,
) -> Result:
    """In place of a run of the model, of which the first months are told on the way."""
    whole = _bent(scenario, seed)
    if heard is not None and at is not None:
        heard(_shortened(whole, at))
    return whole


def _shortened(whole: Result, months: int) -> Result:
    """In place of the result of the months that a world has lived through."""
    assert whole.records is not None
    arrays = {name: values[:months] for name, values in whole.records.arrays.items()}
    leaked = whole.records["leaked"]
    records = replace(
        whole.records,
        arrays={**arrays, "leaked": leaked[leaked[:, 0] < months]},
        acts=whole.records.acts[:months],
        events=tuple(event for event in whole.records.events if event[0] < months),
    )
    return replace(whole, months=whole.months[:months], records=records)


@lru_cache(maxsize=16)
def _bent(scenario: Scenario, seed: int) -> Result:
    """The recorded run, bent; the months of a longer one end as the recorded run does."""
    base, by, months = recorded(scenario.start), bend(scenario, seed), scenario.months
    assert base.records is not None
    rows = np.minimum(np.arange(months), base.records.months - 1)
    arrays = {
        name: values[rows] * by[:, None] if name in BENT else values[rows]
        for name, values in base.records.arrays.items()
        if name != "leaked"
    }
    arrays["lane_tonnes"][:, base.records.structure.exporter == CHINA] *= by[:, None]
    leaked = base.records["leaked"]
    records = replace(
        base.records,
        start=scenario.start,
        arrays={**arrays, "leaked": leaked[leaked[:, 0] < months]},
        events=events(scenario),
        acts=tuple(base.records.acts[row] for row in rows),
    )
    names = month_names(scenario.start, months)
    return replace(base, scenario=scenario, seed=seed, months=names, records=records)


@lru_cache(maxsize=16)
def _read(scenario: Scenario, state: str, since: str) -> DrawnHistory:
    history = History(result_of(scenario, 1))
    return DrawnHistory(
        history.headlines(since, state), drawn_series(history, state), True, scenario.months
    )


def drawn(
    scenario: Scenario, fixed: tuple[str, ...], number: int, state: str, since: str, soon: bool
) -> DrawnHistory:
    """In place of one of many histories: lines and headlines, moved up or down."""
    by, whole = 0.8 + 0.4 * share(fixed, number), _read(scenario, state, since)
    months = month_index(scenario.start, since) + SOON + 1 if soon else None
    return DrawnHistory(
        {
            name: None if value is None else value * by
            for name, value in whole.headlines.items()
            if not soon or is_soon(name)
        },
        {name: values[:months] * by for name, values in whole.series.items()},
        not soon,
        months or scenario.months,
        said=Trail(months or scenario.months).packed(),
    )


def draw(*asked: Any) -> bytes:
    """In place of `jobs.draw`."""
    return drawn(*asked).packed()


def histories(scenario: Scenario, fixed: tuple[str, ...], state: str, since: str) -> Histories:
    """All that a page hears of a scenario."""
    found = Histories(month_index(scenario.start, since))
    for number in range(DRAWS):
        found.add(number, DrawnHistory.unpacked(draw(scenario, fixed, number, state, since, False)))
    return found


def one_cut_off(
    scenario: Scenario, seed: int, at: str, target: str, sender: str = "China"
) -> CutOff:
    """In place of a cut-off in a world and its fork."""
    asked = (scenario.fingerprint(), seed, at, target)
    size = {
        name: share(name, asked)
        for name in ("share_separation", "share_magnets", "gdp_share", "firms_stopped")
    }
    money = {
        name: 9000.0 * share(name, asked)
        for name in ("output_lost", "cost_paid", "made_up", "exports_lost", "sales_lost")
    }
    stop = 500.0 * share("stop", asked)
    return CutOff(seed, at, sender, target, **money, **size, first_stop_days=stop)


def trace_firm(scenario: Scenario, firm: str, seed: int = 1) -> FirmTrace:
    """In place of a world under a watch: a few sentences a month that say what was asked."""
    told = f"{firm}, {scenario.fingerprint()}, seed {seed}"
    lines = tuple(
        (
            (
                Line.of("seller", name=f"{told}: stocks for {at} months of use."),
                Line.of("no_alarm"),
            ),
            (Line.of("project.build", size=float(at)),),
            (Line.of("instead_of.build", above=float(at)),),
        )
        for at in range(scenario.months)
    )
    of = ("terbium_oxide", "China Northern", "China")
    granted = (31, "granted", ((31, 0.5), (32, 0.4)), 32, "used up")
    told_of = (
        Application(*of, 0.9, 28, *granted),
        Application(*of, 1.1, 30, 33, "refused", (), None, ""),
        Application("dysprosium_oxide", *of[1:], 2.5, 34, None, "waits", (), None, ""),
    )
    filed = told_of if firm == "Shin-Etsu Chemical" else ()
    return FirmTrace(firm, "Japan", "sintered_magnets", "magnets", (), lines, filed)


def put_in_place() -> None:
    """Let the pages of this process ask the stand-in wherever they would run a world."""
    from coercivity.experiments.questions import firm_trace
    from coercivity.viz.server import chain_jobs, exports, lab_jobs, play_jobs

    for module in (lab_jobs, play_jobs, chain_jobs, exports):
        module.result_of = result_of  # type: ignore[attr-defined]
    lab_jobs.draw = draw
    chain_jobs.one_cut_off = one_cut_off
    firm_trace.trace_firm = trace_firm
