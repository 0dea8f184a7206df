"""Plants that close and come back: mothballed on a long loss, restarted on a better margin, bankrupt when money runs out, bought and reopened (M9)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.firms import investor
from coercivity.agents.tables import Firms
from coercivity.model.basis.facts import load_table
from coercivity.model.basis.goods import CHINA, FIRST_SECTOR
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.ledger import Ledger
from coercivity.model.parts.support import Support
from coercivity.model.parts.works import Works
from coercivity.model.plants.projects import backed
from coercivity.model.support.public_finance import aided_margin, private_share, write_off

OPTION, OPEN, MOTHBALLED, BANKRUPT = range(4)  # firms.status
QUARTER = 3.0  # months between two reviews
FULL_USE = 0.7  # part of capacity below which a plant's standing cost is not covered by its sales (assumed)


def start_closures(firms: Firms, *, works: Works, clock: Clock, p: Parameters) -> None:
    """Counters of quarters in trouble and in reach, money in hand (USD million) and the month of a failure, by firm."""
    firms.add_columns(
        poor=np.zeros(len(firms)),
        good=np.zeros(len(firms)),
        failed=np.zeros(len(firms)),
        purse=p.reserve_months * firms.base_cost * firms.capacity / 1000.0,
    )
    lent = {
        row["name"] for row in load_table("projects").where(start=clock.start) if row["patient"]
    }
    firms.patient = (firms.state == CHINA) | np.isin(np.array(firms.names), sorted(lent))
    firms.patient[works.sisters[works.sisters >= 0]] = True
    owed = (
        p.debt_share * p.overrun / investor.annuity(np.array(p.discount_rate), p.debt_years) / 12.0
    )
    firms.debt_service = np.where(
        (firms.base_run <= 0.0) & ~firms.patient, owed * firms.capex, 0.0
    )  # USD million a month per t/month
    joined = (
        firms.mine_of >= 0
    )  # one owner owes for both; beside a mine that ran already there is less to build
    site = joined & (firms.base_run[firms.mine_of] > 0)
    firms.debt_service = firms.debt_service * np.where(site, p.brownfield_cost, 1.0) + np.where(
        joined, firms.debt_service[firms.mine_of], 0.0
    )
    firms.closable_rows = np.flatnonzero((firms.process < FIRST_SECTOR) & ~firms.has_quota)


def reachable_margin(*, firms: Firms, works: Works) -> FloatArray:
    """Margin that a closed plant could earn: (1 + m0) (R / R0) / (C / C0) - 1, m0 its margin at the start, R and C at the prices of its side now and then."""
    look = works.outlook
    return (1.0 + firms.base_margin) * look.asked / look.base_revenue / (
        look.cost / look.base_cost
    ) - 1.0


def review(
    firms: Firms, works: Works, ledger: Ledger, *, support: Support, clock: Clock, p: Parameters
) -> None:
    """Once a quarter: close, reopen, fail, change hands.

    poor counts quarters with margin below -threshold (beyond the loss that owners carried at the start), good those in which a closed plant could earn more
    than the restart margin. purse += 3 (C (m run - f max(0, 0.7 K - run)) / 1000 - b K), at most a year of cost: C unit cost (USD/kg), m margin, K capacity
    (t/month), f standing cost, b debt service of a new plant on the private part of its cost (USD million per t/month). Below zero a private plant that
    still loses money fails: its lenders do not wait. Patient owners - China's, old makers' plants abroad, projects with a state lender at the start
    (projects.csv), and those that the public backs now - neither fail nor close early. Source: behaviour rules 4.5; Molycorp 2015 and Lynas 2013
    (plants.csv).
    """
    rows = firms.closable_rows
    status = firms.status[rows]
    patient = firms.patient[rows] | backed(rows, support=support)
    mine = firms.mine_of[rows]
    aided = aided_margin(firms=firms, support=support)  # floors and credits count
    ore = np.where(
        mine >= 0, aided[mine] * firms.cost[mine] / firms.cost[rows], 0.0
    )  # one owner looks at ore and plant together
    margin = aided[rows] + ore - np.minimum(firms.base_margin[rows], 0.0)
    running = status == OPEN
    firms.poor[rows] = np.where(
        running & (margin < -p.mothball_margin), firms.poor[rows] + 1.0, 0.0
    )
    cost = firms.cost[rows] / 1000.0
    year = (
        12.0
        * cost
        * np.maximum(firms.capacity[rows] + works.pipeline.building[rows], firms.idle[rows])
    )
    empty = np.maximum(FULL_USE * firms.capacity[rows] - firms.run[rows], 0.0)
    service = firms.debt_service[rows] * (
        private_share(rows, firms=firms, works=works, support=support, p=p)
        if support.programmes
        else 1.0
    )
    earned = (
        cost * (margin * firms.run[rows] - p.standing_cost * empty) - service * firms.capacity[rows]
    )
    purse = firms.purse[rows] + QUARTER * earned
    fresh = running & (firms.failed[rows] == 0) & (firms.purse[rows] == 0)
    purse = np.where(fresh, p.reserve_months / 12.0 * year, np.minimum(purse, year))
    firms.purse[rows] = np.where(running, purse, firms.purse[rows])
    patience = p.mothball_quarters * np.where(patient, 3.0, 1.0)
    fail = running & (firms.purse[rows] < 0.0) & (earned < 0.0) & ~patient
    close = investor.closes(firms.poor[rows], patience) & ~fail
    shut = (status == MOTHBALLED) | (status == BANKRUPT)
    if not (fail.any() or close.any() or shut.any()):
        return
    works.closing = [(rows[close], MOTHBALLED), (rows[fail], BANKRUPT)]
    could = (
        reachable_margin(firms=firms, works=works)[rows]
        + support.aid[rows]
        + ore
        - np.minimum(firms.base_margin[rows], 0.0)
    )
    firms.good[rows] = np.where(shut & (could > p.restart_margin), firms.good[rows] + 1.0, 0.0)
    ready = (
        shut
        & investor.reopens(firms.good[rows], p.restart_quarters)
        & (works.pipeline.building[rows] <= 0.0)
    )
    ready &= (status == MOTHBALLED) | (clock.month - firms.failed[rows] >= p.revival_months)
    _restart(
        firms,
        works,
        ledger,
        rows[ready],
        np.where(status == BANKRUPT, p.revival_cost, p.restart_cost)[ready],
        clock=clock,
        p=p,
    )


def shut_down(
    firms: Firms, works: Works, support: Support, ledger: Ledger, *, clock: Clock
) -> None:
    """Plants that are to close stand from the next month on."""
    for rows, status in works.closing:
        _shut(firms, works, support, ledger, rows, status, clock=clock)
    works.closing = []


def _shut(
    firms: Firms,
    works: Works,
    support: Support,
    ledger: Ledger,
    rows: np.ndarray,
    status: int,
    *,
    clock: Clock,
) -> None:
    word = "mothballed" if status == MOTHBALLED else "bankrupt"
    if not len(rows):
        return
    ramping = (
        works.pipeline.building[rows] - works.pipeline.lapse[rows] if status == MOTHBALLED else 0.0
    )
    works.pipeline.drop(rows, clock.month - 1)
    works.pipeline.cancelled[rows] -= (
        ramping  # a new plant that closes while it ramps up comes back whole
    )
    firms.idle[rows], firms.capacity[rows], firms.desired[rows] = (
        firms.capacity[rows] + ramping,
        0.0,
        0.0,
    )
    firms.status[rows], firms.poor[rows], firms.good[rows] = status, 0.0, 0.0
    if status == BANKRUPT:
        firms.failed[rows] = float(clock.month)
        write_off(support, rows)
    for row in rows:
        ledger.event(
            clock.month, firms.names[row], f"plant {word}", f"{firms.names[row]} is {word}"
        )


def _restart(
    firms: Firms,
    works: Works,
    ledger: Ledger,
    rows: np.ndarray,
    cost: FloatArray,
    *,
    clock: Clock,
    p: Parameters,
) -> None:
    """The idle plant opens again after half a year, at a part of what it cost to build; a failed one has a new owner."""
    if not len(rows):
        return
    pipe = works.pipeline
    pipe.add(rows, clock.month + 6, firms.idle[rows], 3.0)
    pipe.pay(
        rows, clock.month + 1, np.full(len(rows), 6), firms.idle[rows] * firms.capex[rows] * cost
    )
    firms.purse[rows], firms.good[rows] = (
        p.reserve_months * firms.cost[rows] / 1000.0 * firms.idle[rows],
        0.0,
    )
    firms.idle[rows] = 0.0
    for row in rows:
        ledger.event(
            clock.month,
            firms.names[row],
            "plant restarts",
            f"{firms.names[row]} is made ready to run again",
        )
