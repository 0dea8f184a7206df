"""The names of the facts that a process takes where nobody gives others (`Facts.default`), read
when first asked for. Where there is a world, a scenario or a result, the names are those of
its facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import EU as EU
from coercivity.model.basis.fixed_names import MECHANISMS as MECHANISMS
from coercivity.model.basis.fixed_names import MOMENTS as MOMENTS
from coercivity.model.basis.fixed_names import STAGES as STAGES
from coercivity.model.basis.fixed_names import WORLD as WORLD
from coercivity.model.basis.fixed_names import Switches as Switches

if TYPE_CHECKING:
    from coercivity.model.basis.csv_tables import Spec

    STATES: tuple[str, ...]
    GOVERNMENTS: tuple[str, ...]
    EU_STATES: tuple[str, ...]
    ELEMENTS: tuple[str, ...]
    GOODS: tuple[str, ...]
    SECTORS: tuple[str, ...]
    PROCESSES: tuple[str, ...]
    STARTS: tuple[str, ...]
    ELEMENT_GOODS: tuple[int, ...]
    GOOD_GROUPS: Mapping[str, tuple[str, ...]]
    GOOD_STAGE: Mapping[str, str]
    PROCESS_STAGE: Mapping[str, str]
    DESCRIPTIONS: Mapping[str, str]
    GOOD: Mapping[str, int]
    STATE: Mapping[str, int]
    SECTOR: Mapping[str, int]
    PROCESS: Mapping[str, int]
    CHINA: int
    FIRST_SECTOR: int
    SPECS: Mapping[str, Spec]
    government_of: Callable[[str], str]
    states_of: Callable[..., tuple[str, ...]]
    expand_goods: Callable[[str | Iterable[str]], tuple[str, ...]]
else:
    _CALLED = {  # the attribute of facts; the others are called as theirs, in capitals
        "GOOD": "good_row",
        "STATE": "state_row",
        "SECTOR": "sector_row",
        "PROCESS": "process_row",
        "government_of": "government_of",
        "states_of": "states_of",
        "expand_goods": "expand_goods",
    }

    def __getattr__(name):
        attribute = _CALLED.get(name, name.lower())
        if attribute.startswith("_") or not (name.isupper() or name in _CALLED):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(Facts.default(), attribute)
