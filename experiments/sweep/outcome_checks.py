"""What a design cannot answer: outcomes that it cannot define are refused before any run where that
is certain, and said on standard error where it is likely; so are too few samples.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from coercivity.experiments.sweep.rows import DONE, EVIDENCE, outcome_units
from coercivity.experiments.sweep.sampling import LEAST_SAMPLES
from coercivity.model.basis.calendar import month_index, month_name
from coercivity.model.basis.errors import InputError, Phrase
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.scenario import MAX_MONTHS, Scenario

if TYPE_CHECKING:
    from coercivity.experiments.backtest.evidence_targets import Target
    from coercivity.experiments.sweep.design import Design

SHOWN = 4  # names in a line


def check_defined(design: Design) -> None:
    """Raise InputError, one line with the fix, for a target of the record whose window lies within
    no scenario of the design.
    """
    for target in _targets(design):
        if not any(_covers_window(scenario, target) for scenario in design.contents):
            raise _window_error(target, design.contents[0])


def doubts(design: Design) -> list[str]:
    """Return a line for too few samples, and one for each scenario that is asked for targets whose
    months it does not hold (another one here does), or for targets of another one.
    """
    lines = [few] if (few := too_few(design)) else []
    for name, scenario in zip(design.scenarios, design.contents, strict=True):
        empty = [target for target in _targets(design) if not _covers_window(scenario, target)]
        foreign = [
            target
            for target in _targets(design)
            if target.scenario not in (scenario.name, name) and target not in empty
        ]
        if empty:
            lines.append(f"{_ids(empty)}: empty in scenario {name}, which does not hold the months")
        if foreign:
            lines.append(
                f"{_ids(foreign)}: of the record for "
                f"{', '.join(sorted({target.scenario for target in foreign}))}, and asked of "
                f"scenario {name}"
            )
    return lines


def too_few(design: Design) -> str:
    """A line where a design has fewer samples than `sensitivity` asks for; '' for others."""
    least = LEAST_SAMPLES.get(design.method, 0)
    if design.samples >= least:
        return ""
    return (
        f"samples {design.samples}: `sensitivity` says nothing of a sweep of method "
        f"{design.method} with fewer than {least}; use samples: {least} or more, or read its rows "
        "by other means"
    )


def undefined_line(
    facts: Facts, row: Mapping[str, Any], outcomes: Sequence[str], months: int
) -> str | None:
    """Return a line when the first run of a sweep has outcomes that are undefined and no stops that
    never come (unit days); None when all is well.
    """
    units = outcome_units(facts, outcomes)
    empty = [name for name in outcomes if row[name] is None and units[name] != "days"]
    if row["status"] != DONE or not empty:
        return None
    return (
        f"{_shorten_names(empty)}: not defined in the first run (scenario {row['scenario']}, seed "
        f"{row['seed']}, {months} months) and perhaps in none; "
        "more months or another outcome may help"
    )


def warn(line: str) -> None:
    """Say a line on standard error."""
    print(f"coercivity: warning: {line}", file=sys.stderr)


def _ids(targets: Sequence[Target]) -> str:
    return _shorten_names([EVIDENCE + target.id for target in targets])


def _targets(design: Design) -> list[Target]:
    wanted = [name.removeprefix(EVIDENCE) for name in design.outcomes if name.startswith(EVIDENCE)]
    if not wanted:
        return []
    from coercivity.experiments.backtest.evidence_targets import load_targets

    known = {target.id: target for target in load_targets(design.facts)}
    return [known[name] for name in wanted]


def _places(scenario: Scenario, target: Target) -> list[int]:
    """First and last months of the target's windows, counted from the start of the scenario."""
    ends = (target.first, target.last, target.base_first, target.base_last)
    return [month_index(scenario.start[:7], end) for end in ends if end]


def _covers_window(scenario: Scenario, target: Target) -> bool:
    places = _places(scenario, target)
    return min(places) >= 0 and max(places) < scenario.months


def _window_error(target: Target, scenario: Scenario) -> InputError:
    places, start = _places(scenario, target), scenario.start[:7]
    window = Phrase.of("{first} to {last}", first=target.first, last=target.last)
    if target.base_first and target.base_last:
        window = Phrase.of(
            "{window} against {first} to {last}",
            window=window,
            first=target.base_first,
            last=target.base_last,
        )
    enough = max(places) + 1
    return InputError(
        "outcome {outcome} reads {window}, and scenario {scenario} runs from {start} to {end}",
        "use months: {count} or more"
        if min(places) >= 0 and enough <= MAX_MONTHS
        else "use scenario {other}, or leave it out",
        where="design",
        outcome=EVIDENCE + target.id,
        window=window,
        scenario=scenario.name,
        start=start,
        end=month_name(start, scenario.months - 1),
        count=enough,
        other=target.scenario,
    )


def _shorten_names(names: Sequence[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")
