"""What every firm decides as a seller: whom it serves first (M4) and at what price (M5)."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, group_sum, run_sum
from coercivity.agents.firms.firm_set import FirmSet
from coercivity.agents.information import Market, Parameters, Switches


def ration(
    order: FloatArray, queue: IntArray, stock: FloatArray, even_part: float
) -> tuple[FloatArray, FloatArray]:
    """Short stock is shared: a part pro rata to all, the rest by tier (0 home, 1 large or old
    customer, 2 the others).

    r_l = e r_pro + (1 - e) r_tier;  r_pro = min(1, S/O), tiers are filled in order.
    order (t) per link, queue = tier x offers + offer, stock S (t) per offer, e the even part (0-1).
    Returns tonnes granted per link, never above order nor, summed, above stock; and orders O (t)
    per offer.
    The even part keeps a shortage from starving the last tier. Source: shortage gaming, Lee et al.
    (1997); priority, behaviour rules 7.3. See decision 0016.
    """
    by_tier = group_sum(order, queue, 3 * len(stock)).reshape(3, -1)
    home, large, others = by_tier
    two = home + large
    wanted = two + others
    short = wanted > stock
    if not short.any():
        return order.copy(), wanted
    left = np.array((stock, stock - home, stock - two))  # for each tier
    served = (left / (by_tier + 1e-200)).clip(0.0, 1.0)
    part = np.where(short, even_part * stock / (wanted + 1e-200) + (1.0 - even_part) * served, 1.0)
    granted = part.take(queue)
    granted *= order
    return granted, wanted


def first_call(order: FloatArray, offer: IntArray, stock: FloatArray) -> FloatArray:
    """A mine serves the plants of its owner before others: g_l = o_l min(1, S / O).

    order o (t) and offer of each such link, stock S (t) per offer, O what these plants order of the
    mine (t). Returns tonnes granted per link; others share the rest (`ration`). See decision 0035.
    Source: MP sold concentrate as long as it had no separation, and stopped in April 2025; Lynas
    feeds Malaysia from Mt Weld (annual reports).
    """
    called = group_sum(order, offer, len(stock))
    return order * np.minimum(1.0, stock / (called + 1e-200))[offer]


def second_round(
    unfilled: FloatArray, left: FloatArray, need: IntArray, offer: IntArray, needs: int
) -> FloatArray:
    """What a first supplier could not deliver is asked of those that still have stock, once.

    Each need spreads its unfilled orders over its open links in proportion to what each seller has
    left; sellers share what is left pro rata. unfilled (t per need), left (t per offer); need and
    offer of the open links. Returns extra tonnes per link.
    """
    ask = left.take(offer)
    total = group_sum(ask, need, needs)
    ask *= (unfilled / (total + 1e-300)).take(need)
    asked_of = group_sum(ask, offer, len(left))
    ask *= np.minimum(1.0, left / (asked_of + 1e-300)).take(offer)
    return ask


def scarcity(orders: FloatArray, stock: FloatArray, months: FloatArray | float) -> FloatArray:
    """How short a seller is: 0 at normal cover.

    x = clip(ln(orders x normal months / stock before shipping), -1.5, 2.5)

    Before shipping, for after it the stock is zero in every good month. See decision 0016.
    """
    return np.log(np.maximum(orders * months, 1e-9) / np.maximum(stock, 1e-9)).clip(-1.5, 2.5)


def posted_price(
    price: FloatArray,
    anchor: FloatArray,
    short: FloatArray,
    floor: FloatArray,
    ceiling: FloatArray,
    eta: FloatArray,
    eta_steep: FloatArray,
    speed: float,
    step: float,
    least: FloatArray | float = 0.0,
) -> FloatArray:
    """A seller moves its asking price towards its anchor, raised by scarcity, convexly, but not
    beyond what the good is worth to who works it up.

    ln p* = min(max(ln A + eta x + eta2 max(0, x - 0.5)^2, ln L), ln C)

    ln p <- ln p + clip(kappa (ln p* - ln p), -step, step)

    p >= floor

    p asking price, A anchor and C ceiling (USD/kg), x scarcity, L what the exporter's goods
    fetch on the spot where a border holds them back (USD/kg; 0 elsewhere). Convex, so that one rule
    is calm at home and tenfold in a crisis; anchored, because a price that only integrates scarcity
    has no level to return to. Source: stock-cover pricing (Sterman 2000, ch. 20); competitive
    storage (Deaton & Laroque 1992).
    """
    scarce = short
    wish = np.log(np.minimum(np.maximum(anchor * np.exp(scarce), least), ceiling))
    now = np.log(price)
    return np.maximum(np.exp(now + (speed * (wish - now)).clip(-step, step)), floor)


def at_parity(
    asked: FloatArray, before: FloatArray, parity: FloatArray, floor: FloatArray, step: float
) -> FloatArray:
    """Who competes with the exporter sells by a formula on its quote: what was to be asked beyond
    parity comes down to it within the month, as far as a step goes and costs allow.

    p <- min(p, max(P, floor, p' e^-step));  P parity, p' asked a month ago (USD/kg), step the
    largest move (log). See decision 0027. Source: concentrate and oxide of Mountain Pass and Lynas
    are sold at Chinese quotes of the month (annual reports).
    """
    return np.minimum(asked, np.maximum(np.maximum(parity, floor), before * np.exp(-step)))


def drift_anchor(
    anchor: FloatArray, price: FloatArray, base: FloatArray, to_price: float, to_base: float
) -> FloatArray:
    """What a commodity is thought to be worth follows its price slowly and its long-run level more
    slowly still.

    ln A <- ln A + a clip(ln p - ln A, -0.3, 0.3) + b (ln p0 - ln A);  a = 0.03, b = 0.01 per month;
    a above 0.05 cycles. A price far from the anchor is a crisis, not a new value: the clip keeps a
    shortage that lasts from feeding on itself. See decision 0003.
    """
    log = np.log(anchor)
    return np.exp(
        log + to_price * (np.log(price) - log).clip(-0.3, 0.3) + to_base * (np.log(base) - log)
    )


class Seller(FirmSet):
    """Firms as sellers: what they ask for what they make."""

    def post_prices(self, *, market: Market, p: Parameters, on: Switches) -> None:
        """Sellers move asking prices: commodities on a slow anchor, makers on replacement cost,
        concentrates on the value of their basket.

        A = drifting level | p0 (unit cost / its start) | p0 (basket value / its start).  p0 of
        commodities rises with the price level. eta is scaled by 0.6 for makers and 1/2 for
        concentrates, eta2 by 0 and 0.3: they pass costs on, are bought under contract, and who
        makes to order answers with a longer wait. Sellers of a commodity in a state share its
        scarcity, and so its price. Makers do not ask less than 0.9 of their unit cost. Scales are
        assumed. Ores are not asked more for than their netback: beyond it, scarce ore stops the
        plants that work it up in the midst of a shortage of oxides. Nobody asks more than users can
        bear, and who competes with the exporter no more than parity with its price at the buyer's
        door. See decisions 0016, 0017, 0024 and 0027.
        """
        if not on["M5"]:
            return
        firms, offers = self.firms, self.offers
        firm = offers.firm
        cost = self.replacement_cost()
        short = self.of_offers(market.tightness).copy()
        short[offers.shut_rows] = 0.0  # who cannot make a good asks what it is thought to be worth
        offers.scarcity = short
        cost_ratio = (cost / firms.base_cost)[firm]
        drifted = drift_anchor(
            offers.anchor,
            offers.ask,
            offers.base_price * market.rise,
            p.anchor_to_price,
            p.anchor_to_base,
        )
        replaced = offers.base_price * cost_ratio
        basket = offers.base_price * market.basket_value[offers.good]
        offers.anchor = np.where(
            offers.to_order, replaced, np.where(offers.is_ore, basket, drifted)
        )
        floor = np.where(
            offers.to_order,
            0.9 * replaced / self._over_cost,
            offers.floor * market.rise,
        )
        parity = self.of_offers(market.parity)
        asked = posted_price(
            offers.ask,
            offers.anchor,
            short,
            floor,
            np.minimum(market.ceiling[offers.good], parity),
            offers.eta,
            offers.eta_steep,
            1.0,
            1.5,
            self.of_offers(market.least),
        )
        offers.ask = at_parity(asked, offers.ask, parity, floor, p.price_step)

    @cached_property
    def _over_cost(self) -> FloatArray:
        """Price over unit cost at the start, 1 where it was less."""
        return (1.0 + np.maximum(self.firms.base_margin, 0.0))[self.offers.firm]

    def replacement_cost(self) -> FloatArray:
        """Cost of a tonne of run if its inputs were bought today (USD/kg): sum a R + v, R what an
        input would cost, smoothed over two months.
        """
        firms, needs, links = self.firms, self.needs, self.links
        today = run_sum(links.share * links.cost, needs.link_first) if len(needs) else np.zeros(0)
        needs.replacement = needs.replacement + (today - needs.replacement) / 2.0
        return (
            group_sum(needs.coefficient * needs.replacement, needs.firm, len(firms))
            + firms.conversion
        )
