"""Where a result, a scenario or a world finds what shows it: its card, its figures, its files.

Imports run viz -> experiments -> model -> agents, and yet who sits before a notebook writes
`result.plot()`: the method is the result's, what it does stands in a room above. So that room is
looked up by name and only when somebody asks, as pandas finds its plotting backend. The front door,
which alone may import all rooms, has told in strings where each of these stands (`SHOWN` in
`api/__init__.py`): nothing is loaded for it, no import comes back down, and no file of the model
names a room above it. This is the one place of its kind (`tests/test_contracts.py`); see decision
0077.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from importlib import import_module
from types import ModuleType
from typing import Any

from coercivity.model.basis.extras import require_packages

_homes: dict[str, str] = {}


def register(homes: Mapping[str, str]) -> None:
    """Say where ways of showing stand, {name: 'module:function'}; who says so last is asked."""
    _homes.update(homes)


def display_function(way: str) -> Callable[..., Any]:
    """The function that shows in this way, loaded now. Raises LookupError for an unknown way."""
    if way not in _homes:
        raise LookupError(
            f"nobody has said what gives the {way}; register({{'{way}': 'module:f'}})"
        )
    module, _, name = _homes[way].partition(":")
    return getattr(import_module(module), name)


def card_of(shown: object, card: Callable[[], Any]) -> str:
    """The card that a notebook shows. It never raises, whatever is wrong: who only looks at a
    result gets its short form and a line that says why there is no more.
    """
    try:
        return str(card())
    except Exception as error:
        why = f"its card cannot be shown: {type(error).__name__}: {error}"
        return f"<div>{escape(repr(shown))}</div><div>{escape(why)}</div>"


def from_extra(module: str, extra: str, asked: str) -> ModuleType:
    """A module that an extra of the package brings, for who *asked* for it. Raises InputError, one
    line with the command that installs it, where it is not there.
    """
    require_packages(module.partition(".")[0], extra, asked)
    return import_module(module)
