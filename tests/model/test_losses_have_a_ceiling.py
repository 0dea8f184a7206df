"""What is lost has a ceiling (decision 0022): in a year a sector never loses more than the value
added that it would have had in that year, nor a state more than what depends on the parts.

Written before the rule; refuted by any sector and year of a crisis in which more is lost.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from coercivity.agents.firms import end_user
from coercivity.experiments.worlds.run import run
from coercivity.model.basis.facts import load_table
from coercivity.model.basis.names import SECTOR, SECTORS, STATE, STATES
from coercivity.model.results.output import flow
from coercivity.model.results.result import Result
from coercivity.model.use.demand import growth_path
from coercivity.model.use.gdp import gdp_path
from coercivity.model.use.macro import dependent_value_added
from tests.facts import FACTS

S, K = len(STATES), len(SECTORS)
CRISES = (
    "embargo-2010",
    "governments-decide-2009",
    "japan-blanket-ban",
    "all-sectors-at-once",
    "blunt-instrument",
)
# as bad as the ranges of the parameters allow: everything rests on the part, nobody waits
WORST = {"dependent_scale": 1.5, "backlog_loss": 0.2, "finished_stock": 0.0}


@lru_cache(maxsize=len(CRISES))
def crisis(name: str) -> Result:
    return run(name, 1, **WORST)


def by_year(result: Result, name: str) -> np.ndarray:
    """A flow in whole years from the start, years x states x sectors, USD million."""
    months = len(result.months) // 12 * 12
    assert result.records is not None
    return flow(result.records, name)[:months].reshape(-1, 12, S, K).sum(axis=1)


@pytest.mark.parametrize("name", CRISES)
def test_no_sector_loses_more_than_it_would_have_added_in_the_year(name: str) -> None:
    lost, planned = by_year(crisis(name), "output_lost"), by_year(crisis(name), "planned")
    assert lost.max() > 0.0
    assert (lost <= planned + 1e-9).all()
    assert (lost.sum(axis=2) <= planned.sum(axis=2) + 1e-9).all()


@pytest.mark.parametrize("name", CRISES)
def test_nothing_depends_on_the_part_that_the_sector_does_not_have(name: str) -> None:
    """The plan that the part can stop is never more than the whole sector, but for the swings of
    demand around its path (standard deviations of some percent).
    """
    result = crisis(name)
    whole = np.zeros((S, K))
    for row in load_table("value_added"):
        whole[STATE[row["state"]], SECTOR[row["sector"]]] = row["usd_bn"] * 1000.0 / 12.0
    start, months = result.months[0], len(result.months)
    share = dependent_value_added(FACTS, start, WORST["dependent_scale"]) / dependent_value_added(
        FACTS, start
    )
    usual = {
        (row["state"], row["sector"]): row["dependent_share"] for row in load_table("value_added")
    }
    for (state, sector), of in usual.items():
        assert share[STATE[state], SECTOR[sector]] * of <= 1.0 + 1e-12, (state, sector)
    least = dependent_value_added(FACTS, start) / np.array(
        [[usual[state, sector] for sector in SECTORS] for state in STATES]
    )
    most = least * np.exp(growth_path(FACTS, start, months))
    years = most[: months // 12 * 12].reshape(-1, 12, S, K).sum(axis=1)
    assert (by_year(result, "output_lost") <= years).all()


@pytest.mark.parametrize("name", CRISES)
def test_no_state_loses_more_than_a_part_of_its_gdp(name: str) -> None:
    """Refuted where more is lost than manufacturing adds anywhere (a third of GDP)."""
    result = crisis(name)
    lost = by_year(result, "output_lost").sum(axis=2)
    gdp = gdp_path(FACTS, result.months[0], len(lost) * 12).reshape(-1, 12, S).sum(axis=1)
    assert (lost < gdp / 3.0).all()


def test_customers_who_leave_in_a_month_are_not_more_than_the_month_has() -> None:
    """By hand: 30 months are owed and a twentieth leaves, 1.5 of a plan that fell to 0.5: half
    a month is lost, 30 - 0.5 + 0.2 wait on. Without a ceiling three times the plan would be lost.
    """
    left, gone = end_user.backlog_after(
        np.array([30.0]), np.array([0.2]), np.array([0.0]), 0.05, np.array([0.5])
    )
    assert gone[0] == 0.5
    assert left[0] == pytest.approx(29.7)
