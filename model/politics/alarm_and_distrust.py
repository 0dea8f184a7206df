"""Beliefs of firms that signals and experience move: a short alarm and a long distrust (M7)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, group_sum
from coercivity.agents.tables import Links
from coercivity.model.basis.fixed_names import Switches
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.parts.clock import Clock

AT_HOME = 0.3  # what does not come weighs less at home
# how grave a measure of each kind is, 0-1: assumed, ordered as the analyst codes of the timeline
SEVERITY = {
    "quota": 0.5,
    "export_duty": 0.2,
    "licensing": 0.6,
    "dual_use_ban": 0.8,
    "entity_list": 0.5,
    "blanket_ban": 1.0,
    "cut": 1.0,  # times its share
    "customs_halt": 1.0,
    "technology_ban": 0.4,
    "extraterritorial": 0.6,
}


def update_beliefs(
    beliefs: Beliefs, *, links: Links, clock: Clock, p: Parameters, on: Switches
) -> None:
    """Beliefs fade with their half-lives; orders left unfilled beyond 5% raise alarm, those that an
    exporter's border held back distrust of it for that good. At home 0.3 times as much.

    b <- b 2^(-1/h);  alarm += k u (1 - alarm),  u = max(0, unfilled share - 0.05) of what an
    importer ordered from an exporter;  distrust += k/2 v (1 - distrust), v the same of what the
    border did not let through of a good. A seller who is overrun is not distrusted: that it was
    short stands in how well it has delivered. See decision 0023.
    """
    beliefs.fade(p)
    if not on["M7"]:
        beliefs.alarm[:] = 0.0
        beliefs.withheld[:] = 0.0
        return
    if clock.month == 0:
        return
    S = len(links.facts.states)
    unfilled = _unfilled_share(links.orders, links.shipped, links.base_cost, links.pair, S * S)
    unfilled[:: S + 1] *= AT_HOME
    beliefs.alarm += p.unfilled_alarm * unfilled.reshape(S, S) * (1.0 - beliefs.alarm)
    if links.allowed is not links.orders:  # a border has held something back
        _distrust_what_is_held(beliefs, links, gain=0.5 * p.unfilled_alarm)


def _distrust_what_is_held(beliefs: Beliefs, links: Links, *, gain: float) -> None:
    """Distrust of importers for what a border kept from them; nothing at home is, and what came
    through moves nothing.
    """
    kept = (links.allowed < links.orders).nonzero()[0]
    if not len(kept):
        return
    lane = links.pair * beliefs.withheld.shape[2] + links.good
    touched = np.zeros(beliefs.withheld.size, dtype=bool)
    touched[lane[kept]] = True
    rows = touched[lane].nonzero()[0]
    lanes, group = np.unique(lane[rows], return_inverse=True)
    orders, allowed, cost = links.orders[rows], links.allowed[rows], links.base_cost[rows]
    held = _unfilled_share(orders, allowed, cost, group, len(lanes))
    whole = beliefs.withheld.reshape(-1)
    whole[lanes] += gain * held * (1.0 - whole[lanes])


def _unfilled_share(
    orders: FloatArray, came: FloatArray, cost: FloatArray, group: IntArray, groups: int
) -> FloatArray:
    """Share of what was ordered that did not come through, beyond 5%, by value of the start: sums
    over links of each group.
    """
    ordered = group_sum(orders * cost, group, groups)
    value = group_sum(np.minimum(came, orders) * cost, group, groups)
    share = np.where(ordered > 0.0, 1.0 - value / (ordered + 1e-300), 0.0)
    return np.maximum(share - 0.05, 0.0)
