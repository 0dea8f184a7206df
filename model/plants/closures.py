"""Plants that close and come back (M9): when is decided in agents/firms/closing.py (`review`); here
they stand, fail, are made ready again.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coercivity.agents.base.arrays import BoolArray, IntArray
from coercivity.agents.base.phrase import Phrase
from coercivity.agents.firms import investor
from coercivity.agents.firms.closing import CLOSE, FAIL, GO_ON, REOPEN, RESERVE_MONTHS
from coercivity.agents.tables import BANKRUPT, MOTHBALLED, OPEN, Firms
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.ledger import Ledger
from coercivity.model.parts.support import Support
from coercivity.model.parts.works import Works
from coercivity.model.plants.building import enlarge_reach
from coercivity.model.support.payments_to_plants import write_off

# share of capex that opening a mothballed plant takes (assumed, 0.02 to 0.3)
RESTART_COST = 0.1
# share of capex at which a new owner opens a bankrupt plant (assumed, 0.1 to 0.6)
REVIVAL_COST = 0.3
# years over which the debt of a new plant is served (assumed, 7 to 15)
DEBT_YEARS = 10.0
# part of a new private plant that is owed to lenders and served over these years (share of capex;
# policy_costs.csv: debt share of capex 0.5 to 0.75 (recalled); 0.4 to 0.95)
DEBT_SHARE = 0.6


def start_closures(firms: Firms, lent: frozenset[str], *, works: Works, p: Parameters) -> None:
    """Counters of quarters in trouble and in reach, money in hand (USD million) and the month of a
    failure, by firm; lent: plants that a state lends to.
    """
    facts = p.facts
    firms.add_columns(
        poor=np.zeros(len(firms)),
        good=np.zeros(len(firms)),
        failed=np.zeros(len(firms)),
        purse=RESERVE_MONTHS * firms.base_cost * firms.capacity / 1000.0,
    )
    firms.patient = (firms.state == facts.china) | lent_to(firms.names, lent)
    firms.patient[works.sisters[works.sisters >= 0]] = True
    annuity = investor.annuity(np.array(investor.DISCOUNT_RATE), DEBT_YEARS)
    owed = DEBT_SHARE * p.overrun / annuity / 12.0
    new = (firms.base_run <= 0.0) & ~firms.patient
    firms.debt_service = np.where(new, owed * firms.capex, 0.0)
    # one owner owes for both; beside a mine that ran already there is less to build
    joined = firms.mine_of >= 0
    site = joined & (firms.base_run[firms.mine_of] > 0)
    firms.debt_service = firms.debt_service * np.where(
        site, investor.BROWNFIELD_COST, 1.0
    ) + np.where(joined, firms.debt_service[firms.mine_of], 0.0)
    holds = firms.has_quota | (
        (firms.process == facts.process_row["separate_light"]) & firms.inside
    )
    firms.closable_rows = np.flatnonzero((firms.process < facts.first_sector) & ~holds)


def lent_to(names: Sequence[str], lent: frozenset[str]) -> BoolArray:
    """Plants under way at the start that a state lends to (projects.csv, `Census.lent`)."""
    return np.isin(np.array(names), sorted(lent))


def carry_out_verdicts(firms: Firms, works: Works, ledger: Ledger, *, clock: Clock) -> None:
    """What a review said happens: who gives up or stands still does so from the next month on. Who
    runs again opens after half a year, at a part of what it cost to build; a failed plant has a
    new owner. Mine and plants of one owner are one (`with_mines`).
    """
    status = firms.status[firms.closable_rows]
    verdict = with_mines(firms)
    close, fail = (np.flatnonzero(verdict == said) for said in (CLOSE, FAIL))
    shut = ((status == MOTHBALLED) | (status == BANKRUPT)).any()
    if not (len(close) or len(fail) or shut):
        return
    works.closing = [*works.closing, (close, MOTHBALLED), (fail, BANKRUPT)]
    ready = np.flatnonzero(verdict == REOPEN)
    if not len(ready):
        return
    cost = np.where(firms.status[ready] == BANKRUPT, REVIVAL_COST, RESTART_COST)
    idle, months = firms.idle[ready], np.full(len(ready), 6)
    works.pipeline.add(ready, clock.month + 6, idle, 3.0)
    works.pipeline.pay(ready, clock.month + 1, months, idle * firms.capex[ready] * cost)
    firms.idle[ready] = 0.0
    for name in (firms.names[row] for row in ready):
        told = Phrase.of("{name} is made ready to run again", name=name)
        ledger.event(clock.month, name, "plant restarts", told)


def with_mines(firms: Firms) -> IntArray:
    """Verdicts when a mine and its owner's plants are one business. While one of these runs the
    mine is not judged alone: their margins and debts hold its own. It fails with the last of them.
    A plant fails with a mine that has failed, and does not open again before it.
    """
    closable = firms.closable_rows
    joined = closable[firms.mine_of[closable] >= 0]
    mine_of = dict(zip(joined.tolist(), firms.mine_of[joined].tolist(), strict=True))
    verdict, status, may = firms.verdict.tolist(), firms.status.tolist(), set(closable.tolist())
    runs = [plant for plant in mine_of if status[plant] == OPEN]
    stays = {mine_of[plant] for plant in runs if verdict[plant] != FAIL}
    for mine in {mine_of[plant] for plant in runs}:
        if status[mine] == OPEN and mine in may:
            verdict[mine] = GO_ON if mine in stays else FAIL
    for plant, mine in mine_of.items():
        if verdict[mine] == FAIL or status[mine] == BANKRUPT:
            if status[plant] == OPEN:
                verdict[plant] = FAIL
            elif verdict[plant] == REOPEN and verdict[mine] != REOPEN:
                verdict[plant] = GO_ON
    return np.array(verdict)


def shut_down(
    firms: Firms, works: Works, support: Support, ledger: Ledger, *, clock: Clock
) -> None:
    """Plants that are to close stand from the next month on; those that stand already do not close
    again. A new plant that closes while it ramps up comes back whole.
    """
    pipe = works.pipeline
    for closing, status in works.closing:
        rows = closing[firms.status[closing] <= OPEN]
        if not len(rows):
            continue
        ramping = np.zeros(len(rows))
        if status == MOTHBALLED:
            ramping = pipe.building[rows] - pipe.lapse[rows]
            enlarge_reach(firms, rows, ramping, pipe.larger[rows])
        pipe.drop(rows, clock.month - 1)
        pipe.cancelled[rows] -= ramping
        firms.idle[rows] = firms.capacity[rows] + ramping
        firms.capacity[rows] = firms.desired[rows] = 0.0
        firms.status[rows] = status
        if status == BANKRUPT:
            firms.failed[rows] = float(clock.month)
            write_off(support, rows)
        for name in (firms.names[row] for row in rows):
            if status == MOTHBALLED:
                kind, told = "plant mothballed", Phrase.of("{name} is mothballed", name=name)
            else:
                kind, told = "plant bankrupt", Phrase.of("{name} is bankrupt", name=name)
            ledger.event(clock.month, name, kind, told)
    works.closing = []
