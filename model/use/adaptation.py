"""Adaptation in use: which needs can do with less, what parts of a line they carry, and the prices
at which uses are given up (M11).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, as_run, group_sum, run_first
from coercivity.agents.tables import Firms, Needs
from coercivity.model.basis.facts import Facts, cached_by_facts
from coercivity.model.basis.goods import goods

# sectors whose inputs go into different goods: polish, catalysts and glass are not one line, nor
# are robots, lifts and pumps; what stands for want of an input is its share in what inputs cost
APART = ("catalysts_glass", "industrial")
# what makers can do with less of: leaner grades, smaller magnets
SPARED = ("ndpr_metal", "magnet_heat_resistant", "magnet_smco")
HEAVY = ("dysprosium_oxide", "terbium_oxide")


@cached_by_facts
def choke_prices(facts: Facts) -> FloatArray:
    """Price at which half of a use is given up (USD/kg), processes and sectors x goods; infinite
    where no row speaks: what is made of the good decides there.
    """
    out = np.full((len(facts.process_row), len(facts.goods)), np.inf)
    every = slice(facts.first_sector, None)
    for row in sorted(facts.table("choke"), key=lambda row: row["user"] != "All"):
        users = every if row["user"] == "All" else facts.process_row[row["user"]]
        out[users, facts.good_row[row["good"]]] = row["usd_per_kg"]
    out.setflags(write=False)
    return out


@cached_by_facts
def parts_of_lines(facts: Facts) -> FloatArray:
    """Parts of a line that hold a good and are not taken for one another, processes and sectors x
    goods (parts.csv).
    """
    out = np.ones((len(facts.process_row), len(facts.goods)))
    every = slice(None)
    for row in facts.table("parts"):
        users = every if row["sector"] == "All" else facts.process_row[row["sector"]]
        out[users, every if row["good"] == "All" else facts.good_row[row["good"]]] = row["parts"]
    out.setflags(write=False)
    return out


def use_kinds(needs: Needs, *, firms: Firms) -> None:
    """Rows of needs for Dy and Tb in heat-resistant magnets; who can do with less: these, end users
    and makers that can spare (SPARED); and what part of a line each need carries where inputs go
    into different goods.
    """
    facts = firms.facts
    process = firms.process[needs.firm]
    end = process >= facts.first_sector
    heavy = (process == facts.process_row["make_magnet_heat_resistant"]) & np.isin(
        needs.good, [facts.good_row[g] for g in HEAVY]
    )
    needs.add_columns(
        parts=parts_of_lines(facts)[process, needs.good],
        worth=needs.paid.copy(),
        price_start=needs.paid.copy(),
        swap=np.zeros(len(needs)),
        usual_swap=np.zeros(len(needs)),
        redesign=np.zeros(len(needs)),
    )
    spared = np.isin(needs.good, [facts.good_row[g] for g in SPARED if g in facts.good_row])
    needs.heavy_rows = np.flatnonzero(heavy)
    needs.adapts = (heavy | end | spared) * goods(facts).redesign[needs.good]
    apart = np.flatnonzero(np.isin(process, [facts.process_row[name] for name in APART]))
    look_up_lines(needs, np.flatnonzero(end), apart)
    spent = needs.coefficient * needs.paid * np.isin(np.arange(len(needs)), apart)
    needs.part = spent / np.maximum(group_sum(spent, needs.firm, len(firms))[needs.firm], 1e-300)


def look_up_lines(needs: Needs, end: IntArray, apart: IntArray) -> None:
    """Indices of the needs of end users, and of those that go into different goods: which of them
    stop a line together.
    """
    firm, own = needs.firm[end], needs.firm[apart]
    needs.apart_rows, needs.apart_first = apart, run_first(own)
    needs.apart_firms = own[needs.apart_first]
    first = run_first(firm)
    needs.end_rows, needs.end_run, needs.end_users = end, as_run(end), firm[first]
    begins = np.isin(end, apart)
    begins[first] = True
    needs.stop_together = np.cumsum(begins) - 1
    needs.end_lines = needs.stop_together[first]
    needs.apart_lines = needs.stop_together[np.searchsorted(end, apart)]
