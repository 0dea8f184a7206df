"""Plants that close and come back (M9): when is decided in agents/firms/closing.py (`review`); here
they stand, fail, are made ready again.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray
from coercivity.agents.base.phrase import Phrase
from coercivity.agents.firms import investor
from coercivity.agents.firms.closing import CLOSE, FAIL, GO_ON, REOPEN
from coercivity.agents.tables import BANKRUPT, MOTHBALLED, OPEN, Firms
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.ledger import Ledger
from coercivity.model.parts.support import Support
from coercivity.model.parts.works import Works
from coercivity.model.plants.building import BROWNFIELD_COST, enlarge_reach
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
        purse=p.reserve_months * firms.base_cost * firms.capacity / 1000.0,
    )
    firms.patient = (firms.state == facts.china) | lent_to(firms.names, lent)
    firms.patient[works.sisters[works.sisters >= 0]] = True
    owed = DEBT_SHARE * p.overrun / investor.annuity(np.array(p.discount_rate), DEBT_YEARS) / 12.0
    firms.debt_service = np.where(
        (firms.base_run <= 0.0) & ~firms.patient, owed * firms.capex, 0.0
    )  # USD million a month per t/month
    # one owner owes for both; beside a mine that ran already there is less to build
    joined = firms.mine_of >= 0
    site = joined & (firms.base_run[firms.mine_of] > 0)
    firms.debt_service = firms.debt_service * np.where(site, BROWNFIELD_COST, 1.0) + np.where(
        joined, firms.debt_service[firms.mine_of], 0.0
    )
    holds = firms.has_quota | (
        (firms.process == facts.process_row["separate_light"]) & firms.inside
    )
    firms.closable_rows = np.flatnonzero((firms.process < facts.first_sector) & ~holds)


def lent_to(names: Sequence[str], lent: frozenset[str]) -> BoolArray:
    """Plants under way at the start that a state lends to (projects.csv, `Census.lent`)."""
    return np.isin(np.array(names), sorted(lent))


def carry_out_verdicts(firms: Firms, works: Works, ledger: Ledger, *, clock: Clock) -> None:
    """What a review said happens: who gives up or stands still does so from the next month on, who
    runs again is made ready at once. Mine and plants of one owner are one (`with_mines`).
    """
    status = firms.status[firms.closable_rows]
    verdict = with_mines(firms)
    close, fail = (np.flatnonzero(verdict == said) for said in (CLOSE, FAIL))
    shut = ((status == MOTHBALLED) | (status == BANKRUPT)).any()
    if not (len(close) or len(fail) or shut):
        return
    works.closing = [*works.closing, (close, MOTHBALLED), (fail, BANKRUPT)]
    ready = np.flatnonzero(verdict == REOPEN)
    cost = np.where(firms.status[ready] == BANKRUPT, REVIVAL_COST, RESTART_COST)
    _restart(firms, works, ledger, ready, cost, clock=clock)


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
    """Plants that are to close stand from the next month on."""
    for closing, status in works.closing:
        rows = closing[firms.status[closing] <= OPEN]  # who stands already does not close again
        if not len(rows):
            continue
        ramping = np.zeros(len(rows))
        if status == MOTHBALLED:
            ramping = works.pipeline.building[rows] - works.pipeline.lapse[rows]
            enlarge_reach(firms, rows, ramping, works.pipeline.larger[rows])
        works.pipeline.drop(rows, clock.month - 1)
        # a new plant that closes while it ramps up comes back whole
        works.pipeline.cancelled[rows] -= ramping
        firms.idle[rows] = firms.capacity[rows] + ramping
        firms.capacity[rows] = 0.0
        firms.desired[rows] = 0.0
        firms.status[rows] = status
        if status == BANKRUPT:
            firms.failed[rows] = float(clock.month)
            write_off(support, rows)
        for row in rows:
            ledger.event(clock.month, firms.names[row], *_closed(firms.names[row], status))
    works.closing = []


def _closed(name: str, status: int) -> tuple[str, Phrase]:
    """Return the kind of event that a closure is, and what is told of it."""
    if status == MOTHBALLED:
        return "plant mothballed", Phrase.of("{name} is mothballed", name=name)
    return "plant bankrupt", Phrase.of("{name} is bankrupt", name=name)


def _restart(
    firms: Firms,
    works: Works,
    ledger: Ledger,
    rows: np.ndarray,
    cost: FloatArray,
    *,
    clock: Clock,
) -> None:
    """The idle plant opens again after half a year, at a part of what it cost to build; a failed
    one has a new owner.
    """
    if not len(rows):
        return
    pipe = works.pipeline
    pipe.add(rows, clock.month + 6, firms.idle[rows], 3.0)
    pipe.pay(
        rows, clock.month + 1, np.full(len(rows), 6), firms.idle[rows] * firms.capex[rows] * cost
    )
    firms.idle[rows] = 0.0
    for row in rows:
        ledger.event(
            clock.month,
            firms.names[row],
            "plant restarts",
            Phrase.of("{name} is made ready to run again", name=firms.names[row]),
        )
