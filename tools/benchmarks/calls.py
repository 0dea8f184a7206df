"""How many NumPy calls a month makes, and how many bytes pass through them, by phase and by rule:
`python -m tools.benchmarks.calls [SCENARIO] [--rules] [--months N]`.

A month at the reference size is the price of calling, not of data, and a count is the same on every
machine, however busy. Every array that a world holds is made one of `Counted`, a view that notes
what is done to it and hands back its like; arrays that rules make themselves are counted as well.
A call is a ufunc (each operator is one), a function of NumPy, a method that touches every element,
or a selection; what NumPy calls within it is not counted again. Bytes are those of all arrays that
go in and come out.
"""

from __future__ import annotations

import argparse
import inspect
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FunctionType, ModuleType
from typing import Any, Final

import numpy as np

from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.world import World

REFERENCE, FROM, MONTHS = "japan-2026-from-2024", 24, 12  # the first year of the ban
PHASES: Final = tuple(re.findall(r"self\.(\w+)\(\)", inspect.getsource(World.step)))
MAKERS: Final = ("zeros", "ones", "full", "empty", "arange", "array", "asarray", "eye")
METHODS: Final = (
    "argmax",
    "argmin",
    "argsort",
    "astype",
    "compress",
    "copy",
    "cumsum",
    "dot",
    "fill",
    "nonzero",
    "repeat",
    "searchsorted",
    "sort",
    "take",
    "tolist",
)


@dataclass
class Count:
    """What was called, by phase and rule. depth: within how many calls of NumPy we are."""

    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    bytes: Counter[tuple[str, str]] = field(default_factory=Counter)
    phase: str = ""
    depth: int = 0

    def by_phase(self, of: Counter[tuple[str, str]]) -> Counter[str]:
        """Sums of `calls` or `bytes` over the rules of each phase."""
        found: Counter[str] = Counter()
        for (phase, _), value in of.items():
            found[phase] += value
        return found


NOW = Count()


class Counted(np.ndarray):
    """An array that notes in NOW what is done to it."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return _noted(getattr(ufunc, method), inputs, kwargs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return _noted(func, args, kwargs)

    def __getitem__(self, key: Any) -> Any:
        return _noted(np.ndarray.__getitem__, (self, key), {})

    def __setitem__(self, key: Any, value: Any) -> None:
        _noted(np.ndarray.__setitem__, (self, key, value), {})


def _method(name: str) -> Callable[..., Any]:
    plain = getattr(np.ndarray, name)

    def noted(self: Counted, *args: Any, **kwargs: Any) -> Any:
        return _noted(plain, (self, *args), kwargs)

    return noted


for _name in METHODS:
    setattr(Counted, _name, _method(_name))


def _noted(call: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call with plain arrays, note it, and hand back counted ones."""
    if NOW.depth or not NOW.phase:
        return _counted(call(*map(_plain, args), **{k: _plain(v) for k, v in kwargs.items()}))
    NOW.depth += 1
    try:
        got = call(*map(_plain, args), **{k: _plain(v) for k, v in kwargs.items()})
    finally:
        NOW.depth -= 1
    where = (NOW.phase, _rule())
    NOW.calls[where] += 1
    NOW.bytes[where] += sum(map(_size, (*args, *kwargs.values(), got)))
    return kwargs["out"] if isinstance(kwargs.get("out"), Counted) else _counted(got)


def _rule() -> str:
    """The function of the project that called NumPy, as 'module:function'."""
    frame = sys._getframe(2)
    while frame and not str(frame.f_globals.get("__name__", "")).startswith("coercivity"):
        frame = frame.f_back  # type: ignore[assignment]
    if frame is None:
        return "elsewhere"
    name = str(frame.f_globals["__name__"]).removeprefix("coercivity.")
    return f"{name}:{frame.f_code.co_qualname if sys.version_info >= (3, 11) else ''}"


def _plain(value: Any) -> Any:
    if isinstance(value, Counted):
        return value.view(np.ndarray)
    if type(value) in (list, tuple):
        return type(value)(map(_plain, value))
    return value


def _counted(value: Any) -> Any:
    if type(value) is np.ndarray:
        return value.view(Counted)
    if type(value) in (list, tuple):
        return type(value)(map(_counted, value))
    return value


def _size(value: Any) -> int:
    if isinstance(value, np.ndarray):
        return int(value.nbytes)
    return sum(map(_size, value)) if type(value) in (list, tuple) else 0


