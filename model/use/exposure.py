"""Who rests on material that passes whom: an observable index of dependence, from the mines down
the chain (M12).

Governments decide on this index and never on a fork of their own future.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, group_sum, run_first
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.goods import goods
from coercivity.model.parts.world_view import WorldView
from coercivity.model.use.gdp import gdp
from coercivity.model.use.macro import dependent_value_added

HORIZON = 12.0  # months of a stop that the index asks about, as in the definition of leverage


@dataclass(frozen=True, slots=True)
class Step:
    """What is bought of the goods of one stage, and by whom; it never changes."""

    needs: IntArray  # for these goods
    links: IntArray  # by which they are bought
    first: IntArray  # place of the first link of each need
    good: IntArray  # of each link, as are the next two
    exporter: IntArray
    seller: IntArray  # the firm
    users: IntArray  # firms that buy
    state: IntArray  # of each
    inputs: IntArray  # needs of these firms, for these goods and others
    inputs_first: IntArray  # place of the first of each firm


def down_the_chain(seen: WorldView) -> tuple[Step, ...]:
    """The stages, from the mines down."""
    firms, needs, offers, links = seen.firms, seen.needs, seen.offers, seen.links
    stage, steps = goods(seen.facts).stage[needs.good], []
    for number in np.unique(stage).tolist():
        buys, rows = np.flatnonzero(stage == number), links.stage_rows[number]
        buyer = needs.firm[buys]
        users = buyer[run_first(buyer)]
        inputs = np.flatnonzero(np.isin(needs.firm, users))
        steps.append(
            Step(
                buys,
                rows,
                run_first(links.need[rows]),
                links.good[rows],
                links.exporter[rows],
                offers.firm[links.offer[rows]],
                users,
                firms.state[users],
                inputs,
                run_first(needs.firm[inputs]),
            )
        )
    return tuple(steps)


def firm_dependence(
    seen: WorldView,
    senders: tuple[int, ...],
    of_goods: tuple[tuple[str, ...], ...] = (),
    chain: tuple[Step, ...] = (),
) -> FloatArray:
    """Which part of a firm's run rests on goods that pass each sender, firms x senders (0-1), net
    of what stocks cover.

    need: d_n = (1 - c_n / 12) sum_l share_l x_l

    firm: d_f = max over its inputs d_n; 0 for firms in the sender's own state

    x_l is 1 if the seller stands in the sender's state and the good is among its of_goods, else d
    of the seller; c_n months of use in stock; share_l present shares of purchases. Computed from
    the mines down, stage by stage. Sellers in the sender's state whose goods are not among of_goods
    (one group a sender; all where not given) pass on nothing. chain: `down_the_chain`, where that
    is known.
    """
    facts = seen.facts
    S, G = len(facts.states), len(facts.goods)
    firms, needs, every_share = seen.firms, seen.needs, seen.links.share
    count, whom = len(senders), np.array(senders)[:, None]
    dependent = np.zeros((count, len(firms)))
    cover = needs.stock / np.maximum(needs.expected, 1e-12)
    place = firms.state[needs.firm] * G + needs.good
    use = group_sum(needs.expected, place, S * G)
    cover = cover + (seen.support.reserve.reshape(-1) / np.maximum(use, 1e-12))[place]
    bare = np.clip(1.0 - cover / HORIZON, 0.0, 1.0)
    covered = goods_among(facts, of_goods) if of_goods else np.ones((count, G))
    on_need = np.zeros((count, len(needs)))
    for step in chain or down_the_chain(seen):
        share = every_share.take(step.links)
        total = np.maximum(np.add.reduceat(share, step.first), 1e-300)
        theirs, dependent_seller = covered.take(step.good, axis=1), dependent.take(step.seller, 1)
        passes = share * np.where(step.exporter == whom, theirs, dependent_seller)
        passed = np.add.reduceat(passes, step.first, axis=1)
        on_need[:, step.needs] = passed / total * bare.take(step.needs)
        inputs = on_need.take(step.inputs, axis=1)
        worst = np.maximum.reduceat(inputs, step.inputs_first, axis=1)
        dependent[:, step.users] = np.where(step.state != whom, worst, 0.0)
    return np.asarray(np.minimum(dependent, 1.0).T)


def by_sector(seen: WorldView, firm: FloatArray) -> FloatArray:
    """Dependent part of each sector, states x sectors x senders (0-1): end users weighted by
    size.
    """
    facts = seen.facts
    S, K = len(facts.states), len(facts.sectors)
    firms = seen.firms
    end = np.flatnonzero(firms.is_end)
    cell = firms.state[end] * K + firms.sector[end]
    weight, senders = firms.size[end], firm.shape[1]
    size = group_sum(weight, cell, S * K)
    place = cell[:, None] * senders + np.arange(senders)
    part = group_sum((weight[:, None] * firm[end]).ravel(), place.ravel(), S * K * senders)
    return (part.reshape(S * K, senders) / np.maximum(size, 1e-300)[:, None]).reshape(S, K, senders)


def exposure(
    seen: WorldView,
    senders: tuple[int, ...],
    of_goods: tuple[tuple[str, ...], ...] = (),
    chain: tuple[Step, ...] = (),
) -> tuple[FloatArray, FloatArray]:
    """(share of each state's GDP, share of its dependent value added) that rests on goods that pass
    each sender; states x senders.

    stops[s, j] = sum_k V[s, k] x dependent part of sector k; V value added that stops with the part
    (USD million a month).
    exposure = stops / (GDP / 12); dependence = stops / sum_k V. The second is what power is made
    of.
    """
    facts = seen.facts
    value = dependent_value_added(facts, seen.clock.start, seen.p.dependent_scale)
    stops = np.einsum(
        "sk,skj->sj", value, by_sector(seen, firm_dependence(seen, senders, of_goods, chain))
    )
    total = np.maximum(value.sum(axis=1), 1e-300)
    return stops / (gdp(facts, seen.clock.start) / 12.0)[:, None], stops / total[:, None]


def power(dependence: FloatArray, curvature: float) -> FloatArray:
    """Power over a target rises out of proportion with the share that a sender controls: power =
    d^n.

    d dependence (0-1), n curvature (1: in proportion). Source: Clayton, Maggiori & Schreger, A
    Theory of Economic Coercion and Fragmentation; the abstracts give no closed form, n is assumed.
    """
    return np.asarray(dependence**curvature)


def exports_to(seen: WorldView, senders: tuple[int, ...], *groups: tuple[str, ...]) -> FloatArray:
    """Value of the shipments of last month of each sender in each group of goods by importing
    state, senders x groups x states (USD million a month).
    """
    facts = seen.facts
    S = len(facts.states)
    links, count = seen.links, len(groups)
    number = np.full(S, -1)
    number[list(senders)] = np.arange(len(senders))
    who = number[links.exporter]
    rows = np.flatnonzero((who >= 0) & (links.importer != links.exporter))
    value = links.shipped[rows] * links.cost[rows] / 1000.0
    by_group = value * goods_among(facts, groups).take(links.good[rows], axis=1)
    place = (who[rows] * count + np.arange(count)[:, None]) * S + links.importer[rows]
    total = group_sum(by_group.ravel(), place.ravel(), len(senders) * count * S)
    return total.reshape(len(senders), count, S)


@lru_cache(maxsize=64)
def goods_among(facts: Facts, groups: tuple[tuple[str, ...], ...]) -> FloatArray:
    """1 where a good is among those of a group, groups x goods."""
    among = np.zeros((len(groups), len(facts.goods)))
    for row, group in enumerate(groups):
        among[row, [facts.good_row[good] for good in group]] = 1.0
    among.setflags(write=False)
    return among
