"""`coercivity paper`: every table, figure and verdict of the documentation, rebuilt from scenarios into one folder."""

from __future__ import annotations

import sys
from typing import Any

import typer


def paper(
    out: str = typer.Option(
        ...,
        "--out",
        metavar="DIR",
        help="New or empty folder, or that of an earlier call: what is there and still right is kept.",
    ),
    parts: str | None = typer.Option(
        None,
        "--parts",
        metavar="NAME,...",
        help="Only these parts: claims, questions, policy, episodes, starts, ...",
    ),
    draws: str | None = typer.Option(
        None,
        "--draws",
        metavar="N",
        help="Draws (or seeds) of each part; each part's own number without it.",
    ),
    quick: bool = typer.Option(
        False, "--quick", help="Few worlds and short runs, to try it in minutes: not for citation."
    ),
    workers: str = typer.Option(
        "0", "--workers", metavar="N", help="Processes; 0 takes one for each usable core."
    ),
    as_json: bool = typer.Option(
        False, "--json", help="Print one JSON document instead of the list."
    ),
) -> None:
    """Rebuild the tables, figures and verdicts of the documentation, with what made them."""
    from coercivity.cli import print_json, whole_number
    from coercivity.experiments.paper.kit import make_paper, plan
    from coercivity.experiments.sweep.atomic import SweepStopped
    from coercivity.viz.pages.files import files_of, pages_code, writer
    from coercivity.viz.words.terminal import print_lines, progress_bar

    count = None if draws is None else whole_number(draws, "--draws", 1, 10_000)
    asked = plan(parts, count, quick, whole_number(workers, "--workers", 0, 1024))
    for part in asked.parts:
        writer(part.name)  # a page that cannot be written is to fail now, not after hours
    try:
        made = make_paper(out, asked, files_of, pages_code, _say, progress_bar)
    except SweepStopped as error:
        _say(f"coercivity: {error}")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        _say("coercivity: stopped; finished parts are safe, run the same command again")
        raise typer.Exit(1) from None
    if as_json:
        found: list[dict[str, Any]] = [
            {"part": one.name, "state": one.state, "files": list(one.files)} for one in made
        ]
        print_json({"folder": out, "quick": quick, "parts": found})
    else:
        print_lines(
            [
                *(f"{one.name:12} {one.state}, {len(one.files)} files" for one in made),
                f"What each file is: {out}/README.md",
            ]
        )


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
