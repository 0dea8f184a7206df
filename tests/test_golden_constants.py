"""A net under what is written into the code as numbers: constants of every module and defaults of every function and class, in test_golden_constants/.

As tests/model/test_golden.py: it tells that a number moved. To write them anew after a change that is meant:
`python -m pytest tests/test_golden_constants.py --force-regen`.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

KEPT = Path(__file__).with_suffix("")


def modules(room: str) -> Iterator[ModuleType]:
    """Every module of a room."""
    package = importlib.import_module(f"coercivity.{room}")
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def written(module: ModuleType) -> Iterator[str]:
    """Names that a module itself gives to values, functions and classes."""
    for node in ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (
                name.id
                for target in targets
                for name in ast.walk(target)
                if isinstance(name, ast.Name)
            )


def numbers(value: Any, name: str) -> Iterator[tuple[str, float]]:
    """The numbers in a value: a number, or a mapping, sequence or array of such."""
    if isinstance(value, (bool, int, float, np.number)):
        yield name, float(value)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from numbers(
                inner, f"{name}[{key if isinstance(key, (str, int, float)) else '...'}]"
            )
    elif isinstance(value, (tuple, list)):
        for place, inner in enumerate(value):
            yield from numbers(inner, f"{name}[{place}]")
    elif isinstance(value, np.ndarray) and value.dtype.kind in "fib":
        yield f"{name}: sum", float(np.nan_to_num(value.astype(float)).sum())


def defaults(value: Any, name: str) -> Iterator[tuple[str, float]]:
    """Defaults of a function or class, and of the functions in a class."""
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return
    for parameter in signature.parameters.values():
        if parameter.default is not inspect.Parameter.empty:
            yield from numbers(parameter.default, f"{name}({parameter.name})")
    if inspect.isclass(value):
        for key, inner in vars(value).items():
            if inspect.isfunction(inner) and key != "__init__":
                yield from defaults(inner, f"{name}.{key}")
            else:
                yield from numbers(inner, f"{name}.{key}") if not key.startswith("__") else ()


@pytest.mark.parametrize("room", ["agents", "model", "experiments", "viz"])
def test_numbers_in_the_code_stay(room: str, request: pytest.FixtureRequest) -> None:
    """What has a new name, or has gone with its name, is no concern of the net."""
    found: dict[str, float] = {}
    for module in modules(room):
        short = module.__name__.removeprefix("coercivity.")
        for name in dict.fromkeys(written(module)):
            value = getattr(module, name, None)
            found |= dict(
                defaults(value, f"{short}.{name}")
                if callable(value)
                else numbers(value, f"{short}.{name}")
            )
    kept = KEPT / f"{room}.tsv"
    if request.config.getoption("--force-regen"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(
            "".join(f"{what}\t{number!r}\n" for what, number in found.items()), encoding="utf-8"
        )
        pytest.fail(f"{kept.name} is written anew", pytrace=False)
    before = dict(line.split("\t") for line in kept.read_text(encoding="utf-8").splitlines())
    moved = [
        f"{what}: {found[what]!r}, was {was}"
        for what, was in before.items()
        if what in found and repr(found[what]) != was
    ]
    assert not moved, "\n".join(moved)
