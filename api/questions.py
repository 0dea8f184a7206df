"""The commands that put questions to many worlds: `coercivity leverage` and `coercivity claims`."""

from __future__ import annotations

import typer


def leverage(
    scenario: str = typer.Argument(
        "japan-2026", help="Name of a shipped scenario, or a YAML file."
    ),
    at: str | None = typer.Option(
        None, "--at", metavar="YYYY-MM", help="Month in which the cut-off begins."
    ),
    sender: str = typer.Option("China", "--sender", metavar="STATE", help="Who cuts off."),
    target: str = typer.Option("Japan", "--target", metavar="STATE", help="Who is cut off."),
    worlds: str = typer.Option(
        "1",
        "--worlds",
        metavar="N",
        help="How many worlds, with seeds S, S+1, ...; more than one gives ranges.",
    ),
    seed: str = typer.Option("1", "--seed", metavar="S", help="Seed of the first world."),
    as_json: bool = typer.Option(
        False, "--json", help="Print one JSON document instead of the table."
    ),
) -> None:
    """Say what a 12-month cut-off, starting in a month, would cost target and sender."""
    from coercivity.cli import asked_seeds, print_json
    from coercivity.experiments.questions.leverage import UNITS, check_month, check_pair
    from coercivity.experiments.questions.leverage import leverage as measure
    from coercivity.model.basis.errors import InputError
    from coercivity.model.scenario.scenario import load_scenario
    from coercivity.viz.words.terminal import print_lines, print_table, progress_bar

    asked, seeds = load_scenario(scenario), asked_seeds(seed, worlds)
    if at is None:
        raise InputError(
            "--at is missing; write the month of the cut-off, for example --at 2026-01"
        )
    check_month(asked, at)
    check_pair(sender, target)
    with progress_bar("leverage") as progress:
        found = measure(asked, at, seeds, sender=sender, target=target, progress=progress)
    if as_json:
        spread = {"first_stop_days": found.days(), **found.spread()}
        rows = found.table().drop(columns=["month", "sender", "target"]).astype(object)
        print_json(
            {
                "scenario": asked.name,
                "at": at,
                "sender": sender,
                "target": target,
                "months_of_ban": 12,
                "months_followed": 36,
                "units": UNITS,
                "worlds": rows.where(rows.notna(), None).to_dict("records"),
                "spread": {
                    name: dict(zip(("median", "p05", "p95"), values, strict=True))
                    for name, values in spread.items()
                },
            }
        )
        return
    from coercivity.viz.words.findings import leverage_rows

    title = f"What it would cost if {sender} cut off {target} for 12 months from {at} ({asked.name}, {len(seeds)} worlds, 36 months followed)"
    print_table(("", "median", "p05", "p95", "unit"), leverage_rows(found), title=title)
    print_lines(
        [
            "Differences between two forks of each world with the same luck, one with the ban and one without."
        ]
    )


def claims(
    ids: list[str] | None = typer.Argument(
        None, metavar="[ID]...", help="C1 to C16; all of them without any."
    ),
    as_json: bool = typer.Option(
        False, "--json", help="Print one JSON document instead of the table."
    ),
    draws: str | None = typer.Option(
        None, "--draws", metavar="N", help="Draws of parameter vector and seed for each claim."
    ),
    workers: str = typer.Option(
        "0", "--workers", metavar="N", help="Processes; 0 takes one for each usable core."
    ),
) -> None:
    """Put the article's claims to the model and print the verdicts."""
    from coercivity.cli import print_json, whole_number
    from coercivity.experiments.claims.survey import DRAWS, run_claims
    from coercivity.experiments.claims.table import choose_claims
    from coercivity.viz.words.findings import COLUMNS, finding_lines, finding_rows
    from coercivity.viz.words.terminal import print_lines, print_table, progress_bar

    chosen = choose_claims(ids or ())
    count = DRAWS if draws is None else whole_number(draws, "--draws", 1, 10_000)
    processes = whole_number(workers, "--workers", 0, 1024)
    with progress_bar("claims") as progress:
        findings = run_claims(
            [one.id for one in chosen], draws_count=count, workers=processes, progress=progress
        )
    if as_json:
        print_json([one.to_dict() for one in findings])
        return
    if ids:
        for one in findings:
            print_lines([*finding_lines(one), ""])
        return
    print_table(
        COLUMNS,
        finding_rows(findings),
        title=f"The claims, over {count} draws of parameter vector and seed",
    )
    print_lines(
        [
            "One claim in full: coercivity claims C1. Thresholds were written down before the first run (model/data/claims.csv)."
        ]
    )
