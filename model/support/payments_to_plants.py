"""Public money for plants: capital committed and paid, loans repaid, dividends on public shares,
price floors, tax credits (M10).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, group_sum
from coercivity.agents.tables import Firms, Offers
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.money import Account, Money
from coercivity.model.parts.programme import Programme
from coercivity.model.parts.support import Support
from coercivity.model.parts.works import Works
from coercivity.model.parts.world_view import WorldView

# months after the first draw before a public loan is repaid: until the plant runs (assumed, 12 to
# 60)
LOAN_GRACE = 36.0
# years over which it then is (assumed; loans of JOGMEC and DoD run 10 to 20)
LOAN_YEARS = 15.0
# largest part of a plant's capital cost that all public programmes together pay (share of capex;
# assumed: owners put in a fifth; 0.5 to 1)
SUPPORT_MOST = 0.8


def pay_out(
    support: Support, money: Money, programme: Programme, rows: IntArray, amount: FloatArray
) -> None:
    """The members' treasuries pay firms, each its share; who gets nothing is left out."""
    some = amount.nonzero()[0]
    if not len(some):
        return
    if len(some) < len(rows):
        rows, amount = rows[some], amount[some]
    treasury, firm, paid = _share_payment(money, programme, rows, amount)
    money.pay(programme.kind, treasury, firm, paid)
    programme.spent += float(amount.sum())
    np.add.at(support.paid, rows, amount)


def pay_back(
    support: Support,
    money: Money,
    programme: Programme,
    kind: str,
    rows: IntArray,
    amount: FloatArray,
) -> None:
    """Firms pay the members' treasuries, each its share."""
    treasury, firm, paid = _share_payment(money, programme, rows, amount)
    money.pay(kind, firm, treasury, paid)
    programme.returned += float(amount.sum())
    np.add.at(support.back, rows, amount)


def _share_payment(
    money: Money, programme: Programme, rows: IntArray, amount: FloatArray
) -> tuple[Account, Account, FloatArray]:
    """(treasuries, firms, USD million) of a payment that the members of a programme share."""
    parts = {state: part for state, part in enumerate(programme.payers.tolist()) if part}
    treasuries = [money.treasury[state] for state in parts]
    if len(parts) == 1:
        return treasuries[0], rows, amount
    shares = np.array(list(parts.values()))[:, None]
    return np.array(treasuries)[:, None], rows[None, :], shares * amount[None, :]


def able_to_pay(rows: np.ndarray, *, firms: Firms, support: Support, money: Money) -> FloatArray:
    """Cash in hand after what was paid so far this month (USD million), never below zero: a public
    lender waits (Lynas 2013; behaviour rules 4.5).

    Capital paid this month is not cash in hand: it belongs to the builders.
    """
    return np.maximum(firms.cash[rows] + money.month[rows] - support.capital[rows], 0.0)


def write_off(support: Support, rows: np.ndarray) -> None:
    """A project that is given up and a plant that fails lose promise, loan and public shares: what
    is owed is lost.
    """
    for programme in support.programmes.values():
        programme.promised[rows] = programme.balance[rows] = programme.stake[rows] = 0.0
        programme.drawn[rows] = -1.0
    support.given[rows] = 0.0


def weigh_aid(support: Support, *, firms: Firms, offers: Offers) -> None:
    """What floors and credits pay now per t of run over cost: a = sum_o y_o g_o / C + r.

    y output per t of run, g what floors add to the price this month (USD/kg: the gap, not the
    insurance), C cost (USD/kg), r share of cost paid back.
    """
    cost = firms.cost
    support.aid = support.credited.copy()
    if support.topped.any():
        support.aid += group_sum(offers.yields * support.topped, offers.firm, len(cost)) / cost


def commit(support: Support, *, firms: Firms, works: Works, clock: Clock) -> None:
    """A covered plant that decided this month is promised its share of the capital cost, as far as
    the budget goes, pro rata: P_f <- P_f + s C_f c.

    C capital cost of what was decided (USD million): cost still to come, less what was to come a
    month ago and was not paid since; s share;
    c = min(1, left / sum s C). What was under way before the programme gets nothing, but at the
    start of a run.
    """
    before = np.maximum(support.ahead - firms.outlay, 0.0)
    support.ahead = works.pipeline.to_be_spent(clock.month + 1)
    cost = support.ahead - before
    rows = (cost >= 1e-9).nonzero()[0]
    asked = _that_commit(support, rows) if len(rows) else []
    if not asked:
        return
    cost = cost[rows]
    shares = [one.covered[rows] * one.event.get("share") for one in asked]
    scale = np.minimum(1.0, SUPPORT_MOST / np.maximum(sum(shares), 1e-12))
    for programme, share in zip(asked, shares, strict=True):
        wanted = cost * share * scale
        total = float(wanted.sum())
        if total > 0.0:
            programme.promised[rows] += wanted * min(1.0, programme.left / total)


