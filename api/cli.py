"""The command line: `coercivity run japan-2026`. Exit codes: 0 done, 2 the input was wrong (one
line says what), 1 anything else.

Whatever is slow to import is imported inside the commands, so that `coercivity --help` answers at
once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from coercivity.ablation_command import ablation
from coercivity.backtest_command import backtest
from coercivity.calibration import calibrate
from coercivity.command_output import headline_list, print_json, provenance, speaks_unicode
from coercivity.ensembles import check_options, run_draws
from coercivity.errors import Commands
from coercivity.interchange import crate, datapackage, schema
from coercivity.lessons import lesson
from coercivity.licences import licences, trace
from coercivity.options import (
    DEFAULT_SCENARIO,
    DesignSeed,
    Draws,
    DrawsWorkers,
    JsonForSummary,
    Months,
    Replications,
    ResultsFolder,
    ScenarioName,
    Seed,
    Settings,
    State,
    WorldClass,
    Worlds,
    seeds_option,
    whole_number,
)
from coercivity.plugins import plugins
from coercivity.question_commands import claims, leverage, starts, why_not
from coercivity.rooms import rooms_app
from coercivity.scenario_files import scenarios_app
from coercivity.sensitivity_command import sensitivity
from coercivity.sweeps import sweep_app

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from coercivity.model.scenario.scenario import Scenario
    from coercivity.viz.words.summary import Section

app = typer.Typer(
    cls=Commands,
    help=(
        "Coercivity: an agent-based model of rare-earth supply chains and the governments and "
        "firms that fight over them."
    ),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(scenarios_app, name="scenarios")
app.add_typer(sweep_app, name="sweep")
app.add_typer(rooms_app, name="rooms")


@app.callback(invoke_without_command=True)
def _begin(
    version: bool = typer.Option(False, "--version", help="Print the version."),
    data: str = typer.Option(
        "",
        "--data",
        metavar="FOLDER",
        help="Tables laid over the shipped ones: a folder, or the name of one that ships.",
    ),
) -> None:
    if data:
        from coercivity.model.basis.facts import use_data

        use_data(data)
    if version:
        from coercivity import __version__

        print(f"coercivity {__version__}")
        raise typer.Exit


@app.command()
def run(
    context: typer.Context,
    scenario: ScenarioName = DEFAULT_SCENARIO,
    months: Months = None,
    worlds: Worlds = "1",
    seed: Seed = "1",
    settings: Settings = None,
    world: WorldClass = None,
    state: State = None,
    out: ResultsFolder = None,
    as_json: JsonForSummary = False,
    draws: Draws = None,
    replications: Replications = None,
    design_seed: DesignSeed = None,
    workers: DrawsWorkers = None,
) -> None:
    """Run a scenario and print what a minister would ask.

    Each seed is run with the rules naive as well and, where the script has a measure, without it:
    losses are told above that twin.
    """
    from coercivity.experiments.worlds.viewpoint import viewpoint_state

    check_options(context, draws)
    wanted = _scenario(scenario, months, settings)
    of = viewpoint_state(state, wanted)
    if draws is not None:
        asked = (draws, replications, design_seed, workers, out, as_json, of, world)
        run_draws(wanted, None, *asked)
        return
    seeds, folder, facts = seeds_option(seed, worlds), _folder(out), wanted.facts
    from coercivity.experiments.worlds.spreads import headline_spreads
    from coercivity.viz.words.summary import headlines_of, run_summary

    results = _worlds(wanted, seeds, world)
    headlines = headlines_of(results, state=of)
    twin, apart = _against_twin(wanted, seeds, results, of, world)
    beside = _comparison_section(wanted, seeds, headlines, of, world)
    summary = run_summary(results, headlines, beside, apart, twin, of)
    files = _save(folder, out, summary, results, state=of)
    if as_json:
        others = {"against_twin": headline_spreads(facts, apart, of)} if apart else {}
        print_json(
            {
                **provenance(results),
                "twin": twin or None,
                "state": of,
                "headlines": headline_list(
                    facts, of, headline_spreads(facts, headlines, of), **others
                ),
                "files": files,
            }
        )
    else:
        _print_summary(summary, files)


@app.command()
def compare(
    context: typer.Context,
    base: str = typer.Argument(..., help="The scenario to compare with: a name or a YAML file."),
    scenario: str = typer.Argument(..., help="The scenario of interest: a name or a YAML file."),
    months: Months = None,
    worlds: Worlds = "1",
    seed: Seed = "1",
    settings: Settings = None,
    world: WorldClass = None,
    state: State = None,
    out: ResultsFolder = None,
    as_json: JsonForSummary = False,
    draws: Draws = None,
    replications: Replications = None,
    design_seed: DesignSeed = None,
    workers: DrawsWorkers = None,
) -> None:
    """Run two scenarios with the same luck and print the differences."""
    from coercivity.experiments.worlds.viewpoint import viewpoint_state

    check_options(context, draws)
    first, second = _scenario(base, months, settings), _scenario(scenario, months, settings)
    of = viewpoint_state(state, second)
    if draws is not None:
        asked = (draws, replications, design_seed, workers, out, as_json, of, world)
        run_draws(second, first, *asked)
        return
    seeds, folder = seeds_option(seed, worlds), _folder(out)
    if first.start != second.start or first.months != second.months:
        from coercivity.model.basis.errors import InputError

        raise InputError(
            "scenario '{second}' runs {months} months from {start} and base '{first}' "
            "{base_months} from {base_start}",
            "compare scenarios with the same start, and give both the same length with --months",
            second=second.name,
            months=second.months,
            start=second.start,
            first=first.name,
            base_months=first.months,
            base_start=first.start,
        )
    from coercivity.experiments.quantities.headlines import focal_date
    from coercivity.experiments.worlds.spreads import differences, headline_spreads
    from coercivity.viz.words.compare_summary import compare_summary
    from coercivity.viz.words.summary import headlines_of

    base_results, results = _worlds(first, seeds, world), _worlds(second, seeds, world)
    facts = second.facts
    since = focal_date(second, results[0].months, of)
    base_headlines, headlines = (
        headlines_of(worlds_run, since, of, results) for worlds_run in (base_results, results)
    )
    summary = compare_summary(base_results, results, base_headlines, headlines, of)
    files = _save(folder, out, summary, results, base_results, state=of)
    if as_json:
        listed = headline_list(
            facts,
            of,
            headline_spreads(facts, headlines, of),
            _not_compared(base_results, results, since, of),
            base=headline_spreads(facts, base_headlines, of),
            difference=headline_spreads(facts, differences(base_headlines, headlines), of),
        )
        print_json(
            {
                **provenance(results),
                "base": first.name,
                "state": of,
                "headlines": listed,
                "files": files,
            }
        )
    else:
        _print_summary(summary, files)


@app.command()
def facts(
    table: str | None = typer.Argument(
        None, help="Name of a table; without it, the list of tables."
    ),
    full: bool = typer.Option(False, "--full", help="Show addresses and notes too."),
    to: str | None = typer.Option(
        None,
        "--csv",
        metavar="FILE",
        help="Write the facts of this table, or of all, with their sources into this new file.",
    ),
    rows_of: str | None = typer.Option(
        None,
        "--rows",
        metavar="STATE",
        help="Print the rows that hold for a state as a scenario file writes its own.",
    ),
    start: str = typer.Option("2024-01", "--start", help="Of which start, with --rows."),
) -> None:
    """Show the sourced facts behind the model."""
    from coercivity.model.basis.facts import list_tables, load_table
    from coercivity.viz.words.terminal import print_facts, print_lines, print_table

    if to is not None:
        from coercivity.experiments.worlds.facts_csv import write_facts

        path, lines = write_facts(to, table)
        print_lines([f"{lines:,} facts in {path}"])
        return
    if rows_of is not None:
        from coercivity.experiments.lab.own_rows import own_yaml

        sys.stdout.write(own_yaml(table, start, rows_of, ascii_only=not speaks_unicode()))
        return
    if table is None:
        tables = [load_table(name) for name in list_tables()]
        print_table(
            ("table", "rows", "columns"),
            [(one.name, len(one), ", ".join(one.columns)) for one in tables],
        )
        return
    chosen = load_table(table)
    columns = [name for name in chosen.columns if full or name not in ("url", "note")]
    print_facts(
        columns,
        [[row[name] for name in columns] for row in chosen],
        title=f"{chosen.name}: {len(chosen)} rows",
    )


@app.command()
def parameters(
    name: str | None = typer.Argument(None, help="Name of a parameter; without it, all of them."),
) -> None:
    """Show the parameters: value, range, source and status."""
    from coercivity.model.basis.parameters import load_parameters
    from coercivity.viz.words.terminal import print_lines, print_table

    table = load_parameters()
    if name is None:
        print_table(
            ("name", "value", "low", "high", "unit", "status", "group"),
            [
                (row.name, row.value, row.low, row.high, row.unit, row.status, row.group)
                for row in table
            ],
        )
        return
    row = table[name]
    lines = (
        row.name,
        f"  {row.description}",
        f"  value   {row.value:g} {row.unit}",
        f"  range   {row.low:g} to {row.high:g}",
        f"  status  {row.status}",
    )
    print_lines(
        (
            *lines,
            f"  group   {row.group}",
            f"  source  {row.source}",
            *([f"          {row.url}"] if row.url else []),
        )
    )


for one in (
    *(leverage, why_not, licences, trace, claims, calibrate, backtest, ablation, sensitivity),
    *(lesson, datapackage, schema, crate, starts, plugins),
):
    app.command()(one)


@app.command()
def doctor() -> None:
    """Say what this installation has, and check that a short run works."""
    from coercivity.doctor import checks
    from coercivity.viz.words.terminal import print_table

    rows = checks()
    print_table(("what", "found"), rows)
    if any(text.startswith("FAILED") for _, text in rows):
        print(
            "coercivity: the check run does not work; please report the message above",
            file=sys.stderr,
        )
        raise typer.Exit(1)


@app.command("app")
def serve_app(
    port: int = typer.Option(8765, "--port", help="Port on this machine; 0 takes any free one."),
    no_browser: bool = typer.Option(False, "--no-browser", help="Do not open a browser."),
    host: str = typer.Option(
        "127.0.0.1", "--host", help="Address to listen on; 0.0.0.0 lets the laptops of a class in."
    ),
    rehearse: bool = typer.Option(
        False, "--rehearse", help="Open a class room in which simulated pupils play, to lead it."
    ),
) -> None:
    """Serve the policy lab on this machine until Ctrl-C."""
    from coercivity.model.basis.extras import PACKAGES, require_packages

    require_packages(PACKAGES["app"], "app")
    from coercivity.viz.serve import serve

    serve(port=port, open_browser=not no_browser, host=host, rehearse=rehearse)


def _scenario(source: str, months: str | None, settings: Sequence[str] | None) -> Scenario:
    """The scenario as asked, checked whole before anything runs. Keywords win over the file, the
    file over shipped values.
    """
    from coercivity.model.basis.parameters import parse_settings
    from coercivity.model.scenario.scenario import MAX_MONTHS, load_scenario, with_changes

    length = None if months is None else whole_number(months, "--months", 1, MAX_MONTHS)
    return with_changes(
        load_scenario(source), months=length, parameters=parse_settings(settings or ())
    )


def _comparison_section(
    scenario: Scenario,
    seeds: range,
    headlines: Sequence[Mapping[str, float | None]],
    state: str,
    world: str | None,
) -> Section:
    """What a naive world and the spreadsheet say beside the headlines, with the same seeds."""
    from coercivity.experiments.questions.simpler_models import naive_scenario, spreadsheet
    from coercivity.viz.words.summary import headlines_of, naive_and_sheet_section

    naive = headlines_of(_worlds(naive_scenario(scenario), seeds, world), state=state)
    sheet = [spreadsheet(scenario, seed_run, state) for seed_run in seeds]
    return naive_and_sheet_section(scenario.facts, headlines, naive, sheet, state)


def _against_twin(
    scenario: Scenario, seeds: range, results: Sequence[Any], state: str, world: str | None
) -> tuple[str, list[Mapping[str, float | None]]]:
    """What the twin goes without, and the headlines above it, one a seed; '' and none where the
    script has no measure.
    """
    from coercivity.experiments.findings.twin_run import measures_left_out
    from coercivity.experiments.quantities.headlines import focal_date
    from coercivity.experiments.worlds.twin import against_twins, without_measure
    from coercivity.viz.words.finding_text import finding_in_words

    twin = without_measure(scenario, state)
    if twin is None:
        return "", []
    since = focal_date(scenario, results[0].months, state)
    apart = against_twins(results, _worlds(twin, seeds, world), since, state)
    return finding_in_words(measures_left_out(scenario, state)), apart


def _not_compared(
    base: Sequence[Any], results: Sequence[Any], since: str, state: str
) -> dict[str, str]:
    """{id: why} of the headlines whose twins are not compared."""
    from coercivity.experiments.quantities.headlines import headline_table
    from coercivity.experiments.worlds.idle_at_start import find_idle_at_start
    from coercivity.viz.words.idle_at_start_text import not_compared

    standing = find_idle_at_start(base, results, since, state)
    told = {
        row.id: not_compared(row, standing, state)
        for row in headline_table(results[0].facts, state)
    }
    return {name: why for name, why in told.items() if why}


def _folder(out: str | None) -> Path | None:
    if out is None:
        return None
    from coercivity.experiments.worlds.output_tables import check_new_folder
    from coercivity.model.basis.extras import SAVING, require_packages

    require_packages(SAVING, "sweep", "--out")
    return check_new_folder(out)


def _worlds(scenario: Scenario, seeds: range, world: str | None) -> tuple[Any, ...]:
    from coercivity.experiments.worlds import run as runs
    from coercivity.viz.words.terminal import progress_bar

    with progress_bar(scenario.name) as progress:
        return tuple(runs.run_worlds(scenario, seeds, progress=progress, world=world))


def _save(
    folder: Path | None,
    shown: str | None,
    summary: Any,
    results: Sequence[Any],
    base: Sequence[Any] = (),
    *,
    state: str,
) -> list[str]:
    """Write everything into the folder, if one was asked for; return the paths as the user would
    write them.
    """
    if folder is None:
        return []
    from coercivity.experiments.interchange.crate import write_crate
    from coercivity.experiments.worlds.output_tables import (
        manifest,
        new_folder,
        write_manifest,
        write_tables,
    )
    from coercivity.viz.words.report import report_html

    with new_folder(folder) as partial:
        (partial / "report.html").write_text(
            report_html(summary, results, base, state), encoding="utf-8"
        )
        units = write_tables(results, partial, base)
        write_manifest(manifest(results, units, base), partial)
        write_crate(partial)
        names = sorted(path.name for path in partial.iterdir())
    return [str(Path(shown or folder) / name) for name in names]


def _print_summary(summary: Any, files: Iterable[str]) -> None:
    from coercivity.viz.words.terminal import print_lines, print_summary

    print_summary(summary)
    report = next((name for name in files if name.endswith("report.html")), None)
    if report:
        print_lines(["", f"Report: {report}", f"Tables: {Path(report).parent}"])


def main() -> None:
    """Run the command line with the arguments of the process."""
    app(prog_name="coercivity")
