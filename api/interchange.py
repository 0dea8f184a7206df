"""Commands for other people's tools: `coercivity datapackage`, `coercivity schema`,
`coercivity crate` and `coercivity sweep problem`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from coercivity.command_output import print_json, print_message

KINDS: Final = ("scenario", "design")

Table = Annotated[str | None, typer.Argument(help="Name of a table; without it, all of them.")]
PackageFolder = Annotated[
    str, typer.Option("--out", metavar="DIR", help="A new or empty folder for the package.")
]
Kind = Annotated[str, typer.Argument(metavar="KIND", help=f"{' or '.join(KINDS)}.")]
SchemaFile = Annotated[
    str | None,
    typer.Option(
        "--out", metavar="FILE", help="A new file that ends in .json; printed without it."
    ),
]
Folder = Annotated[
    str,
    typer.Argument(
        metavar="DIR",
        help="The folder of a run, a comparison, an ensemble, a sweep or the paper kit.",
    ),
]
DesignFile = Annotated[
    str | None,
    typer.Argument(
        metavar="DESIGN.yaml",
        help="A design; without it, every parameter that is not known.",
    ),
]
Groups = Annotated[
    bool,
    typer.Option("--groups", help="With the group of each parameter: SALib moves groups as one."),
]


def datapackage(out: PackageFolder, table: Table = None) -> None:
    """Write the tables of facts with datapackage.json (Frictionless Data Package) into a folder."""
    from coercivity.experiments.interchange.datapackage import FILE, write_package
    from coercivity.viz.words.terminal import print_lines

    folder, count = write_package(out, table)
    print_lines([f"{count} {'table' if count == 1 else 'tables'} and {FILE} in {folder}"])


def schema(kind: Kind, out: SchemaFile = None) -> None:
    """Print the JSON Schema (2020-12) of scenario files or of designs, for editors and checkers."""
    from coercivity.model.basis.errors import InputError, suggest

    if kind not in KINDS:
        raise InputError("KIND '{value}' has no schema", suggest(kind, KINDS), value=kind)
    if kind == "scenario":
        from coercivity.experiments.interchange.scenario_schema import scenario_schema as make
    else:
        from coercivity.experiments.interchange.design_schema import design_schema as make
    if out is None:
        print_json(make())
        return
    from coercivity.experiments.interchange.schema_parts import write_schema

    path = write_schema(make(), out)
    print(f"Wrote {path}. In a {kind} file: # yaml-language-server: $schema={path.name}")


def crate(folder: Folder) -> None:
    """Write ro-crate-metadata.json (RO-Crate 1.1) into a folder of results: files, run, version."""
    from coercivity.experiments.interchange.crate import write_crate
    from coercivity.viz.words.terminal import print_lines

    print_lines([f"Wrote {write_crate(folder)}"])


def leave_crate(folder: str | Path) -> None:
    """Write the crate of a folder that a command has just filled. Where that fails the results
    stand all the same, and one line says why.
    """
    from coercivity.experiments.interchange.crate import write_crate
    from coercivity.model.basis.errors import InputError

    try:
        write_crate(folder)
    except InputError as error:
        print_message(f"coercivity: no RO-Crate: {error}")


def salib_problem(design: DesignFile = None, groups: Groups = False) -> None:
    """Print the problem that SALib's samplers and analyzers take: names, bounds, groups."""
    from coercivity.experiments.sweep.design import load_design
    from coercivity.experiments.sweep.problem import table_problem

    print_json(table_problem(groups) if design is None else load_design(design).problem(groups))
