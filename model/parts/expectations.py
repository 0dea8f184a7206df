"""What traders expect of borders and of supply, before the month's orders cross (M5)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray, group_sum
from coercivity.agents.base.part import Part
from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.parts.border import Border


class Stage(NamedTuple):
    """Rows of firms at one depth of the chain, looked up once."""

    firms: IntArray
    offers: IntArray  # what they make
    makers: IntArray  # the firm of each of these
    sides: IntArray  # and its good and side of the border, as in `Chain`
    needs: IntArray  # what they use
    need_firms: IntArray  # the firm of each of these
    links: IntArray  # that serve these needs
    link_needs: IntArray  # the need of each of these
    link_offers: IntArray  # and its offer
    first: IntArray  # place of each need's first link among them
    runs: FloatArray  # that a tonne sold of each offer asks of its maker: p0 / sum p0 y (t)
    yields: FloatArray  # of each offer, t per t of run
    from_side: IntArray  # good and side of the border that each link draws on
    users: IntArray  # firms that need something
    user_first: IntArray  # place of each one's first need among the needs


class Chain(NamedTuple):
    """Stages from the mines down to end use; of each offer its good and its side of the exporter's
    border: 2 x good, or 2 x good + 1 behind it; links to sellers behind it.
    """

    stages: tuple[Stage, ...]
    sides: IntArray
    behind: BoolArray


class Expectations(Part):
    """By channel: share of usual trade that is believed to pass, months since acts hold it back,
    and what passed of last month's orders; by link, what of them passed; by good, what a kilogram
    is worth abroad and what borders leave unserved there.
    """

    SHARED = ("chain",)

    def __init__(self, border: Border, *, chain: Chain, goods: int, runs: FloatArray) -> None:
        self.chain = chain
        self.passes = np.ones(border.size)
        self.said = np.ones(border.size)  # share that acts in force left at first
        self.since = np.full(border.size, np.inf)  # months; infinite where nothing is held back
        self.passed = np.ones(border.size)
        self.abroad: FloatArray = np.ones(goods)  # worth of a kilogram there over what it costs
        self.unserved: FloatArray = np.zeros(goods)  # t/month that others will have to make
        self.gap: FloatArray = np.zeros(goods)  # log: what sellers there ask beyond it
        self.held: BoolArray = np.zeros(goods, dtype=bool)  # by a border somewhere
        self.runs = runs.copy()  # t/month by firm, as they have been lately
        # what is made over what found users at first
        self.sold_of_ore: FloatArray = np.zeros(goods)


def chain_of(*, firms: Firms, needs: Needs, offers: Offers, links: Links) -> Chain:
    """Stages of the chain, by depth: what a stage needs is made by stages before it; end use, which
    makes nothing, is the last.
    """
    sides = offers.good * 2 + firms.inside[offers.firm].astype(np.int64)
    last = firms.facts.first_sector
    kinds = np.minimum(firms.process, last)
    value = group_sum(offers.base_price * offers.yields, offers.firm, len(firms))
    runs = offers.base_price / np.maximum(value, 1e-12)[offers.firm]
    user, maker = kinds[needs.firm][links.need], kinds[offers.firm][links.offer]
    depth = np.zeros(last + 1, dtype=np.int64)
    for kind in range(last):  # suppliers stand before those whom they supply
        depth[kind] = 1 + depth[maker[user == kind]].max(initial=-1)
    depth[last] = 1 + depth[:last].max(initial=-1)
    at = depth[kinds]
    makes_at, uses_at, serves_at = at[offers.firm], at[needs.firm], depth[user]
    stages = []
    for step in range(int(depth[last]) + 1):
        makes, uses = np.flatnonzero(makes_at == step), np.flatnonzero(uses_at == step)
        served = np.flatnonzero(serves_at == step)
        _, first = np.unique(links.need[served], return_index=True)
        users, user_first = np.unique(needs.firm[uses], return_index=True)
        stages.append(
            Stage(
                firms=np.flatnonzero(at == step),
                offers=makes,
                makers=offers.firm[makes],
                sides=sides[makes],
                needs=uses,
                need_firms=needs.firm[uses],
                links=served,
                link_needs=links.need[served],
                link_offers=links.offer[served],
                first=first,
                runs=runs[makes],
                yields=offers.yields[makes],
                from_side=sides[links.offer[served]],
                users=users,
                user_first=user_first,
            )
        )
    return Chain(tuple(stages), sides, firms.inside[offers.firm][links.offer])
