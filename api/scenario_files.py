"""The commands for scenarios: `coercivity scenarios list | show | check | new`."""

from __future__ import annotations

import sys

import typer

from coercivity.command_output import speaks_unicode
from coercivity.new_yaml import write_new_yaml
from coercivity.options import ScenarioName

scenarios_app = typer.Typer(
    help="List, show, check and begin scenarios.", no_args_is_help=True, rich_markup_mode=None
)


@scenarios_app.command("list")
def scenarios_list() -> None:
    """List the shipped scenarios."""
    from coercivity.model.scenario.files import list_scenarios
    from coercivity.model.scenario.scenario import load_scenario
    from coercivity.viz.words.terminal import print_table

    scenarios = [load_scenario(name) for name in list_scenarios()]
    print_table(
        ("name", "start", "months", "events", "title"),
        [
            (scenario.name, scenario.start, scenario.months, len(scenario.events), scenario.title)
            for scenario in scenarios
        ],
    )


@scenarios_app.command("show")
def scenarios_show(
    name: ScenarioName,
) -> None:
    """Print a scenario as YAML that check and run accept."""
    from coercivity.model.basis.yaml_text import dump_yaml
    from coercivity.model.scenario.scenario import load_scenario

    sys.stdout.write(dump_yaml(load_scenario(name).to_dict(), ascii_only=not speaks_unicode()))


@scenarios_app.command("check")
def scenarios_check(
    file: str = typer.Argument(..., help="A YAML file (or the name of a shipped scenario)."),
) -> None:
    """Say whether a scenario file is right, and if not, what is wrong."""
    from coercivity.model.scenario.scenario import load_scenario

    scenario = load_scenario(file)
    print(
        f"{file}: right. {scenario.name}: {scenario.months} months from {scenario.start}, events: "
        f"{len(scenario.events)}, parameters: {len(scenario.parameters)}"
    )
    for table, rows in scenario.tables:
        print(f"  tables, {table}: {len(rows)} of its own over the shipped rows")
    for event in scenario.events:
        days = f"{event.date} to {event.end}" if event.end else f"from {event.date}"
        on = f" on {', '.join(event.targets)}" if event.targets else ""
        covers = f", covers {event.covers}" if event.covers else ""
        print(f"  {event.id}: {event.kind} of {event.actor or 'nobody'}{on}, {days}{covers}")


@scenarios_app.command("new")
def scenarios_new(
    file: str = typer.Argument(..., help="The file to write; it must not exist."),
) -> None:
    """Write a small scenario file with comments to start from."""
    from coercivity.model.scenario.starter_file import new_scenario_text

    write_new_yaml(file, new_scenario_text, "my-scenario")
    print(f"Wrote {file}. Next: coercivity scenarios check {file}, then: coercivity run {file}")
