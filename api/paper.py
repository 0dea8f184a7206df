"""`coercivity paper`: every table, figure and verdict of the documentation, rebuilt from scenarios
into one folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coercivity.interchange import leave_crate
from coercivity.options import MOST_DRAWS, JsonForList, Workers, asked_workers, whole_number
from coercivity.printed import print_json, say

if TYPE_CHECKING:
    from coercivity.experiments.paper.build import Made

Folder = Annotated[
    str,
    typer.Option(
        "--out",
        metavar="DIR",
        help=(
            "New or empty folder, or that of an earlier call: what is there and still right is "
            "kept."
        ),
    ),
]
Parts = Annotated[
    str | None,
    typer.Option(
        "--parts",
        metavar="NAME,...",
        help="Only these parts: claims, questions, policy, episodes, starts, ...",
    ),
]
Draws = Annotated[
    str | None,
    typer.Option(
        "--draws",
        metavar="N",
        help="Draws (or seeds) of each part; each part's own number without it.",
    ),
]
Quick = Annotated[
    bool,
    typer.Option(
        "--quick", help="Few worlds and short runs, to try it in minutes: not for citation."
    ),
]


def paper(
    out: Folder,
    parts: Parts = None,
    draws: Draws = None,
    quick: Quick = False,
    workers: Workers = "0",
    as_json: JsonForList = False,
) -> None:
    """Rebuild the tables, figures and verdicts of the documentation, with what made them."""
    from coercivity.model.basis.extras import PACKAGES, needed

    needed(PACKAGES["sweep"], "sweep", "the paper kit")
    from coercivity.experiments.paper.build import make_paper, plan
    from coercivity.experiments.worlds.atomic import SweepStopped
    from coercivity.viz.pages.files import files_of, pages_code, writer
    from coercivity.viz.words.terminal import progress_bar

    count = None if draws is None else whole_number(draws, "--draws", 1, MOST_DRAWS)
    wanted = plan(parts, count, quick, asked_workers(workers))
    for part in wanted.parts:
        writer(part.name)  # a page that cannot be written is to fail now, not after hours
    try:
        built = make_paper(out, wanted, files_of, pages_code, say, progress_bar)
    except SweepStopped as error:
        say(f"coercivity: {error}")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        say("coercivity: stopped; finished parts are safe, run the same command again")
        raise typer.Exit(1) from None
    leave_crate(out)
    if as_json:
        print_json({"folder": out, "quick": quick, "parts": _listed(built)})
    else:
        _print(built, out)


def _listed(built: Sequence[Made]) -> list[dict[str, Any]]:
    """The parts as plain values: name, state, files."""
    return [{"part": part.name, "state": part.state, "files": list(part.files)} for part in built]


def _print(built: Sequence[Made], out: str) -> None:
    """Print a line a part, and where the files are explained."""
    from coercivity.viz.words.terminal import print_lines

    print_lines(
        [
            *(f"{part.name:12} {part.state}, {len(part.files)} files" for part in built),
            f"What each file is: {out}/README.md",
        ]
    )
