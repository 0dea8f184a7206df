"""What kind of firm each is, as masks over firms."""

from __future__ import annotations

from coercivity.agents.base.arrays import BoolArray, IntArray
from coercivity.model.basis.goods import FIRST_SECTOR, PROCESS


def needs_technology(process: IntArray) -> BoolArray:
    """Separation, metal and magnets: what China's technology bans name (timeline: December 2023,
    October 2025).
    """
    return (process >= PROCESS["separate_light"]) & (process <= PROCESS["make_magnet_smco"])


def kinds(process: IntArray, state: IntArray, swing: int) -> dict[str, BoolArray]:
    """Masks over firms: mines, separators, presses of magnets, end users, makers on orders, the
    fringe
    (mines and separators outside the exporter), holders of the exporter's mining quota,
    firms inside the exporter, and plants that need its technology.
    """
    mines = (process == PROCESS["mine_light"]) | (process == PROCESS["mine_heavy"])
    plants = (process == PROCESS["separate_light"]) | (process == PROCESS["separate_heavy"])
    presses = (process >= PROCESS["make_magnet_standard"]) & (process < FIRST_SECTOR)
    return {
        "is_mine": mines,
        "is_separator": plants,
        "is_press": presses,
        "is_end": process >= FIRST_SECTOR,
        "is_maker": (process >= PROCESS["make_metal"]) & (process < FIRST_SECTOR),
        "is_fringe": (mines | plants) & (state != swing),
        "has_quota": mines & (state == swing),
        "inside": state == swing,
        "needs_technology": needs_technology(process),
    }
