"""Prints the speed table: budget, ratio or figure, and on what machine. `python -m
tools.benchmarks.report [--quick] [--million]`.

Ratios carry over from machine to machine and come first; seconds are only reported. --quick leaves
out what takes more than a few seconds; --million adds a world of about a million firms over a year,
which takes minutes and gigabytes.
"""

from __future__ import annotations

import sys

from tools.benchmarks.measure import (
    ABOUT,
    Size,
    cold_process,
    hardware,
    month_against_oracle,
    recorded_against_bare,
    reference_run,
    seconds,
    size_apart,
    snapshot_against_replay,
)

MILLION = 6_600  # firms per sector and state: about a million firms


def line(what: str, budget: str, figure: str) -> None:
    """One row of the table."""
    print(f"{what:<58} {budget:<34} {figure}", flush=True)


def main(arguments: list[str]) -> None:
    """Measure and print."""
    quick, million = "--quick" in arguments, "--million" in arguments
    print(hardware())
    line("what", "budget (aim)", "measured")
    for firms in (500,) if quick else (500, 5_000):
        month = month_against_oracle(ABOUT[firms], rounds=3 if quick else 9)
        times = (
            f"{1e3 * month.world:.2f} against {1e3 * month.oracle:.0f} ms, of "
            f"{1e3 * month.spread[0]:.0f} to {1e3 * month.spread[1]:.0f}"
        )
        what = f"{month.firms} firms, {month.links} links, gate {month.gate:.0e}"
        figure = (
            f"{month.ratio:.0f}x, month by month in turn {month.ratio_in_turn:.0f}x   ({times}; "
            f"{what})"
        )
        line("core month against one object per firm", "40x (80x)", figure)
    sizes = [size_apart(ABOUT[firms]) for firms in (ABOUT if not quick else (500,))]
    for at in sizes:
        figure = (
            f"{at.per_firm / sizes[0].per_firm:.2f} of the smallest   ({1e6 * at.per_firm:.2f} us, "
            f"{at.firms} firms, {at.links} links, {at.peak:.0f} MiB)"
        )
        line("cost per firm-month", "at most 2 times, 500-50,000 (falls)", figure)
    for at in sizes:
        line(
            "build",
            "reported",
            f"{1e6 * at.build / at.firms:.0f} us per firm   ({at.build:.2f} s, {at.firms} firms)",
        )
    reference_run()
    line(
        "reference run, 180 months, no tables, warm",
        "0.25 s (0.10 s)",
        f"{min(seconds(reference_run) for _ in range(1 if quick else 5)):.2f} s",
    )
    tables = recorded_against_bare(2 if quick else 9)
    line(
        "recorded run over the run without tables",
        "at most 1.25",
        f"{tables.ratio:.2f}   ({tables.this:.2f} against {tables.other:.2f} s)",
    )
    for middle in (90,) if quick else (24, 90, 150):
        kept = snapshot_against_replay(middle, 1 if quick else 5)
        what = f"run from a world kept at month {middle} over a replay"
        line(
            what,
            f"about {1.0 - middle / 180:.2f}",
            f"{kept.ratio:.2f}   ({kept.this:.2f} against {kept.other:.2f} s)",
        )
    if not quick:
        whole, after_import, ran = min(cold_process() for _ in range(3))
        line(
            "cold process: import, build, first run",
            "3 s (1.5 s)",
            f"{whole:.2f} s   (import {after_import:.2f} s, build and run {ran:.2f} s)",
        )
    if million:
        _report_million(size_apart(MILLION, months=13))


def _report_million(at: Size) -> None:
    line(
        "a million firms, a year",
        "reported (1 s a month, 3 GiB)",
        f"{at.month:.1f} s a month, {at.peak / 1024:.1f} GiB, {1024**2 * at.peak / at.links:.0f} "
        f"bytes a link   ({at.firms} firms, {at.links} links, built in {at.build:.0f} s)",
    )


if __name__ == "__main__":
    main(sys.argv[1:])
