"""The names of the facts that a process takes where nobody gives others (`Facts.default`), read
when first asked for. Where there is a world, a scenario or a result, the names are those of
its facts.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import EU as EU
from coercivity.model.basis.fixed_names import MECHANISMS as MECHANISMS
from coercivity.model.basis.fixed_names import MOMENTS as MOMENTS
from coercivity.model.basis.fixed_names import STAGES as STAGES
from coercivity.model.basis.fixed_names import WORLD as WORLD
from coercivity.model.basis.fixed_names import Switches as Switches

_CALLED = MappingProxyType(  # what is not called as the attribute of facts is, in capitals
    {
        "GOOD": "good_row",
        "STATE": "state_row",
        "SECTOR": "sector_row",
        "PROCESS": "process_row",
        "government_of": "government_of",
        "states_of": "states_of",
        "expand_goods": "expand_goods",
    }
)


def __getattr__(name: str) -> Any:
    attribute = _CALLED.get(name, name.lower())
    if attribute.startswith("_") or not (name.isupper() or name in _CALLED):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(Facts.default(), attribute)
