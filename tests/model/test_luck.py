"""Luck is named: the same name, seed and month give the same numbers, whoever asked before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from coercivity.model.basis.luck import normals, stream, uniforms


@pytest.mark.parametrize("seed", [0, 1, 2**32 - 1])
@pytest.mark.parametrize("month", [0, 3, 179])
def test_draws_are_those_of_a_new_stream(seed: int, month: int) -> None:
    uniforms(seed + 1 if seed == 0 else seed - 1, "another", month, 7)
    np.testing.assert_array_equal(
        normals(seed, "demand_firm", month, (19, 9)),
        stream(seed, "demand_firm", month).standard_normal((19, 9)),
    )
    np.testing.assert_array_equal(
        uniforms(seed, "list", month, 301), stream(seed, "list", month).random(301)
    )


def test_threads_do_not_share_a_stream() -> None:
    """Four threads that draw for their own seeds get what one alone would get."""
    jobs = [(seed, month) for month in range(50) for seed in range(8)]
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda job: normals(job[0], "thread", job[1], 500), jobs))
    for (seed, month), values in zip(jobs, drawn, strict=True):
        np.testing.assert_array_equal(values, stream(seed, "thread", month).standard_normal(500))
