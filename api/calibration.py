"""`coercivity calibrate`: history matching on outcomes to December 2024."""

from __future__ import annotations

import sys

import typer


def calibrate(
    out: str = typer.Option(
        ...,
        "--out",
        metavar="DIR",
        help="New or empty folder, or that of this calibration: then what is missing is run.",
    ),
    vectors: str = typer.Option(
        "500", "--vectors", metavar="N", help="Parameter vectors of each wave."
    ),
    waves: str = typer.Option(
        "4",
        "--waves",
        metavar="N",
        help="Waves; each looks closer at what the last one did not rule out.",
    ),
    seeds: str = typer.Option(
        "2",
        "--seeds",
        metavar="N",
        help="Histories of each vector; luck is the variance between them.",
    ),
    trajectories: str = typer.Option(
        "6", "--trajectories", metavar="N", help="Morris trajectories of the screening."
    ),
    rest: str = typer.Option(
        "60", "--rest", metavar="N", help="Draws of the parameters that are not calibrated."
    ),
    workers: str = typer.Option(
        "0", "--workers", metavar="N", help="Processes; 0 takes one for each usable core."
    ),
    as_json: bool = typer.Option(
        False, "--json", help="Print one JSON document instead of the tables."
    ),
) -> None:
    """Find the parameter vectors that the record to December 2024 does not rule out; writes calibration.json and collection.csv."""
    from coercivity.cli import print_json, whole_number
    from coercivity.experiments.calibration.study import Setting
    from coercivity.experiments.calibration.study import calibrate as study
    from coercivity.experiments.calibration.written import write_study
    from coercivity.experiments.sweep.atomic import SweepStopped
    from coercivity.viz.pages.calibration import parameter_rows, target_rows
    from coercivity.viz.words.terminal import print_lines, print_table

    setting = Setting(
        vectors=whole_number(vectors, "--vectors", 10, 100_000),
        waves=whole_number(waves, "--waves", 1, 50),
        seeds=whole_number(seeds, "--seeds", 2, 100),
        trajectories=whole_number(trajectories, "--trajectories", 2, 1000),
        rest_draws=whole_number(rest, "--rest", 3, 10_000),
    )
    try:
        found = study(out, setting, whole_number(workers, "--workers", 0, 1024), _say)
    except SweepStopped as error:
        _say(f"coercivity: {error}")
        raise typer.Exit(1) from None
    document = write_study(found, out)
    if as_json:
        print_json(document)
        return
    print_table(
        ("target", "record", "shipped", "what is left", "inside", "met by"),
        target_rows(document),
        title="Targets to December 2024",
    )
    print_table(
        ("parameter", "shipped", "5%", "median", "95%", "range left"),
        parameter_rows(document),
        title="Calibrated parameters",
    )
    print_lines(
        [
            f"{document['kept']} of {document['runs']} vectors are not ruled out: {out}/collection.csv"
        ]
    )


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
