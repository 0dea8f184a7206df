"""One digest for all that a world holds and has recorded."""

from __future__ import annotations

import hashlib

import numpy as np

from coercivity.agents.base.part import Part
from coercivity.model.world import World


def columns(world: World) -> dict[str, np.ndarray]:
    """Every array of a world: columns, plans under way, and the arrays of its parts."""
    tables = {name: getattr(world, name) for name in ("firms", "needs", "offers", "links")}
    found = {
        f"{name}.{column}": getattr(table, column)
        for name, table in tables.items()
        for column in table.columns
    }
    parts = {name: part for name, part in vars(world).items() if isinstance(part, Part)}
    parts |= {"pipeline": world.works.pipeline}
    return found | {
        f"{name}.{key}": value
        for name, part in parts.items()
        for key, value in vars(part).items()
        if isinstance(value, np.ndarray)
    }


def fingerprint(world: World) -> str:
    """A digest of every recorded array, of every column as it is now, and of the events."""
    digest = hashlib.sha256()
    for name, array in sorted({**world.ledger.arrays(), **columns(world)}.items()):
        digest.update(f"{name}{array.shape}".encode() + np.ascontiguousarray(array).tobytes())
    digest.update(repr((world.ledger.events, world.ledger.acts)).encode())
    return digest.hexdigest()
