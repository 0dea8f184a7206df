"""What a user reads when their input was wrong: one line on standard error, and exit code 2."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from typer.core import TyperGroup

SET_EXAMPLE = "write --set name=value, for example --set firms_per_sector=5"


class Commands(TyperGroup):
    """Turns wrong input into one line on standard error and exit code 2, whichever command it came
    to.
    """

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command named by the arguments, then leave with its exit code (or return it when
        not standalone).
        """
        show_anything()
        try:
            refuse_twice(self, sys.argv[1:] if args is None else args)
            code = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
        except Exception as error:
            message = _user_message(error)
            if message is None:
                raise  # a fault of ours: the traceback is what helps, exit code 1
            print(message, file=sys.stderr)
            code = 2
        if standalone_mode:
            sys.exit(code if isinstance(code, int) else 0)
        return code


def refuse_twice(group: Any, args: Sequence[str]) -> None:
    """Raise InputError where an option that takes one value is given twice: which of both is meant,
    only the user knows.
    """
    from coercivity.model.basis.errors import InputError, shorten

    command, rest = group, [part for part in args if isinstance(part, str)]
    while rest and hasattr(command, "commands") and rest[0] in command.commands:
        command = command.commands[rest.pop(0)]
    rest = rest[: rest.index("--")] if "--" in rest else rest
    for option in getattr(command, "params", ()):
        if option.param_type_name != "option" or option.multiple or option.is_flag:
            continue
        values: list[str] = []
        for place, part in enumerate(rest):
            name, equals, value = part.partition("=")
            if name in option.opts:
                values.append(value if equals else "".join(rest[place + 1 : place + 2]))
        if len(values) > 1:
            raise InputError(
                "{option} is given twice, '{first}' and '{second}'",
                "keep one of them",
                option=option.opts[0],
                first=shorten(values[0], 30),
                second=shorten(values[1], 30),
            )


def show_anything() -> None:
    """Let standard output and error write what their encoding has no letter for as a code, where
    Python would stop with a traceback instead.
    """
    for stream in (sys.stdout, sys.stderr):
        if getattr(stream, "errors", None) in ("strict", "surrogateescape"):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def _user_message(error: Exception) -> str | None:
    """Return the one line to say about a user's error, None if it is none of theirs."""
    from coercivity.model.basis.errors import InputError, shorten
    from coercivity.model.basis.extras import line_of

    if isinstance(error, InputError):  # a study says it of its arguments, and of options beside
        return f"coercivity: {getattr(error, 'on_command_line', error)}"
    if absent := line_of(error):
        return f"coercivity: {absent}"
    if not hasattr(error, "format_message"):  # typer's own errors of usage have it
        return None
    message = str(error.format_message())
    if message.startswith("Usage:"):  # nothing was asked for: the whole help
        return message
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "coercivity"
    fix = SET_EXAMPLE if "'--set'" in message else f"see: {path} --help"
    return f"coercivity: {shorten(message.rstrip('. '), 600)} ({fix})"
