"""What the rows of a sweep call things: whether a run is done, and its outcomes with their
units.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from coercivity.experiments.quantities.headlines import headline_table
from coercivity.model.basis.facts import Facts

DONE: Final = "done"
FAILED: Final = "failed"
EVIDENCE: Final = (
    "evidence:"  # begins the name of an outcome that is a target of model/data/evidence.csv
)


def outcome_units(facts: Facts, outcomes: Sequence[str]) -> dict[str, str]:
    """Return {outcome: unit} from the headline table and the evidence table."""
    units = {row.id: row.unit for row in headline_table(facts)}
    if any(name.startswith(EVIDENCE) for name in outcomes):
        from coercivity.experiments.backtest.evidence_targets import load_targets

        units |= {EVIDENCE + target.id: target.unit for target in load_targets(facts)}
    return {name: units.get(name, "") for name in outcomes}
