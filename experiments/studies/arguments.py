"""What a study refuses, in the words of a call: `method` where the command line says `--method`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from coercivity.model.basis.errors import InputError, Phrase
from coercivity.model.basis.layers import OtherFacts

Asked = ParamSpec("Asked")
Found = TypeVar("Found")
COMMAND: Final = "coercivity "  # begins a command that a message quotes, with options of its own
_OPTION: Final = re.compile(r"(?<![\w-])--([a-z][a-z-]*)(?P<value>(?= '))?")


class ArgumentError(InputError):
    """What is wrong with an argument, one line that names it, the value and the fix.

    on_command_line: the same line with the names that the options of a command have.
    """

    on_command_line = ""

    @classmethod
    def of(cls, error: InputError) -> ArgumentError:
        """Return an error about options as one about arguments."""
        said = cls(*(Phrase(as_arguments(str(part))) for part in (error.what, error.fix)))
        for place in reversed(error.places):
            said.within(as_arguments(str(place)))
        said.on_command_line = str(error)
        return said


def as_arguments(line: str) -> str:
    """A line about options as one about arguments; commands that it quotes stay as they are."""
    said, command, rest = line.partition(COMMAND)
    return _OPTION.sub(_argument, said) + command + rest


def _argument(option: re.Match[str]) -> str:
    name = option[1].replace("-", "_")
    return name if option["value"] is not None else f"`{name}`"


def in_words_of_a_call(study: Callable[Asked, Found]) -> Callable[Asked, Found]:
    """The same function, whose refusals name its arguments; what names none is raised as it is."""

    @wraps(study)
    def asked(*arguments: Asked.args, **named: Asked.kwargs) -> Found:
        try:
            return study(*arguments, **named)
        except InputError as error:
            said = str(error)
            if isinstance(error, (ArgumentError, OtherFacts)) or as_arguments(said) == said:
                raise
            raise ArgumentError.of(error) from None

    return asked


def whole_argument(value: object, name: str, low: int, high: int) -> int:
    """A whole number from *low* to *high*. Raises InputError naming the argument."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InputError(
            "{field} '{value}' does not fit",
            "use a whole number from {low} to {high}",
            field=name,
            value=value,
            low=low,
            high=high,
        )
    return value


def names_of(asked: str | Iterable[str] | None) -> tuple[str, ...]:
    """One name, several, or none, as a tuple."""
    return () if asked is None else (asked,) if isinstance(asked, str) else tuple(asked)
