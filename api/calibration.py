"""`coercivity calibrate`: what outcomes to December 2025 leave of the parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from coercivity.command_output import print_json, print_message
from coercivity.options import JsonForTables, Workers, whole_number, workers_option

Folder = Annotated[
    str,
    typer.Option(
        "--out",
        metavar="DIR",
        help="New or empty folder, or that of this calibration: then what is missing is run.",
    ),
]
Vectors = Annotated[
    str, typer.Option("--vectors", metavar="N", help="Parameter vectors of each wave.")
]
Waves = Annotated[
    str,
    typer.Option(
        "--waves",
        metavar="N",
        help="Waves; each is run where the record is likely, and the last one is kept.",
    ),
]
Seeds = Annotated[
    str,
    typer.Option(
        "--seeds",
        metavar="N",
        help="Histories of each vector; luck is the variance between them.",
    ),
]
Trajectories = Annotated[
    str, typer.Option("--trajectories", metavar="N", help="Morris trajectories of the screening.")
]


def calibrate(
    out: Folder,
    vectors: Vectors = "500",
    waves: Waves = "4",
    seeds: Seeds = "2",
    trajectories: Trajectories = "6",
    workers: Workers = "0",
    as_json: JsonForTables = False,
) -> None:
    """Draw parameter vectors from what the record to December 2025 leaves; writes calibration.json
    and collection.csv.
    """
    from coercivity.experiments.studies.calibration import LIMITS
    from coercivity.experiments.studies.calibration import calibrate as study
    from coercivity.experiments.worlds.atomic import SweepStopped

    asked = {
        "vectors": vectors,
        "waves": waves,
        "seeds": seeds,
        "trajectories": trajectories,
    }
    sizes = {name: whole_number(text, f"--{name}", *LIMITS[name]) for name, text in asked.items()}
    try:
        found = study(out, **sizes, workers=workers_option(workers), say=print_message)
    except SweepStopped as error:
        print_message(f"coercivity: {error}")
        raise typer.Exit(1) from None
    document = found.to_dict()
    if as_json:
        print_json(document)
    else:
        _print(document, out)


def _print(document: Mapping[str, Any], out: str) -> None:
    """Print the targets, the parameters, and where the vectors that are left stand."""
    from coercivity.viz.words.calibration_text import parameter_rows, target_rows
    from coercivity.viz.words.terminal import print_lines, print_table

    print_table(
        ("target", "record", "shipped", "members", "inside", "nearest run"),
        target_rows(document),
        title="Targets to December 2025",
    )
    print_table(
        ("parameter", "shipped before", "shipped", "5%", "median", "95%", "range left"),
        parameter_rows(document),
        title="Calibrated parameters",
    )
    print_lines(
        [(f"{document['kept']} of {document['runs']} vectors are kept: {out}/collection.csv")]
    )
