"""A set of rows shows a table's columns under the same names, at its rows, and stores there
alone.
"""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.agents.base.rows import Rows
from coercivity.agents.tables import Firms
from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.world import World
from tests.facts import FACTS


def table() -> Firms:
    firms = Firms(
        state=np.array([0, 1, 2, 3, 4]), margin=np.array([0.1, 0.2, 0.3, 0.4, 0.5]), facts=FACTS
    )
    firms.names = ("a", "b", "c", "d", "e")
    firms.option_rows = np.array([1, 3, 4])
    return firms


@pytest.mark.parametrize("rows", [[1, 2, 3], [0, 3]])
def test_columns_labels_and_indices_are_those_of_the_rows(rows: list[int]) -> None:
    firms, at = table(), np.array(rows)
    some = Rows(firms, at, firm=np.array([9]))
    assert some.state.tolist() == rows
    assert some.names == tuple("abcde"[row] for row in rows)
    assert [rows[place] for place in some.option_rows] == [row for row in rows if row in (1, 3, 4)]
    assert some.firm.tolist() == [9]  # a relation counts inside the set
    assert len(some) == some.count == len(rows)
    assert some.declared is Firms.declared  # what is no column is the table's own


def test_a_store_goes_to_its_rows_and_whoever_holds_the_old_column_sees_it_unchanged() -> None:
    firms = table()
    before = firms.margin
    Rows(firms, np.array([0, 4])).margin = np.array([1.0, 2.0])
    assert firms.margin.tolist() == [1.0, 0.2, 0.3, 0.4, 2.0]
    assert before.tolist() == [0.1, 0.2, 0.3, 0.4, 0.5]


def test_a_relation_that_leads_out_of_a_set_is_refused() -> None:
    world = World(load_scenario("japan-2026-from-2024"), 1, record=False)
    miners = world.miners
    for name in ("offer", "user", "due"):
        with pytest.raises(
            AttributeError, match=rf"Links\.{name} counts in the tables of all firms"
        ):
            getattr(miners.links, name)
        assert len(getattr(world.everyone.links, name)) == len(world.links)
    with pytest.raises(AttributeError, match=r"mines_of\(rows\) gives rows of all firms"):
        _ = miners.firms.mine_of
    rows = np.arange(len(world.processors))
    np.testing.assert_array_equal(
        world.processors.mines_of(rows), world.firms.mine_of[world.processors.rows]
    )


def test_a_store_of_what_nobody_declared_or_filled_is_refused() -> None:
    some = Rows(table(), np.array([0, 4]))
    with pytest.raises(AttributeError, match="Firms has no column 'margins'; did you mean 'margin"):
        some.margins = np.zeros(2)
    with pytest.raises(AttributeError, match="column 'cost' of Firms has not been filled yet"):
        some.cost = np.zeros(2)
