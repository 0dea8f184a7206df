"""What every firm decides as a seller: whom it serves, and at what price (M5)."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, group_sum, run_sum
from coercivity.agents.firms.firm_set import FirmSet
from coercivity.agents.information import Market, Support, Switches


def ration(order: FloatArray, offer: IntArray, stock: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Short stock is shared pro rata to orders: g_l = o_l min(1, S / O).

    order o (t) and offer of each link, stock S (t) per offer. Returns tonnes granted per link,
    never above order nor, summed, above stock; and orders O (t) per offer. Tiers of customers moved
    no row of the record and no policy experiment: decision 0092. Source: shortage gaming, Lee et
    al. (1997).
    """
    wanted = group_sum(order, offer, len(stock))
    if not (wanted > stock).any():
        return order.copy(), wanted
    return order * np.minimum(1.0, stock / (wanted + 1e-200)).take(offer), wanted


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


def asking_price(
    worth: FloatArray, scarce: FloatArray, floor: FloatArray, ceiling: FloatArray
) -> FloatArray:
    """A seller asks what a good is thought to be worth, times how scarce it is expected to be, not
    less than its floor and not more than its users can bear: p = max(min(A e^s, C), L).

    p asking price, A what the good is thought to be worth, C ceiling and L floor (USD/kg), s log
    of scarcity (`holders_rise`). Source: competitive storage (Deaton & Laroque 1992).
    """
    return np.maximum(np.minimum(worth * np.exp(scarce), ceiling), floor)


def passed_on(ask: FloatArray, aid: FloatArray, quote: FloatArray) -> FloatArray:
    """A maker that is paid by the tonne asks so much less, but no less than others: p' = max(p - a,
    min(p, P)), for buyers take a second source at the price of the first.

    p asking price, a aid and P public quote (USD/kg). Source: assumed; subsidies are passed through
    where the price is others' (Weyl & Fabinger 2013).
    """
    return np.maximum(ask - aid, np.minimum(ask, quote))


class Seller(FirmSet):
    """Firms as sellers: what they ask for what they make."""

    def post_prices(self, *, market: Market, support: Support, on: Switches) -> None:
        """Sellers ask what a good is thought to be worth, times how scarce it is expected to be.

        A = p0 B | p0 (unit cost / its start) | p0 (basket value / its start), of commodities,
        makers and concentrates; p0 asking price of the start, which rises with the price level, B
        what prices since have taught (`learned_worth`). Makers do not ask less than 0.9 of their
        unit cost, but for those that the public pays by the tonne (`passed_on`); ores are not asked
        more for than their netback: beyond it, scarce ore stops the plants that work it up in the
        midst of a shortage of oxides.
        """
        if not on["M5"]:
            return
        firms, offers = self.firms, self.offers
        cost_ratio = (self.follow_replacement_cost() / firms.base_cost)[offers.firm]
        scarce = self.of_offers(market.scarcity).copy()
        scarce[offers.shut_rows] = 0.0  # who cannot make a good asks what it is thought to be worth
        replaced = offers.base_price * cost_ratio
        basket = offers.base_price * market.basket_value[offers.good]
        plain = offers.base_price * market.worth[offers.good]
        worth = np.where(offers.to_order, replaced, np.where(offers.is_ore, basket, plain))
        floor = np.where(
            offers.to_order, 0.9 * replaced / self._over_cost, offers.floor * market.rise
        )
        offers.ask = asking_price(worth, scarce, floor, market.ceiling[offers.good])
        aid = self.of_firms(support.aid) * firms.cost
        if aid.any():
            aided = (aid[offers.firm] > 0.0) & offers.to_order
            by_tonne = aid[offers.firm] / np.maximum(offers.yields, 1e-12)
            asked = passed_on(offers.ask, by_tonne, market.quote[offers.good])
            offers.ask = np.where(aided, asked, offers.ask)

    @cached_property
    def _over_cost(self) -> FloatArray:
        """Price over unit cost at the start, 1 where it was less."""
        return (1.0 + np.maximum(self.firms.base_margin, 0.0))[self.offers.firm]

    def follow_replacement_cost(self) -> FloatArray:
        """Let `needs.replacement` follow what inputs cost today; return the cost of a tonne of run
        at it (USD/kg): sum a R + v, R what an input would cost, smoothed over two months.
        """
        firms, needs, links = self.firms, self.needs, self.links
        today = run_sum(links.share * links.cost, needs.link_first) if len(needs) else np.zeros(0)
        needs.replacement = needs.replacement + (today - needs.replacement) / 2.0
        return (
            group_sum(needs.coefficient * needs.replacement, needs.firm, len(firms))
            + firms.conversion
        )
