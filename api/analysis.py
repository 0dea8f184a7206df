"""The command `coercivity sensitivity DIR`: what a sweep says about which parameters matter, and in which corner something happens."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from coercivity.experiments.sensitivity.analysis import Finding
    from coercivity.experiments.sensitivity.discovery import Corner

MOST_ROWS = 15


def sensitivity(
    folder: str = typer.Argument(..., metavar="DIR", help="Folder of a sweep."),
    outcomes: list[str] | None = typer.Option(
        None,
        "--outcome",
        metavar="ID",
        help="An outcome of the sweep; may be repeated. All of them without it.",
    ),
    method: str | None = typer.Option(
        None,
        "--method",
        metavar="NAME",
        help="sobol, morris, delta, pawn or tornado; what fits the design without it.",
    ),
    corner: str | None = typer.Option(
        None,
        "--corner",
        metavar="EXPR",
        help="Where does this happen? For example 'firms_stopped_share>0.3'.",
    ),
    scenario: str | None = typer.Option(
        None,
        "--scenario",
        metavar="NAME",
        help="Which scenario of the sweep, where it holds several.",
    ),
    figures: str | None = typer.Option(
        None,
        "--figures",
        metavar="DIR",
        help="Write figures (SVG and PNG) into this new or empty folder.",
    ),
    ema: str | None = typer.Option(
        None,
        "--ema",
        metavar="FILE",
        help="Write the runs as FILE.tar.gz for the EMA workbench (load_results).",
    ),
    as_json: bool = typer.Option(
        False, "--json", help="Print one JSON document instead of the tables."
    ),
) -> None:
    """Say which parameters move an outcome, how surely, how much is luck, and in which corner something happens."""
    from coercivity.cli import print_json
    from coercivity.experiments.sensitivity.analysis import (
        analyse,
        choose_methods,
        choose_outcomes,
        corner_of,
        to_dict,
    )
    from coercivity.experiments.sensitivity.discovery import read_corner
    from coercivity.experiments.sensitivity.ema_export import check_ema_path, export_ema
    from coercivity.experiments.sensitivity.sample import read_sample
    from coercivity.experiments.worlds.output import check_new_folder
    from coercivity.viz.words.terminal import print_lines

    into = None if figures is None else check_new_folder(figures, "--figures")
    file = None if ema is None else check_ema_path(ema)
    sample = read_sample(folder, scenario)
    if sample.other_model:
        print(
            f"coercivity: these rows were made by version {sample.version}, and the model here is another one",
            file=sys.stderr,
        )
    chosen = choose_outcomes(sample, outcomes or ())
    conditions = () if corner is None else read_corner(corner, tuple(sample.values))
    (fit,) = choose_methods(sample, method)
    found_corner = corner_of(sample, conditions) if conditions else None
    findings = analyse(sample, chosen, fit)
    document = to_dict(sample, findings, found_corner)
    written = _draw(document, sample, conditions, into, figures) if into is not None else []
    if file is not None:
        export_ema(sample, file)
        written.append(str(ema))
    if as_json:
        print_json({**document, "files": written})
        return
    _print(findings, found_corner, sample)
    if written:
        print_lines(["", f"Written: {', '.join(written)}"])


def _draw(
    document: dict[str, Any], sample: Any, conditions: Sequence[Any], into: Any, shown: str | None
) -> list[str]:
    from pathlib import Path

    from coercivity.experiments.sensitivity.analysis import corner_points
    from coercivity.experiments.worlds.output import new_folder
    from coercivity.viz.figures.sensitivity_figures import corner_figure, figures_of, save_figures

    drawn = {
        f"{one['outcome'].replace(':', '-')}-{name}": figure
        for one in document["outcomes"]
        for name, figure in figures_of(one)
    }
    if document["corner"] is not None:
        points, hit, _ = corner_points(sample, conditions)
        drawn["corner"] = corner_figure(document["corner"], sample.names, points, hit)
    with new_folder(into) as partial:
        names = save_figures(drawn, partial)
    return [str(Path(str(shown)) / name) for name in names]


def _print(findings: Sequence[Finding], corner: Corner | None, sample: Any) -> None:
    from coercivity.experiments.sensitivity.sentences import corner_sentences
    from coercivity.viz.words.terminal import print_lines, print_table

    size = f"{len(sample.points)} points (method {sample.method}, {len(sample.names)} parameters) x {len(sample.seeds)} seeds"
    print_lines([f"{sample.scenario}, {sample.months} months: {size}"])
    for one in findings:
        print_lines([""])
        columns, rows = _rows(one)
        title = f"{one.label} ({one.outcome}, {one.unit or 'no unit'}), {one.method}"
        if rows:
            print_table(columns, rows[:MOST_ROWS], title=title)
            if len(rows) > MOST_ROWS:
                print_lines([f"{len(rows) - MOST_ROWS} more parameters: --json has them all"])
        else:
            print_lines([title])
        print_lines(
            [
                *([f"  not computed: {one.refused}"] if one.refused else []),
                *(f"  note: {note}" for note in one.notes),
                *one.sentences,
            ]
        )
    if corner is not None:
        print_lines([""])
        if corner.found:
            rows = [
                (bound.parameter, bound.side, bound.value, bound.quasi_p, bound.again)
                for bound in corner.bounds
            ]
            print_table(
                ("parameter", "bound", "value", "quasi-p", "found again"),
                rows,
                title=f"Corner: {corner.condition}",
            )
        print_lines([*(f"  note: {note}" for note in corner.notes), *corner_sentences(corner)])


def _rows(found: Finding) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Columns and rows of the table of one outcome, largest first."""
    if found.tornado is not None:
        columns = (
            "parameter",
            "low",
            "high",
            "effect at low",
            "5%",
            "95%",
            "effect at high",
            "5%",
            "95%",
        )
        return columns, [
            (
                one.parameter,
                one.low_value,
                one.high_value,
                one.low,
                *one.low_band,
                one.high,
                *one.high_band,
            )
            for one in found.tornado.swings
        ]
    if found.indices is None:
        return (), []
    first, *others = {"sobol": ("total", "first"), "morris": ("mu_star", "mu", "sigma")}.get(
        found.method, (found.method,)
    )
    of = {(row.of, row.measure): row for row in found.indices.rows}
    columns = (
        "parameter",
        first,
        "low",
        "high",
        *(("first", "low", "high") if others == ["first"] else others),
    )
    rows = []
    for row in found.indices.measured(first):
        more = [of[row.of, name] for name in others]
        rest = [
            (one.value, one.low, one.high) if others == ["first"] else (one.value,) for one in more
        ]
        rows.append(
            (
                row.of[0],
                row.value,
                row.low,
                row.high,
                *(number for numbers in rest for number in numbers),
            )
        )
    return columns, rows
