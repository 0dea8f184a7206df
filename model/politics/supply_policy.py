"""The exporter's supply policy: half-yearly mining quotas, state purchases, illegal mining, and
traders who hoard (M13).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, group_sum
from coercivity.agents.base.phrase import Phrase
from coercivity.agents.dealers import trader
from coercivity.agents.firms import miner
from coercivity.agents.governments import mining_quota as rules
from coercivity.agents.tables import OPEN, Firms, Links, Needs, Offers
from coercivity.model.basis.facts import Facts, cached_by_facts
from coercivity.model.basis.fixed_names import Switches
from coercivity.model.basis.goods import processes
from coercivity.model.basis.luck import normals
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.parts.border import Border
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.ledger import Ledger
from coercivity.model.parts.market import Market
from coercivity.model.parts.money import Money
from coercivity.model.parts.politics import Politics
from coercivity.model.parts.supply import Places, SupplyPolicy
from coercivity.model.politics.memory import is_ended
from coercivity.model.politics.views import covers_now

MAGNETS = ("magnet_standard", "magnet_heat_resistant")
MINES_PURSUED = 2013  # year from which illegal mining is pursued harder (T019 of timeline.csv)
LEAD_OXIDES = ("ndpr_oxide", "dysprosium_oxide", "terbium_oxide")


def places(*, firms: Firms, needs: Needs, offers: Offers) -> Places:
    """Where supply policy acts; looked up once, for rows never change."""
    facts = firms.facts
    kind = np.full(len(facts.goods), -1)
    rows = np.array([facts.good_row[name] for name in LEAD_OXIDES])
    kind[rows] = np.arange(len(rows))
    sellers = np.flatnonzero((kind[offers.good] >= 0) & (firms.state[offers.firm] == facts.china))
    buyers = np.flatnonzero(kind[needs.good] >= 0)
    light, heavy = (
        np.flatnonzero(firms.has_quota & (firms.process == facts.process_row[mine]))
        for mine in ("mine_light", "mine_heavy")
    )
    separators = np.flatnonzero(
        (firms.process == facts.process_row["separate_light"]) & (firms.state == facts.china)
    )
    groups = light, heavy, separators
    limited = np.concatenate(groups)
    return Places(
        limited,
        tuple(k for k, group in enumerate(groups) for _ in group),
        tuple(firms.base_run[limited].tolist()),
        float(firms.base_run[separators].sum()),
        np.concatenate(groups[:2]),
        separators,
        processes(facts).outputs[facts.process_row["separate_light"]],
        processes(facts).outputs[facts.process_row["separate_heavy"]],
        rows,
        sellers,
        offers.firm[sellers],
        kind[offers.good[sellers]],
        buyers,
        kind[needs.good[buyers]],
    )


@cached_by_facts
def relative_oxide_prices(facts: Facts) -> FloatArray:
    """Price of each lead oxide over that of NdPr oxide in early 2024 (prices_start.csv): what the
    exporter defends of the others for what it defends of NdPr.
    """
    listed = {
        row["good"]: float(row["usd_per_kg"])
        for row in facts.table("prices_start").where(start="2024-01")
    }
    out = np.array([listed[good] for good in LEAD_OXIDES]) / listed["ndpr_oxide"]
    out.setflags(write=False)
    return out


def magnets_expected(*, needs: Needs) -> float:
    """Magnets that all firms expect to use (t/month): what the exporter plans its NdPr for. Orders
    of oxide also fill and empty the stocks between; a plan that read them would answer its own
    shortage.
    """
    return float(
        needs.expected[np.isin(needs.good, [needs.facts.good_row[name] for name in MAGNETS])].sum()
    )


def decide_supply(
    firms: Firms,
    supply: SupplyPolicy,
    ledger: Ledger,
    *,
    needs: Needs,
    market: Market,
    clock: Clock,
    p: Parameters,
    on: Switches,
) -> None:
    """China sets its light mining quota each January and July; the ionic-clay quota has stood still
    since 2018 (fact). What is dug without a quota comes with both, and is separated like the rest.
    """
    at = supply.at
    supply.recent += (market.quote - supply.recent) / 6.0
    supply.preferred += (market.quote - supply.preferred) / 36.0
    if on["M13"] and clock.month and clock.calendar_month in (1, 7):
        set_light_quota(supply, ledger, needs=needs, market=market, clock=clock, p=p)
    light, heavy = supply.light, supply.heavy_base
    if on["M13"]:
        pursuit = illegal_pursuit(clock=clock, p=p)
        (light, heavy), beyond = dug_tonnes((light, heavy), supply, pursuit, market=market, p=p)
        supply.illegal[at.mines] = [beyond[k] for k in at.group[: len(at.mines)]]
    total = light, heavy, _separation_allowance(supply, at.fed, light)
    base = supply.light_base, supply.heavy_base, at.fed
    allowed = np.array(
        [run * total[k] / base[k] for run, k in zip(at.base_run, at.group, strict=True)]
    )
    supply.allowed[at.limited] = allowed
    grows = allowed > firms.capacity.take(at.limited)
    if grows.any():
        grows &= firms.status.take(at.limited) == OPEN
        firms.capacity[at.limited[grows]] = allowed[grows]


def _separation_allowance(supply: SupplyPolicy, fed: float, light: float) -> float:
    """What separators may be fed (t/month); fed: at the start, light: what mines dig."""
    home = (fed - supply.imported_base) * light / supply.light_base
    return rules.separation_quota(home, supply.imported, supply.admitted)


def count_imports(supply: SupplyPolicy, *, links: Links, politics: Politics, clock: Clock) -> None:
    """Ore that comes in is counted over a quarter; a decree admits what came on its day, until it
    ends: while it is suspended all ore is free, and after that it admits what it did before. Of
    several in force the strictest counts.
    """
    if clock.month:
        came = float(links.shipped[supply.ore_links].sum())
        supply.imported += (came - supply.imported) / 3.0
    stand = {
        event.id
        for event in politics.dates(clock.start).by_kind.get("ore_in_quota", ())
        if covers_now(event, clock=clock) and not is_ended(event, politics=politics, clock=clock)
    }
    before = supply.admitted_by
    supply.admitted_by = {act: before.get(act, supply.imported) for act in sorted(stand)}
    binding = [
        supply.admitted_by[event.id] for event in politics.in_force if event.kind == "ore_in_quota"
    ]
    supply.admitted = min(binding, default=np.inf)


def set_light_quota(
    supply: SupplyPolicy,
    ledger: Ledger,
    *,
    needs: Needs,
    market: Market,
    clock: Clock,
    p: Parameters,
) -> None:
    """The light quotas of a half-year follow a plan for home demand and the price.

    g <- g + 0.15 (2 clip(ln(U / U'), 0, 0.06) - g): g growth that is planned for (a year), U
    expected use of magnets (t/month), U' that of half a year ago; the price enters as the log of
    its recent level over the one that the exporter defends.
    """
    lead = p.facts.good_row["ndpr_oxide"]
    use = magnets_expected(needs=needs)
    supply.trend += 0.15 * (
        2.0 * float(np.clip(np.log(use / supply.use_before), 0.0, 0.06)) - supply.trend
    )
    supply.use_before = use
    price = float(np.log(supply.recent[lead] / (p.band_price * market.level)))
    luck = float(normals(clock.seed, "quota", clock.month, 1)[0])
    before = supply.light
    supply.light = rules.supply_quota(
        supply.light,
        supply.trend,
        price,
        0.0,
        p.band_width,
        luck,
        p.quota_noise,
        0.0,
    )
    told = Phrase.of(
        "China sets its light mining quota {change} for the half-year",
        change=f"{100 * (supply.light / before - 1):+.0f}%",
    )
    ledger.event(clock.month, "China", "mining_quota", told)


def illegal_pursuit(*, clock: Clock, p: Parameters) -> float:
    """How far illegal mining is pursued beyond the pursuit of the start: 1 - (1 - since 2013)(1 -
    beyond that). A start after 2013 has what was pursued by then in its tonnes. See decision 0047.
    """
    first = int(clock.start[:4])
    began = first < MINES_PURSUED <= first + clock.month // 12
    t = clock.month - ((2011 - first) * 12 + 4)
    import os

    crack = (
        float(os.environ.get("C11", 0.9))
        * float(os.environ.get("RE", 0.447))
        * (1 - float(os.environ.get("KB", 0.04))) ** t
        if first < 2011 and t >= 0
        else 0.0
    )
    return 1.0 - (1.0 - p.enforcement_2015 * began) * (1.0 - p.enforcement) * (1.0 - crack)


def dug_tonnes(
    plans: tuple[float, float],
    supply: SupplyPolicy,
    pursuit: float,
    *,
    market: Market,
    p: Parameters,
) -> tuple[list[float], list[float]]:
    """(what mines dig, t/month; part of it without a quota), of light ore and of ionic clay: the
    legal part (1 - s) of what is planned, and illegal mining, which follows the value of what a
    concentrate holds; s part of the start's that has no quota. See decision 0047.
    """
    yields = supply.at.light_yields, supply.at.heavy_yields
    ratio = [float(of @ market.quote) / float(of @ market.quote_start) for of in yields]
    share = np.array((supply.illegal_light, supply.illegal_heavy))
    legal = np.multiply(plans, 1.0 - share)
    illegal = miner.illegal_run(
        legal, np.maximum(ratio, 0.01), share / (1.0 - share), p.illegal_elasticity, pursuit
    )
    total = legal + illegal
    return total.tolist(), (illegal / np.maximum(total, 1e-300)).tolist()


def illegal_at_start(start: str, p: Parameters) -> tuple[float, float]:
    """Part of light ore and of ionic clay that is dug without a quota at the start (0-1): what
    stage_output.csv has of it; of ionic clay where it has none, `illegal_mining_share`.
    """
    facts = p.facts
    beyond = {
        row["process"]: row["beyond_quota"] / row["tonnes_per_year"]
        for row in facts.table("stage_output").where(start=start)
        if row["state"] == facts.states[facts.china] and row["beyond_quota"] is not None
    }
    return beyond.get("mine_light", 0.0), beyond.get("mine_heavy", p.illegal_mining_share)


def state_and_traders(
    offers: Offers,
    supply: SupplyPolicy,
    money: Money,
    *,
    needs: Needs,
    market: Market,
    border: Border,
    beliefs: Beliefs,
    p: Parameters,
    on: Switches,
) -> None:
    """State purchases and hoarders move stock of the lead oxides out of and into Chinese sellers'
    hands, good by good."""
    at, count = supply.at, len(LEAD_OXIDES)
    stock = offers.stock.take(at.sellers)
    for_sale = group_sum(stock, at.sold, count).tolist()
    quote = market.quote.take(at.goods)
    bought = [0.0] * count
    if on["M13"]:
        output = group_sum(offers.made.take(at.sellers), at.sold, count).tolist()
        bought = trade_for_reserve(supply, output, for_sale, quote, market=market, p=p)
    left = [held - max(tonnes, 0.0) for held, tonnes in zip(for_sale, bought, strict=True)]
    hoarded = hoard(
        supply,
        left,
        quote,
        needs=needs,
        market=market,
        border=border,
        beliefs=beliefs,
        p=p,
        on=on,
    )
    if not (any(bought) or any(hoarded)):
        return
    whole = np.maximum(for_sale, 1e-300)
    _pay(money, stock / whole.take(at.sold), bought, hoarded, quote, supply=supply)
    gone = np.add(bought, hoarded) / whole
    offers.keep(1.0 - gone.take(at.sold), at.sellers)


def trade_for_reserve(
    supply: SupplyPolicy,
    output: list[float],
    for_sale: list[float],
    quote: FloatArray,
    *,
    market: Market,
    p: Parameters,
) -> list[float]:
    """What the state buys (sells, where negative) of each lead oxide, t: at most half of the stock
    that is for sale, and nothing where nobody sells."""
    slack = np.log(quote / (p.band_price * market.level * relative_oxide_prices(p.facts))).tolist()
    rows = supply.at.goods
    stockpile = supply.stockpile.take(rows).tolist()
    bought = [
        min(rules.state_trade(log, made, has, 0.0), 0.5 * most) if most > 0.0 else 0.0
        for log, made, has, most in zip(slack, output, stockpile, for_sale, strict=True)
    ]
    if any(bought):
        supply.stockpile[rows] = np.add(stockpile, bought)
    return bought


def hoard(
    supply: SupplyPolicy,
    left: list[float],
    quote: FloatArray,
    *,
    needs: Needs,
    market: Market,
    border: Border,
    beliefs: Beliefs,
    p: Parameters,
    on: Switches,
) -> list[float]:
    """What hoarders buy of what is left (release, where negative) of each lead oxide, t; alarm is
    that of the exporter's customers, weighted by imports, as far as quotas touch what it exports of
    the oxide: fear for dysprosium makes nobody hold neodymium."""
    at, rows = supply.at, supply.at.goods
    held = supply.hoard.take(rows).tolist()
    alarm = abroad = wanted = [0.0] * len(LEAD_OXIDES)
    if on["M7"] and border.quota.any():
        weight = supply.import_weight
        feared = float(beliefs.alarm[:, p.facts.china] @ weight / weight.sum())
        alarm = (feared * quota_trade_share(border)[rows]).tolist()
    if border.rent.any():
        more = 1.0 + export_rent(border)[rows] / quote
        abroad = trader.pull(more, p.smuggling_cost, p.smuggling_response).tolist()
    if False:
        use = group_sum(needs.expected.take(at.needs), at.needed, len(LEAD_OXIDES)).tolist()
        growth = market.quote_growth.take(rows).tolist()
        today = (quote / supply.preferred.take(rows)).tolist()
        terms = p.hoard_gain, p.trend_band, p.hoard_finance
        wanted = [
            trader.stock_wanted(*of_good, *terms)
            for of_good in zip(use, growth, today, alarm, abroad, strict=True)
        ]
    net = [
        trader.stock_traded(want, has, most, p.hoard_rate) if most > 0.0 else 0.0
        for want, has, most in zip(wanted, held, left, strict=True)
    ]
    supply.hoard[rows] = np.maximum(np.add(held, net), 0.0)
    return net


def quota_trade_share(border: Border) -> FloatArray:
    """Share of the exporter's trade of the start in each good that counts against a quota, by good
    (0-1): whoever holds the good may come by a right and its rent. What goes by an end user's
    licence, or not at all, nobody at home holds for the price abroad. See decision 0043. Source:
    antimony at home fell by 10.5% after its licences of 2024 while Rotterdam rose by 57%.
    """
    return _of_exports(border, border.quota.clip(0.0, 1.0))


def export_rent(border: Border) -> FloatArray:
    """What a right to export is worth, mean over the exporter's trade of the start in each good
    (USD/kg); zero without a quota, for a licence cannot be sold.
    """
    return _of_exports(border, border.rent)


def _of_exports(border: Border, what: FloatArray) -> FloatArray:
    """Mean of what channels have over the exporter's trade of the start, by good."""
    facts = border.facts
    G = len(facts.goods)
    if not what.any():
        return np.zeros(G)
    ours = np.flatnonzero((border.exporter == facts.china) & (border.importer != facts.china))
    normal, good = border.normal[ours], border.good[ours]
    whole = group_sum(normal, good, G)
    return group_sum(normal * what[ours], good, G) / np.maximum(whole, 1e-12)


def _pay(
    money: Money,
    part: FloatArray,
    state: list[float],
    hoard: list[float],
    quote: FloatArray,
    *,
    supply: SupplyPolicy,
) -> None:
    """What changed hands is paid at the public quote, to or by each seller in proportion to its
    stock (USD million).
    """
    at, price = supply.at, quote / 1000.0
    for tonnes, buyer, buying, selling in (
        (state, "treasury", "reserve_purchase", "reserve_sale"),
        (hoard, "traders", "hoard_purchase", "hoard_sale"),
    ):
        account = int(money.at[buyer][money.facts.china])
        if max(tonnes) > 0.0:
            worth = np.maximum(tonnes, 0.0) * price
            money.pay(buying, account, at.firm, worth.take(at.sold) * part)
        if min(tonnes) < 0.0:
            worth = np.maximum(np.negative(tonnes), 0.0) * price
            money.pay(selling, at.firm, account, worth.take(at.sold) * part)
