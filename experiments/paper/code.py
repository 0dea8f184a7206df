"""Which code a part of the kit rests on: 16 digits that change when anything changes that can
change its numbers.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

from coercivity.experiments.sweep.folder import model_code
from coercivity.experiments.worlds.draws import COLLECTION
from coercivity.model.basis.facts import data_folder

ROOM: Final = "coercivity.experiments"


def part_code(module: str) -> str:
    """Fingerprint of the model (rules, facts, parameters, scenarios) and of every module of
    `experiments/` that *module* reaches by its imports.
    """
    return hashlib.sha256(f"{model_code()} {room_code(module, ROOM)}".encode()).hexdigest()[:16]


def collection_code() -> str:
    """Fingerprint of the shipped collection of parameter vectors; '' while none is shipped."""
    path = data_folder() / COLLECTION
    return (
        hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()[:16]
        if path.is_file()
        else ""
    )


def room_code(module: str, room: str) -> str:
    """Fingerprint of a module and of all that it reaches within a room, without the model."""
    found = hashlib.sha256()
    for name, path in sorted(reached(module, room).items()):
        found.update(f"{name}\n".encode() + path.read_bytes().replace(b"\r\n", b"\n"))
    return found.hexdigest()[:16]


def reached(module: str, room: str = ROOM) -> dict[str, Path]:
    """Module name -> file, for *module* and all modules of its room that it imports, directly or
    not, wherever the import stands.
    """
    found: dict[str, Path] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        path = _file(name, room)
        if name in found or path is None:
            continue
        found[name] = path
        waiting += [one for one in _imported(path) if one.startswith(room)]
    return found


def _file(module: str, room: str) -> Path | None:
    """File of a module of a room, without importing it; None for a name that is none."""
    place = Path(str(files(room))).joinpath(*module.removeprefix(room).strip(".").split("."))
    return next(
        (path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()), None
    )


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (
                f"{node.module}.{alias.name}"
                for alias in node.names
                if node.module.startswith("coercivity.")
            )  # `from package import module`
