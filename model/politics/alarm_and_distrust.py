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
    "general_licence": 0.0,
    "suspension": 0.0,
    "truce": 0.0,
    "import_tariff": 0.0,
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
    beliefs.alarm *= 0.5 ** (1.0 / p.alarm_half_life)
    beliefs.withheld *= 0.5 ** (1.0 / p.distrust_half_life)
    if not on["M7"]:
        beliefs.alarm[:] = 0.0
        beliefs.withheld[:] = 0.0
        return
    if clock.month == 0:
        return
    S, G = len(links.facts.states), len(links.facts.goods)
    unfilled = _unfilled_share(links, links.shipped, links.pair, (S, S))
    beliefs.alarm += p.unfilled_alarm * unfilled * (1.0 - beliefs.alarm)
    if links.allowed is not links.orders:  # a border has held something back
        held = _unfilled_share(links, links.allowed, links.pair * G + links.good, (S, S, G))
        beliefs.withheld += 0.5 * p.unfilled_alarm * held * (1.0 - beliefs.withheld)


def _unfilled_share(
    links: Links, came: FloatArray, group: IntArray, shape: tuple[int, ...]
) -> FloatArray:
    """Share of what each importer (rows) ordered of each exporter, by good where the shape has one,
    that did not come through, beyond 5%, by value of the start; at home 0.3 times."""
    home = np.eye(shape[0], dtype=bool).reshape(shape[0], shape[0], *[1] * (len(shape) - 2))
    orders, cost, size = links.orders, links.base_cost, int(np.prod(shape))
    ordered = group_sum(orders * cost, group, size)
    value = group_sum(np.minimum(came, orders) * cost, group, size)
    share = np.where(ordered > 0.0, 1.0 - value / (ordered + 1e-300), 0.0)
    return np.maximum(share - 0.05, 0.0).reshape(shape) * np.where(home, AT_HOME, 1.0)
