"""Who can buy from whom: links (need x offer) laid from the balanced trade flows, a few per need, sorted by need."""

from __future__ import annotations

import numpy as np

from coercivity.agents.columns import FloatArray, Table, group_sum
from coercivity.model.goods import CHINA, FIRST_SECTOR, goods
from coercivity.model.names import GOODS, STATES
from coercivity.model.population import Population
from coercivity.model.start import Start

LEAST_SHARE = {True: 0.02, False: 0.004}  # (end users, plants) smaller flows are not laid as links; their tonnes go to the others in proportion
SAMPLE = {True: {"home": 2, "China": 2, "other": 1}, False: {"home": 3, "China": 3, "other": 2}}  # sellers per origin where there are many (assumed)
ALTERNATIVES = {True: 2, False: 3}  # further origins that a need could turn to, without base trade
GOLDEN = 0.6180339887498949


def lay_links(start: Start, population: Population) -> Table:
    """Links with columns need, offer, share (base share of the need), prior (base relationship weight), planned.

    Each need buys from each origin that its state's balanced imports name: from all sellers where they are few, else from a rotating sample, so that every
    seller finds customers. Beyond these come links without base trade: to the largest other origins, and to plants that are still being built.
    """
    firms, needs, offers = population.firms, population.needs, population.offers
    need_col: list[int] = []
    offer_col: list[int] = []
    share_col: list[float] = []
    prior_col: list[float] = []
    offer_state = firms.state[offers.firm]
    base_output = firms.base_run[offers.firm] * offers.yields
    planned = {firm: tonnes for firm, _, tonnes in population.builds}
    for good in range(len(GOODS)):
        of_good = np.flatnonzero(offers.good == good)
        world = max(base_output[of_good].sum(), 1e-12)
        sellers = {o: of_good[(offer_state[of_good] == o) & (base_output[of_good] > 0)] for o in range(len(STATES))}
        building = [int(o) for o in of_good if int(offers.firm[o]) in planned]
        origins_by_size = sorted((o for o in sellers if len(sellers[o])), key=lambda o: -base_output[sellers[o]].sum())
        for k, need in enumerate(np.flatnonzero(needs.good == good)):
            state = firms.state[needs.firm[need]]
            end = bool(firms.process[needs.firm[need]] >= FIRST_SECTOR)
            column = start.flow[good, :, state]
            shares = column / column.sum() if column.sum() > 0 else np.eye(len(STATES))[CHINA]
            shares = np.where((shares >= LEAST_SHARE[end]) & np.array([len(sellers[o]) > 0 for o in range(len(STATES))]), shares, 0.0)
            shares /= shares.sum()
            for origin in np.flatnonzero(shares).tolist():
                chosen, weights = _choose(sellers[origin], base_output, k, _most(origin, state, end))
                need_col += [int(need)] * len(chosen)
                offer_col += [int(o) for o in chosen]
                share_col += [float(shares[origin] * w) for w in weights]
                prior_col += [float(shares[origin] * w) for w in weights]
            others = [o for o in origins_by_size if shares[o] == 0 and o != CHINA][:ALTERNATIVES[end]]
            if shares[CHINA] == 0 and len(sellers[CHINA]):
                others.append(CHINA)
            extra = [int(sellers[o][k % min(len(sellers[o]), 2)]) for o in others]
            for offer in extra + (building if not end or len(building) < 3 else []):
                size = base_output[offer] or planned.get(int(offers.firm[offer]), 0.0) * offers.yields[offer]
                need_col.append(int(need))
                offer_col.append(offer)
                share_col.append(0.0)
                prior_col.append(float(max(0.3 * size / world, 0.002)))
    links = Table(
        need=np.array(need_col), offer=np.array(offer_col), share=np.array(share_col), prior=np.array(prior_col),
    )  # fmt: skip
    order = np.lexsort((links.offer, links.need))
    for name in links.columns:
        setattr(links, name, getattr(links, name)[order])
    return links


def _most(origin: int, state: int, end: bool) -> int:
    return SAMPLE[end]["home" if origin == state else "China" if origin == CHINA else "other"]


def _choose(sellers: np.ndarray, output: FloatArray, turn: int, most: int) -> tuple[np.ndarray, FloatArray]:
    """All sellers with their size as weight where they are few or make oxides or ore; else `most` of them, in golden-ratio rotation through their sizes."""
    size = output[sellers] / output[sellers].sum()
    if len(sellers) <= max(most, 4):
        return sellers, size
    points = (turn * GOLDEN + np.arange(most) / most) % 1.0
    picks = np.minimum(np.searchsorted(np.cumsum(size), points), len(sellers) - 1)
    unique, counts = np.unique(picks, return_counts=True)
    return sellers[unique], counts / most


def base_sales(links: Table, needs: Table, use: FloatArray, offers: int) -> FloatArray:
    """Monthly sales of each offer at base shares (t/month)."""
    return group_sum(links.share * use[links.need], links.offer, offers)


def qualification_months(links: Table, needs: Table, factor: float) -> FloatArray:
    """Months of seeking before a link without base trade counts as qualified."""
    return np.where(links.share > 0, 0.0, goods().qualification[needs.good[links.need]] * factor)
