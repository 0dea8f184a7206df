"""Which runs the net holds: every shipped scenario for two years, four of them for fifteen, and one
with every kind of act for three.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from coercivity.model.scenario.files import list_scenarios

SEED: Final = 1
SHORT, LONG = 24, 180  # months
OWN: Final = {"every-instrument": Path(__file__).with_name("every_instrument.yaml")}
LONG_ONES: Final = (
    "business-as-usual",
    "embargo-2010",
    "governments-decide-2024",
    "japan-2026-from-2024",
)


class Case(NamedTuple):
    """One run."""

    scenario: str
    months: int

    @property
    def name(self) -> str:
        """As it stands in the files of the net and on the command line."""
        return f"{self.scenario}-{self.months}"

    @property
    def source(self) -> str | Path:
        """What to load: a shipped name, or a file of the net's own."""
        return OWN.get(self.scenario, self.scenario)


CASES: Final = (
    *(Case(name, SHORT) for name in list_scenarios()),
    *(Case(name, LONG) for name in LONG_ONES),
    Case("every-instrument", 36),
)
