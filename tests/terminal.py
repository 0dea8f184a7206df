"""The command line in this process."""

from __future__ import annotations

from typing import Any

import typer.testing

from coercivity.cli import app


def call(*arguments: str, **how: Any) -> typer.testing.Result:
    """What a command prints, and how it ends."""
    return typer.testing.CliRunner().invoke(app, arguments, **how)


def in_one_line(*arguments: str) -> str:
    """The one line on standard error with which a command refuses."""
    shown = call(*arguments)
    assert (shown.exit_code, shown.stdout) == (2, ""), shown.output
    (line,) = shown.stderr.splitlines()
    return line
