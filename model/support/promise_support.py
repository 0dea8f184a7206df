"""Public support for plants outside the sender: who is promised what (M10).

A programme has a budget in USD million. Capital support is committed when a covered plant decides
to build and paid with the capital cost; price floors, tax credits and offtake are paid month by
month. Nothing is paid beyond the budget; a programme ends when it is spent or on its last day, and
keeps what it has committed.
"""

from __future__ import annotations

from math import erf, log
from operator import is_

import numpy as np

from coercivity.agents.base.arrays import FloatArray, group_sum
from coercivity.agents.firms.investor import PRICE_VOLATILITY
from coercivity.agents.tables import Offers
from coercivity.model.parts.politics import Politics
from coercivity.model.parts.programme import SUPPORT, Programme, new_programme
from coercivity.model.parts.support import Support
from coercivity.model.parts.world_view import WorldView
from coercivity.model.support.payments_to_plants import SUPPORT_MOST
from coercivity.model.support.programmes import (
    coalitions,
    cost_shares,
    firms_covered,
    offers_of,
    partners,
)

# years over which a promise of price is weighed: about the lead of a mine or separation plant
FORESIGHT = 5.0


def lay_support(politics: Politics, support: Support, *, seen: WorldView) -> None:
    """What the programmes in force promise to whom, when acts change: new ones open, those whose
    act ended close, coalitions pool hosts and costs.
    """
    if not seen.on["M10"]:
        return
    firms, offers = seen.firms, seen.offers
    acts = {event.id: event for event in politics.in_force if event.kind in SUPPORT}
    if not acts and not support.programmes:
        return
    if not support.programmes:
        # programmes older than the start meet what is under way
        month = seen.clock.month
        support.ahead = seen.works.pipeline.to_be_spent(month) * (month > 0)
    groups = coalitions(politics.in_force)
    shares: dict[tuple[str, ...], FloatArray] = {}  # by who pays together
    for act, event in acts.items():
        if act not in support.programmes:
            support.programmes[act] = new_programme(event, len(firms))
        programme = support.programmes[act]
        members = partners(seen.facts, event.actor, groups)
        own = members if event.kind != "stockpile" else (event.actor,)
        if own not in shares:
            shares[own] = cost_shares(seen, own)
        programme.payers = shares[own]
        if event.kind != "stockpile" and programme.members != members:
            programme.members = members
            programme.covered = firms_covered(event, members, firms=firms, offers=offers)
            sellers = offers_of(event, offers=offers)
            programme.sells = sellers[programme.covered[offers.firm[sellers]]]
    for act, programme in support.programmes.items():
        programme.open = act in acts
    promise(politics, support, seen=seen)


def tail_cut(floor: float, price: float, spread: float) -> float:
    """How much of the risk of low prices a floor takes away (0-1): its value as a put over that of
    a put at today's price.

    t = min(1, put(F) / put(P))

    put(K) = K N(-d + v) - P N(-d)

    d = ln(P / K) / v + v / 2

    P price, F floor (USD/kg), v standard deviation of log price over the foresight, N the normal
    distribution. A floor far below the price insures nothing. Source: a floor is a put option
    (behaviour rules 3.2 and 4.2); Black & Scholes (1973) without interest.
    """
    if floor <= 0.0:
        return 0.0

    def put(strike: float) -> float:
        d = log(price / strike) / spread + spread / 2.0
        below, above = (0.5 * (1.0 + erf(x / 2.0**0.5)) for x in (spread - d, -d))
        return strike * below - price * above

    return min(max(put(floor), 0.0) / max(put(price), 1e-12), 1.0)


def promise(politics: Politics, support: Support, *, seen: WorldView) -> None:
    """Write the open programmes into the arrays that firms read when they decide.

    A promise over time is worth what its budget can pay: w = min(1, left / (payment at full output
    x months left)).
    """
    support.over_time.of((support,))[:] = 0.0  # what was promised last month
    left = support.left
    _report_budgets(politics, left, support=support)
    share_capital(support, left)
    firms, offers = seen.firms, seen.offers
    room = firms.capacity + seen.works.pipeline.building
    revenue = None
    for act, programme in support.programmes.items():
        if left[act] < 1e-6:
            continue
        if programme.kind == "tax_credit":
            promise_credit(support, programme, left[act], room, seen=seen)
        elif programme.kind == "offtake":
            promise_offtake(support, programme, room, offers=offers)
        elif programme.kind == "price_floor":
            if revenue is None:
                revenue = group_sum(offers.yields * offers.ask, offers.firm, len(firms))
            promise_floor(support, programme, left[act], room, revenue, seen=seen)


