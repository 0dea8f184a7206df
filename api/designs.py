"""The commands `coercivity sweep designs` and `coercivity sweep new`: designs that ship, and one to
start from.
"""

from __future__ import annotations

import typer

from coercivity.command_output import print_json
from coercivity.new_yaml import write_new_yaml
from coercivity.options import JsonForTable


def designs(as_json: JsonForTable = False) -> None:
    """List the designs that ship, each with its question."""
    from coercivity.experiments.sweep.design import load_design
    from coercivity.experiments.sweep.shipped_designs import list_designs
    from coercivity.viz.words.terminal import print_table

    columns = ("name", "method", "runs", "why")
    found = [(name, load_design(name)) for name in list_designs()]
    rows = [(name, one.method, one.run_count, one.why) for name, one in found]
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table(columns, rows)


def new(
    file: str = typer.Argument(..., metavar="FILE", help="The file to write; it must not exist."),
    like: str | None = typer.Option(
        None, "--from", metavar="NAME", help="Copy a design that ships; a small one without it."
    ),
) -> None:
    """Write a design with comments to start from."""
    from coercivity.experiments.sweep.shipped_designs import new_design_text

    write_new_yaml(file, lambda name: new_design_text(name, like), "my-design")
    print(f"Wrote {file}. Next: coercivity sweep run {file} --out DIR")
