"""What suppliers lose with a line: multipliers by state and sector on what is not made (decision
0022). Written before the rule; each test says what would refute it.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.agents.tables import Firms
from coercivity.experiments.worlds.run import run
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import load_table
from coercivity.model.basis.names import SECTOR, SECTORS, STATE, STATES
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.results.output import flow
from coercivity.model.results.result import Result
from coercivity.model.start import complete
from coercivity.model.use.macro import account_losses, dependent_value_added, multipliers
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


def test_the_scale_is_an_error_of_measurement_on_what_lies_beyond_the_line() -> None:
    firms, half = makers(), SimpleNamespace(**{**vars(P), "linkage_scale": 0.5})
    month(firms, [1.0, 1.0], [0.5, 0.5], half)
    assert firms.loss_linkage[0] == pytest.approx(25.0 * beyond(JAPAN, CARS))


def test_every_state_and_sector_has_one_between_its_low_and_its_high() -> None:
    rows = load_table("multipliers").rows
    assert {(row["state"], row["sector"]) for row in rows} == {
        (state, sector) for state in STATES for sector in SECTORS
    }
    assert all(1.0 <= row["low"] <= row["multiplier"] <= row["high"] for row in rows)
    assert multipliers(FACTS).shape == (len(STATES), len(SECTORS))


def test_a_state_without_a_sector_costs_one_line() -> None:
    table = load_table("multipliers")
    short = [row for row in table if (row["state"], row["sector"]) != ("Japan", "wind")]
    with pytest.raises(InputError) as error:
        complete.check_names(with_rows("multipliers", short))
    said = str(error.value)
    assert "multipliers.csv has no row for state 'Japan', sector 'wind'" in said
    assert "column multiplier" in said
    assert "docs/add-a-state.md" in said
    assert "\n" not in said


def test_in_a_ban_suppliers_lose_the_multiple_of_what_is_never_made() -> None:
    """Whole run, Japan under a blanket ban: what suppliers lose is at least the multiple of what
    customers took elsewhere for good, since what still waits at the end was not made either.
    """
    result: Result = run("japan-blanket-ban", 1)
    records = result.records
    assert records is not None
    japan = np.arange(JAPAN * len(SECTORS), (JAPAN + 1) * len(SECTORS))
    linked, gone = (
        flow(records, name)[:, japan].sum(axis=0) for name in ("linkage", "output_lost")
    )
    factor = multipliers(FACTS)[JAPAN] - 1.0
    assert linked.sum() > 0.0
    stopped = gone > 1e-6 * dependent_value_added(FACTS, records.start)[JAPAN]
    assert stopped.any()
    assert (linked[stopped] >= 0.999 * (factor * gone)[stopped]).all()
