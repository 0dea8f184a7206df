"""What histories are looked at for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from coercivity.model.basis.facts import Facts

PRICED: Final = "dysprosium_oxide"  # unless the scenario is about another (lab_text.priced_good)


@dataclass(frozen=True)
class FindingRequest:
    """What the histories are looked at for: their facts, a state, and what the twin is in words;
    the first month of the scenario, '' where nobody asks why, levers and kinds of acts that the
    twin goes without, the day from which the years are counted, '' where that is told elsewhere,
    and the good whose price is told.
    """

    facts: Facts
    state: str
    twin: str
    start: str = ""
    moved: tuple[str, ...] = ()
    since: str = ""
    priced: str = PRICED
