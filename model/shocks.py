"""Shocks that no one decides: a mine closes, war reaches the mine, a plant burns (M16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coercivity.model.goods import PROCESS, STATE

if TYPE_CHECKING:
    from coercivity.model.world import World

MINE_OF = {"light_concentrate": "mine_light", "heavy_concentrate": "mine_heavy"}


def apply_shocks(world: World) -> None:
    """Share of capacity that is available: 1 less the share that the shocks now in force take away, plant by plant."""
    firms = world.firms
    firms.available = np.ones(len(firms))
    if not world.on["M16"]:
        return
    for event in world.politics.in_force:
        if event.kind not in ("mine_closure", "plant_fire"):
            continue
        process = MINE_OF[event.get("good")] if event.kind == "mine_closure" else event.get("process")
        rows = (firms.state == STATE[event.get("state")]) & (firms.process == PROCESS[process])
        firms.available[rows] *= 1.0 - event.get("share")
