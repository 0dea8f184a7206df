"""Speed, measured by `make bench` and only run through once by `make test-slow`. Nothing here
asserts a time.
"""

import subprocess
import sys

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from coercivity.experiments.lab.snapshots import forget, run_from_snapshots
from coercivity.experiments.worlds.run import run_scenario
from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.world import World
from tools.benchmarks.measure import (
    ABOUT,
    REFERENCE,
    cold_process,
    gated_pair,
    later_ban,
    reference_run,
    scenario,
)
from tools.check.oracle.states import core_month

SMALL, LARGE = 500, 5_000
SIZES = list(ABOUT)
pytestmark = pytest.mark.slow


def test_reference_run(benchmark: BenchmarkFixture) -> None:
    world = benchmark.pedantic(reference_run, rounds=3, warmup_rounds=1)
    assert world.month == 180
    assert len(world.firms) >= 500


def test_recorded_run(benchmark: BenchmarkFixture) -> None:
    result = benchmark.pedantic(
        run_scenario, args=(load_scenario(REFERENCE), 1), rounds=3, warmup_rounds=1
    )
    assert len(result.months) == 180


def test_run_from_a_kept_world(benchmark: BenchmarkFixture) -> None:
    forget()
    run_from_snapshots(later_ban(90, "magnets"), 1, keep=("2031-07",))
    result = benchmark.pedantic(
        run_from_snapshots, args=(later_ban(90, "all"), 1), rounds=3, warmup_rounds=1
    )
    forget()
    assert len(result.months) == 180


def test_cold_process(benchmark: BenchmarkFixture) -> None:
    whole, after_import, ran = benchmark.pedantic(cold_process, rounds=3)
    assert whole > after_import + ran > 0


@pytest.mark.parametrize("firms", [SMALL, LARGE])
def test_core_month_of_the_world(benchmark: BenchmarkFixture, firms: int) -> None:
    world, _, gate = gated_pair(ABOUT[firms])
    benchmark.extra_info["gate"] = gate
    benchmark.pedantic(core_month, args=(world,), rounds=9)


@pytest.mark.parametrize("firms", [SMALL, LARGE])
def test_core_month_of_the_oracle(benchmark: BenchmarkFixture, firms: int) -> None:
    _, oracle, gate = gated_pair(ABOUT[firms])
    benchmark.extra_info["gate"] = gate
    benchmark.pedantic(oracle.step, rounds=9)


@pytest.mark.parametrize("firms", SIZES)
def test_month_by_size(benchmark: BenchmarkFixture, firms: int) -> None:
    world = World(scenario(ABOUT[firms]), 1, record=False)
    benchmark.extra_info["firms"] = len(world.firms)
    benchmark.pedantic(world.step, rounds=12, warmup_rounds=1)


@pytest.mark.parametrize("firms", SIZES)
def test_build_by_size(benchmark: BenchmarkFixture, firms: int) -> None:
    world = benchmark.pedantic(
        World, args=(scenario(ABOUT[firms]), 1), kwargs={"record": False}, rounds=1
    )
    assert 0.8 * firms < len(world.firms) < 1.25 * firms


def test_the_report_prints_a_table() -> None:
    out = subprocess.run(
        [sys.executable, "-m", "tools.benchmarks.report", "--quick"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "core month against one object per firm" in out
    assert "recorded run over the run without tables" in out
    assert "run from a world kept at month 90 over a replay" in out
    assert "cores" in out.splitlines()[0]
