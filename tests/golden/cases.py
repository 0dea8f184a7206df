"""Which runs the net holds: every shipped scenario for two years, and four of them for fifteen."""

from __future__ import annotations

from typing import Final, NamedTuple

from coercivity.model.scenario.scenario import list_scenarios

SEED: Final = 1
SHORT, LONG = 24, 180  # months
LONG_ONES: Final = ("business-as-usual", "embargo-2010", "governments-decide-2024", "japan-2026")


class Case(NamedTuple):
    """One run."""

    scenario: str
    months: int

    @property
    def name(self) -> str:
        """As it stands in the files of the net and on the command line."""
        return f"{self.scenario}-{self.months}"


CASES: Final = (
    *(Case(name, SHORT) for name in list_scenarios()),
    *(Case(name, LONG) for name in LONG_ONES),
)
