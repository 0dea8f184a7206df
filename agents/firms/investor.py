"""What firms decide about capacity: expand on orders, enter on a real option, choose a side of the
border (M9).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray, group_sum, with_rows
from coercivity.agents.firms.firm_set import FirmSet
from coercivity.agents.firms.real_option import expected_volatility, hurdle, option_multiple
from coercivity.agents.information import (
    Beliefs,
    Calendar,
    Outlook,
    Parameters,
    Politics,
    Support,
    Works,
)
from coercivity.agents.tables import OPTION, Firms

LONG_LEAD = 60.0  # months; the lead at which the real-options multiple counts in full
# part of capacity that those who are there fill before a newcomer sells, and below which a plant's
# standing cost is not covered by its sales (assumed)
FULL_USE = 0.7
WAIT, BEGIN, GIVE_UP = range(3)  # firms.project
# yearly rate below which a double cannot tell 1 + r from 1 well enough to divide by r
NO_INTEREST = 1e-12
# part of the volatility that a public price floor takes away (share; assumed; 0.3 to 1)
FLOOR_COVER = 0.7
# years over which a new plant is paid back (years; company studies; 15 to 30)
PLANT_LIFE = 20.0
# weight of the thin-market quote in the price that investors expect (share; behaviour rules 8.3: a
# mix of contract and quote; 0 to 1)
QUOTE_WEIGHT = 0.3
# capex of an expansion of a plant that runs, over that of a new one (share; assumed; 0.2 to 1)
BROWNFIELD_COST = 0.4
# discount rate of the real-options hurdle; its payout is set equal to it (per year; company
# studies; 0.05 to 0.15)
DISCOUNT_RATE = 0.08
# spread of what investors read of the quote (sd of log; assumed; 0 to 0.4)
QUOTE_NOISE = 0.15
# extra time and capex of separators, metal and magnet plants outside China under its technology
# bans (share; behaviour rules 5.3: 10-40%; 0.1 to 0.4)
TECHNOLOGY_DELAY = 0.2
# chance that a project under way is given up (per year; 2-3 of more than 20 projects expected this
# decade (Goldman 2023); 0 to 0.2)
CANCEL_HAZARD = 0.05
# the same once its value has fallen below its cost (per year; assumed; 0.1 to 0.8)
CANCEL_HOPELESS = 0.4
# memory of the growth that a firm plans its stocks and plants for (years; experiment: at 2 years a
# boom is planned on as if it went on; 2 to 10)
TREND_MEMORY = 5.0
# time over which a firm expects its growth to fade when it plans a plant (years; experiment:
# extrapolated over the whole lead, outside mines are overbuilt after every spike; 2 to 10)
GROWTH_FADE = 6.0
# share of capacity at which plants outside China run while they earn (share; assumed; 0.7 to 0.95)
FRINGE_UTILISATION = 0.85
# capacity wanted over expected orders (x orders; assumed: Chinese magnet makers ran at 60 to 75% of
# capacity (recalled); experiment: at 1.18 lines wait for magnets through every boom; 1.1 to 1.7)
INVEST_RESERVE = 1.4
# most that a plant decides to add in a year, over the most that it has under way at once (share;
# assumed; 0.3 to 1)
ADDED_OF_UNDER_WAY = 0.7
# volatility that investors expect in a quiet year; alarm adds to it (per year; yearly log changes
# of Nd 2013-2024; 0.15 to 0.5)
PRICE_VOLATILITY = 0.3
# volatility that full alarm adds to what investors expect (per unit alarm; assumed; 0 to 0.6)
ALARM_VOLATILITY = 0.3


class Appraisal(NamedTuple):
    """What a builder sees when it looks at a project, an array each by project.

    price, cost, floor: USD/kg of run, cost after credits; ore: what its own mine earns on a tonne
    fed; margin = price - cost + floor + ore. use: part of capacity that it expects to sell (0-1).
    outlay: capital cost after overrun and gifts (USD million per t/month). value: V / I; hurdle:
    what is asked of it.
    """

    price: FloatArray
    cost: FloatArray
    floor: FloatArray
    ore: FloatArray
    margin: FloatArray
    use: FloatArray
    outlay: FloatArray
    value: FloatArray
    hurdle: FloatArray


def expected_price(
    contract: FloatArray, quote: FloatArray, weight: float, luck: FloatArray | float
) -> FloatArray:
    """Price that an investor reckons with: P = (1 - w) contract + w quote e^luck: a slow contract
    price and a noisy thin-market quote.

    All in USD/kg; w weight of the quote (0-1). Source: behaviour rules 4.3 and 8.3.
    """
    return (1.0 - weight) * contract + weight * quote * np.exp(luck)


def annuity(rate: FloatArray, years: float) -> FloatArray:
    """Present value of a dollar a year for n years: (1 - (1 + r)^-n) / r, and its limit n where r
    is zero: a plant that is lent all its capital for nothing.
    """
    bears = rate > NO_INTEREST
    rate_used = np.where(bears, rate, 1.0)
    return np.where(bears, (1.0 - (1.0 + rate_used) ** -years) / rate_used, years)


def borrowing_rate(private: float, loan: FloatArray, loan_rate: FloatArray) -> FloatArray:
    """Return the discount rate of a plant that a cheap loan pays in part: r = (1 - l) r0 + l
    min(rl, r0), l the loan's share (0-1), r0 the private and rl the loan's rate (per year).
    """
    return (1.0 - loan) * private + loan * np.minimum(loan_rate, private)


def expected_use(
    demand: FloatArray,
    growth: FloatArray,
    lead_years: FloatArray,
    rivals: FloatArray,
    own: FloatArray,
    filled: float,
    most: float,
) -> FloatArray:
    """Part of its capacity that a newcomer expects to sell: u = clip((D e^(g lead) - f K) / k, 0,
    most), K capacity built and under way, k its own (t/month).

    D what is ordered of sellers on its side of the border and what distrust would bring there; f
    part of their capacity that those who are there will fill first. Rivals under way deter: no
    flood of entrants into a calm market.
    """
    ordered = demand * np.exp(growth.clip(-0.05, 0.25) * lead_years)
    return ((ordered - filled * rivals) / np.maximum(own, 1e-9)).clip(0.0, most)


def value_over_cost(
    margin: FloatArray,
    use: FloatArray | float,
    worth: FloatArray,
    wait: FloatArray,
    capex: FloatArray,
) -> FloatArray:
    """V / I = m u 12 A e^(-r lead / 2) / (1000 I), m cash margin (USD/kg of run), u utilisation, A
    annuity (years), I capex (USD million per t/month).

    wait: the factor e^(-r lead / 2), for sales begin when building ends and payments run all along.
    """
    return margin * use * 12.0 * worth * wait / (1000.0 * np.maximum(capex, 1e-9))


def planned_growth(
    trend: FloatArray, before: FloatArray, now: FloatArray, years: float
) -> FloatArray:
    """Growth that a firm plans for follows what it sees once a year.

    g <- g + (clip(ln(Q / Q'), -0.05, 0.25) - g) / T

    Q, Q' smoothed orders now and a year ago (t/month), T memory (years). With a short memory a boom
    is planned on as if it went on. See decisions 0011 and 0016.
    """
    seen = np.log(np.maximum(now, 1e-12) / np.maximum(before, 1e-12))
    return trend + (seen.clip(-0.05, 0.25) - trend) / years


def wanted_capacity(
    need: FloatArray, growth: FloatArray, lead_years: FloatArray, reserve: float, fade: float
) -> FloatArray:
    """Capacity for the day the plant opens: K* = reserve Q (1 + g)^n, n = f (1 - e^(-(lead + 3/2) /
    f)), for growth fades within f years.

    Q smoothed orders (t/month, a year old on average), g own yearly growth. On orders, not on
    output: output shrinks in a crisis, and the shortage returns when the plants are due. See
    decision 0016.
    """
    years = fade * (1.0 - np.exp(-(lead_years + 1.5) / fade))
    return reserve * need * (1.0 + growth.clip(-0.05, 0.25)) ** years


def expansion(
    wanted: FloatArray,
    existing: FloatArray,
    planned: FloatArray,
    value_to_cost: FloatArray,
    hurdle: FloatArray,
    most: float,
    under_way: float,
) -> FloatArray:
    """Tonnes a month to build: the gap between wanted and existing plus planned, where value
    over cost clears the hurdle.

    Returns 0 below the hurdle; at most `most` of existing capacity at once, and no more than brings
    what is under way to `under_way` of it: a mine that takes six years to build is not begun anew
    each year of a boom. See decision 0016.
    """
    gap = (np.minimum(wanted - existing, under_way * existing) - planned).clip(
        0.0, most * np.maximum(existing, 0.0)
    )
    return np.where(value_to_cost > hurdle, gap, 0.0)


def site_shares(
    cost: FloatArray, threat: FloatArray, prior: FloatArray, cost_gain: float, threat_gain: float
) -> FloatArray:
    """Where a maker builds: s_j ~ prior_j exp(-a ln c_j - h T_j) over sites j (columns), a logit in
    cost gap and threat.

    c_j unit cost there over unit cost at home, relative to the start; T_j threat (0-1): distrust of
    the exporter in full for a site behind its border, in part for one that buys from it. Inside
    pays while quotas, duties and taxes make inputs dear outside (2011-13), outside once distrust
    outweighs them (2025 on).
    Source: behaviour rules 6.4; Shin-Etsu Longyan 2012 (facts: outcomes O118).
    """
    pull = prior * np.exp(-cost_gain * np.log(np.maximum(cost, 1e-6)) - threat_gain * threat)
    return pull / np.maximum(pull.sum(axis=1, keepdims=True), 1e-300)


def cancels(
    luck: FloatArray, value: FloatArray, hazard: float, hopeless: float, backed: BoolArray | bool
) -> BoolArray:
    """A project under way is given up with a yearly chance: `hazard`, or `hopeless` once value over
    cost is below 1; public backing halves it.

    Source: 2-3 of more than 20 projects expected within a decade (behaviour rules 3.5).
    """
    return luck < np.where(value < 1.0, hopeless, hazard) * np.where(backed, 0.5, 1.0)


def unserved_by_tonne(unserved: FloatArray, built: FloatArray) -> FloatArray:
    """Demand that borders leave unserved outside is won by what stands there, each by its share:
    U_f = K_f U / sum K; returns U / sum K.

    U unserved demand for what plants of a kind make and K capacity (t/month of run). Source:
    assumed.
    """
    return unserved / np.maximum(built, 1e-9)


def technology_cost(firms: Firms, rows: IntArray, *, banned: bool) -> FloatArray:
    """Capital cost of plants over the usual: more for who builds outside while the exporter
    withholds technology (facts: tech_ban_cost_penalty 10-40%).
    """
    dear = banned & firms.needs_technology[rows] & ~firms.inside[rows]
    return np.where(dear, 1.0 + TECHNOLOGY_DELAY, 1.0)


def look_ahead_rows(firms: Firms, month: int) -> IntArray:
    """Plants that run and whose month of the year it is to decide on more."""
    due = firms.may_build & (firms.decision_month == month % 12) & (firms.capacity > 0)
    return due.nonzero()[0]


class Investor(FirmSet):
    """Firms as investors: they enlarge plants, begin planned ones or give them up."""

    def expand(
        self,
        *,
        works: Works,
        beliefs: Beliefs,
        politics: Politics,
        support: Support,
        clock: Calendar,
        p: Parameters,
    ) -> None:
        """Plants that run add what their orders, or demand that borders leave unserved, call for:
        K* = reserve Q (1+g)^n(lead), of the fringe Q (1+g)^n / 0.85; add K* - K - planned where V /
        I > hurdle. What users have told the makers of their motors (`call_off`), K* = reserve Q c,
        is added whole, however much it is.

        hurdle = 1 behind the exporter's border, else 1 + w (b/(b-1) - 1) overrun lead / 60: what
        takes longer to build is harder to undo; alarm raises the volatility in b. Support counts
        (`value_of_more`); offtake and floor cut the volatility.
        """
        firms, promised = self.firms, self.of_firms
        rows = look_ahead_rows(firms, clock.month)
        built = np.zeros(len(firms))
        if not len(rows):
            firms.addition = built
            return
        look, process, inside = works.outlook, firms.process[rows], firms.inside[rows]
        capacity = firms.capacity[rows]
        lead = promised(works.lead)[rows]
        everyone = self.tables[0]
        stands = group_sum(everyone.capacity[look.makers], look.kind, len(look.unserved))
        unserved = unserved_by_tonne(look.unserved, stands)[process] * ~inside
        orders = np.maximum(firms.orders_year[rows], unserved * capacity)
        room = np.maximum(1.0, unserved)
        trend = planned_growth(firms.trend[rows], firms.last_year[rows], orders, TREND_MEMORY)
        firms.trend = with_rows(firms.trend, rows, trend)
        firms.last_year = with_rows(firms.last_year, rows, orders)
        wanted = wanted_capacity(orders, trend, lead / 12.0, INVEST_RESERVE, GROWTH_FADE)
        fringe = wanted / INVEST_RESERVE / FRINGE_UTILISATION
        wanted = np.where(firms.is_fringe[rows], fringe, wanted)
        asked = self.asked_of(rows, works=works, beliefs=beliefs, support=support, p=p)
        hurdle_rate = np.where(inside, 1.0, asked)
        earned = self.value_of_more(rows, lead, politics=politics, support=support, p=p)
        planned = promised(works.pipeline.building)[rows]
        addition = expansion(
            wanted,
            capacity,
            planned,
            earned,
            hurdle_rate,
            p.expand_most * room,
            p.expand_most / ADDED_OF_UNDER_WAY * room,
        )
        told = INVEST_RESERVE * orders * promised(works.called_off)[rows] - capacity - planned
        built[rows] = np.maximum(addition, np.where(earned > hurdle_rate, told, 0.0))
        firms.addition = built

    def value_of_more(
        self,
        rows: IntArray,
        lead: FloatArray,
        *,
        politics: Politics,
        support: Support,
        p: Parameters,
    ) -> FloatArray:
        """Return value over cost of an enlargement, at the plant's own margin.

        V / I = (C (m + s) + F) u 12 A e^(-r lead/2) / (1000 b I o (1 - gift))

        m margin and s credit (shares of cost C, USD/kg), F floor (USD/kg of run), b I capital cost
        where a plant stands (`BROWNFIELD_COST`), o overrun outside, with a technology ban's part.
        """
        firms, promised = self.firms, self.of_firms
        cost, floor = firms.cost[rows], 1000.0 * promised(support.floor)[rows]
        credit = np.minimum(promised(support.credit_rate)[rows], 0.9)
        margin = cost * (firms.margin[rows] + credit) + floor
        over = np.where(firms.inside[rows], 1.0, p.overrun) * BROWNFIELD_COST
        over *= technology_cost(firms, rows, banned=politics.technology_ban)
        financed = self.finance(rows, lead, over * firms.capex[rows], support=support)
        return value_over_cost(margin, FRINGE_UTILISATION, *financed)

    def finance(
        self, rows: IntArray, lead: FloatArray, outlay: FloatArray, *, support: Support
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return (annuity, e^(-r lead / 2), outlay left to owners) after loans and gifts."""
        promised = self.of_firms
        loan = promised(support.loan_share)[rows]
        rate = borrowing_rate(DISCOUNT_RATE, loan, promised(support.loan_rate)[rows])
        left = outlay * (1.0 - np.minimum(promised(support.gift_share)[rows], 0.95))
        return annuity(rate, PLANT_LIFE), np.exp(-rate * lead / 24.0), left

    def multiple(self, rows: IntArray, *, beliefs: Beliefs, support: Support) -> FloatArray:
        """Real-options multiple at which the firms at these places see the market."""
        alarm = beliefs.exporter_alarm[self.firms.state[rows]]
        offtake = self.of_firms(support.offtake_share)[rows]
        floored = FLOOR_COVER * self.of_firms(support.floored)[rows]
        volatility = expected_volatility(
            PRICE_VOLATILITY, alarm, ALARM_VOLATILITY, offtake, floored
        )
        return option_multiple(volatility, DISCOUNT_RATE)

    def weigh_project(
        self,
        *,
        works: Works,
        beliefs: Beliefs,
        politics: Politics,
        support: Support,
        clock: Calendar,
        p: Parameters,
    ) -> None:
        """Holders of options whose month it is: build where V / I clears the hurdle; a project
        under way may be given up.

        Luck: streams 'investor' and 'cancel'.
        """
        firms, options = self.firms, self.firms.option_rows
        project = np.full(len(firms), WAIT)
        due = options[firms.decision_month[options] == clock.month % 12]
        due = due[firms.status[due] == OPTION]
        under_way = self.of_firms(works.pipeline.building)[due] > 0.0
        free = ~under_way & (firms.option_from[due] <= clock.month)
        if not (under_way.any() or free.any()):
            firms.project = project
            return
        count = len(self.tables[0])
        luck = self.of_firms(clock.normals("investor", count))[due]
        *_, value = self.worth(due, luck, works=works, politics=politics, support=support, p=p)
        choice = np.full(len(due), WAIT)
        earns = free & (value > 1.0)
        if earns.any():  # no hurdle is lower than 1
            asked = self.asked_of(due, works=works, beliefs=beliefs, support=support, p=p)
            choice[earns & (value > asked)] = BEGIN
        if under_way.any():
            luck = self.of_firms(clock.uniforms("cancel", count))[due]
            hazards, may = (CANCEL_HAZARD, CANCEL_HOPELESS), under_way & ~firms.pledged[due]
            if (may & cancels(luck, value, *hazards, False)).any():  # else none, backed or not
                backed = self.of_firms(support.backed)[due]
                hopeless = cancels(luck, value, *hazards, backed)
                choice = np.where(may & hopeless, GIVE_UP, choice)
        project[due] = choice
        firms.project = project

    def appraise(
        self,
        rows: IntArray,
        luck: FloatArray,
        *,
        works: Works,
        beliefs: Beliefs,
        politics: Politics,
        support: Support,
        p: Parameters,
    ) -> Appraisal:
        """What building at these places looks like, with the support that is promised there. A
        signal raises the price that is expected (`worth`) and the volatility in b (`asked_of`):
        either may win.
        """
        asked = self.asked_of(rows, works=works, beliefs=beliefs, support=support, p=p)
        seen = self.worth(rows, luck, works=works, politics=politics, support=support, p=p)
        return Appraisal._make((*seen, asked))

    def asked_of(
        self, rows: IntArray, *, works: Works, beliefs: Beliefs, support: Support, p: Parameters
    ) -> FloatArray:
        """Value over cost that is asked of a project: h = 1 + w (b/(b-1) - 1) (1 - equity) overrun
        lead / 60.
        """
        return hurdle(
            self.multiple(rows, beliefs=beliefs, support=support),
            p.hurdle_weight,
            p.overrun * self.of_firms(works.lead)[rows] / LONG_LEAD,
            self.of_firms(support.equity_share)[rows],
        )

    def worth(
        self,
        rows: IntArray,
        luck: FloatArray,
        *,
        works: Works,
        politics: Politics,
        support: Support,
        p: Parameters,
    ) -> tuple[FloatArray, ...]:
        """What an `Appraisal` says but for the hurdle, value over cost last.

        V / I = (P - C (1 - credit) + floor + ore) u 12 A e^(-r lead/2) / (1000 I (1 - gift))

        Mine and plant of one owner are one project: a tonne fed is weighed with its ore.
        """
        look, promised, banned = works.outlook, self.of_firms, politics.technology_ban
        lead = promised(works.lead)[rows]
        slow, now = promised(look.slow_revenue)[rows], promised(look.revenue)[rows]
        price = expected_price(slow, now, QUOTE_WEIGHT, QUOTE_NOISE * luck)
        slow, now = promised(look.slow_cost)[rows], promised(look.cost)[rows]
        credit = np.minimum(promised(support.credit_rate)[rows], 0.9)
        cost = expected_price(slow, now, QUOTE_WEIGHT, 0.0) * (1.0 - credit)
        floor = 1000.0 * promised(support.floor)[rows]
        ore, outlay = self.with_its_mine(rows, look=look)
        margin = price - cost + floor + ore
        use = self.expected_use(rows, lead, works=works, support=support)
        outlay = outlay * p.overrun * technology_cost(self.firms, rows, banned=banned)
        annuities, wait, outlay = self.finance(rows, lead, outlay, support=support)
        value = value_over_cost(margin, use, annuities, wait, outlay)
        return price, cost, floor, ore, margin, use, outlay, value

    def expected_use(
        self, rows: IntArray, lead: FloatArray, *, works: Works, support: Support
    ) -> FloatArray:
        """Part of its capacity that a builder expects to sell; a promised sale is the least."""
        firms, look = self.firms, works.outlook
        process = firms.process[rows]
        own = np.where(firms.inside[rows], 0.0, self.of_firms(works.pipeline.building)[rows])
        others = np.maximum(look.rivals[process] - own, 0.0)  # not its own plant
        use = expected_use(
            look.demand[process],
            look.growth[process],
            lead / 12.0,
            others,
            firms.option_size[rows],
            FULL_USE,
            FRINGE_UTILISATION,
        )
        offtake = self.of_firms(support.offtake_share)[rows]
        return np.maximum(use, np.minimum(offtake, FRINGE_UTILISATION))

    def with_its_mine(self, rows: IntArray, *, look: Outlook) -> tuple[FloatArray, FloatArray]:
        """(what the mine of the same owner earns on a tonne fed, USD/kg; outlay for plant and, if
        it is not built, mine, USD million per t/month).
        """
        firms, everyone = self.firms, self.tables[0]
        mine = self.mines_of(rows)
        joined = mine >= 0
        if not joined.any():
            return np.zeros(len(rows)), firms.capex[rows]
        ore = np.where(joined, look.slow_revenue[mine] - look.slow_cost[mine], 0.0)
        unbuilt = joined & (everyone.status[mine] == OPTION)
        return ore, firms.capex[rows] + np.where(unbuilt, everyone.capex[mine], 0.0)