# ---------------------------------------------------------------- every array of a world


def watch(thing: Any, seen: dict[int, Any] | None = None) -> Any:
    """Whatever it is with every array within it counted; objects and mappings change in place.
    Facts are shared by worlds and left as they are: their tables are not what a month works on.
    """
    seen = {} if seen is None else seen
    if id(thing) in seen:
        return seen[id(thing)][1]
    if type(thing) is np.ndarray:
        new: Any = thing.view(Counted)
    elif isinstance(thing, tuple):
        inner = [watch(one, seen) for one in thing]
        same = all(a is b for a, b in zip(inner, thing, strict=True))
        new = thing if same else thing._make(inner) if hasattr(thing, "_make") else tuple(inner)
    else:
        new = thing
    seen[id(thing)] = (thing, new)  # the first keeps its id from being given to another
    if isinstance(thing, dict):
        for key, value in list(thing.items()):
            _put(thing, key, value, watch(value, seen))
    elif isinstance(thing, list):
        for place, value in enumerate(thing):
            _put(thing, place, value, watch(value, seen))
    elif not isinstance(thing, (type, ModuleType, FunctionType, Facts)):
        watch(getattr(thing, "__dict__", None), seen)
        for cls in type(thing).__mro__:
            for name in vars(cls).get("__slots__", ()):
                if (value := getattr(thing, name, None)) is not None:
                    new_value = watch(value, seen)
                    if new_value is not value:
                        object.__setattr__(thing, name, new_value)
    return new


def _put(holder: Any, key: Any, old: Any, new: Any) -> None:
    if new is not old:
        holder[key] = new


@contextmanager
def counting() -> Iterator[Count]:
    """Counts what happens to arrays that are watched, and to those that NumPy makes meanwhile."""
    plain = {name: getattr(np, name) for name in MAKERS}
    NOW.calls.clear()
    NOW.bytes.clear()

    def maker(call: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *args, **kwargs: _noted(call, args, kwargs)

    try:
        for name, call in plain.items():
            setattr(np, name, maker(call))
        yield NOW
    finally:
        NOW.phase = ""
        for name, call in plain.items():
            setattr(np, name, call)


def month_of(scenario: str = REFERENCE, first: int = FROM, months: int = MONTHS) -> Count:
    """Calls and bytes of some months of a run, seed 1, nothing recorded: sums over the months."""
    world = World(load_scenario(scenario), 1, record=False, collect=False)
    for _ in range(first):
        world.step()
    for name in PHASES:
        setattr(world, name, _in_phase(name, getattr(world, name)))
    watch(world)
    with counting() as count:
        for _ in range(months):
            world.step()
    return Count(Counter(count.calls), Counter(count.bytes))


def _in_phase(name: str, call: Callable[[], None]) -> Callable[[], None]:
    def phase() -> None:
        NOW.phase = name
        try:
            call()
        finally:
            NOW.phase = ""

    return phase


def main(arguments: list[str] | None = None) -> None:
    """Print calls and kB of a month by phase, and by rule where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", nargs="?", default=REFERENCE)
    parser.add_argument("--rules", action="store_true", help="by rule as well")
    parser.add_argument("--first", type=int, default=FROM, help="months that pass before")
    parser.add_argument("--months", type=int, default=MONTHS)
    asked = parser.parse_args(arguments)
    count = month_of(asked.scenario, asked.first, asked.months)
    calls, size = count.by_phase(count.calls), count.by_phase(count.bytes)
    print(f"{asked.scenario}, a month of {asked.months} from month {asked.first}")
    for phase in sorted(calls, key=lambda phase: -calls[phase]):
        print(
            f"{phase:<12} {calls[phase] / asked.months:7.0f} calls {_kb(size[phase], asked):8} kB"
        )
        rules = [(n, rule) for (where, rule), n in count.calls.items() if where == phase]
        for number, rule in sorted(rules, reverse=True) if asked.rules else ():
            print(f"   {number / asked.months:7.1f} {rule}")
    print(
        f"{'month':<12} {calls.total() / asked.months:7.0f} calls {_kb(size.total(), asked):8} kB"
    )


def _kb(size: int, asked: argparse.Namespace) -> str:
    return f"{size / 1e3 / asked.months:,.0f}"


if __name__ == "__main__":
    main()