def share_capital(support: Support, left: dict[str, float]) -> None:
    """Shares of capital cost that programmes with money promise, at most a part of it in all; made
    anew when a programme opens or ends, is spent or covers other plants.
    """
    of_capital = support.of_capital
    giving = [one for one in of_capital if left[one.event.id] >= 1e-6]
    made_of = (support.covering.of(of_capital), *giving)
    if len(made_of) == len(support.shares_of) and all(map(is_, made_of, support.shares_of)):
        return
    support.shares_of = made_of
    support.shares.of((support,))[:] = 0.0  # what was promised before
    for programme in giving:
        promise_capital(support, programme)
    support.limit_capital(SUPPORT_MOST)


def _report_budgets(politics: Politics, left: dict[str, float], *, support: Support) -> None:
    """Each government learns what its programmes have left and have spent (USD million)."""
    budget: dict[str, float] = {}
    spent: dict[str, float] = {}
    for act, programme in support.programmes.items():
        actor = programme.event.actor
        budget[actor] = budget.get(actor, 0.0) + left[act]
        spent[actor] = spent.get(actor, 0.0) + programme.spent
    for government in politics.governments:
        government.budget = budget.get(government.name, 0.0)
        government.spent = spent.get(government.name, 0.0)


def promise_capital(support: Support, programme: Programme) -> None:
    """Shares of capital cost add up over grants, public shares and loans; loans at their mean rate:
    r = sum_i r_i s_i / sum_i s_i."""
    event = programme.event
    share = programme.covered * event.get("share")
    if programme.kind == "grant":
        support.gift_share += share
    elif programme.kind == "equity":
        support.equity_share += share
    else:
        rate = support.loan_rate * support.loan_share + event.get("rate") * share
        support.loan_share += share
        support.loan_rate = np.divide(
            rate, support.loan_share, out=np.zeros(len(share)), where=support.loan_share > 0
        )


def promise_credit(
    support: Support, programme: Programme, left: float, room: FloatArray, *, seen: WorldView
) -> None:
    """A tax credit promises a share of production cost: r w, r rate; all covered plants at full
    output would be paid r sum c Q / 1000 a month (USD million), c cost (USD/kg), Q room
    (t/month)."""
    covered, rate = programme.covered.astype(np.float64), programme.event.get("rate")
    full = rate * float((seen.firms.cost * room * covered).sum()) / 1000.0
    months = programme.months_left(seen.clock.start, seen.clock.month)
    support.credit_rate += covered * rate * min(1.0, left / max(full * months, 1e-12))


def promise_offtake(
    support: Support, programme: Programme, room: FloatArray, *, offers: Offers
) -> None:
    """Offtake promises the sale of a share of output: min(1, tonnes a month / capacity)."""
    rows = programme.sells
    who = offers.firm[rows]
    able = offers.yields[rows] * room[who]
    promised = min(1.0, programme.event.get("tonnes") / 12.0 / max(float(able.sum()), 1e-12))
    np.maximum.at(support.offtake_share, who, promised)


def promise_floor(
    support: Support,
    programme: Programme,
    left: float,
    room: FloatArray,
    revenue: FloatArray,
    *,
    seen: WorldView,
) -> None:
    """A price floor promises the gap to its good's price now, and cuts the risk of low prices.

    floor_f = sum_o y_o max(F - P, 0) w / 1000 (USD million a month per t of run);
    floored_f = w t x share of revenue in the good. y output per t of run, F floor and P market
    price of the good (USD/kg), t part of the lower tail that the floor cuts (tail_cut).
    """
    event, offers, rows = programme.event, seen.offers, programme.sells
    who, gives = offers.firm[rows], offers.yields[rows]
    price = float(seen.market.quote[seen.facts.good_row[event.get("good")]])
    gap, worth = max(event.get("floor") - price, 0.0), 1.0
    if gap > 0.0:
        able = float((gives * room[who]).sum())
        months = programme.months_left(seen.clock.start, seen.clock.month)
        worth = min(1.0, left / max(gap * able / 1000.0 * months, 1e-12))
        np.maximum.at(support.floor, who, gives * gap * worth / 1000.0)
    insured = np.minimum(gives * offers.ask[rows] / np.maximum(revenue[who], 1e-12), 1.0)
    tail = tail_cut(event.get("floor"), price, PRICE_VOLATILITY * FORESIGHT**0.5)
    np.maximum.at(support.floored, who, worth * insured * tail)
