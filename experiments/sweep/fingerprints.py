"""Fingerprints of what results rest on: the code that made them, and the collection."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

from coercivity.experiments.sweep.sweep_folder import model_code
from coercivity.experiments.worlds.draws import COLLECTION
from coercivity.model.basis.layers import shipped_folder

ROOMS: Final = ("coercivity.experiments",)


def collection_code() -> str:
    """Return 16 hex digits of the shipped collection of parameter vectors; '' while none ships."""
    path = shipped_folder() / COLLECTION
    return sha256(path.read_bytes().replace(b"\r\n", b"\n"))[:16] if path.is_file() else ""


def results_code(module: str, rooms: tuple[str, ...] = ROOMS) -> str:
    """Return 16 hex digits of the model and of all that *module* reaches within *rooms*."""
    seen = hashlib.sha256()
    for name, path in sorted(reachable_modules(module, rooms).items()):
        seen.update(f"{name}\n".encode() + path.read_bytes().replace(b"\r\n", b"\n"))
    return sha256(f"{model_code()} {seen.hexdigest()[:16]}")[:16]


def reachable_modules(module: str, rooms: tuple[str, ...] = ROOMS) -> dict[str, Path]:
    """Return module name -> file, for *module* and all modules of *rooms* that it imports, directly
    or not, wherever the import stands.
    """
    places: dict[str, Path] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        room = next((one for one in rooms if f"{name}.".startswith(f"{one}.")), None)
        if room is None or name in places:
            continue
        stem = Path(str(files(room))).joinpath(*name.removeprefix(room).strip(".").split("."))
        path = stem / "__init__.py" if stem.is_dir() else stem.with_suffix(".py")
        if path.is_file():
            places[name] = path
            waiting += _imported_modules(path)
    return places


def _imported_modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module  # and `from package import module`
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def sha256(contents: str | bytes) -> str:
    """Return the sum of a file's contents."""
    return hashlib.sha256(contents.encode() if isinstance(contents, str) else contents).hexdigest()
