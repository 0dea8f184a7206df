"""What a world looks like to whoever reads everything and writes nothing: governments, exposure,
the ledger.

Every part stands behind a face that gives its arrays read-only and refuses a store, also to the
part's own methods: they are heard with the face in the part's place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import MethodType
from typing import Any, Final, NoReturn

import numpy as np

from coercivity.agents.base.mesa import BaseAgent, BaseModel
from coercivity.agents.base.part import Part
from coercivity.agents.base.table import Table
from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.parts.border import Border
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.demand import Demand
from coercivity.model.parts.elements import Elements
from coercivity.model.parts.freight import Freight
from coercivity.model.parts.lanes import Lanes
from coercivity.model.parts.leaks import Leaks
from coercivity.model.parts.ledger import Ledger
from coercivity.model.parts.market import Market
from coercivity.model.parts.money import Money
from coercivity.model.parts.politics import FirmActs, Politics
from coercivity.model.parts.recycling import Recycling
from coercivity.model.parts.supply import SupplyPolicy
from coercivity.model.parts.support import Support
from coercivity.model.parts.works import Works

PLAIN: Final = {"bool", "float", "int", "str", "tuple[str, ...]"}  # annotations of named tuples
BEHIND_A_FACE: Final = (Part, Table, BaseAgent, Lanes, FirmActs)


class WorldParts:
    """What a world consists of, by name, in the order in which a fork copies it."""

    __slots__ = ()

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

    @property
    def facts(self) -> Facts:
        """The facts that the world rests on."""
        return self.p.facts


PARTS: Final = tuple(WorldParts.__annotations__)


class WorldView(WorldParts):
    """The parts of a world, by name, to look at. Raises AttributeError for a name that is no part
    and for a store.
    """

    __slots__ = ("_parts",)

    def __init__(self, parts: Mapping[str, Any]) -> None:
        object.__setattr__(self, "_parts", parts)

    def __getattr__(self, name: str) -> Any:
        if name not in PARTS:
            raise AttributeError(f"the world has no part '{name}'")
        return read_only_view(self._parts[name])

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(
            f"'{name}' is only looked at here; a mechanism that changes it takes the part"
        )


class _ReadOnlyFace:
    """A part, table or government to look at."""

    __slots__ = ("_of",)

    def __init__(self, part: Any) -> None:
        object.__setattr__(self, "_of", part)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._of, name)
        if type(value) is MethodType and value.__self__ is self._of:
            return MethodType(value.__func__, self)
        return read_only_view(value)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(
            f"{type(self._of).__name__}.{name} is only looked at here; a mechanism that "
            "changes it takes the part"
        )

    def copy(self) -> NoReturn:
        """Refused: a copy shares what never changes, and that would be open to stores."""
        raise AttributeError(
            f"{type(self._of).__name__} is only looked at here and cannot be copied; fork the world"
        )

    def __bool__(self) -> bool:
        return bool(self._of)

    def __len__(self) -> int:
        return len(self._of)


def read_only_view(value: Any) -> Any:
    """An array as a read-only view, a part behind its face, a list as a tuple, a set as a frozen
    one, a dictionary as a mapping, and so on with what is in them; anything else as it is.
    """
    kind: type = type(value)
    return _look_at(kind)(value)


def _is_plain(kind: type) -> bool:
    """Whether a value of a class is given as it is."""
    return _look_at(kind) is _as_it_is


@cache
def _look_at(kind: type) -> Callable[[Any], Any]:
    """How a value of a class is looked at."""
    if issubclass(kind, np.ndarray):
        return _array
    if issubclass(kind, BEHIND_A_FACE):
        return _ReadOnlyFace
    if issubclass(kind, (tuple, list)):
        fields = vars(kind).get("__annotations__", {}) if hasattr(kind, "_fields") else {}
        return _as_it_is if fields and PLAIN.issuperset(fields.values()) else _sequence
    if issubclass(kind, set):
        return frozenset
    if issubclass(kind, BaseModel):  # a government points to its world
        return _world
    return _Dictionary if issubclass(kind, Mapping) else _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def _world(value: BaseModel) -> WorldView:
    return WorldView(vars(value))


def _array(value: np.ndarray) -> np.ndarray:
    view = value.view()
    view.setflags(write=False)
    return view


def _sequence(values: Any) -> Any:
    """The tuple itself where all that is in it is plain; a named tuple keeps its names."""
    if all(map(_is_plain, set(map(type, values)))):
        return values if isinstance(values, tuple) else tuple(values)
    seen = [read_only_view(value) for value in values]
    if not isinstance(values, tuple):
        return tuple(seen)
    if all(one is other for one, other in zip(values, seen, strict=True)):
        return values
    return type(values)._make(seen) if hasattr(values, "_make") else tuple(seen)


class _Dictionary(Mapping[Any, Any]):
    """A dictionary to look at; what is in it is faced when it is looked up."""

    __slots__ = ("_of",)

    def __init__(self, of: Mapping[Any, Any]) -> None:
        self._of = of

    def __getitem__(self, key: Any) -> Any:
        return read_only_view(self._of[key])

    def __iter__(self) -> Iterator[Any]:
        return iter(self._of)

    def __len__(self) -> int:
        return len(self._of)
