"""Stands for the tests of sweeps on a cluster, so that `make test-cluster` says the truth until there are any."""

import pytest


@pytest.mark.cluster
def test_sweeps_on_a_cluster() -> None:
    pytest.skip("sweeps are not built yet; their cluster tests come with them")
