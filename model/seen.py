"""What a world looks like to whoever reads everything and writes nothing: governments, exposure,
the ledger.

Every part stands behind a face that gives its arrays read-only and refuses a store.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from coercivity.agents.base.part import Part
from coercivity.agents.base.table import Table

if TYPE_CHECKING:
    from coercivity.agents.tables import Firms, Links, Needs, Offers
    from coercivity.model.basis.parameters import Parameters
    from coercivity.model.parts.beliefs import Beliefs
    from coercivity.model.parts.border import Border
    from coercivity.model.parts.clock import Clock
    from coercivity.model.parts.demand import Demand
    from coercivity.model.parts.elements import Elements
    from coercivity.model.parts.freight import Freight
    from coercivity.model.parts.leaks import Leaks
    from coercivity.model.parts.ledger import Ledger
    from coercivity.model.parts.market import Market
    from coercivity.model.parts.money import Money
    from coercivity.model.parts.politics import Politics
    from coercivity.model.parts.recycling import Recycling
    from coercivity.model.parts.supply import SupplyPolicy
    from coercivity.model.parts.support import Support
    from coercivity.model.parts.works import Works


class Seen:
    """The parts of a world, by name, to look at. Raises AttributeError for a name that is no part
    and for a store.
    """

    __slots__ = ("_parts",)

    if TYPE_CHECKING:
        firms: Firms
        needs: Needs
        offers: Offers
        links: Links
        freight: Freight
        market: Market
        border: Border
        leaks: Leaks
        works: Works
        demand: Demand
        elements: Elements
        recycling: Recycling
        beliefs: Beliefs
        politics: Politics
        supply: SupplyPolicy
        support: Support
        money: Money
        ledger: Ledger
        clock: Clock
        p: Parameters
        on: Mapping[str, bool]

    def __init__(self, parts: Mapping[str, Any]) -> None:
        object.__setattr__(self, "_parts", parts)

    def __getattr__(self, name: str) -> Any:
        try:
            return faced(self._parts[name])
        except KeyError:
            raise AttributeError(f"the world has no part '{name}'") from None

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(
            f"'{name}' is only looked at here; a mechanism that changes it takes the part"
        )


class _Face:
    """A part or table to look at."""

    __slots__ = ("_of",)

    def __init__(self, part: Any) -> None:
        object.__setattr__(self, "_of", part)

    def __getattr__(self, name: str) -> Any:
        return faced(getattr(self._of, name))

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(
            f"{type(self._of).__name__}.{name} is only looked at here; a mechanism that "
            "changes it takes the part"
        )

    def __len__(self) -> int:
        return len(self._of)


def faced(value: Any) -> Any:
    """An array as a read-only view, a part behind its face, a list as a tuple, a dictionary as a
    proxy; anything else as it is.
    """
    if isinstance(value, np.ndarray):
        view = value.view()
        view.setflags(write=False)
        return view
    if isinstance(value, (Part, Table)):
        return _Face(value)
    if isinstance(value, list):
        return tuple(value)
    return MappingProxyType(value) if isinstance(value, dict) else value