def _that_commit(support: Support, rows: IntArray) -> list[Programme]:
    """Programmes that have capital left for any of these firms, in the order of their acts."""
    of_capital = support.of_capital
    if not of_capital:
        return []
    hit = support.covering.of(of_capital)[0][:, rows].any(axis=1).tolist()
    theirs = {one.event.id for one, some in zip(of_capital, hit, strict=True) if some and one.open}
    return [one for act, one in support.programmes.items() if act in theirs and one.left > 1e-6]


def pay_capital(
    support: Support, money: Money, *, firms: Firms, works: Works, clock: Clock
) -> None:
    """Promises are paid with the capital cost of the month, programme by programme; then loans are
    served and public shares earn.
    """
    of_capital = support.of_capital
    if not of_capital:
        return
    dues = capital_due(support, firms=firms)
    for act, (rows, due) in dues.items():
        _lend_or_give(support, support.programmes[act], rows, due, clock=clock)
    owed = support.accounts.of(of_capital)[1].max(axis=1).tolist()
    earned = dividends(support, firms=firms, works=works)
    for programme, balance in zip(of_capital, owed, strict=True):
        act = programme.event.id
        if act in dues:
            rows, due = dues[act]
            pay_out(support, money, programme, rows, due)
            np.add.at(support.capital, rows, due)
        if balance > 0.0:
            serve_loan(support, money, programme, firms=firms, clock=clock)
        if act in earned:
            pay_dividend(support, money, programme, *earned[act], firms=firms)


def capital_due(support: Support, *, firms: Firms) -> dict[str, tuple[IntArray, FloatArray]]:
    """What programmes pay this month for the capital cost of whom, by act (rows, USD million):
    d = min(P, s c, max(c - g, 0)), then P <- min(P - d, s A): what is given up is free again.

    P promise, s share, c capital cost of the month, A cost that is still to come, g what programmes
    before it have given (USD million).
    """
    of_capital = support.of_capital
    promised = support.accounts.of(of_capital)[0].reshape(-1)
    place = (promised > 0.0).nonzero()[0]
    which, rows = np.divmod(place, len(firms))
    share = [one.event.get("share") for one in of_capital]
    dues: list[tuple[list[int], list[float]]] = [([], []) for _ in of_capital]
    given = dict(zip(rows.tolist(), support.capital[rows].tolist(), strict=True))
    left: list[float] = []
    for k, row, promise, cost, ahead in zip(
        which.tolist(),
        rows.tolist(),
        promised[place].tolist(),
        firms.outlay[rows].tolist(),
        support.ahead[rows].tolist(),
        strict=True,
    ):
        due = min(promise, share[k] * cost, max(cost - given[row], 0.0))
        left.append(min(promise - due, share[k] * ahead))
        if due > 0.0:
            given[row] += due
            dues[k][0].append(row)
            dues[k][1].append(due)
    promised[place] = left
    return {
        one.event.id: (np.array(rows_of), np.array(due_of))
        for one, (rows_of, due_of) in zip(of_capital, dues, strict=True)
        if rows_of
    }


def _lend_or_give(
    support: Support, programme: Programme, rows: IntArray, due: FloatArray, *, clock: Clock
) -> None:
    """A grant is given, a loan is owed from its first draw, money for shares is a stake."""
    if programme.kind == "loan":
        np.add.at(programme.balance, rows, due)
        programme.drawn[rows[programme.drawn[rows] < 0]] = clock.month
        return
    np.add.at(support.given, rows, due)
    if programme.kind == "equity":
        np.add.at(programme.stake, rows, due)


def serve_loan(
    support: Support, money: Money, programme: Programme, *, firms: Firms, clock: Clock
) -> None:
    """Interest is added each month; after the grace an annuity is due, paid as far as a plant runs
    and has cash: a = B r / (1 - (1 + r)^-n).

    B balance (USD million), r monthly rate, n months left of grace + years.
    """
    rows = np.flatnonzero(programme.balance > 1e-12)
    if not len(rows):
        return
    rate = (1.0 + programme.event.get("rate")) ** (1.0 / 12.0) - 1.0
    programme.balance[rows] *= 1.0 + rate
    age = clock.month - programme.drawn[rows]
    serves = age >= LOAN_GRACE
    if not serves.any():
        return
    serves &= firms.run[rows] > 0.0
    left = np.maximum(LOAN_GRACE + 12.0 * LOAN_YEARS - age, 1.0)
    annuity = programme.balance[rows] * (
        rate / (1.0 - (1.0 + rate) ** -left) if rate > 0 else 1.0 / left
    )
    able = able_to_pay(rows, firms=firms, support=support, money=money)
    due = np.where(serves, np.minimum(np.minimum(annuity, programme.balance[rows]), able), 0.0)
    if due.any():
        pay_back(support, money, programme, "loan_repayment", rows, due)
        programme.balance[rows] = np.maximum(programme.balance[rows] - due, 0.0)


