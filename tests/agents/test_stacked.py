"""Arrays of several holders as rows of one."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from coercivity.agents.base.stacked import Stacked


def holders(count: int = 2) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(held=np.full(3, float(k)), owed=np.full(3, 10.0 + k)) for k in range(count)
    ]


def test_each_holder_s_own_array_is_a_row_of_the_stack() -> None:
    stack, two = Stacked("held", "owed"), holders()
    array = stack.of(two)
    assert array.shape == (2, 2, 3)
    assert array[:, :, 0].tolist() == [[0.0, 1.0], [10.0, 11.0]]
    array[1, 0] = 7.0
    two[1].held[2] = 5.0
    assert two[0].owed.tolist() == [7.0] * 3
    assert array[0, 1].tolist() == [1.0, 1.0, 5.0]
    assert stack.of(two) is array, "nothing has changed hands"


def test_it_is_gathered_anew_when_a_holder_comes_goes_or_has_another_array() -> None:
    stack, three = Stacked("held"), holders(3)
    array = stack.of(three[:2])
    assert stack.of(three).shape == (1, 3, 3)
    assert stack.of(three[1:])[0, :, 0].tolist() == [1.0, 2.0]
    array = stack.of(three)
    three[1].held = np.array([4.0, 5.0, 6.0])
    assert stack.of(three)[0, 1].tolist() == [4.0, 5.0, 6.0]
    assert stack.of(three) is not array
    assert three[0].held.base is not array, "and all holders are in the new one"
    assert stack.of([]).shape[:2] == (1, 0)


def test_a_copy_goes_its_own_way() -> None:
    stack, two = Stacked("held", "owed"), holders()
    stack.of(two)
    twins = [SimpleNamespace(held=one.held.copy(), owed=one.owed.copy()) for one in two]
    other = stack.copy()
    other.of(twins)[:] = -1.0
    assert two[0].held.tolist() == [0.0] * 3
    assert stack.of(two)[1, 1].tolist() == [11.0] * 3
