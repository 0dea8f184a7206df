"""Who can buy from whom: links (need x offer) by need, laid from the balanced trade flows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray, group_sum
from coercivity.agents.tables import Links, Needs
from coercivity.model.basis.calendar import MONTH_DAYS
from coercivity.model.basis.facts import Facts, cached_by_facts
from coercivity.model.basis.goods import goods
from coercivity.model.basis.overlay import NO_ROWS, OwnRows
from coercivity.model.start.balanced import Start, balanced_start
from coercivity.model.start.population import Census, census

# (end users, plants) smaller flows are not laid as links, those of ores apart, from which pits
# grow; their tonnes go to the others in proportion
LEAST_SHARE = {True: 0.02, False: 0.004}
# sellers per origin where there are many (assumed)
SAMPLE = {True: {"home": 2, "China": 2, "other": 1}, False: {"home": 3, "China": 3, "other": 2}}
ALTERNATIVES = {True: 2, False: 3}  # further origins that a need could turn to, without base trade
KNOWN = 2  # plants being built that an end user knows of, where there are more; assumed
# t/month as which a plant abroad of an old maker is thought of by its customers (assumed)
SISTER_SIZE = 400.0
SISTER_PARENT = "Japan"  # whose makers have such plants (options.csv)
EVERYONE = 1000
GOLDEN = 0.6180339887498949


@dataclass(frozen=True, eq=False)
class Chain:
    """Of one good: the needs for it, its links, and the offers by which plants are sized."""

    needs: IntArray
    need: IntArray  # need, offer and base share of each link
    offer: IntArray
    share: FloatArray
    sizing: IntArray


@dataclass(frozen=True, eq=False)
class LinkPlan:
    """The links of a start, and what follows from them alone. They follow from who there is, not
    from luck: made once in a process, read-only.
    """

    links: Links  # need, offer, share, prior; exporter, importer, good, days
    lead: FloatArray  # by offer: 1 where a product decides how hard its plant runs
    mean_lag: FloatArray  # by need: months, weighted by base shares
    chain: tuple[Chain, ...]  # by good


@cached_by_facts
def lane_days(facts: Facts) -> FloatArray:
    """Days from door to door, origins x destinations; a lane is the same both ways."""
    region = {row["state"]: row["region"] for row in facts.table("states")}
    known = {(row["origin"], row["destination"]): row["days"] for row in facts.table("lanes")}
    out = np.empty((len(facts.states), len(facts.states)))
    for k, origin in enumerate(facts.states):
        for i, destination in enumerate(facts.states):
            lane = region[origin], region[destination]
            other = known.get(lane, known.get(lane[::-1], known["any", "any"]))
            out[k, i] = known["home", "home"] if origin == destination else other
    out.setflags(write=False)
    return out


@lru_cache(maxsize=4)
def lay_links(facts: Facts, start_name: str, count: int, own: OwnRows = NO_ROWS) -> LinkPlan:
    """Who can buy from whom at a start with `count` end users per state and sector and a scenario's
    own rows over the shipped tables, and how many days goods travel. Cached, read-only.
    """
    who = census(facts, start_name, count, own)
    links = _fill_links(balanced_start(facts, start_name, own), who)
    firms, needs, offers = who.firms, who.needs, who.offers
    exporter = firms.state[offers.firm][links.offer]
    importer = firms.state[needs.firm[links.need]]
    good = needs.good[links.need]
    links.add_columns(
        exporter=exporter, importer=importer, good=good, days=lane_days(facts)[exporter, importer]
    )
    light = firms.process[offers.firm] == facts.process_row["separate_light"]
    # not the traces of Dy and Tb in light ore
    lead = np.where(
        light & (offers.good > facts.good_row["ndpr_oxide"]), 0.0, goods(facts).lead[offers.good]
    )
    mean_lag = group_sum(links.share * links.days / MONTH_DAYS, links.need, len(needs))
    chain = []
    for good_laid in range(len(facts.goods)):
        rows, sizing = np.flatnonzero(good == good_laid), offers.good == good_laid
        if facts.goods[good_laid].endswith("_oxide"):
            sizing = sizing & light & (good_laid == facts.good_row["ndpr_oxide"])
        chain.append(
            Chain(
                np.flatnonzero(needs.good == good_laid),
                links.need[rows],
                links.offer[rows],
                links.share[rows],
                np.flatnonzero(sizing),
            )
        )
    return LinkPlan(links.lock(), lead, mean_lag, tuple(chain))


class Sizes(NamedTuple):
    """How much plants count for their customers when links are laid."""

    base: FloatArray  # by offer: what is made of it at the start, t/month
    thought: FloatArray  # by offer: that, or what a plant that does not run yet is thought to make
    building: BoolArray  # by firm: it is being built
    optional: BoolArray  # by firm: it may be built one day
    sister: BoolArray  # by firm: that, by an old maker abroad


class Sellers(NamedTuple):
    """Who sells one good."""

    running: list[IntArray]  # offers of plants that run, by state
    size: list[FloatArray]  # part of the state's output of each
    found: BoolArray  # by state: some plant runs
    by_size: list[int]  # states where some does, the largest output first
    building: IntArray  # offers of plants being built
    shipped: int  # how many of these no scenario adds
    possible: IntArray  # of those that may be built, but for sisters
    sisters: IntArray
    state: IntArray  # by offer, of any good
    prior: FloatArray  # by offer: weight of a link without base trade
    commodity: bool  # whether the good is not made to order


class Buyers(NamedTuple):
    """Needs of one state for one good, of end users or of plants: they seek suppliers alike."""

    state: int
    end: bool
    turn: IntArray  # place of each among the needs for the good
    needs: IntArray


Laid = tuple[IntArray, IntArray, FloatArray, FloatArray]  # need, offer, share, prior


def _fill_links(start: Start, population: Census) -> Links:
    """Links with need, offer, share (base, of the need) and prior (base relationship weight)."""
    facts = start.facts
    firms, needs = population.firms, population.needs
    sizes = _sizes(population)
    is_end = firms.process[needs.firm] >= facts.first_sector
    kind = firms.state[needs.firm] * 2 + is_end
    parts: list[Laid] = []
    for good in range(len(facts.goods)):
        sellers = _sellers(facts, good, sizes, population)
        wanting = np.flatnonzero(needs.good == good)
        for group in np.unique(kind[wanting]).tolist():
            turn = np.flatnonzero(kind[wanting] == group)
            buyers = Buyers(group // 2, bool(group % 2), turn, wanting[turn])
            least = 0.0 if facts.goods[good].endswith("concentrate") else LEAST_SHARE[buyers.end]
            shares = _shares(facts, start.flow[good, :, buyers.state], sellers, least)
            parts += _base_links(facts, shares, sellers, buyers)
            parts += _further_links(facts, shares, sellers, buyers)
    need, offer, share, weight = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.lexsort((offer, need))
    return Links(
        facts=facts, need=need[order], offer=offer[order], share=share[order], prior=weight[order]
    )


def _sizes(population: Census) -> Sizes:
    """Plants by what they make, or are planned to; a maker's plant abroad by its parent's name."""
    firms, offers = population.firms, population.offers
    planned = np.zeros(len(firms))
    optional = np.zeros(len(firms), dtype=bool)
    sister = optional.copy()
    for firm, _, tonnes in population.builds:
        planned[firm] = tonnes
    for firm, _, tonnes, role in population.options:
        optional[firm], sister[firm] = True, role == "sister"
        planned[firm] = max(tonnes, SISTER_SIZE if role == "sister" else 0.0)
    base = firms.base_run[offers.firm] * offers.yields
    thought = np.where(base > 0, base, planned[offers.firm] * offers.yields)
    return Sizes(base, thought, (planned > 0) & ~optional, optional, sister)


def _sellers(facts: Facts, good: int, sizes: Sizes, population: Census) -> Sellers:
    """Who sells a good; weight of a link without base trade: max(0.3 size / output, 0.002)."""
    firms, offers = population.firms, population.offers
    of_good = np.flatnonzero(offers.good == good)
    firm, state, base = offers.firm[of_good], firms.state[offers.firm], sizes.base
    running = [
        of_good[(state[of_good] == origin) & (base[of_good] > 0)]
        for origin in range(len(facts.states))
    ]
    has_sellers = np.array([len(rows) > 0 for rows in running])
    return Sellers(
        running,
        [base[rows] / base[rows].sum() for rows in running],
        has_sellers,
        sorted(
            np.flatnonzero(has_sellers).tolist(), key=lambda origin: -base[running[origin]].sum()
        ),
        of_good[sizes.building[firm]],
        int((sizes.building[firm] & (firm < population.added)).sum()),
        of_good[sizes.optional[firm] & ~sizes.sister[firm]],
        of_good[sizes.sister[firm]],
        state,
        np.maximum(0.3 * sizes.thought / max(base[of_good].sum(), 1e-12), 0.002),
        goods(facts).pricing[good] != "manufactured",
    )


def _shares(facts: Facts, column: FloatArray, sellers: Sellers, least: float) -> FloatArray:
    """Share of each origin in what a state buys (0-1): its balanced imports, without those
    below the least share.
    """
    shares = column / column.sum() if column.sum() > 0 else np.eye(len(facts.states))[facts.china]
    shares = np.where((shares >= least) & sellers.found, shares, 0.0)
    return np.asarray(shares / shares.sum())


def _base_links(facts: Facts, shares: FloatArray, sellers: Sellers, buyers: Buyers) -> list[Laid]:
    """Links with base trade: from all sellers of an origin where they are few, else from a rotating
    sample, so that every seller finds customers."""
    laid: list[Laid] = []
    for origin in np.flatnonzero(shares).tolist():
        most = _most_sellers(facts, origin, buyers, sellers.commodity)
        row, chosen, weights = _choose(
            sellers.running[origin], sellers.size[origin], buyers.turn, most
        )
        part = shares[origin] * weights
        laid.append((buyers.needs[row], chosen, part, part))
    return laid


def _further_links(
    facts: Facts, shares: FloatArray, sellers: Sellers, buyers: Buyers
) -> list[Laid]:
    """Links without base trade: to the largest other origins, to plants being built, and to a few
    that may be."""
    turn, end, running = buyers.turn, buyers.end, sellers.running
    own = sellers.state == buyers.state
    others = [o for o in sellers.by_size if shares[o] == 0 and o != facts.china]
    others = others[: ALTERNATIVES[end]]
    if shares[facts.china] == 0 and sellers.found[facts.china]:
        others.append(facts.china)
    extra = [running[o][turn % min(len(running[o]), 2)] for o in others]
    begun, added = np.split(sellers.building, [sellers.shipped])
    if end and len(begun) > KNOWN:  # end users know of a few, each of others
        extra += [begun[(turn + step) % len(begun)] for step in range(KNOWN)]
    else:
        extra += [np.full(len(turn), offer) for offer in begun]
    extra += [np.full(len(turn), offer) for offer in added]
    extra += _of_options(sellers.possible, own[sellers.possible], turn, end)
    # customers of the parent know its plants abroad
    if buyers.state == facts.state_row[SISTER_PARENT] and not end:
        extra += [np.full(len(turn), offer) for offer in sellers.sisters]
    elif not end:
        extra += _of_options(sellers.sisters, own[sellers.sisters], turn, True)
    if not extra:
        return []
    chosen = np.concatenate(extra)
    needs = buyers.needs[np.arange(len(chosen)) % len(buyers.needs)]
    return [(needs, chosen, np.zeros(len(chosen)), sellers.prior[chosen])]


def _of_options(possible: IntArray, own: BoolArray, turn: IntArray, end: bool) -> list[IntArray]:
    """Plants that may one day be built and that a group of needs would look at: plants one of the
    own state and one by rotation, end users one of the own."""
    home, abroad = possible[own], possible[~own]
    looked = [home[turn % len(home)]] if len(home) else []
    return looked + ([abroad[turn % len(abroad)]] if len(abroad) and not end else [])


def _most_sellers(facts: Facts, origin: int, buyers: Buyers, commodity: bool) -> int:
    """Sellers of an origin that a need buys from: all of a commodity at home for a plant, for what
    has one price there has one market; else a sample.
    """
    home = origin == buyers.state
    if commodity and home and not buyers.end:
        return EVERYONE
    where = "home" if home else "China" if origin == facts.china else "other"
    return SAMPLE[buyers.end][where]


def _choose(
    sellers: IntArray, size: FloatArray, turn: IntArray, most: int
) -> tuple[IntArray, IntArray, FloatArray]:
    """Who buys from whom within one origin: (row of `turn`, seller, weight). All sellers by size
    where they are few, else `most` of them by rotation.

    The rotation walks through their sizes in golden-ratio steps, one step a need, so that every
    seller meets its part of the needs.
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


def qualification_months(links: Links, needs: Needs) -> FloatArray:
    """Months of seeking before a link without base trade counts as qualified."""
    months = goods(needs.facts).qualification[needs.good[links.need]]
    return np.where(links.share > 0, 0.0, months)
