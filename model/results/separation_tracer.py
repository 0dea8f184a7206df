"""Where the rare earths in a good were separated: a tracer computed afterwards from recorded flows,
state by state.

Per state there are two pools of each good: what its makers have for sale, and what its users hold
or have on the way. Each pool is mixed (a state does not keep its tonnes apart by origin), so a
share is an average, not the history of one shipment.
An oxide is separated where it is made; metal carries the mix of the oxide that its makers held,
magnets that of their metal (SmCo: of Sm/Gd/Eu oxide), motors that of their magnets. Concentrates
are not separated yet.
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, group_sum
from coercivity.model.basis.facts import Facts, cached_by_facts
from coercivity.model.basis.fixed_names import STAGES
from coercivity.model.results.records import Records, by_group, one_month_ago

# A thread follows one substance through one good: (good, thread that it is made from). The first G
# threads are the goods themselves;
# the last two are the Dy and the Tb in heat-resistant magnets, whose way is not that of their NdPr.
MADE_FROM = {
    "ndpr_metal": "ndpr_oxide",
    "magnet_standard": "ndpr_metal",
    "magnet_heat_resistant": "ndpr_metal",
    "magnet_smco": "seg_oxide",
    "motor_standard": "magnet_standard",
    "motor_heat_resistant": "magnet_heat_resistant",
}


def heavy_threads(facts: Facts) -> dict[int, int]:
    """Threads of the Dy and the Tb in heat-resistant magnets, by element."""
    return {facts.elements.index(e): len(facts.goods) + k for k, e in enumerate(("Dy", "Tb"))}


@cached_by_facts
def threads(facts: Facts) -> tuple[tuple[int, int], ...]:
    """Good of each thread, and the thread that it is made from, -1 for none."""
    return (
        *(
            (good, facts.good_row[MADE_FROM[name]] if name in MADE_FROM else -1)
            for good, name in enumerate(facts.goods)
        ),
        (facts.good_row["magnet_heat_resistant"], facts.good_row["dysprosium_oxide"]),
        (facts.good_row["magnet_heat_resistant"], facts.good_row["terbium_oxide"]),
    )


def separated_in(records: Records) -> FloatArray:
    """Months x threads x selling states x separating states: shares (0-1, summing to 1) of what
    each state's makers shipped in each month.

    Concentrates, and goods that a state never made, carry the selling state's own name; no tonnes
    go with the latter.
    """
    facts = records.facts
    S, G = len(facts.states), len(facts.goods)
    structure, months = records.structure, records.months
    offer_key = structure.firm_state[structure.offer_firm] * G + structure.offer_good
    need_key = structure.firm_state[structure.need_firm] * G + structure.need_good
    output = by_group(records["made"], offer_key, S * G).reshape(months, S, G)
    for_sale = by_group(records["offer_stock"], offer_key, S * G).reshape(months, S, G)
    stock = by_group(records["need_stock"], need_key, S * G).reshape(months, S, G)
    first_use = group_sum(structure.base_use, need_key, S * G)
    stock = one_month_ago(stock.reshape(months, -1), first_use).reshape(months, S, G)
    flow = np.zeros((months, G, S, S))  # good, from, to
    flow[:, structure.good, structure.exporter, structure.importer] = records["lane_tonnes"]
    on_the_way = one_month_ago(
        flow.sum(axis=2).transpose(0, 2, 1).reshape(months, -1), np.zeros(S * G)
    ).reshape(months, S, G)
    stock += on_the_way

    own = np.eye(S)
    sellers = np.tile(own, (len(threads(facts)), 1, 1))
    users = sellers.copy()
    # the steady state of the first month's trade: a pass a stage is enough, as no good is made from
    # a later one
    for _ in STAGES:
        sellers, users = _mix(
            facts, sellers, users, flow[0], np.zeros((S, G)), np.zeros((S, G)), output[0]
        )
    out = np.empty((months, len(threads(facts)), S, S))
    for month in range(months):
        out[month] = sellers
        before = np.maximum(for_sale[month] - output[month], 0.0)
        sellers, users = _mix(
            facts, sellers, users, flow[month], before, stock[month], output[month]
        )
    return out


def _mix(
    facts: Facts,
    sellers: FloatArray,
    users: FloatArray,
    flow: FloatArray,
    for_sale: FloatArray,
    held: FloatArray,
    output: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """One month: users' pools take in what is shipped to them, makers' pools what is made from
    users' pools; tonnes weigh.
    """
    good = np.array([g for g, _ in threads(facts)])
    source = np.array([s for _, s in threads(facts)])
    arriving = flow.transpose(0, 2, 1)[good]  # thread, to, from
    tonnes = arriving.sum(axis=2)
    stock = held.T[good]
    total = stock + tonnes
    mixed = stock[:, :, None] * users + arriving @ sellers
    mixed = mixed / np.where(total > 0, total, 1.0)[:, :, None]
    users = np.where(total[:, :, None] > 1e-12, mixed, users)
    new, old = output.T[good], for_sale.T[good]
    own = np.eye(len(facts.states))[None, :, :]
    entering = np.where((source >= 0)[:, None, None], users[source], own)
    total = new + old
    mixed = old[:, :, None] * sellers + new[:, :, None] * entering
    mixed = mixed / np.where(total > 0, total, 1.0)[:, :, None]
    return np.where(total[:, :, None] > 1e-12, mixed, sellers), users


def is_separated(facts: Facts, good: int) -> bool:
    """Whether a good has been separated: oxides and everything made from them."""
    return good >= min(facts.oxides)
