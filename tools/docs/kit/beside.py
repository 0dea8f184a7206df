"""What stands beside an episode's depths: the rows of the record on it, and what truces and general
licences do to the places of destinations; part of `episodes`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from coercivity.experiments.backtest.evidence_targets import load_evidence
from coercivity.experiments.calibration.shipped import run_targets
from coercivity.experiments.worlds.run import run_worlds
from coercivity.model.basis.calendar import month_index
from coercivity.model.scenario.scenario import (
    Scenario,
    load_scenario,
    scenario_from_dict,
    with_changes,
)
from tools.docs.kit.depths import (
    AFTER,
    EPISODES,
    GROUPS,
    LEAST,
    Episode,
    depth_of_cut,
    exported_tonnes,
    spread,
    takes_enough,
)

FAVOURS: Final = ("truce", "general_licence")
TOLD: Final = ("id", "sample", "quantity", "partner", "good", "first", "last")  # of a target
HEAVY: Final = "heavy oxides"


def recorded_target_rows(one: Episode, seeds: int) -> list[dict[str, Any]]:
    """The targets of the evidence that fall into the two years of an episode: id, what, record and
    unit, and median, lowest and highest over seeds 1 to `seeds` (None where undefined: a stop that
    never comes is later than any day).
    """
    targets = [
        row
        for row in load_evidence()
        if row.scenario == one.scenario and 0 <= month_index(one.since, row.last) < AFTER
    ]
    runs = run_targets(targets, {}, seeds)
    return [
        {
            **{name: getattr(row, name) for name in TOLD},
            "record": row.value,
            "unit": row.unit,
            **spread(runs[:, column]),
        }
        for column, row in enumerate(targets)
    ]


def favoured_destinations(seeds: Sequence[int], workers: int) -> list[dict[str, Any]]:
    """What each destination gets of heavy oxides in the first year of an episode, with the truces
    and general licences of its script and without them: share of the twelve months before, median
    over seeds, the most favoured first. Episodes without such acts have no rows.
    """
    rows = []
    for one in EPISODES:
        scenario = load_scenario(one.scenario)
        at, usual = (month_index(scenario.start, day) for day in (one.since, one.usual))
        asked = with_changes(scenario, months=at + AFTER)
        plain = without_favours(asked)
        if plain is None:
            continue
        year = []
        for wanted in (asked, plain):
            worlds = [
                exported_tonnes(result, GROUPS[HEAVY], "destination", at + AFTER)
                for result in run_worlds(wanted, seeds, workers=workers)
            ]
            year.append(
                {
                    state: float(
                        np.median([depth_of_cut(world[state], at, usual)[1] for world in worlds])
                    )
                    for state in worlds[0]
                    if all(takes_enough(world, state, usual, LEAST) for world in worlds)
                }
            )
        rows += [
            {"episode": one.name, "destination": state, "with": value, "without": year[1][state]}
            for state, value in year[0].items()
            if state in year[1]
        ]
    return sorted(rows, key=lambda row: row["without"] - row["with"])


def without_favours(scenario: Scenario) -> Scenario | None:
    """A scenario without its truces and general licences; None where it has none."""
    raw = scenario.to_dict()
    kept = [event for event in raw["events"] if event["kind"] not in FAVOURS]
    if len(kept) == len(raw["events"]):
        return None
    return scenario_from_dict({**raw, "events": kept}, scenario.name)
