"""Writes docs/cli.md, the reference of the command line, from the commands themselves: their help,
their arguments and options with what each takes. Run by `make docs`; `tests/test_docs_site.py`
holds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import typer

from coercivity.cli import app

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "cli.md"
HEAD: Final = """\
<!-- made by tools/docs/cli.py from the commands; do not edit here -->

# The command line

`coercivity COMMAND --help` says the same in a terminal. Most that reckon have a function of the
same name [in Python](api/index.md); `--json` prints one document on standard output in place of
tables.

Exit codes: 0 done; 2 the input was wrong, and one line on standard error says which field, which
value and what would fit; 1 anything else, a sweep with runs that failed or are missing among it.
"""


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """(names on the way, command) of everything that can be called, groups before what is in
    them.
    """
    if path:
        yield path, command
    for name, one in sorted(getattr(command, "commands", {}).items()):
        if not one.hidden:
            yield from commands(one, (*path, name))


def options(command: Any) -> Iterator[tuple[str, str, str]]:
    """(how it is written, what it is without it, help) of each argument and option."""
    for one in command.params:
        if getattr(one, "hidden", False) or "--help" in one.opts:
            continue
        if one.param_type_name == "argument":
            written, takes = metavar(one), ""
        else:
            written = ", ".join((*one.opts, *one.secondary_opts))
            takes = "" if one.is_flag else f" {one.metavar or one.name.upper()}"
        yield f"`{written}{takes}`", standard(one), " ".join((one.help or "").split())


def metavar(argument: Any) -> str:
    """An argument as usage writes it: DIR, [ID]... ."""
    name = argument.metavar or argument.name.upper()
    return name if argument.required or name.startswith("[") else f"[{name}]"


def standard(one: Any) -> str:
    """The value without it; empty where there is none, `required` where there must be one."""
    if one.required:
        return "required"
    if getattr(one, "is_flag", False) or one.default in (None, (), [], ""):
        return ""
    return f"`{one.default}`"


def section(path: tuple[str, ...], command: Any) -> str:
    """A command: usage, what it does, and a table of what it takes."""
    lines = [f"{'#' * (1 + len(path))} coercivity {' '.join(path)}", "", sentence(command.help)]
    if hasattr(command, "commands"):
        return "\n".join(lines)
    arguments = [metavar(one) for one in command.params if one.param_type_name == "argument"]
    rows = list(options(command))
    dashed = any(row[0].startswith("`-") for row in rows)
    usage = ["coercivity", *path, *(["[OPTIONS]"] if dashed else []), *arguments]
    lines += ["", "```text", " ".join(usage), "```"]
    if rows:
        cells = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
        lines += ["", "| | without it | |", "|---|---|---|", *cells]
    return "\n".join(lines)


def sentence(text: str | None) -> str:
    """A help text on one line."""
    return " ".join((text or "").split()).replace("<", "&lt;")


def page() -> str:
    """The page as the commands make it now."""
    found = commands(typer.main.get_command(app))
    return "\n\n".join([HEAD.rstrip(), *(section(*one) for one in found)]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
