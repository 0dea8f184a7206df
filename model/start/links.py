"""Who can buy from whom: links (need x offer) laid from the balanced trade flows, a few per need, sorted by need."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray, group_sum
from coercivity.agents.tables import Links, Needs
from coercivity.model.basis.goods import CHINA, FIRST_SECTOR, GOOD, PROCESS, goods
from coercivity.model.basis.names import GOODS, STATES
from coercivity.model.start.balanced import Start, balanced_start
from coercivity.model.start.population import Census, census

LEAST_SHARE = {
    True: 0.02,
    False: 0.004,
}  # (end users, plants) smaller flows are not laid as links; their tonnes go to the others in proportion
SAMPLE = {
    True: {"home": 2, "China": 2, "other": 1},
    False: {"home": 3, "China": 3, "other": 2},
}  # sellers per origin where there are many (assumed)
ALTERNATIVES = {True: 2, False: 3}  # further origins that a need could turn to, without base trade
SISTER_SIZE = 400.0  # t/month as which a plant abroad of an old maker is thought of by its customers (assumed)
SISTER_PARENT = STATES.index("Japan")  # whose makers have such plants (options.csv)
GOLDEN = 0.6180339887498949


@dataclass(frozen=True, eq=False)
class Chain:
    """What is bought and sold of one good: the needs for it, its links, and the offers of it by which plants are sized."""

    needs: IntArray
    need: IntArray  # need, offer and base share of each link
    offer: IntArray
    share: FloatArray
    sizing: IntArray


@dataclass(frozen=True, eq=False)
class Laying:
    """The links of a start, and what follows from them alone. They follow from who there is, not from luck: made once in a process, read-only."""

    links: Links  # need, offer, share, prior; exporter, importer, good, lag (months)
    lead: FloatArray  # by offer: 1 where a product decides how hard its plant runs
    mean_lag: FloatArray  # by need: months, weighted by base shares
    chain: tuple[Chain, ...]  # by good


@lru_cache(maxsize=4)
def lay_links(start_name: str, count: int) -> Laying:
    """Who can buy from whom at a start with `count` end users per state and sector: goods travel one month at home, two across a border."""
    who = census(start_name, count)
    links, firms, needs, offers = (
        _lay(balanced_start(start_name), who),
        who.firms,
        who.needs,
        who.offers,
    )
    exporter, importer, good = (
        firms.state[offers.firm][links.offer],
        firms.state[needs.firm[links.need]],
        needs.good[links.need],
    )
    links.add_columns(
        exporter=exporter, importer=importer, good=good, lag=np.where(exporter != importer, 2, 1)
    )
    light = firms.process[offers.firm] == PROCESS["separate_light"]
    lead = np.where(
        light & (offers.good > GOOD["ndpr_oxide"]), 0.0, goods().lead[offers.good]
    )  # not the traces of Dy and Tb in light ore
    mean_lag = group_sum(links.share * links.lag, links.need, len(needs))
    chain = []
    for of in range(len(GOODS)):
        rows, sizing = np.flatnonzero(good == of), offers.good == of
        if GOODS[of].endswith("_oxide"):
            sizing = sizing & light & (of == GOOD["ndpr_oxide"])
        chain.append(
            Chain(
                np.flatnonzero(needs.good == of),
                links.need[rows],
                links.offer[rows],
                links.share[rows],
                np.flatnonzero(sizing),
            )
        )
    return Laying(links.lock(), lead, mean_lag, tuple(chain))


def _lay(start: Start, population: Census) -> Links:
    """Links with columns need, offer, share (base share of the need), prior (base relationship weight).

    Each need buys from each origin that its state's balanced imports name: from all sellers where they are few, else from a rotating sample, so that every
    seller finds customers. Beyond these come links without base trade: to the largest other origins, to plants being built, and to a few that may be.
    """
    firms, needs, offers = population.firms, population.needs, population.offers
    parts: list[tuple[IntArray, IntArray, FloatArray, FloatArray]] = []  # need, offer, share, prior

    offer_state = firms.state[offers.firm]
    base_output = firms.base_run[offers.firm] * offers.yields
    planned = np.zeros(len(firms))
    for firm, _, tonnes in population.builds:
        planned[firm] = tonnes
    optional = np.zeros(len(firms), dtype=bool)
    sister = optional.copy()
    for firm, _, tonnes, role in population.options:
        planned[firm], optional[firm], sister[firm] = (
            max(tonnes, SISTER_SIZE if role == "sister" else 0.0),
            True,
            role == "sister",
        )
    size = np.where(base_output > 0, base_output, planned[offers.firm] * offers.yields)
    is_end = firms.process[needs.firm] >= FIRST_SECTOR
    kind = firms.state[needs.firm] * 2 + is_end
    for good in range(len(GOODS)):
        of_good = np.flatnonzero(offers.good == good)
        prior = np.maximum(
            0.3 * size / max(base_output[of_good].sum(), 1e-12), 0.002
        )  # of a link without base trade
        sellers = [
            of_good[(offer_state[of_good] == o) & (base_output[of_good] > 0)]
            for o in range(len(STATES))
        ]
        found = np.array([len(rows) > 0 for rows in sellers])
        size_in = [base_output[rows] / base_output[rows].sum() for rows in sellers]
        building = of_good[(planned[offers.firm[of_good]] > 0) & ~optional[offers.firm[of_good]]]
        possible = of_good[optional[offers.firm[of_good]]]
        origins_by_size = sorted(
            np.flatnonzero(found).tolist(), key=lambda o: -base_output[sellers[o]].sum()
        )
        buyers = np.flatnonzero(needs.good == good)
        for group in np.unique(
            kind[buyers]
        ).tolist():  # the needs of one state, of end users or of plants, look for suppliers alike
            state, end = group // 2, bool(group % 2)
            turn = np.flatnonzero(kind[buyers] == group)
            who = buyers[turn]
            column = start.flow[good, :, state]
            shares = column / column.sum() if column.sum() > 0 else np.eye(len(STATES))[CHINA]
            shares = np.where((shares >= LEAST_SHARE[end]) & found, shares, 0.0)
            shares /= shares.sum()
            for origin in np.flatnonzero(shares).tolist():
                row, chosen, weights = _choose(
                    sellers[origin], size_in[origin], turn, _most(origin, state, end)
                )
                part = shares[origin] * weights
                parts.append((who[row], chosen, part, part))
            others = [o for o in origins_by_size if shares[o] == 0 and o != CHINA][
                : ALTERNATIVES[end]
            ]
            if shares[CHINA] == 0 and found[CHINA]:
                others.append(CHINA)
            extra = [sellers[o][turn % min(len(sellers[o]), 2)] for o in others]
            if not end or len(building) < 3:
                extra += [np.full(len(turn), offer) for offer in building]
            family = sister[offers.firm[possible]]
            extra += _of_options(
                possible[~family], offer_state[possible[~family]] == state, turn, end
            )
            if state == SISTER_PARENT and not end:  # customers of the parent know its plants abroad
                extra += [np.full(len(turn), offer) for offer in possible[family]]
            elif not end:
                extra += _of_options(
                    possible[family], offer_state[possible[family]] == state, turn, True
                )
            if extra:
                chosen = np.concatenate(extra)
                parts.append(
                    (
                        who[np.arange(len(chosen)) % len(who)],
                        chosen,
                        np.zeros(len(chosen)),
                        prior[chosen],
                    )
                )
    need, offer, share, weight = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.lexsort((offer, need))
    return Links(need=need[order], offer=offer[order], share=share[order], prior=weight[order])


def _of_options(possible: IntArray, own: BoolArray, turn: IntArray, end: bool) -> list[IntArray]:
    """Plants that may one day be built and that a group of needs would look at: plants one of the own state and one by rotation, end users one of the own."""
    home, abroad = possible[own], possible[~own]
    looked = [home[turn % len(home)]] if len(home) else []
    return looked + ([abroad[turn % len(abroad)]] if len(abroad) and not end else [])


def _most(origin: int, state: int, end: bool) -> int:
    return SAMPLE[end]["home" if origin == state else "China" if origin == CHINA else "other"]


def _choose(
    sellers: IntArray, size: FloatArray, turn: IntArray, most: int
) -> tuple[IntArray, IntArray, FloatArray]:
    """Who buys from whom within one origin: (row of `turn`, seller, weight). All sellers by size where they are few, else `most` of them by rotation.

    The rotation walks through their sizes in golden-ratio steps, one step a need, so that every seller meets its part of the needs.
    """
    if len(sellers) <= max(most, 4):
        place = np.arange(len(turn) * len(sellers))
        return place // len(sellers), sellers[place % len(sellers)], size[place % len(sellers)]
    points = (turn[:, None] * GOLDEN + np.arange(most) / most) % 1.0
    picks = np.minimum(np.searchsorted(np.cumsum(size), points), len(sellers) - 1)
    pairs, counts = np.unique(
        np.arange(len(turn))[:, None] * len(sellers) + picks, return_counts=True
    )
    return pairs // len(sellers), sellers[pairs % len(sellers)], counts / most


def base_sales(links: Links, use: FloatArray, offers: int) -> FloatArray:
    """Monthly sales of each offer at base shares (t/month)."""
    return group_sum(links.share * use[links.need], links.offer, offers)


def qualification_months(links: Links, needs: Needs, factor: float) -> FloatArray:
    """Months of seeking before a link without base trade counts as qualified."""
    return np.where(links.share > 0, 0.0, goods().qualification[needs.good[links.need]] * factor)
