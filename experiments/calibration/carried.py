"""Whether a calibration holds for the code that runs now: members of its collection, run again,
give every target the value that they gave when they were kept.

Rules that no target feels (an act of 2026, a faster step) change the fingerprint of the code and
nothing that was fitted; a rule that one feels shows in the first members.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from coercivity.experiments.backtest.evidence import load_targets
from coercivity.experiments.calibration.objective import fit_targets
from coercivity.experiments.calibration.shipped import run_targets

MEMBERS: Final = 10  # run again, evenly over the collection
DIGITS: Final = 5  # to which values are alike
Values = dict[str, list[list[float | None]]]  # by member: seeds x targets


def chosen(ids: Sequence[str]) -> list[str]:
    """The members that are run again: evenly from the least implausible to the last."""
    step = max(len(ids) // MEMBERS, 1)
    return list(ids[::step][:MEMBERS])


def values_of(members: Mapping[str, Mapping[str, float]], seeds: int) -> Values:
    """What each of these vectors makes of the targets of the fit (None where undefined)."""
    targets = fit_targets(load_targets())
    return {
        name: [
            [_written(value) for value in line]
            for line in run_targets(targets, vector, seeds).tolist()
        ]
        for name, vector in members.items()
    }


def differing(record: Mapping[str, Any], members: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Which of the members that `calibration.json` remembers do not give the same values now, of
    the same targets (all of them where the targets are others).
    """
    again = record["again"]
    if again["targets"] != [row.id for row in fit_targets(load_targets())]:
        return list(again["values"])
    asked = {name: members[name] for name in again["values"]}
    now = values_of(asked, record["setting"]["seeds"])
    return [name for name, values in again["values"].items() if values != now[name]]


def remembered(members: Mapping[str, Mapping[str, float]], seeds: int) -> dict[str, Any]:
    """What `calibration.json` holds of them: ids of the targets, values by member."""
    asked = {name: members[name] for name in chosen(list(members))}
    return {
        "targets": [row.id for row in fit_targets(load_targets())],
        "values": values_of(asked, seeds),
    }


def _written(value: float) -> float | None:
    return float(f"{value:.{DIGITS}g}") if value == value else None
