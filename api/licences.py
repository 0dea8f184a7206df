"""The commands that follow licences: `coercivity licences`, tonnes by month, destination and good
beside the twin without export controls, and `coercivity trace`, one firm's applications.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from coercivity.command_output import print_json
from coercivity.ensembles import check_options
from coercivity.options import (
    MAX_SEED,
    MOST_DRAWS,
    REPLICATIONS,
    DesignSeed,
    Draws,
    DrawsWorkers,
    JsonForTable,
    JsonForTables,
    Months,
    Replications,
    ScenarioName,
    Seed,
    Worlds,
    seeds_option,
    whole_number,
    workers_option,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coercivity.experiments.questions.applicants import Applicant
    from coercivity.experiments.questions.firm_trace import FirmTrace
    from coercivity.experiments.questions.licence_flows import LicenceFlows
    from coercivity.experiments.worlds.draws import Draw
    from coercivity.model.scenario.scenario import Scenario
    from coercivity.viz.page_data.shown_results import Document

MOST_RUNS: Final = 1_000  # all of them are held in memory

From = Annotated[str, typer.Option("--from", metavar="STATE", help="Whose licences they are.")]
To = Annotated[
    str,
    typer.Option(
        "--to", metavar="STATE[,STATE]", help="Destinations: states, EU for its three, or all."
    ),
]
Goods = Annotated[
    str,
    typer.Option(
        "--good", metavar="GOOD[,GOOD]", help="Goods or groups, such as heavy_oxides; or all."
    ),
]
By = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="month|year",
        help="A row a month or a year; month without it for runs of three years or less.",
    ),
]
Csv = Annotated[
    str | None,
    typer.Option(
        "--csv",
        metavar="FILE",
        help="Write every month, lane and quantity with its band into this new .csv file.",
    ),
]
Since = Annotated[
    str,
    typer.Option(
        "--since",
        metavar="YYYY-MM",
        help="Month from which months under the rule are counted; without it that of the "
        "scenario's measure in question, else of each world's first control.",
    ),
]
Firm = Annotated[
    str | None,
    typer.Argument(
        metavar="FIRM",
        help="Name of a firm, or its beginning; without it, the firms that ever applied.",
    ),
]
Month = Annotated[
    str | None,
    typer.Option(
        "--month", metavar="YYYY-MM", help="Say what it saw, chose and rejected in a month too."
    ),
]


def licences(
    context: typer.Context,
    scenario: ScenarioName,
    exporter: From = "China",
    to: To = "all",
    good: Goods = "all",
    months: Months = None,
    worlds: Worlds = "1",
    seed: Seed = "1",
    draws: Draws = None,
    replications: Replications = None,
    design_seed: DesignSeed = None,
    workers: DrawsWorkers = None,
    by: By = None,
    since: Since = "",
    csv: Csv = None,
    as_json: JsonForTables = False,
) -> None:
    """Say what an exporter's licences let out: tonnes, and shares of the twin without them.

    The twin is the same world, seed and parameter vector, in which no act restricts exports.
    """
    check_options(context, draws)
    from coercivity.experiments.questions.licence_flows import (
        check_lanes,
        licence_flows,
        month_of_run,
    )
    from coercivity.experiments.worlds.output_path import check_new_file
    from coercivity.viz.page_data.shown_results import backtest_of
    from coercivity.viz.words.terminal import progress_bar

    wanted = _scenario(scenario, months)
    importers, goods = _names(to, "--to"), _names(good, "--good")
    check_lanes(wanted.facts, exporter, importers, goods)
    rows_by = _choose_period(by, wanted)
    if since:
        month_of_run(wanted, since, "--since")
    file = None if csv is None else check_new_file(csv, example="licences")
    drawn = () if draws is None else _draw_with_seeds(draws, replications, design_seed)
    seeds = seeds_option(seed, worlds)
    record = backtest_of(wanted)
    _check_runs(len(drawn) or len(seeds), "--worlds" if draws is None else "--draws")
    processes = 1 if draws is None else workers_option(workers or "0")
    with progress_bar(wanted.name) as progress:
        flows = licence_flows(
            wanted,
            seeds,
            drawn=drawn,
            exporter=exporter,
            importers=importers,
            goods=goods,
            since=since,
            workers=processes,
            progress=progress,
        )
    if file is not None:
        _write(flows, file, str(csv))
    if as_json:
        print_json(_document(flows, rows_by, csv))
    else:
        _print(flows, rows_by, csv, record)


def trace(
    scenario: ScenarioName,
    firm: Firm = None,
    seed: Seed = "1",
    months: Months = None,
    month: Month = None,
    as_json: JsonForTable = False,
) -> None:
    """Follow one firm's applications for licences, from filing to the last tonne.

    Without a firm it lists those that ever applied.
    """
    from coercivity.experiments.questions.applicants import applicants, find_firm
    from coercivity.experiments.questions.firm_trace import trace_firm
    from coercivity.experiments.questions.licence_flows import month_of_run
    from coercivity.model.basis.errors import InputError

    wanted, luck = _scenario(scenario, months), whole_number(seed, "--seed", 0, MAX_SEED - 1)
    at = None if month is None else month_of_run(wanted, month, "--month")
    if firm is None:
        if month is not None:
            raise InputError(
                "--month '{value}' goes with a firm",
                "name one (without --month the command lists them)",
                value=month,
            )
        _list_applicants(wanted, luck, applicants(wanted, luck), as_json)
        return
    found = trace_firm(wanted, find_firm(wanted, firm, luck), luck)
    if as_json:
        print_json(_trace_document(wanted, luck, found, at))
    else:
        _print_trace(wanted, luck, found, at)


def _scenario(source: str, months: str | None) -> Scenario:
    """The scenario as asked, checked whole before anything runs."""
    from coercivity.model.scenario.scenario import MAX_MONTHS, load_scenario, with_changes

    length = None if months is None else whole_number(months, "--months", 1, MAX_MONTHS)
    return with_changes(load_scenario(source), months=length)


def _names(text: str, option: str) -> tuple[str, ...]:
    """The names in a list with commas; () for all."""
    from coercivity.model.basis.errors import InputError

    names = tuple(part.strip() for part in text.split(","))
    if not all(names):
        raise InputError(
            "{option} '{value}' has an empty name",
            "write names with a comma between them, or all",
            option=option,
            value=text,
        )
    return () if names == ("all",) else names


def _choose_period(by: str | None, scenario: Scenario) -> str:
    from coercivity.model.basis.errors import unknown_value_error
    from coercivity.viz.words.licence_tables import BY, SHORT

    if by is None:
        return "month" if scenario.months <= SHORT else "year"
    if by not in BY:
        raise unknown_value_error("--by", by, BY)
    return by


def _draw_with_seeds(
    draws: str, replications: str | None, design_seed: str | None
) -> tuple[Draw, ...]:
    """Draws of vector and seed, each vector with as many seeds as asked."""
    from dataclasses import replace

    from coercivity.experiments.worlds.draws import draws as draw_vectors
    from coercivity.experiments.worlds.ensemble import APART, MOST_DESIGN, MOST_REPLICATIONS

    count = whole_number(draws, "--draws", 1, MOST_DRAWS)
    each, design = REPLICATIONS, 0
    if replications is not None:
        each = whole_number(replications, "--replications", 1, MOST_REPLICATIONS)
    if design_seed is not None:
        design = whole_number(design_seed, "--design-seed", 0, MOST_DESIGN)
    _check_runs(count * each, "--draws")
    return tuple(
        replace(one, seed=one.seed + APART * number)
        for one in draw_vectors(count, design)
        for number in range(each)
    )


def _check_runs(count: int, option: str) -> None:
    from coercivity.model.basis.errors import InputError

    if count > MOST_RUNS:
        raise InputError(
            "{option} asks for {count} runs beside as many twins, and this command holds {high}",
            "use fewer",
            option=option,
            count=count,
            high=MOST_RUNS,
        )


def _write(flows: LicenceFlows, file: Path, shown: str) -> None:
    """Write the long table, whole or not at all."""
    from coercivity.experiments.worlds.atomic import write_whole
    from coercivity.model.basis.errors import InputError, Phrase, shorten

    def fill(hidden: Path) -> None:
        flows.frame().to_csv(hidden, index=False, lineterminator="\n", encoding="utf-8")

    try:
        write_whole(file, fill)
    except OSError as error:
        raise InputError(
            "--csv '{file}' cannot be written ({reason})",
            "give a place where you may write, with room",
            file=Phrase(shorten(shown, 200)),
            reason=error.strerror,
        ) from None


def _print(flows: LicenceFlows, by: str, csv: str | None, record: Document | None) -> None:
    """record: the backtest of the very scenario that ran."""
    from coercivity.viz.page_data.shown_results import version_note
    from coercivity.viz.words.licence_tables import (
        RECORD,
        WHAT_WAITS,
        counted_from,
        flow_note,
        flow_table,
        flow_title,
        group_table,
        record_rows,
    )
    from coercivity.viz.words.terminal import print_lines, print_table

    columns, rows = flow_table(flows, by)
    print_table(columns, rows, title=flow_title(flows))
    for group, names in (("destination", flows.importers), ("good", flows.goods)):
        if len(names) > 1:
            title = f"By {group}: shipped as a share of the twin, from {counted_from(flows)} on"
            print_table(*group_table(flows, group), title=title)
    on_record = record_rows(flows, record["found"]["targets"]) if record is not None else []
    if record is not None and on_record:
        draws = f"{record['found']['draws']} draws of the backtest"
        print_table(RECORD, on_record, title=f"What is on record of these lanes, beside {draws}")
        if note := version_note(record, "coercivity backtest"):
            print_lines([note])
    left = f"Nobody ever applies for a licence: {', '.join(flows.left_out)}."
    print_lines(
        [
            flow_note(flows),
            WHAT_WAITS,
            *([left] if flows.left_out else []),
            *([f"Saved: {csv}"] if csv else []),
        ]
    )


def _document(flows: LicenceFlows, by: str, csv: str | None) -> dict[str, Any]:
    """The tables as one JSON document: every quantity with its band, by period, destination and
    good.
    """
    from coercivity.viz.words.licence_tables import flow_note, periods, windows

    chosen, parts = periods(flows, by), windows(flows)
    lanes: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
        *(("destination", (name,), ()) for name in flows.importers),
        *(("good", (), (name,)) for name in flows.goods),
    ]
    return {
        "scenario": flows.scenario.name,
        "exporter": flows.exporter,
        "destinations": list(flows.importers),
        "goods": list(flows.goods),
        "left_out": list(flows.left_out),
        "seeds": list(flows.seeds),
        "drawn": flows.drawn,
        "base": list(dict.fromkeys(base.words() for base in flows.bases)),
        "note": flow_note(flows),
        "rows": [
            {by: name, **told}
            for (name, _), told in zip(chosen, _period_rows(flows, (), (), chosen), strict=True)
        ],
        "groups": [
            {what: (states or goods)[0], "months": name, **told}
            for what, states, goods in lanes
            for (name, _), told in zip(
                parts, _period_rows(flows, states, goods, parts, since_act=True), strict=True
            )
        ],
        "files": [] if csv is None else [csv],
    }


def _period_rows(
    flows: LicenceFlows,
    states: Sequence[str],
    goods: Sequence[str],
    chosen: Sequence[tuple[str, range]],
    *,
    since_act: bool = False,
) -> list[dict[str, Any]]:
    """For each period every quantity with median, low and high (5th and 95th percentile, of few
    runs the lowest and the highest), null where undefined, and worlds.
    """
    from coercivity.experiments.questions.licence_flows import QUANTITIES, band

    periods = [months for _, months in chosen]
    found = band(flows.over(states, goods, periods, since_act=since_act))
    return [
        {
            name: {
                **{
                    key: None if value != value else float(value)
                    for key, value in zip(("median", "low", "high"), found[:3, q, k], strict=True)
                },
                "worlds": int(found[3, q, k]),
            }
            for q, name in enumerate(QUANTITIES)
        }
        for k in range(len(chosen))
    ]


def _list_applicants(
    scenario: Scenario, seed: int, found: Sequence[Applicant], as_json: bool
) -> None:
    """The firms that ever applied. Raises InputError where there is none."""
    from coercivity.model.basis.errors import InputError, Phrase
    from coercivity.viz.words.licence_tables import APPLICANTS, applicant_rows
    from coercivity.viz.words.terminal import print_lines, print_table

    if not found:
        raise InputError(
            "no firm applies for a licence in its {months} months from {start}",
            "take one with licences, for example licensing-2025, or more months",
            where=Phrase.of("scenario '{scenario}'", scenario=scenario.name),
            months=scenario.months,
            start=scenario.start,
        )
    if as_json:
        print_json(
            {
                "scenario": scenario.name,
                "seed": seed,
                "firms": [
                    {
                        "firm": one.firm,
                        "state": one.state,
                        "does": one.does,
                        "applications": len(one.applications),
                        "granted_share": one.granted_share,
                        "watched": one.watched,
                    }
                    for one in found
                ],
            }
        )
        return
    title = f"Firms that applied for licences ({scenario.name}, seed {seed})"
    print_table(APPLICANTS, applicant_rows(scenario.facts, found), title=title)
    print_lines(
        [
            "Granted: of applications with an answer. Follow one: "
            f"coercivity trace {scenario.name} '{found[0].firm}'"
        ]
    )


def _print_trace(scenario: Scenario, seed: int, found: FirmTrace, at: int | None) -> None:
    from coercivity.viz.words.firm_text import lines_in_words
    from coercivity.viz.words.licence_tables import (
        APPLICATIONS,
        PARTS_OF_A_FIRM,
        application_rows,
        trace_title,
        watch_line,
    )
    from coercivity.viz.words.terminal import print_lines, print_table

    title = trace_title(found, scenario, seed)
    if found.applications and at is None:
        print_table(APPLICATIONS, application_rows(found), title=title)
    else:
        print_lines([title])
    print_lines([watch_line(found)])
    if at is not None:
        if of_month := application_rows(found, at):
            month = found.months[at].month
            print_table(APPLICATIONS, of_month, title=f"Open, decided or used in {month}")
        print_lines(["", found.months[at].month])
        for head, lines in zip(PARTS_OF_A_FIRM, found.lines[at], strict=True):
            print_lines(
                [f"{head}:", *(f"  {line}" for line in lines_in_words(lines) or ("Nothing.",))]
            )


def _trace_document(
    scenario: Scenario, seed: int, found: FirmTrace, at: int | None
) -> dict[str, Any]:
    """A firm's applications as one JSON document; months by name."""
    from dataclasses import asdict

    from coercivity.viz.words.firm_text import lines_in_words

    names = [month.month for month in found.months]

    def month(place: int | None) -> str | None:
        return None if place is None else names[place]

    document: dict[str, Any] = {
        "scenario": scenario.name,
        "seed": seed,
        "firm": found.firm,
        "state": found.state,
        "does": found.does,
        "stage": found.stage,
        "applications": [
            {
                **asdict(one),
                "filed": month(one.filed),
                "decided": month(one.decided),
                "ended": month(one.ended),
                "went": [[month(place), tonnes] for place, tonnes in one.went],
            }
            for one in found.applications
        ],
        "watched": dict(zip(names, found.watched, strict=True)),
    }
    if at is not None:
        told = zip(("saw", "chose", "rejected"), map(lines_in_words, found.lines[at]), strict=True)
        document |= {"month": names[at], **dict(told)}
    return document
