"""`coercivity ablation`: what each mechanism is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import typer

from coercivity.command_output import print_json
from coercivity.options import JsonForTable, Workers, draws_option, workers_option

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DRAWS: Final = 12


def ablation(
    mechanisms: list[str] | None = typer.Argument(
        None, metavar="[MECHANISM]...", help="Mechanisms such as M3; all of them without any."
    ),
    draws: str | None = typer.Option(
        None, "--draws", metavar="N", help="Draws of parameter vector and seed."
    ),
    workers: Workers = "0",
    as_json: JsonForTable = False,
) -> None:
    """Say what each mechanism is worth: each off, with the naive thing in its place.

    Errors against the record to December 2025 in tolerances (in the fit, kept back, what must hold
    anyway), and the numbers of policy experiments that move one way in most worlds and by a tenth.
    """
    from coercivity.experiments.questions.ablation import NAIVE
    from coercivity.experiments.questions.ablation_evidence import SAMPLES
    from coercivity.experiments.studies.ablation import ablation as study
    from coercivity.viz.words.ablation_text import evidence_cell
    from coercivity.viz.words.terminal import print_lines, print_table, progress_bar

    count = draws_option(draws, DRAWS)
    with progress_bar("ablation") as progress:
        found = study(
            mechanisms or (), draws=count, workers=workers_option(workers), progress=progress
        )
    if as_json:
        print_json(found.to_dict())
        return
    cells = {(row.mechanism, row.sample): evidence_cell(row) for row in found.evidence}
    print_table(
        ("off", "in its place", *SAMPLES.values(), "policy numbers that it moves"),
        [
            (
                name,
                NAIVE[name],
                *(cells[name, sample] for sample in SAMPLES),
                ", ".join(_moved(found.policy, name)) or "none",
            )
            for name in dict.fromkeys(row.mechanism for row in found.evidence)
        ],
        title=f"What each mechanism is worth, {count} draws of parameter vector and seed",
    )
    print_lines(
        [
            "Evidence: mean error without it less that of the whole model, in tolerances, with its "
            "standard error; above it the mechanism helps, below it it harms."
        ]
    )


def _moved(policy: Iterable[Mapping[str, object]], name: str) -> list[str]:
    held = (str(row["number"]) for row in policy if row["mechanism"] == name and row["worth"])
    return list(dict.fromkeys(held))
