"""What owners do with a plant that loses money: mothball it, fail, open it again (M9). How the
verdict is carried out stands in model/plants/closures.py.
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray, with_rows
from coercivity.agents.firms.firm_set import FirmSet
from coercivity.agents.firms.investor import FULL_USE
from coercivity.agents.information import Calendar, Outlook, Parameters, Support, Works
from coercivity.agents.tables import BANKRUPT, MOTHBALLED, OPEN

GO_ON, CLOSE, FAIL, REOPEN = range(4)  # firms.verdict
QUARTER = 3.0  # months between two reviews
EVERY = slice(None)  # of a set
# margin in reach above which a closed plant is made ready (share of cost; assumed; 0 to 0.3)
RESTART_MARGIN = 0.05
# quarters for which it must be in reach (quarters; assumed; 1 to 6)
RESTART_QUARTERS = 2.0
# months before a bankrupt plant can run under a new owner (months; Mountain Pass closed 2015 and
# ran again in 2018; 12 to 84)
REVIVAL_MONTHS = 21.0
# quarters of such loss after which a private plant is mothballed; patient owners wait three times
# as long (quarters; assumed; 2 to 8)
MOTHBALL_QUARTERS = 3.0
# loss beyond which a quarter counts towards mothballing (share of cost; Lynas cut output in 2013
# with spot 25% below its sustainable price (behaviour rules 4.5); 0.1 to 0.4)
MOTHBALL_MARGIN = 0.25
# money with which a plant starts; a private plant that has lost it is bankrupt (months of cost;
# assumed; 3 to 18)
RESERVE_MONTHS = 6.0


def should_mothball(poor: FloatArray, patience: FloatArray) -> BoolArray:
    """A plant is mothballed once its cash margin has been below the threshold for its owner's
    patience (quarters).
    """
    return poor >= patience


def should_reopen(good: FloatArray, quarters: float) -> BoolArray:
    """It comes back once the margin it could earn has been above a higher threshold for some
    quarters: between the two nothing changes (hysteresis).
    """
    return good >= quarters


def private_part(public_share: FloatArray, worth: FloatArray) -> FloatArray:
    """Part of a plant's capital cost that private lenders and owners paid: 1 - min(1, G / (k o K)).

    G grants and public shares paid (USD million), k capital cost (USD million per t/month), o mean
    overrun, K capacity built and under way (t/month).
    """
    return 1.0 - np.minimum(public_share / np.maximum(worth, 1e-12), 1.0)


def reachable_margin(base_margin: FloatArray, outlook: Outlook) -> FloatArray:
    """Return the margin that a closed plant could earn: (1 + m0) (R / R0) / (C / C0) - 1.

    m0 its margin at the start; R revenue and C unit cost (USD/kg) at the prices that its side of
    the border has now, R0 and C0 at the start.
    """
    o = outlook
    return (1.0 + base_margin) * o.asked / o.base_revenue / (o.cost / o.base_cost) - 1.0


class Closing(FirmSet):
    """Firms as owners of plants that run or stand: they close what loses money and open it
    again.
    """

    def review(self, *, works: Works, support: Support, clock: Calendar, p: Parameters) -> None:
        """Once a quarter: close, reopen, fail.

        poor counts quarters with margin below -threshold (beyond the loss that owners carried at
        the start), good those in which a closed plant could earn more than the restart margin.
        purse += 3 (C (m run - f max(0, 0.7 K - run)) / 1000 - b K), at most a year of cost: C unit
        cost (USD/kg), m margin, K capacity (t/month), f standing cost, b debt service of a new
        plant on the private part of its cost (USD million per t/month). Below zero a private plant
        that still loses money fails: its lenders do not wait. Patient owners - China's, old makers'
        plants abroad, projects with a state lender at the start (projects.csv), and those that the
        public backs now - neither fail nor close early. Source: behaviour rules 4.5; Molycorp 2015
        and Lynas 2013 (plants.csv).
        """
        firms, rows = self.firms, self.firms.closable_rows
        firms.verdict = np.full(len(firms), GO_ON)
        if not len(rows):
            return
        status, ore = firms.status[rows], self.margin_of_its_mine(rows, support=support)
        running = status == OPEN
        patient = firms.patient[rows] | self.of_firms(support.backed)[rows]
        carried = np.minimum(firms.base_margin[rows], 0.0)
        margin = self.margin(support=support)[rows] + ore - carried
        poor = np.where(running & (margin < -MOTHBALL_MARGIN), firms.poor[rows] + 1.0, 0.0)
        purse, earned = self.quarter(rows, margin, running, works=works, support=support, p=p)
        fail = running & (purse < 0.0) & (earned < 0.0) & ~patient
        close = should_mothball(poor, MOTHBALL_QUARTERS * np.where(patient, 3.0, 1.0)) & ~fail
        shut = (status == MOTHBALLED) | (status == BANKRUPT)
        could = (
            reachable_margin(self.tables[0].base_margin, works.outlook)[self.rows[rows]]
            + self.of_firms(support.aid)[rows]
            + ore
            - carried
        )
        good = np.where(shut & (could > RESTART_MARGIN), firms.good[rows] + 1.0, 0.0)
        building = self.of_firms(works.pipeline.building)[rows]
        ready = shut & should_reopen(good, RESTART_QUARTERS) & (building <= 0.0)
        waited = clock.month - firms.failed[rows] >= REVIVAL_MONTHS
        ready &= (status == MOTHBALLED) | waited
        reserve = RESERVE_MONTHS * firms.cost[rows] / 1000.0 * firms.idle[rows]
        purse, good = np.where(ready, reserve, purse), np.where(ready, 0.0, good)
        firms.poor = with_rows(firms.poor, rows, poor)
        firms.purse = with_rows(firms.purse, rows, purse)
        firms.good = with_rows(firms.good, rows, good)
        verdict = np.where(fail, FAIL, np.where(close, CLOSE, np.where(ready, REOPEN, GO_ON)))
        firms.verdict = with_rows(firms.verdict, rows, verdict)

    def margin_of_its_mine(self, rows: IntArray | slice = EVERY, *, support: Support) -> FloatArray:
        """What the mine of the same owner earns, per unit of the plant's cost: one owner looks at
        ore and plant together. rows: places in this set.
        """
        everyone = self.tables[0]
        mine = self.mines_of(rows)
        aided = everyone.margin[mine] + (support.aid[mine] if support.programmes else 0.0)
        return np.where(mine >= 0, aided * everyone.cost[mine] / self.firms.cost[rows], 0.0)

    def quarter(
        self,
        rows: IntArray,
        margin: FloatArray,
        running: BoolArray,
        *,
        works: Works,
        support: Support,
        p: Parameters,
    ) -> tuple[FloatArray, FloatArray]:
        """(money in hand, earned a month) after a quarter (USD million). A plant that opened since
        the last review begins with its owners' reserve.
        """
        firms = self.firms
        building = self.of_firms(works.pipeline.building)[rows]
        capacity, run, cost = firms.capacity[rows], firms.run[rows], firms.cost[rows] / 1000.0
        year = 12.0 * cost * np.maximum(capacity + building, firms.idle[rows])
        empty = np.maximum(FULL_USE * capacity - run, 0.0)
        service = firms.debt_service[rows] / firms.reach[rows]  # all that was built is owed for
        if support.programmes:
            worth = firms.capex[rows] * p.overrun * (capacity + building) / firms.reach[rows]
            service = service * private_part(self.of_firms(support.given)[rows], worth)
        earned = cost * (margin * run - p.standing_cost * empty) - service * capacity
        before = firms.purse[rows]
        fresh = running & (firms.failed[rows] == 0) & (before == 0)
        after = np.where(
            fresh, RESERVE_MONTHS / 12.0 * year, np.minimum(before + QUARTER * earned, year)
        )
        return np.where(running, after, before), earned
