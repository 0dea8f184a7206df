"""The names of the facts that tests take (`tests/facts.py`), for tests that name states and goods
row by row.
"""

from __future__ import annotations

from typing import Any

from coercivity.model.basis.fixed_names import EU as EU
from coercivity.model.basis.fixed_names import MECHANISMS as MECHANISMS
from coercivity.model.basis.fixed_names import MOMENTS as MOMENTS
from coercivity.model.basis.fixed_names import STAGES as STAGES
from coercivity.model.basis.fixed_names import WORLD as WORLD
from coercivity.model.scenario.act_kinds import kinds_of
from tests.facts import FACTS

KINDS = kinds_of(FACTS)
_ROWS = {
    "GOOD": "good_row",
    "STATE": "state_row",
    "SECTOR": "sector_row",
    "PROCESS": "process_row",
}  # the attribute of facts; the others are called as theirs


def __getattr__(name: str) -> Any:
    return getattr(FACTS, _ROWS.get(name, name.lower()))
