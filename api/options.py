"""Options that several commands take, each written once, and how their values are read.

A type gives an option its name and its help; the command gives it its default.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer

DEFAULT_SCENARIO: Final = "japan-2026"
MAX_SEED: Final = 2**32
MAX_WORLDS: Final = 10_000  # more is a sweep
MOST_DRAWS: Final = 10_000
MOST_PROCESSES: Final = 1024
REPLICATIONS: Final = 2  # the fewest that tell parameters from luck

# ---------------------------------------------------------------- worlds of one scenario

ScenarioName = Annotated[str, typer.Argument(help="Name of a shipped scenario, or a YAML file.")]
Months = Annotated[
    str | None,
    typer.Option(
        "--months",
        metavar="N",
        help="Length of the run in months; the scenario's own without it.",
    ),
]
Worlds = Annotated[
    str,
    typer.Option(
        "--worlds",
        metavar="N",
        help="How many worlds, with seeds S, S+1, ...; more than one gives ranges.",
    ),
]
Seed = Annotated[str, typer.Option("--seed", metavar="S", help="Seed of the first world.")]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Change a parameter; may be repeated. See: coercivity parameters.",
    ),
]
WorldClass = Annotated[
    str | None,
    typer.Option(
        "--world",
        metavar="CLASS",
        help=(
            "A class of world in place of the shipped one: module:Class, path/of/file.py:Class, "
            "or the name of one that a package adds (coercivity plugins)."
        ),
    ),
]
State = Annotated[
    str | None,
    typer.Option(
        "--state",
        metavar="STATE",
        help=(
            "The state that numbers, report and figures speak of; without it the one that the "
            "scenario's measure names, else Japan."
        ),
    ),
]
ResultsFolder = Annotated[
    str | None,
    typer.Option(
        "--out",
        metavar="DIR",
        help=(
            "Write tables (Parquet), report.html, manifest.json and ro-crate-metadata.json into "
            "this new or empty folder."
        ),
    ),
]

# ---------------------------------------------------------------- draws of vector and seed

Draws = Annotated[
    str | None,
    typer.Option(
        "--draws",
        metavar="N",
        help=(
            "Draw N parameter vectors, each with seeds of its own: bands, and what gives their "
            "width."
        ),
    ),
]
Replications = Annotated[
    str | None,
    typer.Option(
        "--replications",
        metavar="R",
        help=f"With --draws: seeds for each vector; {REPLICATIONS} without it.",
    ),
]
DesignSeed = Annotated[
    str | None,
    typer.Option(
        "--design-seed", metavar="D", help="With --draws: another set of draws; 0 without it."
    ),
]
DrawsWorkers = Annotated[
    str | None,
    typer.Option(
        "--workers",
        metavar="N",
        help="With --draws: processes; one for each usable core without it.",
    ),
]

# ---------------------------------------------------------------- any command

Workers = Annotated[
    str,
    typer.Option("--workers", metavar="N", help="Processes; 0 takes one for each usable core."),
]


def _json(instead_of: str) -> Any:
    return typer.Option("--json", help=f"Print one JSON document instead of the {instead_of}.")


JsonForSummary = Annotated[bool, _json("summary")]
JsonForTable = Annotated[bool, _json("table")]
JsonForTables = Annotated[bool, _json("tables")]


def whole_number(text: str, option: str, low: int, high: int) -> int:
    """A whole number from *low* to *high*; typer's own message would not name the value."""
    from coercivity.model.basis.inputs import read_whole

    return read_whole(text, option, low, high)


def seeds_option(seed: str, worlds: str) -> range:
    """Seeds S to S+N-1 from the options --seed and --worlds."""
    count = whole_number(worlds, "--worlds", 1, MAX_WORLDS)
    first = whole_number(seed, "--seed", 0, MAX_SEED - count)
    return range(first, first + count)


def draws_option(draws: str | None, default: int) -> int:
    """The number of draws from the option --draws, *default* without it."""
    return default if draws is None else whole_number(draws, "--draws", 1, MOST_DRAWS)


def workers_option(workers: str) -> int:
    """The number of processes from the option --workers; 0 takes one for each usable core."""
    return whole_number(workers, "--workers", 0, MOST_PROCESSES)