def dividends(
    support: Support, *, firms: Firms, works: Works
) -> dict[str, tuple[IntArray, FloatArray]]:
    """What public shares earn of the profit of plants, by act (rows, USD million):
    d = min(B / (k K), 1) x max(m, 0) c Q / 1000.

    B stake, k K capital cost of what stands and is under way (USD million), m margin over cost c
    (USD/kg), Q run (t/month).
    """
    of_capital = support.of_capital
    stake = support.accounts.of(of_capital)[2].reshape(-1)
    place = (stake > 1e-12).nonzero()[0]
    which, rows = np.divmod(place, len(firms))
    run = firms.run[rows]
    if not run.any():
        return {}
    worth = firms.capex[rows] * (firms.capacity[rows] + works.pipeline.building[rows])
    public_part = np.minimum(stake[place] / np.maximum(worth, 1e-12), 1.0)
    profit = np.maximum(firms.margin[rows], 0.0) * firms.cost[rows] * run / 1000.0
    due = public_part * profit
    whose, amounts = which.tolist(), due.tolist()
    earned: dict[str, tuple[IntArray, FloatArray]] = {}
    for k in dict.fromkeys(whose):
        first, end = whose.index(k), whose.index(k) + whose.count(k)
        if any(amounts[first:end]):
            earned[of_capital[k].event.id] = rows[first:end], due[first:end]
    return earned


def pay_dividend(
    support: Support,
    money: Money,
    programme: Programme,
    rows: IntArray,
    due: FloatArray,
    *,
    firms: Firms,
) -> None:
    """What public shares earn is paid as far as there is cash."""
    due = np.minimum(due, able_to_pay(rows, firms=firms, support=support, money=money))
    if due.any():
        pay_back(support, money, programme, "public_dividend", rows, due)


def pay_credit(support: Support, money: Money, programme: Programme, *, firms: Firms) -> None:
    """A part of the month's production cost is paid back: r c Q / 1000 (USD million), all alike
    when the budget runs out.
    """
    if not programme.open:
        return
    rows = np.flatnonzero(programme.covered & (firms.run > 0))
    rate = programme.event.get("rate")
    due = rate * firms.cost[rows] * firms.run[rows] / 1000.0
    total = float(due.sum())
    scale = min(1.0, programme.left / max(total, 1e-12))
    support.credited += programme.covered * rate * scale  # a plant that stands would get it too
    if total > 0:
        pay_out(support, money, programme, rows, due * scale)


def settle_floor(support: Support, money: Money, programme: Programme, *, seen: WorldView) -> None:
    """A contract for difference on what was sold: the state pays max(F - P, 0) q, the plant gives
    back u max(P - C, 0) q (q in t / 1000).

    F floor, C ceiling, P market price of the good (USD/kg), u public share above the ceiling. A
    second floor on the same good adds only what it is higher, and takes only what it asks more.
    Source: behaviour rules 3.2; MP Materials and the Department of Defense (T048), Lynas and JARE
    (T069).
    """
    if not programme.open:
        return
    event, offers, rows = programme.event, seen.offers, programme.sells
    price = float(seen.market.quote[seen.facts.good_row[event.get("good")]])
    if event.get("floor") <= price <= event.get("ceiling"):
        return
    firm, sold = offers.firm[rows], offers.sold[rows] / 1000.0
    if price < event.get("floor"):
        gap = np.maximum(event.get("floor") - price - support.topped[rows], 0.0)
        total = float((gap * sold).sum())
        scale = min(1.0, programme.left / max(total, 1e-12))
        support.topped[rows] += gap * scale  # also where nothing is sold yet: what they would get
        if total > 0:
            pay_out(support, money, programme, firm, gap * sold * scale)
    asked = event.get("upside") * max(price - event.get("ceiling"), 0.0)
    if asked > 0.0:
        above = np.maximum(asked - support.shared[rows], 0.0)
        support.shared[rows] += above
        back = above * sold
        if back.any():
            able = able_to_pay(firm, firms=seen.firms, support=support, money=money)
            pay_back(support, money, programme, "price_ceiling", firm, np.minimum(back, able))
