"""Sweeps, measured small by `make bench`; by hand in full: see `measure_sweep`. Nothing here
asserts a time.
"""

import subprocess
import sys

import pytest


@pytest.mark.slow
def test_the_sweep_report_measures_every_line() -> None:
    command = [
        sys.executable,
        "-m",
        "tools.benchmarks.measure_sweep",
        "--runs",
        "40",
        "--rounds",
        "3",
        "--months",
        "12",
        "--oracle",
        "2",
    ]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    print(f"\n{out}")
    for what in (
        "of the control's gain",
        "memory, start",
        "memory, end",
        "batch_run of one object per firm",
        "cores",
    ):
        assert what in out
