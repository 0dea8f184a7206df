"""What stopped lines cost others (M14): suppliers lose by multipliers of state and sector on what
is not made (decision 0022; written before the rule), and investment is put off where alarm is.
"""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.agents.tables import Firms
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import load_table
from coercivity.model.basis.names import SECTOR, STATE
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.start import completeness
from coercivity.model.use.macro import INVESTMENT, account_losses, multipliers
from coercivity.model.world import World
from tests.facts import FACTS, with_rows

JAPAN, CARS, CHIPS = STATE["Japan"], SECTOR["automotive"], SECTOR["semiconductors_ceramics"]
P: Any = SimpleNamespace(
    facts=FACTS,
    backlog_loss=0.1,
    finished_stock=0.5,
    linkage_scale=1.0,
    investment_uncertainty=2.0,
)


def month(firms: Firms, plan: list[float], ran: list[float], p: Any = P) -> None:
    firms.plan, firms.run = np.array(plan), np.array(ran)
    account_losses(firms, beliefs=Beliefs(FACTS, 0.5), p=p, on={"M14": True})  # type: ignore[arg-type]


def makers() -> Firms:
    """A car maker and a maker of chips in Japan, 100 of value added each, no finished goods."""
    return Firms(
        is_end=np.array([True, True]),
        state=np.array([JAPAN, JAPAN]),
        sector=np.array([CARS, CHIPS]),
        finished=np.zeros(2),
        backlog=np.zeros(2),
        value_added=np.array([100.0, 100.0]),
        facts=FACTS,
    )


def beyond(state: int, sector: int) -> float:
    return float(multipliers(FACTS)[state, sector]) - 1.0


def test_a_stop_costs_suppliers_what_the_table_says_and_not_the_same_everywhere() -> None:
    """Half of both lines stands: suppliers lose (m - 1) x 50 in that very month, cars more than
    chips. Refuted by one number for all, or by a loss that waits for customers to leave.
    """
    firms = makers()
    month(firms, [1.0, 1.0], [0.5, 0.5])
    wanted = [50.0 * beyond(JAPAN, CARS), 50.0 * beyond(JAPAN, CHIPS)]
    assert firms.loss_linkage == pytest.approx(wanted)
    assert wanted[0] > wanted[1] > 0.0
    assert not firms.loss_gone.any()  # no customer has left yet


def test_what_is_made_up_gives_suppliers_their_orders_back() -> None:
    """Over the episode they lose (m - 1) x the output that is never made: of 0.5 missed, 0.05
    leaves, 0.2 is made up in the next month, the rest waits.
    """
    firms = makers()
    month(firms, [1.0, 1.0], [0.5, 1.0])
    first = firms.loss_linkage[0]
    month(firms, [1.0, 1.0], [1.2, 1.0])
    assert firms.loss_linkage[0] == pytest.approx(-20.0 * beyond(JAPAN, CARS))
    assert first + firms.loss_linkage[0] == pytest.approx(30.0 * beyond(JAPAN, CARS))


def test_a_state_without_a_sector_costs_one_line() -> None:
    table = load_table("multipliers")
    short = [row for row in table if (row["state"], row["sector"]) != ("Japan", "wind")]
    with pytest.raises(InputError) as error:
        completeness.check_names(with_rows("multipliers", short))
    said = str(error.value)
    assert "multipliers.csv has no row for state 'Japan', sector 'wind'" in said
    assert "column multiplier" in said
    assert "docs/add-a-state.md" in said
    assert "\n" not in said


@cache
def banned() -> World:
    """Japan under a blanket ban, a year after it began."""
    world = World(with_changes(load_scenario("japan-blanket-ban"), months=48), 1, record=False)
    world.run_for(36)
    return world


def test_where_nothing_is_made_up_others_lose_a_multiple_of_what_the_line_does_not_make() -> None:
    firms = banned().firms
    stands = (firms.loss_short > 0) & (firms.loss_made_up == 0)
    lost = firms.loss_short * firms.value_added
    times = multipliers(FACTS)[firms.state, np.maximum(firms.sector, 0)] - 1.0
    assert lost[stands].sum() > 0
    np.testing.assert_allclose(firms.loss_linkage[stands], (times * lost)[stands])


def test_investment_is_put_off_where_alarm_is() -> None:
    firms, p = banned().firms, banned().p
    planned = firms.value_added * firms.plan * firms.is_end
    normal = INVESTMENT * np.bincount(firms.state, weights=planned)
    put_off = np.bincount(firms.state, weights=firms.loss_postponed)
    share = put_off / np.maximum(normal, 1e-12)
    assert (share >= 0).all()
    assert share.max() <= 1.0 - np.exp(-p.investment_uncertainty)
    assert share.argmax() == JAPAN
