"""Shocks that no one decides: a mine closes, war reaches the mine, a plant burns (M16)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.tables import Firms
from coercivity.model.basis.fixed_names import Switches
from coercivity.model.parts.politics import Politics

MINE_OF = {"light_concentrate": "mine_light", "heavy_concentrate": "mine_heavy"}


def apply_shocks(firms: Firms, *, politics: Politics, on: Switches) -> None:
    """Share of capacity that is available: 1 less the share that the shocks now in force take away,
    plant by plant: A = product of (1 - w x), w share of the month's days, x share that is lost.
    """
    facts = firms.facts
    firms.available = np.ones(len(firms))
    if not on["M16"]:
        return
    for event in politics.in_force:
        if event.kind not in ("mine_closure", "plant_fire"):
            continue
        process = (
            MINE_OF[event.get("good")] if event.kind == "mine_closure" else event.get("process")
        )
        rows = (firms.state == facts.state_row[event.get("state")]) & (
            firms.process == facts.process_row[process]
        )
        firms.available[rows] *= 1.0 - event.get("share") * politics.share(event)
