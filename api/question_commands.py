"""The commands that put questions to many worlds: `coercivity leverage`, `coercivity why-not` and
`coercivity claims`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from coercivity.command_output import print_json
from coercivity.options import (
    DEFAULT_SCENARIO,
    JsonForSummary,
    JsonForTable,
    Months,
    ScenarioName,
    Seed,
    Workers,
    Worlds,
    draws_option,
    seeds_option,
    whole_number,
    workers_option,
)

if TYPE_CHECKING:
    from coercivity.experiments.questions.leverage import Leverage

Month = Annotated[
    str | None,
    typer.Option("--at", metavar="YYYY-MM", help="Month in which the cut-off begins."),
]
Sender = Annotated[str, typer.Option("--sender", metavar="STATE", help="Who cuts off.")]
Target = Annotated[str, typer.Option("--target", metavar="STATE", help="Who is cut off.")]


def leverage(
    scenario: ScenarioName = DEFAULT_SCENARIO,
    at: Month = None,
    sender: Sender = "China",
    target: Target = "Japan",
    worlds: Worlds = "1",
    seed: Seed = "1",
    as_json: JsonForTable = False,
) -> None:
    """Say what a 12-month cut-off, starting in a month, would cost target and sender."""
    from coercivity.experiments.questions.leverage import check_month, check_pair
    from coercivity.experiments.questions.leverage import leverage as measure
    from coercivity.model.basis.errors import InputError
    from coercivity.model.scenario.scenario import load_scenario
    from coercivity.viz.words.terminal import progress_bar

    wanted, seeds = load_scenario(scenario), seeds_option(seed, worlds)
    if at is None:
        raise InputError(
            "--at is missing", "write the month of the cut-off, for example --at 2026-01"
        )
    check_month(wanted, at)
    check_pair(wanted.facts, sender, target)
    with progress_bar("leverage") as progress:
        measured = measure(wanted, at, seeds, sender=sender, target=target, progress=progress)
    if as_json:
        print_json(_leverage_document(measured))
    else:
        _print_leverage(measured)


def _leverage_document(power: Leverage) -> dict[str, Any]:
    """The leverage of a month as one JSON document: every world, and the spread over them."""
    from coercivity.experiments.questions.leverage import UNITS

    spread = {"first_stop_days": power.days(), **power.spread()}
    rows = power.table().drop(columns=["month", "sender", "target"]).astype(object)
    return {
        "scenario": power.scenario.name,
        "at": power.at,
        "sender": power.sender,
        "target": power.target,
        "months_of_ban": 12,
        "months_followed": 36,
        "units": UNITS,
        "worlds": rows.where(rows.notna(), None).to_dict("records"),
        "spread": {
            name: dict(zip(("median", "p05", "p95"), values, strict=True))
            for name, values in spread.items()
        },
    }


def _print_leverage(power: Leverage) -> None:
    """Print the table of one month, and what is compared in it."""
    from coercivity.viz.words.claim_rows import leverage_rows
    from coercivity.viz.words.terminal import print_lines, print_table

    title = (
        f"What it would cost if {power.sender} cut off {power.target} for 12 months "
        f"from {power.at} ({power.scenario.name}, {len(power.seeds)} worlds, 36 months followed)"
    )
    print_table(("", "median", "p05", "p95", "unit"), leverage_rows(power), title=title)
    print_lines(
        [
            "Differences between two forks of each world with the same luck, "
            "one with the ban and one without."
        ]
    )


def why_not(
    scenario: ScenarioName = DEFAULT_SCENARIO,
    worlds: Worlds = "1",
    seed: Seed = "1",
    months: Months = None,
    as_json: JsonForTable = False,
) -> None:
    """Say why each plant that could be built was not: margin, demand, value over cost, hurdle."""
    from coercivity.experiments.questions.why_not import LABELS, by_plant, cells
    from coercivity.experiments.questions.why_not import why_not as ask
    from coercivity.model.scenario.scenario import MAX_MONTHS, load_scenario
    from coercivity.viz.words.terminal import print_table

    wanted, seeds = load_scenario(scenario), seeds_option(seed, worlds)
    length = None if months is None else whole_number(months, "--months", 1, MAX_MONTHS)
    looks = ask(wanted, seeds, months=length)
    if as_json:
        print_json({"scenario": wanted.name, "looks": [look.as_dict() for look in looks]})
        return
    title = (
        f"Looks at plants that could be built ({wanted.name}, {len(seeds)} worlds): medians of "
        "what was seen, and how often what bound first"
    )
    print_table(LABELS, [cells(row) for row in by_plant(wanted.facts, looks)], title=title)


def claims(
    ids: list[str] | None = typer.Argument(
        None, metavar="[ID]...", help="C1 to C16; all of them without any."
    ),
    as_json: JsonForTable = False,
    draws: str | None = typer.Option(
        None, "--draws", metavar="N", help="Draws of parameter vector and seed for each claim."
    ),
    workers: Workers = "0",
) -> None:
    """Put the article's claims to the model and print the verdicts."""
    from coercivity.experiments.claims.run_claims import DRAWS
    from coercivity.experiments.claims.written_claims import choose_claims
    from coercivity.experiments.studies.claims import claims as put
    from coercivity.viz.words.claim_rows import COLUMNS, finding_lines, finding_rows
    from coercivity.viz.words.terminal import print_lines, print_table, progress_bar

    chosen = choose_claims(ids or ())
    count = draws_option(draws, DRAWS)
    processes = workers_option(workers)
    with progress_bar("claims") as progress:
        findings = put(
            [one.id for one in chosen], draws=count, workers=processes, progress=progress
        ).findings
    if as_json:
        print_json([one.to_dict() for one in findings])
        return
    if ids:
        for claim in findings:
            print_lines([*finding_lines(claim), ""])
        return
    print_table(
        COLUMNS,
        finding_rows(findings),
        title=f"The claims, over {count} draws of parameter vector and seed",
    )
    print_lines(
        [
            (
                "One claim in full: coercivity claims C1. Thresholds were written down before "
                "the first run (model/data/claims.csv)."
            )
        ]
    )


def starts(
    start: str | None = typer.Argument(None, help="2009-01, 2024-01 or 2026-01; all without it."),
    as_json: JsonForSummary = False,
) -> None:
    """Set the start of the model against the facts."""
    from coercivity.model.basis.errors import InputError, suggest
    from coercivity.model.basis.facts import Facts

    facts = Facts.default()
    if start is not None and start not in facts.starts:
        raise InputError(
            "{field} '{value}' is not a start that exists",
            suggest(start, facts.starts),
            field="start",
            value=start,
        )
    from coercivity.experiments.questions.starts import start_report
    from coercivity.viz.words.terminal import print_starts

    reports = {
        one: [dict(row) for row in start_report(one)]
        for one in ([start] if start else facts.starts)
    }
    if as_json:
        print_json([{"start": one, **row} for one, rows in reports.items() for row in rows])
        return
    for name, rows in reports.items():
        print_starts(rows, f"Start {name}: the model against the facts")
