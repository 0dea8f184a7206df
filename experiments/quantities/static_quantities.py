"""What stays as it is in a run and stands in no records."""

from __future__ import annotations

from dataclasses import dataclass

from coercivity.agents.base.arrays import FloatArray, IntArray
from coercivity.model.world import World


@dataclass(frozen=True, eq=False)
class StaticRecords:
    """What stays as it is in a run and stands in no records: of each link who sells what to whom,
    the firm that buys and its price at the start (USD/kg), of each firm its run at the start.
    """

    exporter: IntArray
    importer: IntArray
    good: IntArray
    buyer: IntArray
    base_cost: FloatArray
    base_run: FloatArray


def ground_of(world: World) -> StaticRecords:
    """The ground of a world, to read what is summed over single links."""
    links, buyer = world.links, world.needs.firm[world.links.need]
    return StaticRecords(
        links.exporter, links.importer, links.good, buyer, links.base_cost, world.firms.base_run
    )
