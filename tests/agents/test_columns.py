"""Columns under agents: an agent's attribute is its row, and a copy shares nothing."""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.agents.base.arrays import (
    MANY,
    FloatArray,
    IntArray,
    group_sum,
)
from coercivity.agents.base.table import Table, column, rows
from coercivity.agents.tables import Needs, Offers
from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.world import World
from tests.facts import FACTS


class Pair(Table):
    one: FloatArray = column("t", "the first")
    two: FloatArray = column("t", "the second")
    some: IntArray = rows("those that count")


def test_a_column_that_is_not_declared_is_refused_with_the_nearest_name() -> None:
    table = Pair(one=np.zeros(2))
    with pytest.raises(AttributeError, match="Pair has no column 'tow'; did you mean 'two'"):
        table.tow = np.zeros(2)
    with pytest.raises(AttributeError, match="column 'two' of Pair has not been filled yet"):
        _ = table.two


@pytest.mark.parametrize("rows", [MANY, MANY + 1])
def test_few_rows_and_many_are_summed_in_the_same_order(rows: int) -> None:
    luck = np.random.default_rng(1)
    values, group = luck.random(rows), luck.integers(0, 6, rows)
    total = np.zeros(8)
    for value, place in zip(values.tolist(), group.tolist(), strict=True):
        total[place] += value
    assert group_sum(values, group, 8).tolist() == total.tolist()


def test_a_firm_is_its_row_for_reading_and_writing() -> None:
    world = World(load_scenario("business-as-usual"), 1, record=False)
    firm = next(agent for agent in world.agents if getattr(agent, "row", None) == 5)
    firm.capacity = 123.0
    assert world.firms.capacity[5] == 123.0
    world.firms.run[5] = 7.0
    assert firm.run == 7.0
    assert firm.name == world.firms.names[5]


def test_a_row_that_is_named_twice_gets_and_gives_both() -> None:
    needs = Needs(stock=np.array([1.0, 10.0, 5.0]), facts=FACTS)
    old = needs.stock
    needs.put(np.array([3.0, 3.0]), np.array([1, 1]))
    assert needs.stock.tolist() == [1.0, 16.0, 5.0]
    needs.take(np.array([3.0, 3.0, 1.0]), np.array([1, 1, 0]))
    assert needs.stock.tolist() == [0.0, 10.0, 5.0]
    assert old.tolist() == [1.0, 10.0, 5.0]  # whoever holds the old column sees it unchanged
    offers = Offers(stock=np.array([4.0, 8.0]), facts=FACTS)
    old = offers.stock
    offers.keep(np.array([0.5, 0.5]), np.array([1, 1]))
    assert (offers.stock.tolist(), old.tolist()) == ([4.0, 2.0], [4.0, 8.0])


@pytest.mark.parametrize("rows", [None, np.array([0, 1])])
def test_no_more_leaves_a_stock_than_there_is_but_for_rounding(rows: IntArray | None) -> None:
    needs = Needs(stock=np.array([1e6, 2.0]), facts=FACTS)
    needs.take(np.array([1e6 + 0.5, 2.0 + 1e-7]), rows)
    assert needs.stock.tolist() == [0.0, 0.0]
    needs = Needs(stock=np.array([1.0, 2.0]), facts=FACTS)
    with pytest.raises(ValueError, match="3 t are to leave row 1 of Needs, which holds 2 t"):
        needs.take(np.array([1.0, 3.0]), rows)
    assert needs.stock.tolist() == [1.0, 2.0]


def test_columns_are_declared_once_and_equally_long() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        Pair(one=np.zeros(2), two=np.zeros(3))
    with pytest.raises(TypeError, match="declares column 'one' a second time"):

        class _Twice(Pair):
            one: FloatArray = column("kg", "again")
