"""`coercivity backtest`: the model against the record, and against what can be said without it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from coercivity.command_output import print_json
from coercivity.options import JsonForTable, Workers, draws_option, workers_option

if TYPE_CHECKING:
    from collections.abc import Mapping


def backtest(
    episodes: list[str] | None = typer.Argument(
        None, metavar="[EPISODE]...", help="Episodes of the evidence; all of them without any."
    ),
    draws: str | None = typer.Option(
        None, "--draws", metavar="N", help="Draws of parameter vector and seed."
    ),
    workers: Workers = "0",
    sample: str | None = typer.Option(
        None,
        "--sample",
        metavar="NAME",
        help="Only targets of this sample: in, kept_back, out or start.",
    ),
    figures: str | None = typer.Option(
        None,
        "--figures",
        metavar="DIR",
        help="Write a figure an episode (PNG) into this new or empty folder.",
    ),
    as_json: JsonForTable = False,
) -> None:
    """Set the model against the record, and against three reckonings without it."""
    from coercivity.experiments.backtest.run_backtest import DRAWS, choose_targets
    from coercivity.experiments.studies.backtest import backtest as study
    from coercivity.viz.words.terminal import progress_bar

    choose_targets(episodes or (), sample)  # before a folder is made
    count = draws_option(draws, DRAWS)
    processes = workers_option(workers)
    folder = None if figures is None else _folder(figures)
    with progress_bar("backtest") as progress:
        found = study(
            episodes or (),
            draws=count,
            sample=sample,
            lines=folder is not None,
            workers=processes,
            progress=progress,
        )
    results = found.to_dict()
    files = [] if folder is None else _draw(results, folder)
    if as_json:
        print_json(
            {**{name: value for name, value in results.items() if name != "lines"}, "files": files}
        )
        return
    _print(results, files)


def _folder(folder: str) -> Path:
    """The folder of the figures, made if it is not there. Raises InputError before anything
    runs.
    """
    from coercivity.experiments.worlds.output_tables import check_new_folder
    from coercivity.model.basis.errors import InputError
    from coercivity.model.basis.extras import require_packages

    require_packages("matplotlib", "plot", "--figures")
    path = check_new_folder(folder, "--figures")
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            "--figures '{folder}' cannot be made ({reason})",
            "give a folder where you may write",
            folder=folder,
            reason=error.strerror,
        ) from None
    return path


def _draw(results: Mapping[str, Any], folder: Path) -> list[str]:
    from coercivity.viz.figures.backtest_figures import write_figures

    return [str(folder / name) for name in write_figures(results, folder)]


def _print(results: Mapping[str, Any], files: list[str]) -> None:
    from coercivity.viz.words import backtest_text as cells
    from coercivity.viz.words.terminal import print_lines, print_table

    for episode, sample in dict.fromkeys(
        (target["episode"], target["sample"]) for target in results["targets"]
    ):
        print_table(
            cells.COLUMNS,
            cells.target_rows(results, episode, sample),
            title=f"{episode}: {cells.SAMPLES[sample]}",
        )
    print_table(
        cells.SAMPLE_COLUMNS,
        cells.sample_rows(results),
        title=f"Verdicts over {results['draws']} draws of parameter vector and seed",
    )
    if results["benchmarks"]:
        print_table(
            cells.NAIVE_COLUMNS,
            cells.naive_rows(results),
            title=(
                "Nearer to the record than a reckoning without the model? (mean errors over series)"
            ),
        )
        print_table(
            cells.MIXTURE_COLUMNS,
            cells.mixture_rows(results),
            title="A mean of model and reckoning, where the fit is nearer to it",
        )
    print_table(
        cells.BAND_COLUMNS,
        cells.band_rows(results),
        title="Does the band of 80% of the draws hold 80% of the record?",
    )
    print_lines(
        [
            *filter(None, [cells.imposed_words(results)]),
            *cells.LEGEND,
            *(f"Figure: {name}" for name in files),
        ]
    )
