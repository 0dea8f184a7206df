"""Parts of a world: state that can be copied, so that a fork goes its own way."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np

from coercivity.agents.base.arrays import Unpickled
from coercivity.agents.base.table import Table


class Part(Unpickled):
    """Something of the world that has a state. A copy has arrays, lists, sets, dictionaries and
    parts of its own.

    What stands under SHARED never changes after it was made, or remembers what every copy would
    find alike, and copies share it.
    """

    SHARED: ClassVar[tuple[str, ...]] = ()

    def copy(self) -> Self:
        """The same state, free to go its own way."""
        other = type(self).__new__(type(self))
        for name, value in vars(self).items():
            vars(other)[name] = value if name in self.SHARED else copy_containers(value)
        return other


def copy_containers(value: Any) -> Any:
    """A value that a copy may change: containers and what is in dictionaries are copied, plain and
    frozen values are shared.
    """
    if isinstance(value, (np.ndarray, list, set, Table, Part)):
        return value.copy()
    if isinstance(value, dict):
        return {key: copy_containers(item) for key, item in value.items()}
    return value
