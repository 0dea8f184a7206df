"""The command `coercivity sensitivity DIR`: what a sweep says about which parameters matter, and in
which corner something happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coercivity.command_output import print_json, print_message
from coercivity.options import JsonForTables

if TYPE_CHECKING:
    from coercivity.experiments.sensitivity.analysis import OutcomeSensitivity
    from coercivity.experiments.sensitivity.corner import Corner
    from coercivity.experiments.sensitivity.indices import Indices
    from coercivity.experiments.sensitivity.sample import Sample
    from coercivity.experiments.sensitivity.tornado import Tornado
    from coercivity.experiments.studies.sensitivity import Sensitivity

    Table = tuple[tuple[str, ...], list[tuple[Any, ...]]]  # columns and rows

MOST_ROWS = 15

SweepFolder = Annotated[str, typer.Argument(metavar="DIR", help="Folder of a sweep.")]
Outcomes = Annotated[
    list[str] | None,
    typer.Option(
        "--outcome",
        metavar="ID",
        help="An outcome of the sweep; may be repeated. All of them without it.",
    ),
]
Method = Annotated[
    str | None,
    typer.Option(
        "--method",
        metavar="NAME",
        help="sobol, morris, delta, pawn or tornado; what fits the design without it.",
    ),
]
Expression = Annotated[
    str | None,
    typer.Option(
        "--corner",
        metavar="EXPR",
        help="Where does this happen? For example 'firms_stopped_share>0.3'.",
    ),
]
OneScenario = Annotated[
    str | None,
    typer.Option(
        "--scenario",
        metavar="NAME",
        help="Which scenario of the sweep, where it holds several.",
    ),
]
Figures = Annotated[
    str | None,
    typer.Option(
        "--figures",
        metavar="DIR",
        help="Write figures (SVG and PNG) into this new or empty folder.",
    ),
]
EmaFile = Annotated[
    str | None,
    typer.Option(
        "--ema",
        metavar="FILE",
        help="Write the runs as FILE.tar.gz for the EMA workbench (load_results).",
    ),
]


def sensitivity(
    folder: SweepFolder,
    outcomes: Outcomes = None,
    method: Method = None,
    corner: Expression = None,
    scenario: OneScenario = None,
    figures: Figures = None,
    ema: EmaFile = None,
    as_json: JsonForTables = False,
) -> None:
    """Say which parameters move an outcome, how surely, how much is luck, and in which corner
    something happens.
    """
    from coercivity.experiments.sensitivity.ema_export import check_ema_path
    from coercivity.experiments.studies.sensitivity import sensitivity as study
    from coercivity.experiments.worlds.output_tables import check_new_folder
    from coercivity.model.basis.extras import require_packages

    if figures is not None:
        require_packages("matplotlib", "plot", "--figures")
    into = None if figures is None else check_new_folder(figures, "--figures")
    if ema is not None:  # before anything is reckoned
        check_ema_path(ema)
    found = study(folder, outcomes, method=method, corner=corner, scenario=scenario)
    if found.sample.other_model:
        print_message(
            f"coercivity: these rows were made by version {found.sample.version}, "
            "and the model here is another one"
        )
    written = _draw(found, into, figures) if into is not None else []
    if ema is not None:
        found.export_ema(ema)
        written.append(str(ema))
    if as_json:
        print_json({**found.to_dict(), "files": written})
    else:
        _print(found.findings, found.corner, found.sample, written)


def _draw(found: Sensitivity, into: Path, shown: str | None) -> list[str]:
    """Draw every outcome and the corner into a new folder; return the paths as the user would write
    them.
    """
    from coercivity.experiments.worlds.output_tables import new_folder
    from coercivity.viz.figures.sensitivity_figures import corner_figure, figures_of, save_figures

    document = found.to_dict()
    drawn = {
        f"{outcome['outcome'].replace(':', '-')}-{name}": figure
        for outcome in document["outcomes"]
        for name, figure in figures_of(outcome)
    }
    if document["corner"] is not None:
        points = found.points()
        hit = points.pop("hit").to_numpy()
        drawn["corner"] = corner_figure(
            document["corner"], found.sample.names, points.to_numpy(), hit
        )
    with new_folder(into) as partial:
        names = save_figures(drawn, partial)
    return [str(Path(str(shown)) / name) for name in names]


def _print(
    findings: Sequence[OutcomeSensitivity],
    corner: Corner | None,
    sample: Sample,
    written: Sequence[str] = (),
) -> None:
    """Print every finding, the corner if one was asked for, and which files were written."""
    from coercivity.viz.words.terminal import print_lines

    size = (
        f"{len(sample.points)} points (method {sample.method}, {len(sample.names)} parameters) "
        f"x {len(sample.seeds)} seeds"
    )
    print_lines([f"{sample.scenario}, {sample.months} months: {size}"])
    for finding in findings:
        print_lines([""])
        _print_finding(finding)
    if corner is not None:
        print_lines([""])
        _print_corner(corner)
    if written:
        print_lines(["", f"Written: {', '.join(written)}"])


def _print_finding(finding: OutcomeSensitivity) -> None:
    """Print the table of one outcome, what limits it, and what it allows to say."""
    from coercivity.viz.words.terminal import print_lines, print_table

    columns, rows = _rows(finding)
    title = f"{finding.label} ({finding.outcome}, {finding.unit or 'no unit'}), {finding.method}"
    if rows:
        print_table(columns, rows[:MOST_ROWS], title=title)
        if len(rows) > MOST_ROWS:
            print_lines([f"{len(rows) - MOST_ROWS} more parameters: --json has them all"])
    else:
        print_lines([title])
    print_lines(
        [
            *([f"  not computed: {finding.refused}"] if finding.refused else []),
            *(f"  note: {note}" for note in finding.notes),
            *finding.sentences,
        ]
    )


def _print_corner(corner: Corner) -> None:
    """Print the bounds of the corner, and what they allow to say."""
    from coercivity.experiments.sensitivity.sentences import corner_sentences
    from coercivity.viz.words.terminal import print_lines, print_table

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


def _rows(finding: OutcomeSensitivity) -> Table:
    """Columns and rows of the table of one outcome, largest first."""
    if finding.tornado is not None:
        return _swing_rows(finding.tornado)
    if finding.indices is not None:
        return _index_rows(finding.indices, finding.method)
    return (), []


def _swing_rows(tornado: Tornado) -> Table:
    """What the outcome does at the low and at the high end of each parameter."""
    low, high = ("effect at low", "5%", "95%"), ("effect at high", "5%", "95%")
    return ("parameter", "low", "high", *low, *high), [
        (
            swing.parameter,
            swing.low_value,
            swing.high_value,
            swing.low,
            *swing.low_band,
            swing.high,
            *swing.high_band,
        )
        for swing in tornado.swings
    ]


def _index_rows(indices: Indices, method: str) -> Table:
    """The index that ranks each parameter with its bounds, and the other indices of the method
    beside it.
    """
    first, *others = {"sobol": ("total", "first"), "morris": ("mu_star", "mu", "sigma")}.get(
        method, (method,)
    )
    bounded = others == ["first"]  # those of Morris have no bounds of their own
    by_name = {(row.of, row.measure): row for row in indices.rows}
    rows: list[tuple[Any, ...]] = []
    for row in indices.measured(first):
        beside = [by_name[row.of, name] for name in others]
        numbers = [
            number
            for index in beside
            for number in ((index.value, index.low, index.high) if bounded else (index.value,))
        ]
        rows.append((row.of[0], row.value, row.low, row.high, *numbers))
    columns = ("first", "low", "high") if bounded else others
    return ("parameter", first, "low", "high", *columns), rows
