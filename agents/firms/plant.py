"""What plants share: how far orders, margins and unsold output tell them to run (M1)."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, group_sum
from coercivity.agents.firms.buyer import forecast
from coercivity.agents.firms.investor import FRINGE_UTILISATION
from coercivity.agents.firms.roles import Everyone
from coercivity.agents.information import Parameters, Supply, Support, Switches

LARGE_PART = 0.1  # t of by-product per t fed from which a plant runs for it too
# short-run response of mines and plants outside China to price (log/log; supply is inelastic
# (Alfaro et al. 2025); the number from memory; 0 to 0.2)
FRINGE_ELASTICITY = 0.1
# loss that a plant on orders bears before it runs slower (share of cost; experiment: at 0 plants
# that work off dear stocks halve their output after every fall in prices; behaviour rules 4.5:
# output cut at 25% below the sustainable price; 0 to 0.25)
BEARABLE_LOSS = 0.15
# time over which a separator of clay closes the gap of its own stock by running harder or slower
# (months; experiment: heavy separation swings by a fifth of itself at 12, without any noise; 3 to
# 36)
PLANT_ADJUSTMENT = 24.0


def wanted_output(
    orders: FloatArray, stock: FloatArray, cover: FloatArray, months: FloatArray | float
) -> FloatArray:
    """Output that meets orders and brings the stock to its normal cover.

    q* = max(0, O + (c O - S) / T)

    O orders, smoothed (t/month); S stock before shipping (t); c normal cover and T adjustment
    (months).
    """
    return np.maximum(orders + (cover * orders - stock) / months, 0.0)


def desired_run(
    wanted: FloatArray,
    output: FloatArray,
    price: FloatArray,
    firm: IntArray,
    firms: int,
    power: float,
) -> FloatArray:
    """A plant with several products runs for the scarcest of them: a high power mean of the runs
    that each would want.

    r = (sum w (q*/y)^n / sum w)^(1/n), w = p y,  n = 4
    q* wanted output (t), y output per unit of run (t/t), p price of what counts: lead products and
    by-products that are a large part of the output (0 for the others). A high power keeps
    surplus cerium from holding neodymium back. Weighed by value, a short by-product has to become
    dear before plants run for it. See decisions 0005 and 0016.
    """
    runs = np.minimum(wanted / np.maximum(output, 1e-12), 1e9)
    weight = price * output
    mean = group_sum(weight * runs**power, firm, firms) / np.maximum(
        group_sum(weight, firm, firms), 1e-300
    )
    return mean ** (1.0 / power)


def throttle(run: FloatArray, margin: FloatArray, bearable: float) -> FloatArray:
    """A plant cuts its run once it loses more than it would lose standing: r = q clip(1 + 3 (m +
    b), 0.25, 1).

    q run on orders, m margin over what inputs cost when bought (share of cost), b part of cost that
    is sunk: pay, capital and stocks already in the house. For plants that run on orders; the fringe
    has a margin rule of its own. See decision 0016.
    """
    return run * (1.0 + 3.0 * (margin + bearable)).clip(0.25, 1.0)


def fringe_run(
    capacity: FloatArray,
    utilisation: float,
    margin: FloatArray,
    unsold_months: FloatArray,
    price_ratio: FloatArray,
    elasticity: float,
) -> FloatArray:
    """A mine or plant outside the swing producer runs while its margin is positive; it does not
    wait for orders.

    r = min(u r^e, 0.98) K m t,  m = clip(1 + 3 margin, 0, 1),  t = clip((6 - unsold) / 3, 0, 1)
    r price of what it sells over its start, e short-run elasticity (facts:
    supply_elasticity_sr_exchina 0-0.2), K capacity (t/month), u utilisation, margin (share of
    cost), unsold output in months of capacity: tapering between 3 and 6.
    Entrants that wait for orders never get any. Source: behaviour rules 4. See decision 0016.
    """
    pace = np.minimum(utilisation * np.maximum(price_ratio, 0.1) ** elasticity, 0.98)
    sells = ((6.0 - unsold_months) / 3.0).clip(0.0, 1.0)
    return capacity * pace * (1.0 + 3.0 * margin).clip(0.0, 1.0) * sells


def step_towards(before: FloatArray, aim: FloatArray, speed: FloatArray | float) -> FloatArray:
    """A part of the way from the run wanted last month to what is wanted now: y* <- y* + s (aim -
    y*).
    """
    return before + speed * (aim - before)


class Stand:
    """How plants stand when they plan, an array each by plant. Each is looked up when it is first
    asked for, and then kept while they plan.
    """

    def __init__(self, plants: Plants, *, supply: Supply, support: Support, p: Parameters) -> None:
        self.plants, self.supply, self.support, self.p = plants, supply, support, p
        self.firms = plants.firms

    @cached_property
    def allowed(self) -> FloatArray:
        """What holders of a quota may dig or feed (t/month); infinite for others."""
        return self.plants.of_firms(self.supply.allowed)

    @cached_property
    def room(self) -> FloatArray:
        """Capacity that no shock has taken (t/month of run)."""
        return self.firms.capacity * self.firms.available

    @cached_property
    def margin(self) -> FloatArray:
        """Margin with public money and with what the mine of the same owner earns (share of cost):
        ore from the own mine at the market's price is money from one pocket into the other.
        """
        plants, support = self.plants, self.support
        return plants.margin(support=support) + plants.margin_of_its_mine(support=support)

    @cached_property
    def unsold(self) -> FloatArray:
        """Months of unsold output."""
        return self.plants.unsold_months()

    @cached_property
    def earning(self) -> FloatArray:
        """Run of who does not wait for orders (t/month of run): in full down to the loss that it
        bears, as plants on orders do, and less beyond, while its output sells.
        """
        bears, ratio = self.margin + BEARABLE_LOSS, self.plants.price_ratio()
        return fringe_run(
            self.room, FRINGE_UTILISATION, bears, self.unsold, ratio, FRINGE_ELASTICITY
        )

    @cached_property
    def on_orders(self) -> FloatArray:
        """Run that orders call for (t/month of run)."""
        return self.plants.for_orders(self.margin, *self.plants.answers(self.p), self.p)


class Plants(Everyone):
    """Mines, separators, makers: firms whose output is counted in tonnes. Each kind has its own
    `aim_at`.
    """

    def plan_run(self, *, supply: Supply, support: Support, p: Parameters, on: Switches) -> None:
        """A plant moves from how hard it wanted to run to how hard it would like to now, and runs
        as far as its capacity goes (t/month of run).

        y* <- y* + s (aim - y*), never below zero; s speed. Without M1 plants keep their starting
        pace.
        """
        self.want(*self.runs(supply=supply, support=support, p=p, on=on))

    def runs(
        self, *, supply: Supply, support: Support, p: Parameters, on: Switches
    ) -> tuple[FloatArray, FloatArray]:
        """(run that plants would like, run that they have the capacity for), t/month of run."""
        firms = self.firms
        desired = self.aim(supply=supply, support=support, p=p) if on["M1"] else firms.base_run
        desired = np.maximum(desired, 0.0)
        return desired, np.minimum(desired, firms.capacity * firms.available)

    def aim(self, *, supply: Supply, support: Support, p: Parameters) -> FloatArray:
        """How hard these plants would like to run, before bounds (t/month of run)."""
        return self.aim_at(Stand(self, supply=supply, support=support, p=p), p)

    @staticmethod
    @abstractmethod
    def aim_at(at: Stand, p: Parameters) -> FloatArray:
        """The same for plants that stand as `at` says."""

    @staticmethod
    def pace(p: Parameters) -> tuple[float, float]:
        """(months over which stocks are brought to normal, speed of the run) of who runs on
        orders.
        """
        return PLANT_ADJUSTMENT, p.clay_speed

    def answers(self, p: Parameters) -> tuple[FloatArray | float, FloatArray | float]:
        """The pace of these plants, of all or by offer."""
        return self.pace(p)

    def for_orders(
        self,
        margin: FloatArray,
        adjustment: FloatArray | float,
        speed: FloatArray | float,
        p: Parameters,
    ) -> FloatArray:
        """Run that orders call for: for the scarcest of the products that count, at most 1.3 of
        capacity, cut where it would lose money; makers run while they sell, for they pass on what
        inputs cost. adjustment (months) and speed: by offer, or of all.
        """
        firms, offers = self.firms, self.offers
        count, firm = len(firms), offers.firm
        months = p.order_memory + 1.0 / speed
        ahead = forecast(offers.orders, firms.trend[firm], months)
        wanted = wanted_output(ahead, offers.stock, offers.cover, adjustment)
        counts = offers.ask * self._counting
        on_orders = desired_run(wanted, offers.yields, counts, firm, count, 4.0)
        most = 1.3 * np.maximum(firms.capacity, 1e-12)
        run = np.minimum(on_orders, most)
        return np.where(firms.is_maker, run, throttle(run, margin, BEARABLE_LOSS))

    def unsold_months(self) -> FloatArray:
        """Value of lead products beyond a month's orders, in months of output at capacity."""
        firms, offers = self.firms, self.offers
        count, firm = len(firms), offers.firm
        ask, (lead, gives) = offers.ask, self._leading
        unsold = group_sum(
            np.maximum(offers.stock - offers.orders, 0.0) * (ask * lead), firm, count
        )
        month_value = group_sum(ask * gives, firm, count) * np.maximum(firms.capacity, 1e-12)
        return unsold / np.maximum(month_value, 1e-300)

    def price_ratio(self) -> FloatArray:
        """Value of what a plant sells at asking prices over its value at the start."""
        firms, offers = self.firms, self.offers
        count, firm = len(firms), offers.firm
        now = group_sum(offers.yields * offers.ask, firm, count)
        return np.where(now > 0, now / self._at_start, 1.0)

    @cached_property
    def _leading(self) -> tuple[FloatArray, FloatArray]:
        """(1 for lead products and 0 for by-products, output of lead products per tonne of run)."""
        lead = self.offers.lead
        return lead, self.offers.yields * lead

    @cached_property
    def _at_start(self) -> FloatArray:
        """Value of what a plant sells at the prices of the start (USD per kg of run)."""
        offers = self.offers
        value = group_sum(offers.yields * offers.base_price, offers.firm, len(self.firms))
        return np.maximum(value, 1e-300)

    @cached_property
    def _counting(self) -> FloatArray:
        """1 for products that a plant runs for, lead products and large by-products, and 0 for the
        others; yields stay what they were.
        """
        large = (self.offers.lead > 0) | (self.offers.yields >= LARGE_PART)
        return large.astype(np.float64)
